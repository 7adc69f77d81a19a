package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Findings of script analysers get exact places in the YAML file. */
final class ScriptAnalyserTest {
  private static final Rule WORD =
      Rule.of("bad-word", Topic.CORRECTNESS, Severity.WARNING, Profile.DEFAULT, "A bad word")
          .covers("shellcheck:SC9999");

  /** Finds every {@code BAD} of a script. */
  private static final class Words implements ScriptAnalyser {
    @Override
    public List<Rule> rules() {
      return List.of(WORD);
    }

    @Override
    public List<ScriptFinding> analyse(Script script) {
      int at = script.text().indexOf("BAD");
      return at < 0
          ? List.of()
          : List.of(
              new ScriptFinding(
                  WORD,
                  new Span(at, at + 3),
                  script.shell() + " " + script.expressions().size(),
                  "",
                  List.of("shellcheck:SC9999")));
    }
  }

  private static List<Finding> found(String run) {
    return Lint.of(Selection.DEFAULT, List.of(new Words()))
        .file("ci.yml", "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n" + run);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "      - run: echo é BAD\n",
        "      - run: 'it''s BAD'\n",
        "      - run: \"a\\tb \\\"BAD\\\" é\"\n",
        "      - run: |\n          one\n\n            two BAD\n",
        "      - run: >-\n          one\n          two BAD three\n",
        "      - run: |+\n          ${{ github.sha }} BAD\n\n",
        "      - run: \"one\n          two\n\n          BAD\"\n",
        "      - run: one\n          two BAD\n",
      })
  void place_isThatOfTheWordInTheFile(String run) {
    String text = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n" + run;
    String before = text.substring(0, text.indexOf("BAD"));
    int line = (int) before.lines().count();
    String last = before.substring(before.lastIndexOf('\n') + 1);
    if (before.endsWith("\n")) {
      line++;
    }
    assertThat(found(run))
        .singleElement()
        .satisfies(f -> {
          assertThat(f.range().from().column())
              .isEqualTo(last.codePointCount(0, last.length()) + 1);
          assertThat(f.range().to().column()).isEqualTo(f.range().from().column() + 3);
        });
    assertThat(found(run).getFirst().range().from().line()).isEqualTo(line);
  }

  @Test
  void script_hasItsShellAndExpressions() {
    assertThat(found("      - run: BAD ${{ github.sha }} ${{ github.ref }}\n        shell: sh\n"))
        .extracting(Finding::message)
        .containsExactly("sh 2");
  }

  @Test
  void ignoreCommentsOfShellCheck_areUnderstood() {
    assertThat(found("      - run: |\n          # shellcheck disable=SC9999\n          BAD\n"))
        .extracting(Finding::ignored)
        .containsExactly("");
  }

  @Test
  void ownIgnoreComments_knowTheRulesOfAnalysers() {
    assertThat(found("      - run: BAD # slipway: ignore[bad-word] it is none\n"))
        .extracting(Finding::ignored)
        .containsExactly("it is none");
  }
}
