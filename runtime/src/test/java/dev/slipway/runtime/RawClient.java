package dev.slipway.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** A client that says whatever a test wants it to say. */
final class RawClient {
  private static final String SERVICES = "twirp/github.actions.results.api.v1.";

  private final HttpClient http;
  private final String origin;
  private final String token;

  RawClient(HttpClient http, JobAccess job) {
    this(
        http,
        String.valueOf(job.environment().get("ACTIONS_RESULTS_URL")),
        String.valueOf(job.environment().get("ACTIONS_RUNTIME_TOKEN")));
  }

  private RawClient(HttpClient http, String origin, String token) {
    this.http = http;
    this.origin = origin;
    this.token = token;
  }

  /** An answer. */
  record Answer(int status, HttpResponse<byte[]> response) {
    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    String member(String name) {
      Value value = Json.parse(text()) instanceof ObjectValue object ? object.get(name) : null;
      return value == null ? "" : value.toText();
    }

    Answer ok() {
      assertThat(status).as(text()).isBetween(200, 299);
      return this;
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  RawClient withToken(String other) {
    return new RawClient(http, origin, other);
  }

  String token() {
    return token;
  }

  String origin() {
    return origin;
  }

  /** What the token says are the run and the job. */
  String[] ids() {
    String claims =
        new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
    Value scope = Json.parse(claims) instanceof ObjectValue object ? object.get("scp") : null;
    return String.valueOf(scope == null ? null : scope.toText()).split(":");
  }

  Answer artifacts(String method, String... members) {
    Map<String, Value> message = new LinkedHashMap<>();
    message.put("workflow_run_backend_id", Value.of(ids()[1]));
    message.put("workflow_job_run_backend_id", Value.of(ids()[2]));
    return call("ArtifactService/" + method, message, members);
  }

  Answer caches(String method, String... members) {
    return call("CacheService/" + method, new LinkedHashMap<>(), members);
  }

  private Answer call(String method, Map<String, Value> message, String... members) {
    for (int i = 0; i < members.length; i += 2) {
      message.put(members[i], Value.of(members[i + 1]));
    }
    return post(SERVICES + method, Json.writeCompact(Value.object(message)));
  }

  Answer post(String path, String body) {
    return send("POST", origin + path, body.getBytes(StandardCharsets.UTF_8));
  }

  /** A request with the token, and with pairs of headers. */
  Answer send(String method, String url, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .header("Authorization", "Bearer " + token);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), response);
    } catch (IOException e) {
      throw new AssertionError(method + " " + url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Uploads an artifact whole. */
  Answer upload(String name, byte[] content) {
    String url =
        artifacts("CreateArtifact", "name", name, "version", "7").ok().member("signed_upload_url");
    send("PUT", url, content, "x-ms-blob-type", "BlockBlob").ok();
    return artifacts("FinalizeArtifact", "name", name, "size", Integer.toString(content.length));
  }

  byte[] download(String name) {
    String url = artifacts("GetSignedArtifactURL", "name", name).ok().member("signed_url");
    return send("GET", url, new byte[0]).ok().response().body();
  }
}
