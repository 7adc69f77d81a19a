package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What rules about security find beyond their pages' examples, and what they keep quiet about. */
final class SecurityGuardsTest {
  private static List<Finding> all(String rule, String path, String text) {
    return Lint.of(new Selection(Profile.AUDIT, Set.of(rule), Set.of())).file(path, text).stream()
        .filter(f -> f.rule().id().equals(rule))
        .toList();
  }

  private static List<String> found(String rule, String text) {
    return all(rule, ".github/workflows/ci.yml", text).stream().map(Finding::message).toList();
  }

  private static String steps(String on, String steps) {
    return "on: " + on + "\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n" + steps;
  }

  private static String checkout(String condition, String after) {
    return steps(
        "pull_request_target",
        "      - uses: actions/checkout@v6\n        if: "
            + condition
            + "\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n"
            + after);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"make", "npm ci", "./build.sh", "pip install .", "sudo -E cargo test", "source x"})
  void untrustedCheckout_beforeABuild_isAnError(String command) {
    assertThat(
            all("untrusted-checkout", "ci.yml", checkout("true", "      - run: " + command + "\n")))
        .singleElement()
        .satisfies(f -> {
          assertThat(f.severity()).isEqualTo(Severity.ERROR);
          assertThat(f.message()).contains("step 2 runs what is in it");
        });
  }

  @Test
  void untrustedCheckout_beforeWhatOnlyReads_isLessCertain() {
    assertThat(all("untrusted-checkout", "ci.yml", checkout("true", "      - run: wc -l README\n")))
        .extracting(Finding::confidence)
        .containsExactly(Confidence.LOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "github.event.pull_request.head.repo.full_name == github.repository",
        "${{ !github.event.pull_request.head.repo.fork }}",
        "contains('OWNER MEMBER', github.event.pull_request.author_association)",
        "github.event.pull_request.user.login == 'renovate[bot]'",
      })
  void untrustedCheckout_ofTrustedPeople_isQuiet(String condition) {
    assertThat(found("untrusted-checkout", checkout(condition, "      - run: make\n"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gh pr checkout \"$NUMBER\"",
        "git fetch origin pull/1/head && git checkout FETCH_HEAD",
        "git checkout \"$GITHUB_HEAD_REF\"",
      })
  void untrustedCheckout_byCommand_isFound(String command) {
    assertThat(
            found(
                "untrusted-checkout",
                steps("issue_comment", "      - run: " + command + "\n      - run: make\n")))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"git fetch origin main", "git checkout -b new", "gh pr view 1"})
  void ordinaryCommand_isNoUntrustedCheckout(String command) {
    assertThat(
            found(
                "untrusted-checkout",
                steps("issue_comment", "      - run: " + command + "\n      - run: make\n")))
        .isEmpty();
  }

  @Test
  void label_thatStaysAfterAPush_approvesNothing() {
    String text =
        "on:\n  pull_request_target:\n    types: [TYPES]\njobs:\n  a:\n    runs-on: x\n"
            + "    if: contains(github.event.pull_request.labels.*.name, 'safe')\n    steps:\n"
            + "      - uses: actions/checkout@v6\n        with:\n"
            + "          ref: ${{ github.event.pull_request.head.sha }}\n      - run: make\n";
    assertThat(found("checkout-after-approval", text.replace("TYPES", "labeled, synchronize")))
        .hasSize(1);
    assertThat(found("checkout-after-approval", text.replace("TYPES", "labeled"))).isEmpty();
    assertThat(
            found(
                "checkout-after-approval",
                text.replace("TYPES", "labeled").replace("head.sha", "head.ref")))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "actions/checkout@v4, WARNING",
    "actions/checkout@v6, INFO",
    "actions/checkout@0123456789012345678901234567890123456789 # v7.0.1, INFO",
    "actions/checkout@0123456789012345678901234567890123456789 # v4.2.2, WARNING",
  })
  void persistedCredentials_weighAsTheVersionKeepsThem(String uses, Severity severity) {
    assertThat(
            all(
                "persisted-credentials",
                "ci.yml",
                steps("push", "      - uses: " + uses + "\n      - run: make\n")))
        .extracting(Finding::severity)
        .containsExactly(severity);
  }

  @Test
  void persistedCredentials_thatAreUploaded_areAnError() {
    String upload = "      - uses: actions/upload-artifact@v4\n        with:\n          path: .\n";
    String push = "      - run: git push\n";
    String checkout = "      - uses: actions/checkout@v4\n";
    assertThat(all("persisted-credentials", "ci.yml", steps("push", checkout + push + upload)))
        .extracting(Finding::severity)
        .containsExactly(Severity.ERROR);
    assertThat(found("persisted-credentials", steps("push", checkout + push))).isEmpty();
  }

  @Test
  void actorOfAnUnprivilegedRun_isNobodysBusiness() {
    String step = "      - if: github.actor == 'dependabot[bot]'\n        run: make\n";
    assertThat(found("spoofable-actor", steps("pull_request", step))).isEmpty();
    assertThat(found("spoofable-actor", steps("pull_request_target", step))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x && 'a' || 'b'",
        "x && '' || ''",
        "x && 'false' || 'b'",
        "x && 1 || 0",
        "x || ''",
        "x && y || z",
      })
  void choice_thatWorks_isQuiet(String expression) {
    String text = expression.replace("x", "github.sha").replace("y", "github.ref");
    assertThat(
            found(
                "falsy-choice",
                steps(
                    "push",
                    "      - run: make\n        env:\n          A: ${{ "
                        + text.replace("z", "github.actor")
                        + " }}\n")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x && '' || 'b'", "x && false || true", "x && 0 || 1", "(x && '') || 'b'"})
  void choice_whoseFirstValueIsFalse_isFound(String expression) {
    assertThat(
            found(
                "falsy-choice",
                steps(
                    "push",
                    "      - run: make\n        env:\n          A: ${{ "
                        + expression.replace("x", "github.sha")
                        + " }}\n")))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "actions/checkout",
        "myfork/checkout",
        "actions/checkout-extra",
        "docker/setup-docker-action",
        "octo/cache",
        "actions/cash",
      })
  void actionOfItsOwnName_isNotMistyped(String slug) {
    assertThat(found("mistyped-action", steps("push", "      - uses: " + slug + "@v1\n")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"action/checkout", "acitons/cache", "dockers/login-action"})
  void mistypedOwner_isFound(String slug) {
    assertThat(found("mistyped-action", steps("push", "      - uses: " + slug + "@v1\n")))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "curl -sSf https://x.example/i.sh | bash",
        "curl https://x.example/i.sh | sudo -E bash -s -- -y",
        "wget -qO- https://x.example/i.sh | sh",
        "bash -c \"$(curl -fsSL https://x.example/i.sh)\"",
        "bash <(curl -s https://x.example/i.sh)",
      })
  void download_thatIsRunAsItComes_isFound(String command) {
    assertThat(
            found("piped-download", steps("push", "      - run: |\n          " + command + "\n")))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "curl -sSf https://x.example/data | jq .",
        "curl -o x.tgz https://x.example/x.tgz",
        "echo 'curl x | bash'",
        "bash -c 'curl -o x https://x.example'",
        "curl https://x.example/x.tgz | tar xz",
      })
  void download_thatIsOnlyRead_isQuiet(String command) {
    assertThat(
            found("piped-download", steps("push", "      - run: |\n          " + command + "\n")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "npm ci",
        "npm install",
        "npm install ./local",
        "npm install x.tgz",
        "yarn install",
        "gem install ./x.gem",
        "bundle install"
      })
  void install_byLockfileOrPath_isQuiet(String command) {
    assertThat(found("package-outside-lockfile", steps("push", "      - run: " + command + "\n")))
        .isEmpty();
  }

  @Test
  void token_thatIsAnExample_isQuiet() {
    String real = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
    String step = "      - run: make\n        env:\n          T: ";
    assertThat(found("hardcoded-credentials", steps("push", step + real + "\n"))).hasSize(1);
    assertThat(found("hardcoded-credentials", steps("push", step + "ghp_" + "x".repeat(36) + "\n")))
        .isEmpty();
  }

  @Test
  void artifact_unpackedAside_isQuiet() {
    String text =
        steps(
            "\n  workflow_run:\n    workflows: [CI]",
            "      - uses: actions/download-artifact@v4\n        with:\n"
                + "          run-id: ${{ github.event.workflow_run.id }}\n          path: WHERE\n"
                + "      - run: make\n");
    assertThat(found("artifact-poisoning", text.replace("WHERE", "."))).hasSize(1);
    assertThat(found("artifact-poisoning", text.replace("WHERE", "./site"))).isEmpty();
    assertThat(
            found(
                "artifact-poisoning",
                text.replace("WHERE", "./site")
                    .replace("run: make", "run: cat site/env >> \"$GITHUB_ENV\"")))
        .hasSize(1);
  }

  @Test
  @DisplayName("an artifact of the same run was made by its own jobs")
  void artifact_ofTheSameRun_isQuiet() {
    assertThat(
            found(
                "artifact-poisoning",
                steps(
                    "\n  workflow_run:\n    workflows: [CI]",
                    "      - uses: actions/download-artifact@v4\n      - run: make\n")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "actions/setup-go@v6, '', true",
    "actions/setup-go@v3, '', false",
    "actions/setup-go@v6, 'cache: false', false",
    "actions/setup-node@v6, '', false",
    "actions/setup-node@v6, 'cache: npm', true",
    "actions/cache@v5, 'path: x', true",
    "docker/setup-buildx-action@v4, '', false",
    "Swatinem/rust-cache@v2, '', true",
    "actions/setup-python@v6, '', false",
  })
  void cacheInARelease_isFoundWhereTheActionCaches(String uses, String input, boolean caches) {
    String with = input.isEmpty() ? "" : "        with:\n          " + input + "\n";
    assertThat(found("cache-in-release", steps("release", "      - uses: " + uses + "\n" + with)))
        .hasSize(caches ? 1 : 0);
  }

  @Test
  void cacheInARelease_thatLeavesTagsOut_isQuiet() {
    assertThat(
            found(
                "cache-in-release",
                steps(
                    "release",
                    "      - uses: actions/cache@v5\n"
                        + "        if: ${{ !startsWith(github.ref, 'refs/tags/') }}\n")))
        .isEmpty();
  }

  @Test
  void output_betweenRandomDelimiters_isQuiet() {
    String step =
        "      - run: |\n"
            + "          D=$(openssl rand -hex 8)\n"
            + "          { echo \"body<<DELIMITER\"; echo \"$B\"; echo \"DELIMITER\"; } >>"
            + " $GITHUB_OUTPUT\n"
            + "        env:\n"
            + "          B: ${{ github.event.issue.body }}\n";
    assertThat(found("output-clobbering", steps("issues", step.replace("DELIMITER", "$D"))))
        .isEmpty();
  }

  @Test
  void scriptOfAnotherShell_isNotReadAsBash() {
    assertThat(
            found(
                "executed-variable",
                steps(
                    "issues",
                    "      - run: eval \"$B\"\n        shell: pwsh\n        env:\n"
                        + "          B: ${{ github.event.issue.body }}\n")))
        .isEmpty();
  }

  @Test
  void prompt_ofTrustedPeople_isQuiet() {
    String step =
        "      - uses: openai/codex-action@v1\n        if: CONDITION\n        with:\n"
            + "          prompt: ${{ github.event.comment.body }}\n";
    assertThat(found("prompt-injection", steps("issue_comment", step.replace("CONDITION", "true"))))
        .hasSize(1);
    assertThat(
            found(
                "prompt-injection",
                steps(
                    "issue_comment",
                    step.replace(
                        "CONDITION", "github.event.comment.author_association == 'OWNER'"))))
        .isEmpty();
  }

  @Test
  void commit_ofTwoVersions_isFoundOnlyWhereTheyCannotBeOne() {
    String commit = "      - uses: a/b@0123456789012345678901234567890123456789 # ";
    assertThat(
            found(
                "version-comment-mismatch",
                steps("push", commit + "v4\n" + commit + "v4.1.2\n" + commit + "tag=v4.1\n")))
        .isEmpty();
    assertThat(
            found(
                "version-comment-mismatch",
                steps("push", commit + "v4.1.2\n" + commit + "v4.2.0\n")))
        .hasSize(1);
  }

  @Test
  @DisplayName("the name of a branch has one line, so it can only be the value of its variable")
  void branchName_inAnEnvironmentFile_isNoInjection() {
    String step =
        "      - run: echo \"NEXT=${NAME#release/}\" >> $GITHUB_ENV\n"
            + "        env:\n"
            + "          NAME: ";

    assertThat(
            found(
                "environment-injection", steps("pull_request", step + "${{ github.head_ref }}\n")))
        .isEmpty();
    assertThat(
            found(
                "environment-injection",
                steps("pull_request", step + "${{ github.event.pull_request.body }}\n")))
        .hasSize(1);
  }

  @Test
  void branchName_ofTheOwnRepositoryOnly_isNoOutsiders() {
    String script = "      - run: git push origin ${{ github.head_ref }}\n        if: ";

    assertThat(
            found(
                "template-injection",
                steps(
                    "pull_request",
                    script
                        + "github.event.pull_request.head.repo.full_name == github.repository\n")))
        .isEmpty();
    assertThat(found("template-injection", steps("pull_request", script + "success()\n")))
        .hasSize(1);
  }
}
