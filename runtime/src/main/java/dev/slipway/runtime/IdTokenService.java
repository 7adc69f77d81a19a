package dev.slipway.runtime;

import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Issues OIDC tokens that say who a job is, and tells how they are verified. */
final class IdTokenService {
  static final String PATH = "/id-token";
  static final String WELL_KNOWN = "/.well-known/";

  private static final String KEYS = "jwks";
  private static final Duration LIFETIME = Duration.ofMinutes(5);
  private static final int MAX_AUDIENCE = 2048;

  /** Claims that are the members of the {@code github} context of the same name. */
  private static final List<String> FROM_GITHUB =
      List.of(
          "ref",
          "sha",
          "repository",
          "repository_owner",
          "repository_id",
          "repository_owner_id",
          "run_id",
          "run_number",
          "run_attempt",
          "actor",
          "actor_id",
          "workflow",
          "workflow_ref",
          "workflow_sha",
          "head_ref",
          "base_ref",
          "event_name",
          "ref_type",
          "ref_protected");

  private final Path file;
  private final Admission admission;
  private final InstantSource clock;
  private @Nullable SigningKey key;
  private volatile String issuer = "";

  IdTokenService(Path file, Admission admission, InstantSource clock) {
    this.file = file;
    this.admission = admission;
    this.clock = clock;
  }

  /** Says where this service is reached. */
  void at(String origin) {
    issuer = origin;
  }

  /** The variables by which the job's processes get tokens; none when it may not have any. */
  Map<String, String> environment(OpenJob job) {
    if (!"write".equals(job.identity().permissions().get("id-token"))) {
      return Map.of();
    }
    // Clients add parameters with an ampersand.
    return Map.of(
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        issuer + PATH + "?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        admission.token(job, Admission.Use.ID_TOKEN));
  }

  Response handle(Request request) throws IOException {
    if (!request.method().equals("GET")) {
      throw RefusedException.of(405, "bad_route", "this is only read");
    }
    return switch (request.path()) {
      case PATH -> token(request, admission.job(request.bearer(), Admission.Use.ID_TOKEN));
      case WELL_KNOWN + "openid-configuration" -> configuration();
      case WELL_KNOWN + KEYS ->
          Response.json(Value.object(Map.of("keys", Value.array(List.of(key().publicKey())))));
      default -> throw RefusedException.of(404, "bad_route", "there is nothing here");
    };
  }

  private Response token(Request request, OpenJob job) throws IOException {
    JobIdentity identity = job.identity();
    String audience = request.parameter("audience");
    if (audience.length() > MAX_AUDIENCE) {
      throw RefusedException.invalid("the audience is too long");
    }
    Map<String, Value> claims = new LinkedHashMap<>();
    claims.put("jti", Value.of(admission.unguessable()));
    claims.put("sub", Value.of(subject(identity)));
    claims.put(
        "aud",
        Value.of(
            audience.isEmpty()
                ? "https://github.com/" + identity.github("repository_owner")
                : audience));
    for (String name : FROM_GITHUB) {
      claims.put(name, Value.of(identity.github(name)));
    }
    claims.put("job_workflow_ref", Value.of(identity.workflowRef()));
    claims.put("job_workflow_sha", Value.of(identity.workflowSha()));
    claims.put("repository_visibility", Value.of(identity.visibility()));
    claims.put("runner_environment", Value.of("self-hosted"));
    String environment = identity.environment();
    if (environment != null) {
      claims.put("environment", Value.of(environment));
    }
    Instant now = clock.instant();
    claims.put("iss", Value.of(issuer));
    claims.put("nbf", seconds(now.minus(LIFETIME)));
    claims.put("iat", seconds(now));
    claims.put("exp", seconds(now.plus(LIFETIME)));
    return Response.json(
        Value.object(Map.of("value", Value.of(key().token(Value.object(claims))))));
  }

  private static String subject(JobIdentity identity) {
    String repository = "repo:" + identity.github("repository") + ":";
    String environment = identity.environment();
    if (environment != null) {
      return repository + "environment:" + environment.replace(":", "%3A");
    }
    return identity.github("event_name").equals("pull_request")
        ? repository + "pull_request"
        : repository + "ref:" + identity.github("ref");
  }

  private Response configuration() {
    Map<String, Value> members = new LinkedHashMap<>();
    members.put("issuer", Value.of(issuer));
    members.put("jwks_uri", Value.of(issuer + WELL_KNOWN + KEYS));
    members.put("subject_types_supported", texts("public", "pairwise"));
    members.put("response_types_supported", texts("id_token"));
    members.put("id_token_signing_alg_values_supported", texts("RS256"));
    members.put("scopes_supported", texts("openid"));
    return Response.json(Value.object(members));
  }

  private synchronized SigningKey key() throws IOException {
    if (key == null) {
      key = SigningKey.in(file);
    }
    return key;
  }

  private static Value texts(String... texts) {
    return Value.array(Arrays.stream(texts).map(Value::of).toList());
  }

  private static Value seconds(Instant time) {
    return Value.of((double) time.getEpochSecond());
  }
}
