package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileCommandTest {
  private static String unescaped(String text) {
    return text.replace("\\n", "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "A=1|[A=1]",
        "A=1\\nB=2\\n|[A=1, B=2]",
        "\\n\\nA=1\\n\\n|[A=1]",
        "A=|[A=]",
        "A=x=y|[A=x=y]",
        "A=a<<b|[A=a<<b]",
        "A<<E\\none\\ntwo\\nE\\n|[A=one\\ntwo]",
        "A<<E\\nE\\n|[A=]",
        "A<<E\\n\\n\\nx\\n\\nE|[A=\\n\\nx\\n]",
        "A<<E=F\\nv\\nE=F\\n|[A=v]",
        "A<<E\\nB=1\\nE\\nA=2|[A=B=1, A=2]",
      })
  void parse_readsNamesAndValues(String text, String expected) {
    FileCommand read = FileCommand.parse(unescaped(text));
    assertThat(read.pairs()).hasToString(unescaped(expected));
    assertThat(read.problem()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nothing|Invalid format 'nothing'",
        "=x|Name must not be empty",
        "<<E\\nE\\n|Name must not be empty",
        "A<<\\nx|delimiter must not be empty",
        "A<<E\\nx\\n|Matching delimiter not found 'E'",
        "A<<E\\nx|Matching delimiter not found 'E'",
        "A<<E|Matching delimiter not found 'E'",
        "A<<E\\nxE\\nEx\\n|Matching delimiter not found 'E'",
      })
  void parse_malformed_saysWhat_andKeepsWhatStandsBefore(String text, String message) {
    FileCommand read = FileCommand.parse("FIRST=1\n" + unescaped(text));
    assertThat(read.problem()).contains(message);
    assertThat(read.pairs()).hasToString("[FIRST=1]");
  }
}
