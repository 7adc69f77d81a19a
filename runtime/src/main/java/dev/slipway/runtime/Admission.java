package dev.slipway.runtime;

import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows the jobs that run, and whose requests are whose. Whatever it signed is worth nothing once
 * its job has ended.
 */
final class Admission {
  /** What a token is for. */
  enum Use {
    SERVICES("services"),
    ID_TOKEN("id-token");

    private final String text;

    Use(String text) {
      this.text = text;
    }
  }

  private final Map<String, OpenJob> jobs = new ConcurrentHashMap<>();
  private final Signatures signatures = new Signatures();
  private final InstantSource clock;

  Admission(InstantSource clock) {
    this.clock = clock;
  }

  OpenJob open(JobIdentity identity) {
    OpenJob job = new OpenJob(identity, signatures.random(16));
    jobs.put(job.id(), job);
    return job;
  }

  void close(OpenJob job) {
    jobs.remove(job.id());
  }

  /** The jobs that have access. */
  List<OpenJob> jobs() {
    return List.copyOf(jobs.values());
  }

  Instant now() {
    return clock.instant();
  }

  /** A name that cannot be guessed. */
  String unguessable() {
    return HexFormat.of().formatHex(signatures.random(16));
  }

  String token(OpenJob job, Use use) {
    Instant now = clock.instant();
    JobIdentity identity = job.identity();
    Map<String, Value> claims = new LinkedHashMap<>();
    claims.put("iss", Value.of("slipway"));
    claims.put("use", Value.of(use.text));
    claims.put("job", Value.of(job.id()));
    claims.put("nbf", seconds(now));
    claims.put("iat", seconds(now));
    claims.put("exp", seconds(now.plus(identity.lifetime())));
    if (use == Use.SERVICES) {
      // Clients read these.
      claims.put("scp", Value.of("Actions.Results:" + job.runId() + ":" + job.id()));
      claims.put("ac", Value.of(Json.writeCompact(scopes(identity))));
    }
    return signatures.token(Value.object(claims));
  }

  /** The running job whose token this is. */
  OpenJob job(String token, Use use) {
    ObjectValue claims = signatures.claims(token);
    if (claims == null
        || !text(claims, "use").equals(use.text)
        || !clock.instant().isBefore(Instant.ofEpochSecond(number(claims, "exp")))) {
      throw RefusedException.unauthenticated();
    }
    OpenJob job = jobs.get(text(claims, "job"));
    if (job == null) {
      throw RefusedException.unauthenticated();
    }
    return job;
  }

  /**
   * A path that the job may use for a while without its token.
   *
   * @param use what for: {@code r} or {@code w}
   */
  String sign(OpenJob job, String use, String path, Duration lifetime) {
    long end = clock.instant().plus(lifetime).getEpochSecond();
    return path
        + "?sp="
        + use
        + "&se="
        + end
        + "&job="
        + job.id()
        + "&sig="
        + signatures.of(signed(use, path, Long.toString(end), job.id()));
  }

  /** The running job that was given this path for this use. */
  OpenJob signedFor(Request request, String use) {
    String end = request.parameter("se");
    String id = request.parameter("job");
    if (!signatures.matches(signed(use, request.path(), end, id), request.parameter("sig"))
        || !clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(end)))) {
      throw RefusedException.of(403, "AuthenticationFailed", "the address is not valid any more");
    }
    OpenJob job = jobs.get(id);
    if (job == null) {
      throw RefusedException.of(403, "AuthenticationFailed", "the job has ended");
    }
    return job;
  }

  private static String signed(String use, String path, String end, String job) {
    return use + "\n" + path + "\n" + end + "\n" + job;
  }

  private static Value scopes(JobIdentity identity) {
    List<Value> scopes = new ArrayList<>();
    for (String scope : identity.cacheScopes()) {
      int permission = identity.cacheMode().reads() ? 1 : 0;
      if (scopes.isEmpty() && identity.cacheMode().writes()) {
        permission += 2;
      }
      if (permission > 0) {
        scopes.add(
            Value.object(Map.of("Scope", Value.of(scope), "Permission", Value.of(permission))));
      }
    }
    return Value.array(scopes);
  }

  private static Value seconds(Instant time) {
    return Value.of((double) time.getEpochSecond());
  }

  private static String text(ObjectValue claims, String name) {
    Value value = claims.get(name);
    return value == null ? "" : value.toText();
  }

  private static long number(ObjectValue claims, String name) {
    Value value = claims.get(name);
    return value == null ? 0 : (long) value.toNumber();
  }
}
