package dev.slipway.cache.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The cache server answers")
final class ProtocolTest {
  private static final String HELLO =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @TempDir Path folder;

  @Test
  void turborepo() throws Exception {
    try (Serving serving = Serving.from(folder)) {
      String path = "/v8/artifacts/0123456789abcdef";
      assertThat(serving.get("/v8/artifacts/status?slug=crew").body())
          .isEqualTo("{\"status\":\"enabled\"}");
      assertThat(serving.get(path).statusCode()).isEqualTo(404);
      HttpResponse<String> put =
          serving.put(path, "one", "x-artifact-duration", "1234", "x-artifact-tag", "a+/tag=");
      assertThat(put.statusCode()).isEqualTo(202);
      assertThat(put.body()).isEqualTo("{\"urls\":[]}");
      assertThat(serving.put(path, "two").statusCode()).isEqualTo(200);
      HttpResponse<String> got = serving.get(path);
      assertThat(got.body()).isEqualTo("one");
      assertThat(got.headers().firstValue("x-artifact-duration")).contains("1234");
      assertThat(got.headers().firstValue("x-artifact-tag")).contains("a+/tag=");
      HttpResponse<String> head = serving.send("HEAD", path, "");
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.headers().firstValue("Content-Length")).contains("3");
      assertThat(
              serving
                  .send("POST", "/v8/artifacts", "{\"hashes\":[\"0123456789abcdef\",\"ff\"]}")
                  .body())
          .isEqualTo(
              "{\"0123456789abcdef\":{\"size\":3,\"taskDurationMs\":1234,\"tag\":\"a+/tag=\"},"
                  + "\"ff\":null}");
      assertThat(serving.send("POST", "/v8/artifacts/events", "[{}]").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void turborepo_withTeamsApart() throws Exception {
    try (Serving serving = Serving.from(folder)) {
      serving.put("/v8/artifacts/aa?slug=one", "of one");
      assertThat(serving.get("/v8/artifacts/aa?slug=two").statusCode()).isEqualTo(404);
      assertThat(serving.get("/v8/artifacts/aa?teamId=one").body()).isEqualTo("of one");
    }
  }

  @Test
  void nx() throws Exception {
    try (Serving serving = Serving.from(folder)) {
      assertThat(serving.get("/v1/cache/1234567890").statusCode()).isEqualTo(404);
      assertThat(serving.put("/v1/cache/1234567890", "one").statusCode()).isEqualTo(200);
      HttpResponse<String> again = serving.put("/v1/cache/1234567890", "two");
      assertThat(again.statusCode()).isEqualTo(409);
      assertThat(again.body()).isEqualTo("Cannot override an existing record");
      HttpResponse<String> got = serving.get("/v1/cache/1234567890");
      assertThat(got.body()).isEqualTo("one");
      assertThat(got.headers().firstValue("Content-Type")).contains("application/octet-stream");
    }
  }

  @Test
  void gradle_atBothPaths() throws Exception {
    try (Serving serving = Serving.from(folder)) {
      assertThat(serving.get("/gradle/00ff").statusCode()).isEqualTo(404);
      assertThat(serving.put("/gradle/00ff", "one").statusCode()).isEqualTo(201);
      assertThat(serving.put("/cache/gradle/00ff", "two").statusCode()).isEqualTo(200);
      assertThat(serving.get("/cache/gradle/00ff").body()).isEqualTo("one");
    }
  }

  @Test
  void bazel_whoseContentHasToBeWhatItsNameSays() throws Exception {
    try (Serving serving = Serving.from(folder)) {
      assertThat(serving.get("/bazel/cas/" + EMPTY).statusCode()).isEqualTo(200);
      assertThat(serving.get("/bazel/cas/" + HELLO).statusCode()).isEqualTo(404);
      assertThat(serving.put("/bazel/cas/" + HELLO, "evil").statusCode()).isEqualTo(400);
      assertThat(serving.get("/bazel/cas/" + HELLO).statusCode()).isEqualTo(404);
      assertThat(serving.put("/bazel/cas/" + HELLO, "hello").statusCode()).isEqualTo(200);
      assertThat(serving.get("/bazel/cas/" + HELLO).body()).isEqualTo("hello");
      assertThat(serving.get("/bazel/some/instance/cas/" + HELLO).statusCode()).isEqualTo(404);
      assertThat(serving.put("/bazel/some/instance/ac/" + HELLO, "result").statusCode())
          .isEqualTo(200);
      assertThat(serving.get("/bazel/some/instance/ac/" + HELLO).body()).isEqualTo("result");
      assertThat(serving.send("HEAD", "/bazel/some/instance/ac/" + HELLO, "").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void whoWantsToKnowHowItIs() throws Exception {
    try (Serving serving = Serving.from(folder)) {
      assertThat(serving.get("/healthz").body()).isEqualTo("ok\n");
      serving.get("/gradle/00ff");
      serving.put("/gradle/00ff", "12345");
      serving.get("/gradle/00ff");
      serving.get("/gradle/00ff");
      assertThat(serving.get("/metrics").body())
          .contains("slipway_cache_hits_total{protocol=\"gradle\"} 2\n")
          .contains("slipway_cache_misses_total{protocol=\"gradle\"} 1\n")
          .contains("slipway_cache_stored_total{protocol=\"gradle\"} 1\n")
          .contains("slipway_cache_bytes_sent_total{protocol=\"gradle\"} 10\n")
          .contains("slipway_cache_bytes_stored_total{protocol=\"gradle\"} 5\n")
          .contains("slipway_cache_entries 1\n")
          .contains("slipway_cache_hits_total{protocol=\"nx\"} 0\n");
      assertThat(serving.requests()).anyMatch(line -> line.startsWith("GET /gradle/00ff 200 5 b"));
    }
  }
}
