package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What rules find beyond their pages' examples, and what they keep quiet about. */
final class GuardsTest {
  private static List<String> found(String rule, String text) {
    return Lint.of(new Selection(Profile.AUDIT, Set.of(rule), Set.of()))
        .file("ci.yml", text)
        .stream()
        .map(Finding::message)
        .toList();
  }

  private static String steps(String steps) {
    return "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n" + steps;
  }

  private static String script(String script) {
    return steps("      - run: |\n" + script.indent(10));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "npm test || true",
        "npm run test:unit || :",
        "sudo -E pytest -q || echo 'failed'",
        "CI=1 npx eslint . || exit 0",
        "python -m pytest || true",
        "poetry run mypy src || true",
        "./gradlew check || true",
        "go test ./... ||\n  true",
        "cd x && cargo clippy -- -D warnings || true",
        "if true; then\n  make test || true\nfi",
        "cat <<EOF\nhello\nEOF\nmvn -B verify || true",
        "trivy image x || true # for now",
        "pytest > log.txt 2>&1 || true",
        "black --check . || true",
      })
  void maskedFailure_isFound(String script) {
    assertThat(found("masked-failure", script(script))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rm -rf out || true",
        "docker rm -f db || true",
        "grep -q x file || true",
        "pytest || { echo failed; exit 1; }",
        "pytest || status=$?",
        "pytest || true\nif [ $? -ne 0 ]; then exit 1; fi",
        "if npm test || true; then echo; fi",
        "echo 'npm test || true'",
        "echo \"npm test || true\"",
        "# npm test || true\nmake",
        "cat <<'EOF' > run.sh\nnpm test || true\nEOF",
        "x=$(npm test || true)",
        "npm test || echo failed=yes >> $GITHUB_OUTPUT",
        "npm test || echo retry && npm test",
        "pytest --version || true",
        "[ -f package.json ] && npm test || true",
        "black . || true",
        "cargo fmt || true",
        "npm install || true",
        "make clean || true",
      })
  void maskedFailure_isQuiet(String script) {
    assertThat(found("masked-failure", script(script))).isEmpty();
  }

  @Test
  void maskedScan_whoseReportIsUploaded_isQuiet() {
    String upload = "      - uses: github/codeql-action/upload-sarif@v3\n";
    assertThat(found("masked-failure", steps("      - run: semgrep || true\n" + upload))).isEmpty();
    assertThat(
            found(
                "continue-on-error",
                steps("      - run: semgrep\n        continue-on-error: true\n" + upload)))
        .isEmpty();
  }

  @Test
  void maskedFailure_inAnotherShell_isQuiet() {
    assertThat(
            found("masked-failure", steps("      - run: npm test || true\n        shell: pwsh\n")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "github.event.pull_request.title",
        "github.head_ref",
        "github.event.commits[0].message",
        "github.event.commits.*.author.name",
        "github['event']['issue']['body']",
        "format('{0}', github.head_ref)",
        "github.head_ref || github.ref",
        "github.event_name == 'push' && github.ref || github.head_ref",
        "toJSON(github.event.comment.body)",
        "env.TITLE",
      })
  void injection_isFound(String expression) {
    assertThat(
            found(
                "template-injection",
                steps(
                    "      - run: echo \"${{ "
                        + expression
                        + " }}\"\n        env:\n"
                        + "          TITLE: ${{ github.event.issue.title }}\n")))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "github.sha",
        "github.event.pull_request.number",
        "github.event.pull_request.head.sha",
        "contains(github.event.pull_request.title, 'x')",
        "github.head_ref == 'main'",
        "startsWith(github.head_ref, 'x') && 'a' || 'b'",
        "github.head_ref && 'branch' || 'none'",
        "matrix.os",
        "env.PLAIN",
      })
  void injection_isQuiet(String expression) {
    assertThat(
            found(
                "template-injection",
                steps(
                    "      - run: echo \"${{ "
                        + expression
                        + " }}\"\n        env:\n"
                        + "          PLAIN: ${{ github.sha }}\n")))
        .isEmpty();
  }

  @Test
  void injection_isFoundInGithubScript() {
    assertThat(
            found(
                "template-injection",
                steps(
                    "      - uses: actions/github-script@v7\n        with:\n"
                        + "          script: console.log('${{ github.head_ref }}')\n")))
        .hasSize(1);
  }

  @Test
  @DisplayName("a checkout of the head that nothing runs after is harmless")
  void untrustedCheckout_withNothingAfter_isQuiet() {
    assertThat(
            found(
                "untrusted-checkout",
                steps(
                        "      - uses: actions/checkout@v6\n        with:\n"
                            + "          ref: ${{ github.head_ref }}\n")
                    .replace("pull_request", "pull_request_target")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "success() || github.ref == 'x'",
        "github.ref == 'refs/heads/main'",
        "false",
        "env.X != ''",
      })
  void constantCondition_isQuiet(String condition) {
    assertThat(
            found(
                "constant-condition", steps("      - run: make\n        if: " + condition + "\n")))
        .isEmpty();
  }

  @Test
  void condition_inInputsCalledIf_isNoCondition() {
    assertThat(
            found(
                "text-condition",
                steps("      - uses: a/b@v1\n        with:\n          if: ${{ github.ref }} x\n")))
        .isEmpty();
  }

  @Test
  void gate_inTheMiddleOfTheGraph_isNoGate() {
    String text =
        Rules.named("gate-skipped-into-green") == null
            ? ""
            : java.util.Objects.requireNonNull(Rules.named("gate-skipped-into-green")).bad();
    assertThat(
            found(
                "gate-skipped-into-green",
                text
                    + "  ship:\n"
                    + "    needs: ci-ok\n"
                    + "    runs-on: ubuntu-latest\n"
                    + "    steps:\n"
                    + "      - run: ./ship\n"))
        .isEmpty();
  }

  @Test
  void inheritedSecrets_withinTheRepository_areQuiet() {
    String call = "on: push\njobs:\n  a:\n    uses: %s\n    secrets: inherit\n";
    assertThat(found("inherited-secrets", call.replace("%s", "./.github/workflows/b.yml")))
        .isEmpty();
    assertThat(found("inherited-secrets", call.replace("%s", "$/.github/workflows/b.yml")))
        .isEmpty();
  }

  @Test
  void problemsOfTheReader_belongToTheRuleOfTheirPlace() {
    String cron =
        "on:\n"
            + "  schedule:\n"
            + "    - cron: daily\n"
            + "jobs:\n"
            + "  a:\n"
            + "    runs-on: x\n"
            + "    steps:\n"
            + "      - run: y\n";
    assertThat(Lint.of(Selection.DEFAULT).file("ci.yml", cron).stream().map(f -> f.rule().id()))
        .containsExactly("events");
  }

  @Test
  void compositeAction_isLookedThrough() {
    String manifest =
        """
        name: x
        description: y
        runs:
          using: composite
          steps:
            - run: echo ${{ github.head_ref }}
              shell: bash
        """;
    assertThat(
            Lint.of(Selection.DEFAULT).file("sub/action.yml", manifest).stream()
                .map(f -> f.rule().id() + "@" + f.range().from().line()))
        .containsExactly("template-injection@6");
  }

  @Test
  @DisplayName("a step for Windows only is no script for bash, whatever else the matrix has")
  void stepForWindows_isNotReadAsBash() {
    String text =
        """
        on: push
        jobs:
          test:
            runs-on: ${{ inputs.os }}
            steps:
              - if: runner.os == 'Windows'
                run: |
                  (Get-Item (Get-Command "tool").Source).VersionInfo.ProductVersion
        """;
    assertThat(
            Lint.of(Selection.DEFAULT).file("ci.yml", text).stream()
                .map(finding -> finding.rule().id()))
        .noneMatch(id -> id.startsWith("shell-"));
  }

  @Test
  void checkThatIsMeantToFail_mayGoOn() {
    String text =
        """
        on: push
        jobs:
          test:
            runs-on: ubuntu-latest
            steps:
              - name: Fail the project
                run: make test
                continue-on-error: true
        """;
    assertThat(
            Lint.of(Selection.DEFAULT).file("ci.yml", text).stream()
                .map(finding -> finding.rule().id()))
        .doesNotContain("continue-on-error");
  }
}
