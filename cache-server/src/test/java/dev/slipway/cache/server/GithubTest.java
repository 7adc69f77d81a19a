package dev.slipway.cache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cache.CacheToken;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Caches of GitHub's clients")
final class GithubTest {
  private static final String SERVICE = "/twirp/github.actions.results.api.v1.CacheService/";
  private static final String MAIN = "main-token-0123456789";
  private static final String PULL = "pull-token-0123456789";
  private static final String READ = "read-token-0123456789";
  private static final List<CacheToken> TOKENS =
      CacheToken.read(
          List.of(MAIN + " read-write main", PULL + " read-write pr-1<main", READ + " read main"));

  @TempDir Path folder;

  @Test
  void ofAPullRequest_areNotRestoredByItsBase() throws Exception {
    try (Serving serving = Serving.from(folder, settings -> settings.withTokens(TOKENS))) {
      save(serving, PULL, "evil", "of the pull request");
      save(serving, MAIN, "good", "of the base");
      assertThat(find(serving, MAIN, "evil")).isEmpty();
      assertThat(serving.get(find(serving, PULL, "evil")).body()).isEqualTo("of the pull request");
      assertThat(serving.get(find(serving, PULL, "good")).body()).isEqualTo("of the base");
      HttpResponse<String> range = serving.get(find(serving, READ, "good"), "Range", "bytes=3-5");
      assertThat(range.statusCode()).isEqualTo(206);
      assertThat(range.body()).isEqualTo("the");
      assertThat(call(serving, READ, "CreateCacheEntry", "\"key\":\"k\",\"version\":\"v\"").body())
          .contains("cache write denied");
      assertThat(serving.get("/metrics", "Authorization", "Bearer " + READ).body())
          .contains("slipway_cache_stored_total{protocol=\"github\"} 2\n")
          .contains("slipway_cache_misses_total{protocol=\"github\"} 1\n");
    }
  }

  @Test
  void withoutAToken_nobody_andSignedAddressesCannotBeChanged() throws Exception {
    try (Serving serving = Serving.from(folder, settings -> settings.withTokens(TOKENS))) {
      assertThat(call(serving, "no", "GetCacheEntryDownloadURL", "").statusCode()).isEqualTo(401);
      assertThat(serving.get("/_apis/artifactcache/cache?keys=a&version=v").statusCode())
          .isEqualTo(401);
      save(serving, MAIN, "good", "x");
      String address = find(serving, MAIN, "good");
      assertThat(serving.get(address.replaceFirst("sig=.", "sig=_")).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void andOtherEntries_shareTheRoom() throws Exception {
    try (Serving serving =
        Serving.from(folder, settings -> settings.withLimits(250_000, 200_000))) {
      String body = "x".repeat(100_000);
      save(serving, "", "first", body);
      serving.put("/gradle/aa", body);
      serving.put("/gradle/bb", body);
      assertThat(find(serving, "", "first")).isEmpty();
      save(serving, "", "second", body);
      assertThat(serving.get("/gradle/aa").statusCode()).isEqualTo(404);
      assertThat(serving.get("/gradle/bb").statusCode()).isEqualTo(200);
      assertThat(find(serving, "", "second")).isNotEmpty();
    }
  }

  @Test
  void uploadedInBlocks_areWhole_afterARestartToo() throws Exception {
    try (Serving serving = Serving.from(folder)) {
      String upload = create(serving, "", "blocks");
      serving.put(upload + "&comp=block&blockid=Mg%3D%3D", "second");
      serving.put(upload + "&comp=block&blockid=MQ%3D%3D", "first ");
      serving.put(
          upload + "&comp=blocklist",
          "<BlockList><Latest>MQ==</Latest><Latest>Mg==</Latest></BlockList>");
      finish(serving, "", "blocks", 12);
    }
    try (Serving serving = Serving.from(folder)) {
      assertThat(serving.get(find(serving, "", "bloc")).body()).isEqualTo("first second");
    }
  }

  private static void save(Serving serving, String token, String key, String body)
      throws Exception {
    HttpResponse<String> put =
        serving.put(create(serving, token, key), body, "x-ms-blob-type", "BlockBlob");
    assertThat(put.statusCode()).isEqualTo(201);
    finish(serving, token, key, body.length());
  }

  private static String create(Serving serving, String token, String key) throws Exception {
    return address(
        call(serving, token, "CreateCacheEntry", "\"key\":\"" + key + "\",\"version\":\"v\""));
  }

  private static void finish(Serving serving, String token, String key, int size) throws Exception {
    HttpResponse<String> finished =
        call(
            serving,
            token,
            "FinalizeCacheEntryUpload",
            "\"key\":\"" + key + "\",\"version\":\"v\",\"size_bytes\":\"" + size + "\"");
    assertThat(finished.body()).contains("\"ok\":true");
  }

  private static String find(Serving serving, String token, String key) throws Exception {
    return address(
        call(
            serving,
            token,
            "GetCacheEntryDownloadURL",
            "\"key\":\"" + key + "\",\"restore_keys\":[],\"version\":\"v\""));
  }

  private static HttpResponse<String> call(
      Serving serving, String token, String method, String members) throws Exception {
    return serving.send(
        "POST", SERVICE + method, "{" + members + "}", "Authorization", "Bearer " + token);
  }

  private static String address(HttpResponse<String> response) {
    Matcher url = Pattern.compile("_url\":\"([^\"]+)\"").matcher(response.body());
    return url.find() ? url.group(1) : "";
  }
}
