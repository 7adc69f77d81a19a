package dev.slipway.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The table of rules that people look their ShellCheck codes up in. */
final class RuleTableTest {
  @Test
  void table_listsTheRulesAsTheyAre() throws IOException {
    StringBuilder table = new StringBuilder();
    for (ShellRule rule : ShellRule.values()) {
      table
          .append("| `")
          .append(rule.id())
          .append("` | ")
          .append(rule.severity().name().toLowerCase(Locale.ROOT))
          .append(" | ")
          .append(String.join(", ", rule.covers()))
          .append(" | ")
          .append(rule.hint().replace("|", "\\|"))
          .append(" |\n");
    }
    Path document = Path.of("..", "docs", "shell-rules.md");
    assertThat(Files.readString(document)).contains(table);
  }
}
