package dev.slipway.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The store of artifacts")
final class ArtifactStoreTest {
  private static final byte[] BYTES = "content".getBytes(StandardCharsets.UTF_8);

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path folder;
  private RuntimeServices services;
  private ArtifactStore store;

  @BeforeEach
  void open() throws IOException {
    services =
        RuntimeServices.create(
            RuntimeSettings.of(folder.resolve("artifacts"), folder.resolve("cache")));
    store = ArtifactStore.in(folder.resolve("artifacts"));
    client("1").upload("sound", BYTES).ok();
  }

  @AfterEach
  void close() {
    services.close();
    http.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"id\":\"9\"}",
        "{\"id\":\"x\",\"job\":\"a\",\"name\":\"n\",\"size\":\"1\",\"sha256\":\"\",\"mimeType\":\"\",\"createdAt\":\"?\",\"expiresAt\":\"?\"}"
      })
  void damagedEntries_arePassedOver(String entry) throws IOException {
    Files.writeString(folder.resolve("artifacts/1/9.json"), entry);
    Files.writeString(folder.resolve("artifacts/1/9.data"), "x");
    assertThat(store.list("1")).extracting(Artifact::name).containsExactly("sound");
    client("1").upload("another", BYTES).ok();
    assertThat(store.list("1")).hasSize(2);
  }

  @Test
  void dataThatWereCutOff_areNoArtifact() throws IOException {
    Artifact artifact = store.find("1", "sound").orElseThrow();
    Files.write(store.file(artifact), new byte[3]);
    assertThat(store.list("1")).isEmpty();
    assertThat(client("1").artifacts("GetSignedArtifactURL", "name", "sound").status())
        .isEqualTo(404);
  }

  @Test
  void whatACrashLeft_isSweptWhenItIsOld_andNotBefore() throws IOException {
    Path run = folder.resolve("artifacts/1");
    Path upload = Files.createDirectories(run.resolve("incoming/7"));
    Files.writeString(upload.resolve("part0"), "x");
    Path orphan = Files.writeString(run.resolve("7.data"), "x");
    Path half = Files.writeString(run.resolve("7.json.0123456789abcdef.tmp"), "{");
    assertThat(store.list("1")).hasSize(1);
    store.expire(Instant.now());
    assertThat(List.of(upload, orphan, half)).allMatch(Files::exists);
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(3)));
    for (Path left : List.of(upload, orphan, half)) {
      Files.setLastModifiedTime(left, old);
    }
    store.expire(Instant.now());
    assertThat(List.of(upload, orphan, half)).noneMatch(Files::exists);
    assertThat(store.list("1")).hasSize(1);
  }

  @Test
  void list_isNewestFirst_overTheRunsThatAreRepeated() throws IOException {
    client("1").upload("both", BYTES).ok();
    client("2").upload("both", BYTES).ok();
    client("2").upload("new", BYTES).ok();
    assertThat(store.list("2", List.of("1")))
        .extracting(artifact -> artifact.run() + " " + artifact.name())
        .containsExactly("2 new", "2 both", "1 sound");
    assertThat(store.runs()).containsExactly("2", "1");
  }

  @Test
  void uploadUnderWay_isNotListed_norIsAnythingOfIt() throws IOException {
    RawClient client = client("1");
    String url = client.artifacts("CreateArtifact", "name", "x").ok().member("signed_upload_url");
    client.send("PUT", url, BYTES).ok();
    assertThat(store.list("1")).extracting(Artifact::name).containsExactly("sound");
    services.close();
    try (Stream<Path> files = Files.walk(folder.resolve("artifacts"))) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(2);
    }
    assertThat(ArtifactStore.in(folder.resolve("artifacts")).list("1")).hasSize(1);
  }

  private RawClient client(String run) throws IOException {
    return new RawClient(http, services.open(Jobs.job(run, "a")));
  }
}
