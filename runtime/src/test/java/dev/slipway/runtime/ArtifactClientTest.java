package dev.slipway.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflow.expression.ArrayValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The official artifact client")
final class ArtifactClientTest {
  private static Clients clients;

  @TempDir Path folder;
  private RuntimeServices services;

  @BeforeAll
  static void install() throws Exception {
    clients = Clients.install();
  }

  @BeforeEach
  void create() {
    services =
        RuntimeServices.create(
            RuntimeSettings.of(folder.resolve("artifacts"), folder.resolve("caches")));
  }

  @AfterEach
  void close() {
    services.close();
  }

  @Test
  void uploadedFiles_comeBackInAnotherJob() throws Exception {
    Path files = Files.createDirectories(folder.resolve("files/sub"));
    Files.writeString(folder.resolve("files/a.txt"), "alpha");
    Files.write(files.resolve("b.bin"), bytes(20 << 20));
    try (JobAccess build = services.open(Jobs.job("1", "build"))) {
      Clients.Result uploaded =
          artifacts(
              build,
              "upload",
              "dist",
              folder.resolve("files").toString(),
              folder.resolve("files/a.txt").toString(),
              files.resolve("b.bin").toString());
      assertThat(uploaded.text("size")).isNotEqualTo("0").isNotEmpty();
    }
    Path out = folder.resolve("out");
    try (JobAccess test = services.open(Jobs.job("1", "test"))) {
      Clients.Result got = artifacts(test, "download", "dist", out.toString());
      assertThat(got.text("digestMismatch")).isEqualTo("false");
    }
    assertThat(out.resolve("a.txt")).hasContent("alpha");
    assertThat(out.resolve("sub/b.bin")).hasBinaryContent(bytes(20 << 20));
  }

  @Test
  void name_takenInTheRun_isRefused_andFreeAfterDeletion() throws Exception {
    Path file = Files.writeString(folder.resolve("a.txt"), "one");
    try (JobAccess first = services.open(Jobs.job("1", "a"));
        JobAccess second = services.open(Jobs.job("1", "b"))) {
      artifacts(first, "upload", "x", folder.toString(), file.toString());
      Clients.Result again = run(second, "upload", "x", folder.toString(), file.toString());
      assertThat(again.text("error")).contains("(409)").contains("already exists");
      artifacts(second, "delete", "x");
      Files.writeString(file, "two");
      artifacts(second, "upload", "x", folder.toString(), file.toString());
      artifacts(first, "download", "x", folder.resolve("out").toString());
    }
    assertThat(folder.resolve("out/a.txt")).hasContent("two");
  }

  @Test
  void fileThatIsNoArchive_comesBackAsItself() throws Exception {
    Path file = Files.writeString(folder.resolve("Größe 1.txt"), "raw");
    try (JobAccess job = services.open(Jobs.job("1", "a"))) {
      artifacts(job, "upload-raw", folder.toString(), file.toString());
      artifacts(job, "download", "Größe 1.txt", folder.resolve("out").toString());
    }
    assertThat(folder.resolve("out/Größe 1.txt")).hasContent("raw");
  }

  @Test
  void rerun_seesWhatTheRunBeforeMade_andItsOwnFirst() throws Exception {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    try (JobAccess job = services.open(Jobs.job("1", "a"))) {
      artifacts(job, "upload", "kept", folder.toString(), file.toString());
      artifacts(job, "upload", "made again", folder.toString(), file.toString());
    }
    JobIdentity rerun = Jobs.job("2", "a").withEarlierRuns(List.of("1"));
    try (JobAccess job = services.open(rerun)) {
      Files.writeString(file, "new");
      artifacts(job, "upload", "made again", folder.toString(), file.toString());
      artifacts(job, "download", "kept", folder.resolve("kept").toString());
      artifacts(job, "download", "made again", folder.resolve("again").toString());
      assertThat(artifacts(job, "list").members().get("artifacts"))
          .isInstanceOfSatisfying(ArrayValue.class, all -> assertThat(all.items()).hasSize(2));
      artifacts(job, "delete", "kept");
      assertThat(run(job, "get", "kept").text("name")).isEqualTo("ArtifactNotFoundError");
    }
    assertThat(folder.resolve("kept/a.txt")).hasContent("old");
    assertThat(folder.resolve("again/a.txt")).hasContent("new");
    assertThat(ArtifactStore.in(folder.resolve("artifacts")).find("1", "kept")).isPresent();
  }

  @Test
  void retention_isWhatWasAskedFor() throws Exception {
    Path file = Files.writeString(folder.resolve("a.txt"), "x");
    try (JobAccess job = services.open(Jobs.job("1", "a"))) {
      artifacts(job, "upload", "x", folder.toString(), file.toString());
    }
    Artifact artifact = ArtifactStore.in(folder.resolve("artifacts")).find("1", "x").orElseThrow();
    assertThat(Duration.between(artifact.createdAt(), artifact.expiresAt()))
        .isBetween(Duration.ofHours(70), Duration.ofHours(74));
  }

  private Clients.Result artifacts(JobAccess job, String... arguments)
      throws IOException, InterruptedException {
    return run(job, arguments).succeeded();
  }

  private Clients.Result run(JobAccess job, String... arguments)
      throws IOException, InterruptedException {
    return clients.run(folder, job.environment(), "artifacts.mjs", arguments);
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
