package dev.slipway.cache.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cache.ActionsCache;
import dev.slipway.cache.CacheEntry;
import dev.slipway.cache.CacheSettings;
import dev.slipway.cache.CacheUpload;
import dev.slipway.cache.S3Location;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

@DisplayName("Caches that are also in S3")
final class S3CacheTest {
  private static final String MAIN = "refs/heads/main";
  private static final String VERSION = "v1";
  private static final String BUCKET = "caches";
  private static final String KEY = "test-key";
  private static final String SECRET = "test-secret";

  private static @Nullable String keyBefore;
  private static @Nullable String secretBefore;

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();
  private BlobStore store;
  private S3Proxy server;
  private int port;

  @BeforeAll
  static void credentials() {
    keyBefore = System.setProperty("aws.accessKeyId", KEY);
    secretBefore = System.setProperty("aws.secretAccessKey", SECRET);
  }

  @AfterAll
  static void restoreCredentials() {
    restore("aws.accessKeyId", keyBefore);
    restore("aws.secretAccessKey", secretBefore);
  }

  private static void restore(String name, @Nullable String value) {
    if (value == null) {
      System.clearProperty(name);
    } else {
      System.setProperty(name, value);
    }
  }

  @BeforeEach
  void start() throws Exception {
    store = new TransientNio2BlobStore();
    store.createContainer(BUCKET);
    server = server(SECRET);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
    store.close();
  }

  @Test
  void savedHere_isRestoredOnAnotherMachine() throws IOException {
    save(cache("one"), MAIN, "npm-1", "content");
    ActionsCache other = cache("two");
    assertThat(content(other, "npm-2", "npm-")).isEqualTo("content");
    assertThat(other.list()).hasSize(1);
    assertThat(objects())
        .singleElement()
        .asString()
        .startsWith("team/ci/octo/ship/refs%2Fheads%2Fmain/v1/npm-1/");
    assertThat(warnings).isEmpty();
  }

  @Test
  void localDiskThatWasWiped_isFilledAgain() throws IOException {
    save(cache("one"), MAIN, "key", "content");
    wipe(folder.resolve("one"));
    assertThat(content(cache("one"), "key")).isEqualTo("content");
  }

  @Test
  void whatAnotherMachineSaved_cannotBeSavedAgain() throws IOException {
    save(cache("one"), MAIN, "key", "content");
    assertThat(cache("two").reserve(MAIN, VERSION, "key")).isEmpty();
    assertThat(cache("two").reserve("refs/heads/other", VERSION, "key")).isPresent();
  }

  @Test
  void scopesAreKeptApart_thereToo() throws IOException {
    save(cache("one"), "refs/pull/1/merge", "key", "evil");
    assertThat(find(cache("two"), List.of(MAIN), "key", "k")).isEmpty();
  }

  @Test
  void objectThatIsNotWhatItsNameSays_isAMiss_andGoes() throws IOException {
    save(cache("one"), MAIN, "key-1", "older and fine");
    save(cache("one"), MAIN, "key-2", "damaged");
    String damaged = objects().stream().filter(name -> name.contains("key-2")).findAny().get();
    store.putBlob(
        PutObjectRequest.builder().bucket(BUCKET).key(damaged).contentLength(7L).build(),
        new ByteArrayInputStream("dAmaged".getBytes(StandardCharsets.UTF_8)));
    ActionsCache other = cache("two");
    assertThat(content(other, "key-2", "key-")).isEqualTo("older and fine");
    assertThat(warnings).singleElement().asString().contains("damaged");
    assertThat(objects()).noneMatch(name -> name.contains("key-2"));
  }

  @Test
  void removed_isRemovedThereToo() throws IOException {
    save(cache("one"), MAIN, "a", "x");
    save(cache("one"), MAIN, "b", "x");
    assertThat(cache("two").remove(entry -> entry.key().equals("a"))).hasSize(1);
    assertThat(objects()).singleElement().asString().contains("/b/");
  }

  @Test
  void serviceThatIsDown_stopsNothing_andIsToldOnce() throws Exception {
    server.stop();
    ActionsCache cache = cache("one");
    save(cache, MAIN, "a", "local");
    save(cache, MAIN, "b", "local");
    assertThat(content(cache, "a")).isEqualTo("local");
    assertThat(find(cache, List.of(MAIN), "c")).isEmpty();
    assertThat(warnings).singleElement().asString().contains("bucket caches");
  }

  @Test
  void serviceThatDenies_stopsNothing_andIsToldOnce() throws Exception {
    server.stop();
    server = server("another secret");
    ActionsCache cache = cache("one");
    save(cache, MAIN, "a", "local");
    assertThat(content(cache, "a")).isEqualTo("local");
    assertThat(warnings).hasSize(1);
  }

  @Test
  void largerContent_survivesTheWay() throws IOException {
    byte[] content = new byte[12 << 20];
    new Random(3).nextBytes(content);
    save(cache("one"), MAIN, "large", content);
    ActionsCache other = cache("two");
    CacheEntry entry = find(other, List.of(MAIN), "large").orElseThrow();
    assertThat(other.file(entry)).hasBinaryContent(content);
  }

  private S3Proxy server(String secret) throws Exception {
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEY, secret)
            .build();
    proxy.start();
    port = proxy.getPort();
    return proxy;
  }

  private ActionsCache cache(String machine) {
    S3Location location =
        new S3Location(BUCKET, "team/ci", "http://127.0.0.1:" + port, "eu-central-1", true);
    return ActionsCache.of(
        CacheSettings.in(folder.resolve(machine)).withS3(location).withWarnings(warnings::add),
        "octo/ship");
  }

  private List<String> objects() {
    return store.list(BUCKET).contents().stream().map(S3Object::key).toList();
  }

  private static void save(ActionsCache cache, String scope, String key, String content)
      throws IOException {
    save(cache, scope, key, content.getBytes(StandardCharsets.UTF_8));
  }

  private static void save(ActionsCache cache, String scope, String key, byte[] content)
      throws IOException {
    CacheUpload upload = cache.reserve(scope, VERSION, key).orElseThrow();
    upload.blob().whole(new ByteArrayInputStream(content));
    upload.finish();
  }

  private static Optional<CacheEntry> find(ActionsCache cache, List<String> scopes, String... keys)
      throws IOException {
    return cache.find(scopes, VERSION, List.of(keys));
  }

  private static String content(ActionsCache cache, String... keys) throws IOException {
    Optional<CacheEntry> found = find(cache, List.of(MAIN), keys);
    return found.isEmpty() ? "" : Files.readString(cache.file(found.get()));
  }

  private static void wipe(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
