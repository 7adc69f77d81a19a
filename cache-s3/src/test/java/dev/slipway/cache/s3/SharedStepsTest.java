package dev.slipway.cache.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cache.S3Location;
import dev.slipway.cache.step.Lookup;
import dev.slipway.cache.step.Remote;
import dev.slipway.cache.step.Roots;
import dev.slipway.cache.step.Signatures;
import dev.slipway.cache.step.StepCache;
import dev.slipway.cache.step.StepKey;
import dev.slipway.cache.step.StepLog;
import dev.slipway.trace.Access;
import dev.slipway.trace.Ending;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

@DisplayName("What steps did, shared through S3")
final class SharedStepsTest {
  private static final String MAIN = "refs/heads/main";
  private static final String BUCKET = "steps";
  private static final String USER = "test-key";
  private static final String PASSWORD = "test-secret";

  private static @Nullable String userBefore;
  private static @Nullable String passwordBefore;

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();
  private final List<Remote> opened = new ArrayList<>();
  private BlobStore store;
  private S3Proxy server;
  private Path work;

  @BeforeAll
  static void credentials() {
    userBefore = System.setProperty("aws.accessKeyId", USER);
    passwordBefore = System.setProperty("aws.secretAccessKey", PASSWORD);
  }

  @AfterAll
  static void restoreCredentials() {
    restore("aws.accessKeyId", userBefore);
    restore("aws.secretAccessKey", passwordBefore);
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
    server =
        S3Proxy.builder()
            .blobStore(store)
            .awsAuthentication(AuthenticationType.AWS_V4, USER, PASSWORD)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .build();
    server.start();
    work = Files.createDirectories(folder.toRealPath().resolve("work"));
    Files.writeString(work.resolve("in.txt"), "input");
  }

  @AfterEach
  void stop() throws Exception {
    opened.forEach(Remote::close);
    server.stop();
    store.close();
  }

  private Remote remote(int port, String secret, String... scopes) {
    Remote remote =
        new Remote(
            () ->
                new S3Location(BUCKET, "team", "http://127.0.0.1:" + port, "us-east-1", true)
                    .connect("octo/ship"),
            List.of(scopes),
            Signatures.of(secret, List.of()),
            warnings::add);
    opened.add(remote);
    return remote;
  }

  private StepCache machine(String name, String secret, String... scopes) {
    return StepCache.in(folder.resolve(name), remote(server.getPort(), secret, scopes));
  }

  private Roots roots() {
    return Roots.of(Map.of("ws", work));
  }

  private StepKey key(StepCache cache) {
    return cache.key("step", "make out", List.of("sh"), work, Map.of(), List.of(), roots());
  }

  /** Runs a step that makes {@code out.txt} of {@code in.txt}. */
  private void runs(StepCache cache) throws IOException {
    byte[] in = work.resolve("in.txt").toString().getBytes(StandardCharsets.UTF_8);
    byte[] out = work.resolve("out.txt").toString().getBytes(StandardCharsets.UTF_8);
    StepLog log = new StepLog();
    log.add(false, "made\n".getBytes(StandardCharsets.UTF_8), 5);
    try (StepCache.Recording recording = cache.record(key(cache), roots(), Map.of(), Set.of())) {
      recording.observer().access(Access.READ, in, in.length, true);
      recording.observer().access(Access.REPLACE, out, out.length, true);
      Files.writeString(work.resolve("out.txt"), Files.readString(work.resolve("in.txt")) + "!");
      assertThat(
              recording.finish(
                  new Ending(List.of(), false, List.of(), 2),
                  0,
                  50,
                  log,
                  Map.of("output", "a=b\n".getBytes(StandardCharsets.UTF_8)),
                  bytes -> false))
          .isEmpty();
    }
  }

  private boolean spared(StepCache cache) throws IOException {
    Files.deleteIfExists(work.resolve("out.txt"));
    StringBuilder printed = new StringBuilder();
    boolean spared =
        cache.find(key(cache), roots(), Map.of()) instanceof Lookup.Hit hit
            && hit.restore((error, bytes, length) ->
                printed.append(new String(bytes, 0, length, StandardCharsets.UTF_8)));
    if (spared) {
      assertThat(printed.toString()).isEqualTo("made\n");
      assertThat(work.resolve("out.txt"))
          .hasContent(Files.readString(work.resolve("in.txt")) + "!");
    } else {
      assertThat(work.resolve("out.txt")).doesNotExist();
    }
    return spared;
  }

  private List<String> objects() throws IOException {
    return store.list(BUCKET).contents().stream().map(S3Object::key).sorted().toList();
  }

  @Test
  void whatOneMachineDid_isSparedOnAnother() throws IOException {
    StepCache one = machine("one", "secret", MAIN);
    runs(one);
    assertThat(one.push(60_000)).isEqualTo(new Remote.Pushed(1, 0));
    assertThat(spared(machine("two", "secret", MAIN))).isTrue();
    Files.writeString(work.resolve("in.txt"), "other input");
    assertThat(spared(machine("three", "secret", MAIN))).isFalse();
    assertThat(warnings).isEmpty();
  }

  @Test
  void localMemoryThatWasWiped_comesBack() throws IOException {
    StepCache one = machine("one", "secret", MAIN);
    runs(one);
    one.push(60_000);
    try (Stream<Path> all = Files.walk(folder.resolve("one"))) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    assertThat(spared(machine("one", "secret", MAIN))).isTrue();
  }

  @Test
  void whatIsThere_isNotWrittenAgain() throws IOException {
    StepCache one = machine("one", "secret", MAIN);
    runs(one);
    one.push(60_000);
    List<String> before = objects();
    Files.delete(work.resolve("out.txt"));
    StepCache two = machine("two", "secret", MAIN);
    runs(two);
    assertThat(two.push(60_000)).isEqualTo(new Remote.Pushed(1, 0));
    assertThat(objects()).isEqualTo(before);
  }

  @Test
  void aPullRequest_readsItsBase_andIsNotReadByIt() throws IOException {
    StepCache request = machine("request", "secret", "refs/pull/1/merge", MAIN);
    runs(request);
    request.push(60_000);
    assertThat(spared(machine("main", "secret", MAIN))).isFalse();
    assertThat(spared(machine("again", "secret", "refs/pull/1/merge", MAIN))).isTrue();
    assertThat(spared(machine("other", "secret", "refs/pull/2/merge", MAIN))).isFalse();
    StepCache main = machine("main", "secret", MAIN);
    runs(main);
    main.push(60_000);
    assertThat(spared(machine("third", "secret", "refs/pull/2/merge", MAIN))).isTrue();
  }

  @Test
  void aResultThatNobodyTrustedSigned_isPassedOver() throws IOException {
    StepCache stranger = machine("stranger", "another secret", MAIN);
    runs(stranger);
    stranger.push(60_000);
    assertThat(spared(machine("one", "secret", MAIN))).isFalse();
    assertThat(warnings).singleElement().asString().contains("signature");
  }

  @Test
  void aResultUnderTheNameOfAnotherStep_isPassedOver() throws IOException {
    StepCache one = machine("one", "secret", MAIN);
    runs(one);
    one.push(60_000);
    String trace = objects().stream().filter(name -> name.contains("/steps/")).findAny().get();
    StepKey other =
        one.key("other", "another script", List.of("sh"), work, Map.of(), List.of(), roots());
    byte[] bytes;
    try (java.io.InputStream in = store.getBlob(BUCKET, trace)) {
      bytes = in.readAllBytes();
    }
    put(trace.replace(key(one).digest(), other.digest()), bytes);
    StepCache two = machine("two", "secret", MAIN);
    assertThat(two.find(other, roots(), Map.of())).isInstanceOf(Lookup.Miss.class);
  }

  private void put(String name, byte[] bytes) throws IOException {
    store.putBlob(
        PutObjectRequest.builder()
            .bucket(BUCKET)
            .key(name)
            .contentLength((long) bytes.length)
            .build(),
        new ByteArrayInputStream(bytes));
  }

  @Test
  void aContentThatIsAnother_isAMiss() throws IOException {
    StepCache one = machine("one", "secret", MAIN);
    runs(one);
    one.push(60_000);
    for (String name : objects()) {
      if (name.contains("/contents/")) {
        put(name, "lies".getBytes(StandardCharsets.UTF_8));
      }
    }
    assertThat(spared(machine("two", "secret", MAIN))).isFalse();
    assertThat(warnings).singleElement().asString().contains("content");
  }

  @Test
  void aStoreThatIsAway_isAMiss_andItsUploadsWait() throws Exception {
    StepCache away = StepCache.in(folder.resolve("one"), remote(1, "secret", MAIN));
    runs(away);
    assertThat(away.push(10_000).left()).isEqualTo(1);
    assertThat(spared(away)).as("what is here still serves").isTrue();
    assertThat(warnings).hasSize(1);
    StepCache back = machine("one", "secret", MAIN);
    assertThat(back.push(60_000)).isEqualTo(new Remote.Pushed(1, 0));
    assertThat(spared(machine("two", "secret", MAIN))).isTrue();
  }

  @Test
  void aStoreThatNeverAnswers_isAMiss() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      StepCache one =
          StepCache.in(folder.resolve("one"), remote(silent.getLocalPort(), "secret", MAIN));
      assertThat(spared(one)).isFalse();
      runs(one);
      assertThat(one.push(500).left()).isEqualTo(1);
      assertThat(warnings).singleElement().asString().contains("time");
    }
  }

  @Test
  void aStoreThatMayNotBeWritten_isNoFailure() throws Exception {
    System.setProperty("aws.secretAccessKey", "wrong");
    try {
      StepCache one = machine("one", "secret", MAIN);
      runs(one);
      assertThat(one.push(10_000).left()).isEqualTo(1);
      assertThat(spared(one)).isTrue();
      assertThat(warnings).hasSize(1);
    } finally {
      System.setProperty("aws.secretAccessKey", PASSWORD);
    }
  }

  @Test
  void theDoctor_saysWhatWorks() {
    assertThat(remote(server.getPort(), "secret", MAIN).examine())
        .hasSize(5)
        .allMatch(line -> line.startsWith("ok"));
    assertThat(remote(1, "secret", MAIN).examine())
        .anyMatch(line -> line.startsWith("failed  write"));
  }
}
