package dev.slipway.cache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cache.S3Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("With a second place, the cache server")
final class SecondPlaceTest {
  @TempDir Path folder;
  private Path bucket = Path.of("");

  @BeforeEach
  void make() throws IOException {
    bucket = Files.createDirectories(folder.resolve("bucket"));
  }

  @Test
  void keepsEverythingThereToo_andFetchesIt() throws Exception {
    try (Serving serving = serving("one")) {
      serving.put("/v8/artifacts/aa", "content", "x-artifact-tag", "tag");
    }
    try (Serving serving = serving("other")) {
      assertThat(serving.get("/v8/artifacts/aa").body()).isEqualTo("content");
      Files.delete(stored());
      assertThat(serving.get("/v8/artifacts/aa").headers().firstValue("x-artifact-tag"))
          .contains("tag");
    }
  }

  @Test
  void doesNotBelieveWhatIsDamagedThere() throws Exception {
    try (Serving serving = serving("one")) {
      serving.put("/v8/artifacts/aa", "content");
    }
    byte[] bytes = Files.readAllBytes(stored());
    bytes[0] ^= 1;
    Files.write(stored(), bytes);
    try (Serving serving = serving("other")) {
      assertThat(serving.get("/v8/artifacts/aa").statusCode()).isEqualTo(404);
      assertThat(serving.warnings()).anyMatch(line -> line.contains("damaged"));
      assertThat(stored()).doesNotExist();
    }
  }

  @Test
  void goesOnWithoutIt() throws Exception {
    Files.writeString(bucket.resolve("down"), "");
    try (Serving serving = serving("one")) {
      assertThat(serving.get("/gradle/aa").statusCode()).isEqualTo(404);
      assertThat(serving.put("/gradle/aa", "x").statusCode()).isEqualTo(201);
      assertThat(serving.get("/gradle/aa").body()).isEqualTo("x");
      assertThat(serving.warnings()).hasSize(1);
    }
  }

  private Path stored() {
    return bucket.resolve("server/main/turborepo/aa/aa");
  }

  private Serving serving(String name) throws IOException {
    return Serving.from(
        folder.resolve(name),
        settings -> settings.withS3(new S3Location(bucket.toString(), "", null, "nowhere", false)));
  }
}
