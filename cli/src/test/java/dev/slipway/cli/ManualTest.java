package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The manual's pages are those that the tables give; {@code slipway write-manual docs} renews them.
 */
final class ManualTest {
  static Stream<String> commands() {
    return Commands.NAMES.stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void page_isUpToDate(String command) throws IOException {
    Path page = Path.of("").toAbsolutePath().resolveSibling("docs/commands/" + command + ".md");
    assertThat(Files.readString(page)).isEqualTo(Manual.page(Manual.usage(command)));
  }

  private static String page(String name) throws IOException {
    return Files.readString(Path.of("").toAbsolutePath().resolveSibling("docs/" + name));
  }

  @Test
  void rules_areUpToDate() throws IOException {
    assertThat(page("rules.md")).isEqualTo(RuleManual.rules());
  }

  @Test
  void namesOfOtherTools_areUpToDate() throws IOException {
    assertThat(page("moving.md")).isEqualTo(RuleManual.moving(page("moving.md")));
  }

  @Test
  void catalogueOfGates_isUpToDate() throws IOException {
    assertThat(page("check.md")).isEqualTo(GateManual.page(page("check.md")));
  }
}
