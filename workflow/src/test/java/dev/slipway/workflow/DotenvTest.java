package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullUnmarked
class DotenvTest {
  @Test
  void values_areReadInOrder() {
    Reading<Map<String, String>> reading =
        Dotenv.read(
            ".env",
            """
            # a comment
            B=two words # not this

              export A = one
            EMPTY=
            SINGLE='a \\n $b # c'
            DOUBLE="a\\tb \\"q\\" \\\\ \\$x \\z" # comment
            LINES="first
            second"
            HASH=a#b
            URL=https://example.test/?a=b
            A=last
            """);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.value())
        .containsExactly(
            Map.entry("B", "two words"),
            Map.entry("A", "last"),
            Map.entry("EMPTY", ""),
            Map.entry("SINGLE", "a \\n $b # c"),
            Map.entry("DOUBLE", "a\tb \"q\" \\ $x \\z"),
            Map.entry("LINES", "first\nsecond"),
            Map.entry("HASH", "a#b"),
            Map.entry("URL", "https://example.test/?a=b"));
  }

  @Test
  void windowsLineEnds_areNoPartOfValues() {
    assertThat(Dotenv.read(".env", "A=1\r\nB=2\r\n").value()).isEqualTo(Map.of("A", "1", "B", "2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          A=1\\nno assignment\\n | .env:2:1: 'no assignment' is no NAME=value line
          1A=secret             | .env:1:1: '1A' is no name
          A B=secret            | .env:1:2: 'A B' is no name
          =secret               | .env:1:1: '' is no name
          A=1\\nB="never\\n      | .env:2:3: The quoted value that begins here never ends
          A='x' y               | .env:1:7: Text follows the closing quote
          """)
  void wrongLine_isAProblemWithoutTheValue(String text, String expected) {
    Reading<Map<String, String>> reading = Dotenv.read(".env", text.replace("\\n", "\n"));
    assertThat(reading.ok()).isFalse();
    assertThat(reading.problems()).hasSize(1);
    assertThat(reading.problems().getFirst().text()).startsWith(expected).doesNotContain("secret");
  }
}
