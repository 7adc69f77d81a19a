package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemMatcherTest {
  private static List<String> found(String pattern, String... lines) throws Exception {
    ProblemMatcher.Search matcher =
        ProblemMatcher.parse("{\"problemMatcher\":[{\"owner\":\"o\",\"pattern\":" + pattern + "}]}")
            .getFirst()
            .begin();
    List<String> found = new ArrayList<>();
    for (String line : lines) {
      ProblemMatcher.Problem problem = matcher.match(line);
      if (problem != null) {
        found.add(
            problem.file()
                + ":"
                + problem.line()
                + ":"
                + problem.severity()
                + ":"
                + problem.message());
      }
    }
    return found;
  }

  @Test
  void match_oneLine() throws Exception {
    String pattern =
        "[{\"regexp\":\"^(.+):(\\\\d+): (warning|error):"
            + " (.+)$\",\"file\":1,\"line\":2,\"severity\":3,\"message\":4}]";
    assertThat(found(pattern, "a.c:3: error: bad", "fine", "b.c:4: warning: meh"))
        .containsExactly("a.c:3:error:bad", "b.c:4:warning:meh");
  }

  @Test
  void match_severalLines_lastOneLoops() throws Exception {
    String pattern =
        "[{\"regexp\":\"^([^\\\\s].*)$\",\"file\":1},"
            + "{\"regexp\":\"^\\\\s+(\\\\d+)\\\\s+(error|warning)\\\\s+(.+)$\",\"line\":1,\"severity\":2,\"message\":3,\"loop\":true}]";
    assertThat(
            found(
                pattern, "a.js", "  1 error one", "  2 warning two", "", "b.js", "  3 error three"))
        .containsExactly("a.js:1:error:one", "a.js:2:warning:two", "b.js:3:error:three");
  }

  @Test
  void match_interruptedSequence_startsOver() throws Exception {
    String pattern =
        "[{\"regexp\":\"^in (.+)$\",\"file\":1},{\"regexp\":\"^why: (.+)$\",\"message\":1}]";
    assertThat(found(pattern, "in a", "other", "why: lost", "in b", "why: kept"))
        .containsExactly("b:null::kept");
  }

  @Test
  void match_withoutSeverity_isTheMatchersOwn() throws Exception {
    ProblemMatcher matcher =
        ProblemMatcher.parse(
                "{\"problemMatcher\":[{\"owner\":\"o\",\"severity\":\"warning\",\"pattern\":[{\"regexp\":\"(.*)\",\"message\":1}]}]}")
            .getFirst();
    assertThat(matcher.begin().match("x"))
        .extracting(ProblemMatcher.Problem::severity)
        .isEqualTo("warning");
  }

  @Test
  void plain_takesColoursOff() {
    assertThat(ProblemMatcher.plain("\u001b[31ma.c\u001b[0m:1")).isEqualTo("a.c:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "[]",
        "{\"problemMatcher\":{}}",
        "{\"problemMatcher\":[1]}",
        "{\"problemMatcher\":[{\"owner\":\"o\",\"pattern\":[1]}]}",
        "{\"problemMatcher\":[{\"owner\":\"o\",\"pattern\":[{\"regexp\":\"(a)\",\"message\":1}]},"
            + "{\"owner\":\"O\",\"pattern\":[{\"regexp\":\"(a)\",\"message\":1}]}]}",
        "{\"problemMatcher\":[{\"owner\":\"o\",\"pattern\":[{\"regexp\":\"(a)\",\"message\":1,\"loop\":true}]}]}",
        "{\"problemMatcher\":[{\"owner\":\"o\",\"pattern\":[{\"regexp\":\"(a)\",\"message\":1},"
            + "{\"regexp\":\"(b)\",\"message\":1}]}]}",
        "{\"problemMatcher\":[{\"pattern\":[]}]}",
        "{\"problemMatcher\":[{\"owner\":\"o\",\"pattern\":[]}]}",
        "{\"problemMatcher\":[{\"owner\":\"o\",\"pattern\":[{\"regexp\":\"(\",\"message\":1}]}]}",
        "{\"problemMatcher\":[{\"owner\":\"o\",\"pattern\":[{\"regexp\":\"(a)\",\"message\":2}]}]}",
        "{\"problemMatcher\":[{\"owner\":\"o\",\"pattern\":[{\"regexp\":\"(a)\",\"file\":1}]}]}",
        "{\"problemMatcher\":[{\"owner\":\"o\",\"severity\":\"fatal\",\"pattern\":[{\"regexp\":\"(a)\",\"message\":1}]}]}",
      })
  void parse_invalidFile_saysWhat(String json) {
    assertThatThrownBy(() -> ProblemMatcher.parse(json))
        .isInstanceOf(ProblemMatcher.InvalidMatcherException.class)
        .message()
        .isNotBlank();
  }

  @Test
  void parse_fileWithoutMatchers_hasNone() {
    assertThat(ProblemMatcher.parse("{}")).isEmpty();
  }

  @Test
  void match_lineThatContinuesAndBegins_doesBoth() throws Exception {
    String pattern =
        "[{\"regexp\":\"^(\\\\w)\",\"file\":1},{\"regexp\":\"^(\\\\d)\",\"line\":1},"
            + "{\"regexp\":\"^! (.*)\",\"message\":1}]";
    assertThat(found(pattern, "a", "1", "2", "! x")).containsExactly("1:2::x");
  }

  @Test
  void match_loop_goesOnOnlyFromTheLastPattern() throws Exception {
    String pattern =
        "[{\"regexp\":\"^(\\\\w+)$\",\"file\":1},"
            + "{\"regexp\":\"^(?:at )?(\\\\d+)$\",\"line\":1},"
            + "{\"regexp\":\"^- (.*)\",\"message\":1,\"loop\":true}]";
    assertThat(found(pattern, "f", "1", "- a", "- b", "2", "- c", "g", "at 3", "- d"))
        .containsExactly("f:1::a", "f:1::b", "g:3::d");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "^[^[]+\\\\[(.+)]$|a.c[wrong]|wrong",
        "^[a[]+ (.+)$|a[a yes|yes",
        "^{(.+)}$|{braces}|braces",
        "^a{2}{(.*)$|aa{x|x",
        "^[]x]+ (.*)$|]x] y|y",
        "^[a&&b]+ (.*)$|a&b y|y",
        "^\\\\w+\\\\v?(.)|a b|` `",
        "a.(b)|a\u2028b|b",
      })
  void match_grammarIsThatOfEcmaScript(String regexp, String line, String message)
      throws Exception {
    assertThat(found("[{\"regexp\":\"" + regexp + "\",\"message\":1}]", line))
        .containsExactly("null:null::" + message);
  }
}
