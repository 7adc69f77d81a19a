package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileHashesTest {
  @TempDir Path root;

  @BeforeEach
  void files() throws IOException {
    for (String file :
        List.of(
            "a.lock", "b.lock", "src/c.lock", "src/deep/d.lock", "src/x.txt", ".hidden/e.lock")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.writeString(root.resolve(file), file);
    }
  }

  private static String hash(String... contents) throws Exception {
    MessageDigest total = MessageDigest.getInstance("SHA-256");
    for (String content : contents) {
      total.update(
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
    }
    return HexFormat.of().formatHex(total.digest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.lock|a.lock",
        "*.lock|a.lock b.lock",
        "**/*.lock|.hidden/e.lock a.lock b.lock src/c.lock src/deep/d.lock",
        "src/**|src/c.lock src/deep/d.lock src/x.txt",
        "src|src/c.lock src/deep/d.lock src/x.txt",
        "?.lock|a.lock b.lock",
        "[b-z].lock|b.lock",
        "./src/../a.lock|a.lock",
      })
  void hashFiles_matchesInOrder(String pattern, String expected) throws Exception {
    assertThat(FileHashes.hashFiles(root, List.of(pattern))).isEqualTo(hash(expected.split(" ")));
  }

  @Test
  void hashFiles_exclusionsAndSeveralPatterns() throws Exception {
    assertThat(FileHashes.hashFiles(root, List.of("**/*.lock", "!src/**", "# comment")))
        .isEqualTo(hash(".hidden/e.lock", "a.lock", "b.lock"));
    assertThat(FileHashes.hashFiles(root, List.of("b.lock\na.lock")))
        .isEqualTo(hash("b.lock", "a.lock"));
  }

  @Test
  void hashFiles_nothingMatches_isEmpty() throws Exception {
    assertThat(FileHashes.hashFiles(root, List.of("*.none"))).isEmpty();
  }

  @Test
  void hashFiles_outsideTheRoot_isLeftOut(@TempDir Path other) throws Exception {
    Files.writeString(other.resolve("x"), "x");
    assertThat(FileHashes.hashFiles(root, List.of(other + "/*"))).isEmpty();
  }

  @Test
  void hashFiles_linkToAFolder_isFollowedOnlyWhenAsked() throws Exception {
    Files.createSymbolicLink(root.resolve("link"), root.resolve("src/deep"));
    assertThat(FileHashes.hashFiles(root, List.of("link/**"))).isEmpty();
    assertThat(FileHashes.hashFiles(root, List.of("--follow-symbolic-links", "link/**")))
        .isEqualTo(hash("src/deep/d.lock"));
  }
}
