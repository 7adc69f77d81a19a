package dev.slipway.cache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.cache.CacheServerSettings.Writing;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What the cache server keeps")
final class StoreTest {
  private static final String RESULT = "ab".repeat(32);

  @TempDir Path folder;

  @Test
  void outlivesTheServer_withWhatWasSaidOfIt() throws Exception {
    try (Serving serving = Serving.from(folder)) {
      serving.put("/v8/artifacts/aa", "x", "x-artifact-tag", "tag");
    }
    try (Serving serving = Serving.from(folder)) {
      assertThat(serving.get("/v8/artifacts/aa").headers().firstValue("x-artifact-tag"))
          .contains("tag");
      assertThat(serving.put("/v1/cache/aa", "other").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void isUsedByOneServerOnly() throws Exception {
    try (Serving _ = Serving.from(folder)) {
      assertThatThrownBy(() -> Serving.from(folder))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another cache server");
    }
  }

  @Test
  void ofTwoWriters_theFirstThatEndsWins_andBothAreWell() throws Exception {
    int writers = 8;
    try (Serving serving = Serving.from(folder);
        ExecutorService threads = Executors.newFixedThreadPool(writers)) {
      CyclicBarrier start = new CyclicBarrier(writers);
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        String body = Integer.toString(i).repeat(300_000);
        work.add(() -> {
          start.await();
          return serving.put("/v1/cache/77", body).statusCode();
        });
      }
      List<Integer> answers = new ArrayList<>();
      for (Future<Integer> each : threads.invokeAll(work)) {
        answers.add(each.get());
      }
      assertThat(answers).containsOnly(200, 409).containsOnlyOnce(200);
      String kept = serving.get("/v1/cache/77").body();
      assertThat(kept).hasSize(300_000).isEqualTo(kept.substring(0, 1).repeat(300_000));
    }
    assertThat(folder.resolve("incoming")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"content", "end", "cut", "empty"})
  void damaged_isNotThere_andIsRemoved(String how) throws Exception {
    try (Serving serving = Serving.from(folder)) {
      serving.put("/gradle/aa", "content ".repeat(1000));
      Path file = file("aa");
      byte[] bytes = Files.readAllBytes(file);
      switch (how) {
        case "content" -> bytes[4000] ^= 1;
        case "end" -> bytes[bytes.length - 1] ^= 1;
        case "cut" -> bytes = java.util.Arrays.copyOf(bytes, 5000);
        default -> bytes = new byte[0];
      }
      Files.write(file, bytes);
      assertThat(serving.get("/gradle/aa").statusCode()).isEqualTo(404);
      assertThat(file).doesNotExist();
      assertThat(serving.put("/gradle/aa", "new").statusCode()).isEqualTo(201);
      assertThat(serving.get("/gradle/aa").body()).isEqualTo("new");
    }
  }

  @Test
  void removedByHand_isNotThere() throws Exception {
    try (Serving serving = Serving.from(folder)) {
      serving.put("/gradle/aa", "x");
      Files.delete(file("aa"));
      assertThat(serving.get("/gradle/aa").statusCode()).isEqualTo(404);
      assertThat(serving.put("/gradle/aa", "y").statusCode()).isEqualTo(201);
    }
  }

  @Test
  void halfWrittenFiles_areGoneAfterARestart() throws Exception {
    try (Serving serving = Serving.from(folder)) {
      serving.put("/gradle/aa", "x");
    }
    Files.writeString(folder.resolve("incoming/1"), "half of");
    Files.writeString(folder.resolve("entries/main/gradle/aa/aab"), "half of another");
    try (Serving serving = Serving.from(folder)) {
      assertThat(folder.resolve("incoming")).isEmptyDirectory();
      assertThat(serving.get("/gradle/aab").statusCode()).isEqualTo(404);
      assertThat(serving.put("/gradle/bb", "y").statusCode()).isEqualTo(201);
      assertThat(serving.get("/gradle/aa").body()).isEqualTo("x");
    }
  }

  @Test
  void aClientThatGoesAway_leavesNothing() throws Exception {
    try (Serving serving = Serving.from(folder)) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), serving.port())) {
        OutputStream out = socket.getOutputStream();
        out.write(
            "PUT /gradle/aa HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nonly this"
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        socket.shutdownOutput();
        assertThat(socket.getInputStream().readAllBytes()).isEmpty();
      }
      assertThat(serving.get("/gradle/aa").statusCode()).isEqualTo(404);
      assertThat(folder.resolve("incoming")).isEmptyDirectory();
    }
  }

  @Test
  void anEntryThatIsTooLarge_isRefused_andNotKept() throws Exception {
    try (Serving serving =
        Serving.from(folder, settings -> settings.withLimits(1_000_000, 100_000))) {
      String large = "x".repeat(100_001);
      for (String path : List.of("/gradle/aa", "/v1/cache/aa", "/v8/artifacts/aa")) {
        assertThat(serving.put(path, large).statusCode()).isEqualTo(413);
        assertThat(serving.put(path, large, "X-Any", "y").statusCode()).isEqualTo(413);
        assertThat(serving.get(path).statusCode()).isEqualTo(404);
      }
      assertThat(serving.put("/gradle/aa", "x".repeat(100_000)).statusCode()).isEqualTo(201);
    }
    assertThat(folder.resolve("incoming")).isEmptyDirectory();
  }

  @Test
  void whatIsLongestUnused_goesWhenThereIsTooMuch() throws Exception {
    String body = "x".repeat(100_000);
    try (Serving serving = Serving.from(folder)) {
      for (String key : List.of("a1", "a2", "a3")) {
        serving.put("/gradle/" + key, body);
      }
    }
    Files.setLastModifiedTime(file("a1"), FileTime.from(Instant.now().minusSeconds(1000)));
    Files.setLastModifiedTime(file("a2"), FileTime.from(Instant.now().minusSeconds(3000)));
    Files.setLastModifiedTime(file("a3"), FileTime.from(Instant.now().minusSeconds(2000)));
    try (Serving serving =
        Serving.from(folder, settings -> settings.withLimits(350_000, 200_000))) {
      serving.get("/gradle/a2");
      serving.put("/gradle/a4", body);
      assertThat(serving.get("/gradle/a1").statusCode()).isEqualTo(200);
      assertThat(serving.get("/gradle/a2").statusCode()).isEqualTo(200);
      assertThat(serving.get("/gradle/a3").statusCode()).isEqualTo(404);
      assertThat(serving.get("/gradle/a4").statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/gradle/..%2f..%2fsecret",
        "/gradle/../../secret",
        "/gradle/a/b",
        "/gradle/.hidden",
        "/gradle/",
        "/v1/cache/%2e%2e",
        "/v8/artifacts/a%00b",
        "/v8/artifacts/aa?slug=../other",
        "/v8/artifacts/aa?teamId=%2e%2e%2f",
        "/bazel/../../ac/abababababababababababababababababababababababababababababababab",
        "/bazel/cas/..",
        "/bazel/ac/ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB"
      })
  void names_thatLeadElsewhere_areRefused(String path) throws Exception {
    try (Serving serving = Serving.from(folder)) {
      assertThat(serving.put(path, "evil").statusCode()).isIn(400, 404);
      assertThat(serving.get(path).statusCode()).isIn(400, 404);
    }
    try (Stream<Path> all = Files.walk(folder)) {
      assertThat(all.filter(Files::isRegularFile).map(path1 -> path1.getFileName().toString()))
          .containsOnly("lock");
    }
  }

  @Test
  void resultsOfActions_areReplacedOnlyWhereThatIsWanted() throws Exception {
    try (Serving serving = Serving.from(folder)) {
      serving.put("/bazel/ac/" + RESULT, "one");
      assertThat(serving.put("/bazel/ac/" + RESULT, "two").statusCode()).isEqualTo(200);
      assertThat(serving.get("/bazel/ac/" + RESULT).body()).isEqualTo("one");
    }
    try (Serving serving =
        Serving.from(folder, settings -> settings.withWriting(Writing.ONCE_BUT_ACTIONS))) {
      assertThat(serving.put("/bazel/ac/" + RESULT, "two").statusCode()).isEqualTo(200);
      assertThat(serving.get("/bazel/ac/" + RESULT).body()).isEqualTo("two");
      assertThat(serving.put("/v1/cache/1", "one").statusCode()).isEqualTo(200);
      assertThat(serving.put("/v1/cache/1", "two").statusCode()).isEqualTo(409);
    }
  }

  @Test
  void troubleOfTheStore_stopsNoTool() throws Exception {
    try (Serving serving = Serving.from(folder)) {
      Files.delete(folder.resolve("incoming"));
      assertThat(serving.put("/gradle/aa", "x").statusCode()).isEqualTo(200);
      assertThat(serving.put("/v1/cache/aa", "x").statusCode()).isEqualTo(200);
      assertThat(serving.put("/v8/artifacts/aa", "x").statusCode()).isEqualTo(202);
      assertThat(serving.get("/gradle/aa").statusCode()).isEqualTo(404);
      assertThat(serving.get("/v1/cache/aa").statusCode()).isEqualTo(404);
      assertThat(serving.get("/v8/artifacts/aa").statusCode()).isEqualTo(404);
      assertThat(serving.warnings()).isNotEmpty();
    }
  }

  private Path file(String key) {
    return folder.resolve("entries/main/gradle/" + key.substring(0, 2) + "/" + key);
  }
}
