package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemMatcherTest {
  private static List<String> found(String pattern, String... lines) {
    ProblemMatcher matcher =
        ProblemMatcher.parse("{\"problemMatcher\":[{\"owner\":\"o\",\"pattern\":" + pattern + "}]}")
            .getFirst();
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
  void match_oneLine() {
    String pattern =
        "[{\"regexp\":\"^(.+):(\\\\d+): (warning|error):"
            + " (.+)$\",\"file\":1,\"line\":2,\"severity\":3,\"message\":4}]";
    assertThat(found(pattern, "a.c:3: error: bad", "fine", "b.c:4: warning: meh"))
        .containsExactly("a.c:3:error:bad", "b.c:4:warning:meh");
  }

  @Test
  void match_severalLines_lastOneLoops() {
    String pattern =
        "[{\"regexp\":\"^([^\\\\s].*)$\",\"file\":1},"
            + "{\"regexp\":\"^\\\\s+(\\\\d+)\\\\s+(error|warning)\\\\s+(.+)$\",\"line\":1,\"severity\":2,\"message\":3,\"loop\":true}]";
    assertThat(
            found(
                pattern, "a.js", "  1 error one", "  2 warning two", "", "b.js", "  3 error three"))
        .containsExactly("a.js:1:error:one", "a.js:2:warning:two", "b.js:3:error:three");
  }

  @Test
  void match_interruptedSequence_startsOver() {
    String pattern =
        "[{\"regexp\":\"^in (.+)$\",\"file\":1},{\"regexp\":\"^why: (.+)$\",\"message\":1}]";
    assertThat(found(pattern, "in a", "other", "why: lost", "in b", "why: kept"))
        .containsExactly("b:null::kept");
  }

  @Test
  void match_withoutSeverity_isTheMatchersOwn() {
    ProblemMatcher matcher =
        ProblemMatcher.parse(
                "{\"problemMatcher\":[{\"owner\":\"o\",\"severity\":\"warning\",\"pattern\":[{\"regexp\":\"(.*)\",\"message\":1}]}]}")
            .getFirst();
    assertThat(matcher.match("x"))
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
        "{}",
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
}
