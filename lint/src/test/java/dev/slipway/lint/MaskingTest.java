package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose failure counts, and whose does not. */
final class MaskingTest {
  private static final Set<String> RULES =
      Set.of(
          "masked-failure",
          "errexit-off",
          "pipe-without-pipefail",
          "swallowed-failure",
          "failure-before-and",
          "unwaited-check",
          "inner-shell-without-errexit");

  private static List<String> found(String script, String shell) {
    String text =
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          "
            + script.replace("¶", "\n          ")
            + "\n"
            + (shell.isEmpty() ? "" : "        shell: " + shell + "\n");
    return Lint.of(new Selection(Profile.AUDIT, RULES, Set.of())).file("ci.yml", text).stream()
        .map(f -> f.rule().id())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "npm test || true ~ masked-failure",
        "npm test || { echo '::warning::failed'; true; } ~ masked-failure",
        "npm test || echo failed >&2 ~ masked-failure",
        "( npm test ) || : ~ masked-failure",
        "npm ci && npm test || true ~ masked-failure masked-failure",
        "npm test || { echo failed; exit 1; } ~",
        "npm test || echo failed=1 >> $GITHUB_OUTPUT ~",
        "npm test || failed=1¶exit $failed ~",
        "npm test || status=$?¶exit $status ~",
        "[[ -f a || -f b ]] && npm test || true ~",
        "[ -f a ] && npm test || true ~",
        "command -v npm && npm test || true ~",
        "if npm test || true; then echo x; fi ~",
        "rm -rf x || true¶docker rm x || true ~",
        "npm audit fix || true¶npm --version || true ~",
        "echo 'npm test || true' ~",
        "cat << E¶npm test || true¶E ~",
        "set +e¶npm test¶echo done ~ errexit-off",
        "set +e¶npm test ~",
        "set +e¶npm test¶set -e¶npm test¶echo done ~ errexit-off",
        "set +e¶rm x¶set -e¶npm test¶echo done ~",
        "npm test | tee log ~ pipe-without-pipefail",
        "set -o pipefail¶npm test | tee log ~",
        "npm test | tee log¶exit ${PIPESTATUS[0]} ~",
        "x=$(npm test | tail -1)¶echo \"$x\" ~",
        "echo y | npm test ~",
        "if ! npm test; then¶  echo failed¶fi ~ swallowed-failure",
        "if npm test; then¶  echo passed¶else¶  echo failed¶fi ~ swallowed-failure",
        "if ! npm test; then¶  echo failed¶  exit 1¶fi ~",
        "if ! npm test; then¶  failed=1¶fi¶exit $failed ~",
        "until npm test; do sleep 1; done ~",
        "for i in 1 2; do if npm test; then echo ok; else echo no; fi; done ~",
        "npm ci && npm test¶echo done ~ failure-before-and",
        "npm ci && npm test ~",
        "cd x && npm test¶echo done ~",
        "[ -f x ] && npm test¶echo done ~",
        "npm test &¶npm start ~ unwaited-check",
        "npm test &¶npm start¶wait %1 ~",
        "npm start &¶npm test ~",
        "bash -c 'npm test; echo done' ~ inner-shell-without-errexit",
        "docker run x sh -c 'npm test; echo done' ~ inner-shell-without-errexit",
        "bash -ec 'npm test; echo done' ~",
        "bash -c 'npm test' ~",
        "bash -c 'set -e; npm test; echo done' ~",
        "bash -c 'npm test && echo done' ~",
      })
  void defaultShell(String script, String expected) {
    assertThat(String.join(" ", found(script, ""))).isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void shellWithoutErrexit_goesOnAfterFailures() {
    assertThat(found("npm test¶echo done", "bash {0}")).containsExactly("errexit-off");
    assertThat(found("npm test¶echo done", "bash -e {0}")).isEmpty();
    assertThat(found("npm test¶echo done", "bash -exo pipefail {0}")).isEmpty();
  }

  @Test
  void bashByName_hasPipefail() {
    assertThat(found("npm test | tee log", "bash")).isEmpty();
    assertThat(found("npm test | tee log", "sh")).containsExactly("pipe-without-pipefail");
  }

  @Test
  void handlerIsTakenAway_withNothingElse() {
    String text =
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
            + "      - run: npm test || true  # flaky\n";
    assertThat(Mending.of(Lint.of(Selection.DEFAULT), "ci.yml", text, Fix.Safety.UNSAFE).text())
        .isEqualTo(text.replace(" || true", ""));
  }

  @Test
  void shellOfTheStep_isNamedInItsOwnLayout() {
    String text =
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n    -   name: t\n"
            + "        run: npm test | tee log\n";
    Lint lint = Lint.of(new Selection(Profile.STRICT, Set.of("pipe-without-pipefail"), Set.of()));
    assertThat(Mending.of(lint, "ci.yml", text, Fix.Safety.UNSAFE).text())
        .isEqualTo(text.replace("-   name", "-   shell: bash\n        name"));
  }
}
