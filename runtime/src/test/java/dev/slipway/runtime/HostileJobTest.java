package dev.slipway.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A job that is not to be trusted")
final class HostileJobTest {
  private static final byte[] NOTHING = {};
  private static final byte[] BYTES = "content".getBytes(StandardCharsets.UTF_8);

  private final HttpClient http = HttpClient.newHttpClient();
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path folder;
  private RuntimeServices services;
  private JobAccess access;
  private RawClient job;

  @BeforeEach
  void open() throws IOException {
    InstantSource clock = () -> now;
    services =
        RuntimeServices.create(
            RuntimeSettings.of(folder.resolve("artifacts"), folder.resolve("cache"))
                .withArtifactLimit(1000)
                .withClock(clock));
    access = services.open(Jobs.job("1", "a").withLifetime(Duration.ofHours(6)));
    job = new RawClient(http, access);
  }

  @AfterEach
  void close() {
    services.close();
    http.close();
  }

  @Test
  void services_areNotReachedFromOtherMachines() throws IOException {
    int port = URI.create(job.origin()).getPort();
    List<String> open = new ArrayList<>();
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      for (var address : network.inetAddresses().toList()) {
        try (Socket socket = new Socket()) {
          socket.connect(new InetSocketAddress(address, port), 1000);
          open.add(address.getHostAddress());
        } catch (IOException e) {
          continue;
        }
      }
    }
    assertThat(open).containsExactly("127.0.0.1");
  }

  @Test
  void tokensOfOthers_forgedOnes_andNone_areRefused() throws IOException {
    String[] parts = job.token().split("\\.");
    String none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
    String claims =
        new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
            .replace("Results:1:", "Results:2:");
    String changed =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    try (RuntimeServices other =
        RuntimeServices.create(
            RuntimeSettings.of(folder.resolve("artifacts"), folder.resolve("cache")))) {
      String foreign =
          String.valueOf(other.open(Jobs.job("1", "a")).environment().get("ACTIONS_RUNTIME_TOKEN"));
      for (String token :
          List.of(
              "",
              ".",
              "..",
              "a.b.c",
              foreign,
              none + "." + parts[1] + ".",
              parts[0] + "." + parts[1] + ".",
              parts[0] + "." + parts[1],
              parts[0] + "." + changed + "." + parts[2],
              job.token() + "x")) {
        RawClient forger = job.withToken(token);
        String list = "{\"workflow_run_backend_id\":\"1\"}";
        assertThat(
                forger
                    .post("twirp/github.actions.results.api.v1.ArtifactService/ListArtifacts", list)
                    .status())
            .as(token)
            .isEqualTo(401);
        assertThat(
                forger
                    .send(
                        "GET", job.origin() + "_apis/artifactcache/cache?keys=a&version=b", NOTHING)
                    .status())
            .as(token)
            .isEqualTo(401);
      }
    }
  }

  @Test
  void token_endsWithItsLifetime_andWithItsJob() throws IOException {
    job.artifacts("ListArtifacts").ok();
    now = now.plus(Duration.ofHours(7));
    assertThat(job.artifacts("ListArtifacts").status()).isEqualTo(401);
    JobAccess second = services.open(Jobs.job("1", "b"));
    RawClient client = new RawClient(http, second);
    client.artifacts("ListArtifacts").ok();
    second.close();
    second.close();
    assertThat(client.artifacts("ListArtifacts").status()).isEqualTo(401);
    assertThat(client.caches("CreateCacheEntry", "key", "k", "version", "v").status())
        .isEqualTo(401);
  }

  @Test
  void addresses_endWithTheirJob_andWithTime() {
    job.upload("x", BYTES).ok();
    String read = job.artifacts("GetSignedArtifactURL", "name", "x").ok().member("signed_url");
    String write = job.artifacts("CreateArtifact", "name", "y").ok().member("signed_upload_url");
    String cache =
        job.caches("CreateCacheEntry", "key", "k", "version", "v").ok().member("signed_upload_url");
    job.send("GET", read, NOTHING).ok();
    now = now.plus(Duration.ofHours(2));
    assertThat(job.send("GET", read, NOTHING).status()).isEqualTo(403);
    String again = job.artifacts("GetSignedArtifactURL", "name", "x").ok().member("signed_url");
    access.close();
    assertThat(job.send("GET", again, NOTHING).status()).isEqualTo(403);
    assertThat(job.send("PUT", write, BYTES).status()).isEqualTo(403);
    assertThat(job.send("PUT", cache, BYTES).status()).isEqualTo(403);
  }

  @Test
  void changedAddresses_areRefused() {
    job.upload("x", BYTES).ok();
    job.upload("y", BYTES).ok();
    String x = job.artifacts("GetSignedArtifactURL", "name", "x").ok().member("signed_url");
    String y = job.artifacts("GetSignedArtifactURL", "name", "y").ok().member("signed_url");
    String write = job.artifacts("CreateArtifact", "name", "z").ok().member("signed_upload_url");
    for (String url :
        List.of(
            x.substring(0, x.indexOf('?')) + y.substring(y.indexOf('?')),
            x.replaceFirst("se=\\d+", "se=99999999999"),
            x.replace("job=", "job=0"),
            x.replace("sig=", "sig=_"),
            x.replaceFirst("&sig=.*", ""),
            x.substring(0, x.indexOf('?')),
            x.replace("/artifacts/1/", "/artifacts/1/../1/"),
            x.replace("/artifacts/", "/uploads/"),
            write.replace("/uploads/", "/artifacts/"),
            job.origin() + "blobs/",
            job.origin() + "blobs/artifacts/1/1",
            job.origin() + "blobs/caches/../../etc/passwd?se=1&sig=a")) {
      assertThat(job.send("GET", url, NOTHING).status()).as(url).isIn(400, 403, 404);
    }
    assertThat(job.send("PUT", x, BYTES).status()).isEqualTo(405);
    assertThat(job.send("GET", write, NOTHING).status()).isEqualTo(405);
    assertThat(job.download("x")).isEqualTo(BYTES);
  }

  @Test
  void anotherJob_cannotTouchAnUpload() throws IOException {
    String url = job.artifacts("CreateArtifact", "name", "x").ok().member("signed_upload_url");
    RawClient other = new RawClient(http, services.open(Jobs.job("1", "b")));
    assertThat(other.artifacts("CreateArtifact", "name", "x").status()).isEqualTo(409);
    assertThat(other.artifacts("FinalizeArtifact", "name", "x", "size", "0").status())
        .isEqualTo(404);
    assertThat(
            other
                .artifacts(
                    "FinalizeArtifact",
                    "name",
                    "x",
                    "size",
                    "7",
                    "workflow_job_run_backend_id",
                    job.ids()[2])
                .status())
        .isEqualTo(403);
    assertThat(other.artifacts("GetSignedArtifactURL", "name", "x").status()).isEqualTo(404);
    job.send("PUT", url, BYTES).ok();
    job.artifacts("FinalizeArtifact", "name", "x", "size", "7").ok();
    assertThat(other.download("x")).isEqualTo(BYTES);
  }

  @Test
  void anotherRun_isNotSeen() throws IOException {
    job.upload("x", BYTES).ok();
    RawClient other = new RawClient(http, services.open(Jobs.job("2", "a")));
    assertThat(other.artifacts("ListArtifacts").ok().text()).isEqualTo("{\"artifacts\":[]}");
    assertThat(other.artifacts("GetSignedArtifactURL", "name", "x").status()).isEqualTo(404);
    assertThat(other.artifacts("DeleteArtifact", "name", "x").status()).isEqualTo(404);
    for (String method : List.of("ListArtifacts", "GetSignedArtifactURL", "DeleteArtifact")) {
      assertThat(other.artifacts(method, "name", "x", "workflow_run_backend_id", "1").status())
          .isEqualTo(403);
    }
  }

  @Test
  void nameThatManyWant_goesToOne_andDoesNotChange() throws Exception {
    List<Callable<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      RawClient client = new RawClient(http, services.open(Jobs.job("1", "job" + i)));
      byte[] content = ("content of " + i).getBytes(StandardCharsets.UTF_8);
      all.add(() -> {
        RawClient.Answer created = client.artifacts("CreateArtifact", "name", "x");
        if (created.status() != 200) {
          assertThat(created.status()).isEqualTo(409);
          return false;
        }
        client.send("PUT", created.member("signed_upload_url"), content).ok();
        client
            .artifacts("FinalizeArtifact", "name", "x", "size", Integer.toString(content.length))
            .ok();
        return true;
      });
    }
    int won = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> one : threads.invokeAll(all)) {
        won += one.get() ? 1 : 0;
      }
    }
    assertThat(won).isEqualTo(1);
    byte[] first = job.download("x");
    assertThat(job.artifacts("CreateArtifact", "name", "x").status()).isEqualTo(409);
    assertThat(job.download("x")).isEqualTo(first);
  }

  static Stream<String> badNames() {
    return Stream.of(
        "",
        ".",
        "..",
        "a/b",
        "../a",
        "a\\b",
        "a\"b",
        "a:b",
        "a<b",
        "a>b",
        "a|b",
        "a*b",
        "a?b",
        "a\rb",
        "a\nb",
        "a\0b",
        "a\u202eb",
        "a\u2066b",
        "a\u200bb",
        "\ufeffa",
        "a\u0085b",
        "a\u2028b",
        "a\ud800b",
        "n".repeat(256));
  }

  @ParameterizedTest
  @MethodSource("badNames")
  void badNames_areRefused(String name) {
    RawClient.Answer answer =
        job.post(
            "twirp/github.actions.results.api.v1.ArtifactService/CreateArtifact",
            "{\"workflow_run_backend_id\":\"1\",\"workflow_job_run_backend_id\":\""
                + job.ids()[2]
                + "\",\"name\":"
                + escaped(name)
                + "}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(folder.resolve("artifacts")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "ключ", "a%2fb", "a%00b", "CON", "a'b;c", "🚢", "a.zip"})
  void oddNames_areNames(String name) {
    job.upload(name, BYTES).ok();
    assertThat(job.download(name)).isEqualTo(BYTES);
    String url = job.artifacts("GetSignedArtifactURL", "name", name).member("signed_url");
    assertThat(job.send("HEAD", url, NOTHING).header("Content-Disposition"))
        .startsWith("attachment; filename=\"")
        .isASCII();
  }

  @Test
  void uploadThatIsNotWhatItWasSaidToBe_isNoArtifact() {
    String sha256 = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73";
    for (String[] wrong :
        new String[][] {
          {"size", "6"},
          {"size", "8"},
          {"size", "-7"},
          {"size", "99999999999999999999"},
          {"size", "7", "hash", "sha256:" + "0".repeat(64)},
          {"size", "7", "hash", "md5:" + sha256},
        }) {
      job.send(
              "PUT",
              job.artifacts("CreateArtifact", "name", "x").ok().member("signed_upload_url"),
              BYTES)
          .ok();
      String[] members =
          Stream.concat(Stream.of("name", "x"), Stream.of(wrong)).toArray(String[]::new);
      assertThat(job.artifacts("FinalizeArtifact", members).status()).isEqualTo(400);
    }
    assertThat(job.artifacts("ListArtifacts").text()).isEqualTo("{\"artifacts\":[]}");
    job.send(
            "PUT",
            job.artifacts("CreateArtifact", "name", "x").ok().member("signed_upload_url"),
            BYTES)
        .ok();
    job.artifacts("FinalizeArtifact", "name", "x", "size", "7", "hash", "sha256:" + sha256).ok();
  }

  @Test
  void upload_growsOnlyToItsLimit() {
    String url = job.artifacts("CreateArtifact", "name", "x").ok().member("signed_upload_url");
    assertThat(job.send("PUT", url, new byte[1001]).status()).isEqualTo(413);
    job.send("PUT", url + "&comp=block&blockid=YQ==", new byte[600]).ok();
    assertThat(job.send("PUT", url + "&comp=block&blockid=Yg==", new byte[600]).status())
        .isEqualTo(413);
    String twice = "<BlockList><Latest>YQ==</Latest><Latest>YQ==</Latest></BlockList>";
    assertThat(
            job.send("PUT", url + "&comp=blocklist", twice.getBytes(StandardCharsets.UTF_8))
                .status())
        .isEqualTo(413);
  }

  @Test
  void job_hasAMostOfArtifacts() {
    for (int i = 0; i < 500; i++) {
      job.artifacts("CreateArtifact", "name", "n" + i).ok();
    }
    assertThat(job.artifacts("CreateArtifact", "name", "more").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<BlockList>",
        "<BlockList/>",
        "</BlockList>",
        "<BlockList><Latest></Latest></BlockList>",
        "<BlockList><Other>YQ==</Other></BlockList>",
        "<BlockList><Latest>YQ==</Latest></BlockList>more",
        "<BlockList><Latest>YQ==<Latest></BlockList>",
        "<BlockList><Latest>&a;</Latest></BlockList>",
        "<!DOCTYPE b [<!ENTITY a SYSTEM"
            + " 'file:///etc/passwd'>]><BlockList><Latest>&a;</Latest></BlockList>",
        "<?xml version='1.0'?><!DOCTYPE b [<!ENTITY a"
            + " 'a'>]><BlockList><Latest>YQ==</Latest></BlockList>",
        "<BlockList><Latest>Yg==</Latest></BlockList>"
      })
  void badListsOfBlocks_areRefused(String xml) {
    String url = job.artifacts("CreateArtifact", "name", "x").ok().member("signed_upload_url");
    job.send("PUT", url + "&comp=block&blockid=YQ==", BYTES).ok();
    RawClient.Answer answer =
        job.send("PUT", url + "&comp=blocklist", xml.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("x-ms-error-code")).isIn("InvalidXmlDocument", "InvalidBlockList");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{\"key\":{\"a\":[]},\"version\":\"v\"}",
        "{\"key\":true,\"version\":\"v\"}",
        "{\"key\":\"a,b\",\"version\":\"v\"}",
        "{\"key\":\"\",\"version\":\"v\"}",
        "{\"key\":\"k\"}",
        "\u0000"
      })
  void badMessages_areRefused(String body) {
    assertThat(
            job.post("twirp/github.actions.results.api.v1.CacheService/CreateCacheEntry", body)
                .status())
        .isEqualTo(400);
  }

  @Test
  void hugeMessages_areRefused() {
    String deep = "[".repeat(200_000);
    assertThat(
            job.post("twirp/github.actions.results.api.v1.CacheService/CreateCacheEntry", deep)
                .status())
        .isEqualTo(400);
    assertThat(
            job.post(
                    "twirp/github.actions.results.api.v1.CacheService/CreateCacheEntry",
                    "\"" + "x".repeat(2 << 20) + "\"")
                .status())
        .isEqualTo(413);
  }

  @Test
  void headersCannotBeInjected() {
    assertThat(
            job.artifacts(
                    "CreateArtifact", "name", "x", "mime_type", "text/html\r\nSet-Cookie: a=b")
                .status())
        .isEqualTo(400);
  }

  @Test
  void ranges_areServed_andNothingBeyond() {
    job.upload("x", BYTES).ok();
    String url = job.artifacts("GetSignedArtifactURL", "name", "x").ok().member("signed_url");
    assertThat(job.send("GET", url, NOTHING, "Range", "bytes=1-3").text()).isEqualTo("ont");
    assertThat(job.send("GET", url, NOTHING, "x-ms-range", "bytes=4-").text()).isEqualTo("ent");
    assertThat(job.send("GET", url, NOTHING, "Range", "bytes=-2").text()).isEqualTo("nt");
    RawClient.Answer part = job.send("GET", url, NOTHING, "Range", "bytes=5-99");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.header("Content-Range")).isEqualTo("bytes 5-6/7");
    assertThat(job.send("GET", url, NOTHING, "Range", "bytes=7-").status()).isEqualTo(416);
    assertThat(job.send("GET", url, NOTHING, "Range", "bytes=5-2").status()).isEqualTo(416);
    for (String odd : List.of("bytes=", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-0,2-2")) {
      assertThat(job.send("GET", url, NOTHING, "Range", odd).status()).as(odd).isEqualTo(200);
    }
  }

  @Test
  void cacheOfAnotherJob_cannotBeFinished_andItsKeyIsFreeWhenItEnds() throws IOException {
    job.caches("CreateCacheEntry", "key", "k", "version", "v").ok();
    JobAccess second = services.open(Jobs.job("2", "b"));
    RawClient other = new RawClient(http, second);
    assertThat(other.caches("CreateCacheEntry", "key", "k", "version", "v").status())
        .isEqualTo(409);
    assertThat(
            other
                .caches("FinalizeCacheEntryUpload", "key", "k", "version", "v", "size_bytes", "0")
                .status())
        .isEqualTo(404);
    assertThat(
            other
                .send(
                    "PATCH",
                    job.origin() + "_apis/artifactcache/caches/1",
                    BYTES,
                    "Content-Range",
                    "bytes 0-6/*")
                .status())
        .isEqualTo(404);
    access.close();
    other.caches("CreateCacheEntry", "key", "k", "version", "v").ok();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "bytes", "bytes -1-2/*", "bytes a-b/*", "bytes 99999999999999999999-1/*"})
  void badRangesOfACache_areRefused(String range) {
    String id =
        job.post("_apis/artifactcache/caches", "{\"key\":\"k\",\"version\":\"v\",\"cacheSize\":3}")
            .ok()
            .member("cacheId");
    String[] headers = range.isEmpty() ? new String[0] : new String[] {"Content-Range", range};
    assertThat(
            job.send("PATCH", job.origin() + "_apis/artifactcache/caches/" + id, BYTES, headers)
                .status())
        .isEqualTo(400);
  }

  @Test
  void cacheThatSaysItIsTooLarge_isRefusedBeforeItIsSent() {
    String request = "{\"key\":\"k\",\"version\":\"v\",\"cacheSize\":10737418241}";
    RawClient.Answer answer = job.post("_apis/artifactcache/caches", request);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.member("message")).contains("over the limit");
  }

  @Test
  void uploadsOfAJob_thatEnds_leaveNothing() throws IOException {
    String url = job.artifacts("CreateArtifact", "name", "x").ok().member("signed_upload_url");
    job.send("PUT", url + "&comp=block&blockid=YQ==", BYTES).ok();
    access.close();
    try (Stream<Path> files = Files.walk(folder.resolve("artifacts"))) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void artifacts_expire() throws IOException {
    job.artifacts("CreateArtifact", "name", "early", "expires_at", "2026-01-01T00:00:00Z");
    assertThat(job.artifacts("ListArtifacts").text()).isEqualTo("{\"artifacts\":[]}");
    job.upload("x", BYTES).ok();
    ArtifactStore store = ArtifactStore.in(folder.resolve("artifacts"));
    assertThat(store.expire(now.plus(Duration.ofDays(89)))).isZero();
    assertThat(store.list("1")).hasSize(1);
    assertThat(store.expire(now.plus(Duration.ofDays(91)))).isEqualTo(1);
    assertThat(store.runs()).isEmpty();
  }

  private static String escaped(String name) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < name.length(); i++) {
      text.append("\\u").append(Integer.toHexString(0x10000 | name.charAt(i)).substring(1));
    }
    return text.append('"').toString();
  }
}
