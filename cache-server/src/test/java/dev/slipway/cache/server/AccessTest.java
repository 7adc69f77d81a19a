package dev.slipway.cache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.cache.CacheServerSettings;
import dev.slipway.cache.CacheServerSettings.Writing;
import dev.slipway.cache.CacheToken;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Who may use the cache server")
final class AccessTest {
  private static final List<CacheToken> TOKENS =
      CacheToken.read(
          List.of(
              "# who may do what",
              "",
              "main-token-0123456789 read-write main",
              "pull-token-0123456789 read-write pr-1<main",
              "read-token-0123456789 read main",
              "fill-token-0123456789 write main"));

  private static final String[] MAIN = bearer("main-token-0123456789");
  private static final String[] PULL = bearer("pull-token-0123456789");
  private static final String[] READ = bearer("read-token-0123456789");
  private static final String[] FILL = bearer("fill-token-0123456789");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"/gradle/aa", "/v1/cache/aa", "/v8/artifacts/aa", "/metrics", "/other"})
  void withoutATokenThatIsKnown_nobody(String path) throws Exception {
    try (Serving serving = serving()) {
      assertThat(serving.get(path).statusCode()).isEqualTo(401);
      assertThat(serving.get(path, bearer("main-token-012345678")).statusCode()).isEqualTo(401);
      assertThat(serving.put(path, "x", bearer("")).statusCode()).isEqualTo(401);
      assertThat(serving.get("/healthz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aTokenIsAlsoTaken_asAPassword_andAsThePartOfAWebToken() throws Exception {
    try (Serving serving = serving()) {
      serving.put("/gradle/aa", "x", MAIN);
      String basic =
          Base64.getEncoder()
              .encodeToString("anybody:main-token-0123456789".getBytes(StandardCharsets.UTF_8));
      assertThat(serving.get("/gradle/aa", "Authorization", "Basic " + basic).body())
          .isEqualTo("x");
      assertThat(serving.get("/gradle/aa", bearer("e30.e30.main-token-0123456789")).body())
          .isEqualTo("x");
      assertThat(serving.get("/gradle/aa", "Authorization", "Basic ?").statusCode()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/gradle/aa", "/v1/cache/aa", "/v8/artifacts/aa"})
  void aPullRequest_readsItsBase_butNeverWritesThere(String path) throws Exception {
    try (Serving serving = serving()) {
      assertThat(serving.put(path, "evil", PULL).statusCode()).isBetween(200, 202);
      assertThat(serving.get(path, MAIN).statusCode()).isEqualTo(404);
      assertThat(serving.get(path, PULL).body()).isEqualTo("evil");
      assertThat(serving.put(path, "good", MAIN).statusCode()).isBetween(200, 202);
      assertThat(serving.get(path, MAIN).body()).isEqualTo("good");
      assertThat(serving.put(path + "2", "base", MAIN).statusCode()).isBetween(200, 202);
      assertThat(serving.get(path + "2", PULL).body()).isEqualTo("base");
    }
  }

  @Test
  void whoOnlyReads_cannotWrite_andTheOtherWayRound() throws Exception {
    try (Serving serving = serving()) {
      assertThat(serving.put("/v1/cache/aa", "x", READ).statusCode()).isEqualTo(403);
      assertThat(serving.put("/v1/cache/aa", "x", FILL).statusCode()).isEqualTo(200);
      assertThat(serving.get("/v1/cache/aa", FILL).statusCode()).isEqualTo(403);
      assertThat(serving.get("/v1/cache/aa", READ).body()).isEqualTo("x");
    }
  }

  @Test
  void aServerThatIsOnlyRead_storesNothing() throws Exception {
    try (Serving serving = Serving.from(folder)) {
      serving.put("/gradle/aa", "x");
    }
    try (Serving serving = Serving.from(folder, settings -> settings.withWriting(Writing.NONE))) {
      assertThat(serving.put("/gradle/bb", "x").statusCode()).isEqualTo(403);
      assertThat(serving.get("/gradle/aa").body()).isEqualTo("x");
    }
  }

  @Test
  void withoutTokens_onlyThisMachine() {
    assertThatThrownBy(() ->
            new ServerService()
                .start(CacheServerSettings.of(new InetSocketAddress("0.0.0.0", 0), folder)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without tokens");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "short read main",
        "long-enough-token own main",
        "long-enough-token read ../main",
        "long-enough-token read pr<",
        "long-enough-token read .hidden",
        "long-enough-token",
        "long-enough-token read main more"
      })
  void lines_thatSayNoToken(String line) {
    assertThatThrownBy(() -> CacheToken.read(List.of("# first", line)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("line 2: ");
  }

  @Test
  void oneTokenTwice_isRefused() {
    assertThatThrownBy(
            () -> CacheToken.read(List.of("long-enough-token read", "long-enough-token write")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }

  private Serving serving() throws Exception {
    return Serving.from(folder, settings -> settings.withTokens(TOKENS));
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }
}
