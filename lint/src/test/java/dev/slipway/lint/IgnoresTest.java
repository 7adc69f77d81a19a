package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Comments that ask to ignore findings. */
final class IgnoresTest {
  private static final Lint LINT = Lint.of(Selection.DEFAULT);

  private static List<String> found(String step) {
    return LINT
        .file("ci.yml", "on: issues\njobs:\n  a:\n    runs-on: x\n    steps:\n" + step)
        .stream()
        .map(f -> f.rule().id() + (f.ignored() == null ? "" : " ignored: " + f.ignored()))
        .toList();
  }

  @Test
  void comment_onTheLine_ignores() {
    assertThat(found("      - run: make test || true # slipway: ignore[masked-failure] flaky\n"))
        .containsExactly("masked-failure ignored: flaky");
  }

  @Test
  void comment_aloneBefore_ignores() {
    assertThat(
            found(
                "      # slipway: ignore[masked-failure] flaky\n      # more\n"
                    + "      - run: make test || true\n"))
        .containsExactly("masked-failure ignored: flaky");
  }

  @Test
  void comment_inAScript_ignores() {
    assertThat(
            found(
                "      - run: |\n          # slipway: ignore[masked-failure] flaky\n"
                    + "          make test || true\n"))
        .containsExactly("masked-failure ignored: flaky");
  }

  @Test
  void comment_ofAnotherRule_ignoresNothing() {
    assertThat(found("      - run: make test || true # slipway: ignore[events] x\n"))
        .containsExactly("masked-failure", "unused-ignore");
  }

  @Test
  void comment_ofARuleThatIsNotSought_isNotUnused() {
    assertThat(found("      - run: make # slipway: ignore[missing-timeout] x\n")).isEmpty();
  }

  @Test
  void comment_ofAnUnknownRule_isFound() {
    assertThat(found("      - run: make # slipway: ignore[no-such-rule] x\n"))
        .containsExactly("unused-ignore");
  }

  @Test
  void comment_ofZizmor_isUnderstood() {
    assertThat(
            found(
                "      - run: echo ${{ github.event.issue.title }} # zizmor:"
                    + " ignore[template-injection] ok\n"))
        .containsExactly("template-injection ignored: ok");
  }

  @Test
  void text_thatIsNoComment_ignoresNothing() {
    assertThat(
            found(
                "      - run: |\n"
                    + "          make test || true;x#slipway: ignore[masked-failure] x\n"))
        .containsExactly("masked-failure");
  }

  @Test
  void whatGitHubRefuses_cannotBeIgnored() {
    List<Finding> findings =
        LINT.file(
            "ci.yml",
            "on: pushed # slipway: ignore[events] x\n"
                + "jobs:\n"
                + "  a:\n"
                + "    runs-on: x\n"
                + "    steps:\n"
                + "      - run: y\n");
    assertThat(findings).extracting(Finding::ignored).containsOnlyNulls();
    assertThat(findings).extracting(Finding::refused).contains(true);
  }

  @Test
  void unusedIgnores_canBeSwitchedOff() {
    Lint quiet = Lint.of(new Selection(Profile.DEFAULT, Set.of(), Set.of("unused-ignore")));
    assertThat(
            quiet.file(
                "ci.yml",
                "on: push # slipway: ignore[nothing] x\n"
                    + "jobs:\n"
                    + "  a:\n"
                    + "    runs-on: x\n"
                    + "    steps:\n"
                    + "      - run: y\n"))
        .isEmpty();
  }

  private static final ProjectFiles EMPTY =
      new ProjectFiles() {
        @Override
        public boolean known() {
          return true;
        }

        @Override
        public @Nullable String text(String path) {
          return null;
        }

        @Override
        public boolean exists(String path) {
          return false;
        }
      };

  private static List<String> everything(String workflow) {
    return Lint.of(new Selection(Profile.AUDIT, Set.of(), Set.of()))
        .in(EMPTY)
        .file(".github/workflows/ci.yml", workflow)
        .stream()
        .filter(f -> f.rule().id().equals("unused-ignore") || f.ignored() != null)
        .map(f -> f.rule().id() + " " + f.severity().text())
        .toList();
  }

  @Test
  void commentOfZizmor_anywhereInTheStep_isUnderstood() {
    assertThat(
            everything(
                "on: issues\njobs:\n  a:\n    runs-on: x\n    steps:\n"
                    + "      - name: x # zizmor: ignore[template-injection]\n"
                    + "        run: |\n          echo ${{ github.event.issue.title }}\n"))
        .contains("template-injection error")
        .doesNotContain("unused-ignore style");
  }

  @Test
  void commentOfZizmor_inAnotherStep_ignoresNothing() {
    assertThat(
            everything(
                "on: issues\njobs:\n  a:\n    runs-on: x\n    steps:\n"
                    + "      - run: make # zizmor: ignore[template-injection]\n"
                    + "      - run: echo ${{ github.event.issue.title }}\n"))
        .containsExactly("unused-ignore style");
  }

  @Test
  void commentOfZizmor_belowTheTriggers_isUnderstood() {
    assertThat(
            everything(
                "on:\n  pull_request_target: # zizmor: ignore[dangerous-triggers]\n"
                    + "    types: [opened]\njobs:\n  a:\n    runs-on: x\n    steps:\n"
                    + "      - uses: actions/checkout@v6\n"
                    + "        with: {ref: '${{ github.event.pull_request.head.sha }}'}\n"))
        .doesNotContain("unused-ignore style");
  }

  @Test
  void commentOfZizmor_aboutAnAuditThatSlipwayLacks_isLeftAlone() {
    assertThat(
            everything(
                "on: issues\njobs:\n  a:\n    runs-on: x\n    steps:\n"
                    + "      - run: make # zizmor: ignore[no-such-audit]\n"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "SC2086, echo $A, false",
    "SC2086, 'echo \"$A\"', true",
    "SC2006, echo $A, true",
    "SC9999, echo $A, false"
  })
  void commentOfShellCheck_isUnusedWhenNothingComesWithoutIt(
      String code, String command, boolean unused) {
    assertThat(
            everything(
                "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n"
                    + "          make\n          # shellcheck disable="
                    + code
                    + "\n          "
                    + command
                    + "\n"))
        .filteredOn(f -> f.startsWith("unused-ignore"))
        .hasSize(unused ? 1 : 0);
  }

  @Test
  void reason_isAskedForByTheStrictProfileOnly() {
    String step = "      - run: make test || true # slipway: ignore[masked-failure]\n";
    assertThat(found(step)).containsExactly("masked-failure ignored: ");
    assertThat(everything("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n" + step))
        .contains("masked-failure error");
    assertThat(
            Lint.of(new Selection(Profile.STRICT, Set.of(), Set.of()))
                .file("ci.yml", "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n" + step))
        .extracting(f -> f.rule().id())
        .contains("ignore-without-reason");
  }
}
