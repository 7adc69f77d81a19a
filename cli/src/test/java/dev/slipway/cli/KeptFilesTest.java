package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cache.ActionsCache;
import dev.slipway.cache.CacheEntry;
import dev.slipway.cache.CacheSettings;
import dev.slipway.cache.CacheUpload;
import dev.slipway.runtime.JobAccess;
import dev.slipway.runtime.JobIdentity;
import dev.slipway.runtime.RuntimeServices;
import dev.slipway.runtime.RuntimeSettings;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code artifacts} and {@code cache}. */
final class KeptFilesTest {
  @TempDir Path directory;

  @BeforeEach
  void project() throws Exception {
    Files.createDirectories(directory.resolve(".github/workflows"));
    Process git =
        new ProcessBuilder("git", "init", "-q", ".").directory(directory.toFile()).start();
    assertThat(git.waitFor()).isZero();
  }

  @Test
  void artifacts_areListedWithTheirRuns_newestFirst() throws Exception {
    run("1");
    run("2");
    upload("1", "dist", zip("a.txt", "one"));
    upload("2", "dist", zip("a.txt", "two"));
    upload("2", "log", zip("b.txt", "three"));
    assertThat(slipway("artifacts").out())
        .matches(
            """
            RUN  NAME  SIZE      MADE \\(UTC\\)        KEPT UNTIL
            2    log   \\d+ B {3,5}....-..-.. ..:..  ....-..-..
            2    dist  \\d+ B {3,5}....-..-.. ..:..  ....-..-..
            1    dist  \\d+ B {3,5}....-..-.. ..:..  ....-..-..
            """);
    assertThat(slipway("artifacts", "list", "1", "--json").out().lines())
        .singleElement()
        .asString()
        .contains("\"run\":\"1\"", "\"name\":\"dist\"", "\"job\":\"build\"", "\"sha256\":\"");
  }

  @Test
  void artifact_isGotIntoAFolderOfItsOwn() throws Exception {
    run("1");
    upload("1", "dist", zip("sub/a.txt", "content"));
    assertThat(slipway("artifacts", "get", "latest", "dist", "-o", "out").out()).isEqualTo("out\n");
    assertThat(directory.resolve("out/sub/a.txt")).hasContent("content");
    CommandLine.Result again = slipway("artifacts", "get", "1", "dist", "-o", "out");
    assertThat(again.exit()).isEqualTo(Exit.USAGE);
    assertThat(again.err()).contains("'out' is not empty");
    assertThat(slipway("artifacts", "get", "1", "dits").err()).contains("did you mean 'dist'?");
  }

  @Test
  void hostileArchive_isRefused_andLeavesNothing() throws Exception {
    run("1");
    upload("1", "dist", zip("../evil.txt", "x"));
    CommandLine.Result got = slipway("artifacts", "get", "1", "dist", "-o", "deep/out");
    assertThat(got.exit()).isEqualTo(Exit.FAILED);
    assertThat(got.err()).contains("../evil.txt");
    assertThat(directory.resolve("deep")).isEmptyDirectory();
  }

  @Test
  void caches_areListedAndRemoved() throws Exception {
    save("npm-1");
    save("npm-2");
    long cargo = save("cargo-1").id();
    assertThat(slipway("cache").out())
        .contains("KEY", "npm-1", "npm-2", "cargo-1", "refs/heads/main");
    assertThat(slipway("cache", "list", "--prefix", "npm-", "--json").out().lines()).hasSize(2);
    assertThat(slipway("cache", "rm", "npm-1").err()).isEqualTo("removed 1 cache, 5 B\n");
    assertThat(slipway("cache", "rm", "--id", Long.toString(cargo)).out()).contains("cargo-1");
    assertThat(slipway("cache", "list").out()).contains("npm-2").doesNotContain("npm-1", "cargo");
    assertThat(slipway("cache", "rm").exit()).isEqualTo(Exit.USAGE);
    assertThat(slipway("cache", "rm", "--all", "npm-2").exit()).isEqualTo(Exit.USAGE);
    slipway("cache", "rm", "--all");
    assertThat(slipway("cache").err()).isEqualTo("0 caches, 0 B\n");
  }

  @Test
  void bucketThatIsNone_isAMistake() {
    CommandLine.Result result =
        CommandLine.in(directory)
            .environment(Map.of("SLIPWAY_CACHE_S3", "http://bucket"))
            .run("cache");
    assertThat(result.exit()).isEqualTo(Exit.USAGE);
    assertThat(result.err())
        .contains("SLIPWAY_CACHE_S3 is 'http://bucket', not s3://bucket/prefix");
  }

  private CommandLine.Result slipway(String... words) {
    return CommandLine.in(directory).run(words);
  }

  /** A record of a run, as short as it can be. */
  private void run(String id) throws Exception {
    Path folder = Files.createDirectories(directory.resolve(".slipway/runs").resolve(id));
    Files.writeString(
        folder.resolve("events.jsonl"),
        "{\"seq\":1,\"at\":\"2026-01-02T03:04:05.678Z\",\"type\":\"run.started\",\"run\":\""
            + id
            + "\",\"workflow\":\"CI\",\"file\":\"ci.yml\",\"event\":\"push\",\"ref\":\"r\",\"sha\":\"s\",\"actor\":\"a\"}\n"
            + "{\"seq\":2,\"at\":\"2026-01-02T03:04:06.678Z\",\"type\":\"run.finished\",\"run\":\""
            + id
            + "\",\"conclusion\":\"success\",\"durationMs\":1}\n");
  }

  private CacheEntry save(String key) throws Exception {
    String project = "local/" + directory.getFileName();
    CacheSettings settings = CacheSettings.in(directory.resolve(".cache/slipway/actions-cache"));
    try (ActionsCache cache = ActionsCache.of(settings, project)) {
      CacheUpload upload = cache.reserve("refs/heads/main", "v", key).orElseThrow();
      upload.blob().whole(new ByteArrayInputStream("bytes".getBytes(StandardCharsets.UTF_8)));
      return upload.finish();
    }
  }

  private void upload(String run, String name, byte[] content) throws Exception {
    RuntimeSettings settings =
        RuntimeSettings.of(directory.resolve(".slipway/artifacts"), directory.resolve("cache"));
    try (RuntimeServices services = RuntimeServices.create(settings);
        HttpClient http = HttpClient.newHttpClient();
        JobAccess job =
            services.open(
                JobIdentity.of(Map.of("run_id", run, "ref", "refs/heads/main"), "build"))) {
      String token = String.valueOf(job.environment().get("ACTIONS_RUNTIME_TOKEN"));
      String ids = ids(token, name);
      String url =
          text(
              call(http, job, "CreateArtifact", token, ids + ",\"version\":4}"),
              "signed_upload_url");
      HttpRequest put =
          HttpRequest.newBuilder(URI.create(url))
              .header("x-ms-blob-type", "BlockBlob")
              .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
              .build();
      assertThat(http.send(put, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(201);
      call(http, job, "FinalizeArtifact", token, ids + ",\"size\":\"" + content.length + "\"}");
    }
  }

  private static String ids(String token, String name) {
    String claims =
        new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
    String[] scope = text((ObjectValue) Json.parse(claims), "scp").split(":");
    return "{\"workflow_run_backend_id\":\""
        + scope[1]
        + "\",\"workflow_job_run_backend_id\":\""
        + scope[2]
        + "\",\"name\":\""
        + name
        + "\"";
  }

  private static ObjectValue call(
      HttpClient http, JobAccess job, String method, String token, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    job.environment().get("ACTIONS_RESULTS_URL")
                        + "twirp/github.actions.results.api.v1.ArtifactService/"
                        + method))
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return (ObjectValue) Json.parse(response.body());
  }

  private static String text(ObjectValue object, String name) {
    Value value = object.get(name);
    return value == null ? "" : value.toText();
  }

  private static byte[] zip(String name, String content) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
