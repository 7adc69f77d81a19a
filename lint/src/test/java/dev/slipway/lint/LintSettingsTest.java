package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of a project: its own, and those made for actionlint and zizmor. */
final class LintSettingsTest {
  private static final String WORKFLOW = ".github/workflows/ci.yml";
  private static final String MASKED =
      """
      on: push
      jobs:
        test:
          runs-on: ubuntu-latest
          steps:
            - run: npm test || true
      """;

  private final Map<String, String> files = new LinkedHashMap<>();

  private final ProjectFiles project =
      new ProjectFiles() {
        @Override
        public boolean known() {
          return true;
        }

        @Override
        public @Nullable String text(String path) {
          return files.get(path);
        }

        @Override
        public boolean exists(String path) {
          return files.containsKey(path);
        }
      };

  private Lint lint() {
    return Lint.of(Selection.DEFAULT).in(project).with(LintSettings.of(project));
  }

  private List<String> found(String path, String text) {
    return lint().file(path, text).stream().map(LintSettingsTest::shown).toList();
  }

  private static String shown(Finding finding) {
    return finding.rule().id()
        + " "
        + finding.severity().text()
        + (finding.ignored() == null ? "" : " ignored " + finding.ignored());
  }

  private static String steps(String steps) {
    return "on: push\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
        + steps;
  }

  @Test
  void ruleThatIsOff_findsNothing() {
    files.put("slipway.yml", "lint: {rules: {masked-failure: off}}");
    assertThat(found(WORKFLOW, MASKED)).isEmpty();
  }

  @Test
  void ruleWithASeverity_isOnAndHasIt() {
    files.put("slipway.yml", "lint: {rules: {masked-failure: info, missing-timeout: error}}");
    assertThat(found(WORKFLOW, MASKED))
        .containsExactlyInAnyOrder("masked-failure info", "missing-timeout error");
  }

  @Test
  void whatGitHubRefuses_staysAnError() {
    files.put("slipway.yml", "lint: {rules: {workflow-syntax: off}}");
    assertThat(found(WORKFLOW, MASKED.replace("steps:", "step:")))
        .contains("workflow-syntax error");
  }

  @ParameterizedTest
  @CsvSource({
    ".github/workflows/ci.yml, true",
    "ci.yml, true",
    "'.github/**/c{i,d}.yml', true",
    ".github/workflows/c?.yml, true",
    "'.github/workflows/[abc]i.yml', true",
    "workflows/ci.yml, false",
    "'*/ci.yml', false",
    "cd.yml, false"
  })
  void paths_areMeantByTheirPattern(String glob, boolean meant) {
    files.put(
        "slipway.yml", "lint:\n  paths:\n    - glob: '" + glob + "'\n      ignore: ['can fail']\n");
    assertThat(found(WORKFLOW, MASKED))
        .containsExactly(
            meant ? "masked-failure error ignored by slipway.yml" : "masked-failure error");
  }

  @Test
  void laterPaths_winOverEarlierAndOverAll() {
    files.put(
        "slipway.yml",
        """
        lint:
          rules: {masked-failure: off}
          paths:
            - {glob: '*.yml', rules: {masked-failure: style}}
            - {glob: ci.yml, rules: {masked-failure: warning}}
        """);
    assertThat(found(WORKFLOW, MASKED)).containsExactly("masked-failure warning");
    assertThat(found(".github/workflows/cd.yml", MASKED)).containsExactly("masked-failure style");
  }

  @Test
  void mistakes_haveAPlaceAndAHint() {
    String text =
        """
        lint:
          profil: strict
          rules:
            masked-failur: off
            masked-failure: eror
          fail-on: no
          paths: [{glob: x.yml, ignore: ['(']}]
          rates: {big: cheap}
        """;
    assertThat(
            lint().file("slipway.yml", text).stream()
                .map(f -> f.range().from().line() + ": " + f.message() + "; " + f.hint()))
        .containsExactly(
            "2: Unexpected value 'profil'; did you mean 'profile'?",
            "4: No rule is called 'masked-failur'; did you mean 'masked-failure'?",
            "5: Unexpected value 'eror'; did you mean 'error'?",
            "6: Unexpected value 'no'; it has error, warning, info, style, never",
            "7: The regular expression cannot be read: Unclosed group; correct it; signs such as"
                + " '(' and '[' need a backslash to mean themselves",
            "8: 'cheap' is no price; write dollars a minute: 0.01");
  }

  @Test
  void mistakesInOtherSections_areFoundToo() {
    assertThat(lint().file("slipway.yml", "machins: {}\n"))
        .extracting(Finding::message)
        .containsExactly("Unexpected value 'machins'");
  }

  @ParameterizedTest
  @CsvSource({
    "slipway.yml, 'lint: [', true",
    "slipway.yml, 'on: push', false",
    ".github/zizmor.yml, 'rules: [', true",
    ".github/zizmor.yml, '# nothing', false",
    ".github/actionlint.yaml, 'paths: [', true"
  })
  void brokenFile_isNotPassedOver(String file, String text, boolean found) {
    files.put(file, text);
    boolean read = LintSettings.of(project).files().contains(file);
    List<Finding> findings = read ? lint().file(file, text) : List.of();
    assertThat(findings)
        .hasSize(found ? 1 : 0)
        .allMatch(f -> f.rule().id().equals("settings") && !f.refused());
  }

  @Test
  void labelsOfActionlint_areKnownAndOthersAreNot() {
    files.put(
        ".github/actionlint.yaml", "self-hosted-runner:\n  labels: ['big-*', ubuntu-lates]\n");
    assertThat(found(WORKFLOW, MASKED.replace("ubuntu-latest", "[self-hosted, big-one]")))
        .containsExactly("masked-failure error");
    assertThat(found(WORKFLOW, MASKED.replace("ubuntu-latest", "ubuntu-lates")))
        .containsExactly("masked-failure error");
    assertThat(found(WORKFLOW, MASKED.replace("ubuntu-latest", "small-one")))
        .contains("unknown-runner warning");
  }

  @Test
  void emptyListOfLabels_saysNothing() {
    files.put(
        ".github/actionlint.yml", "self-hosted-runner: {labels: []}\nconfig-variables: null\n");
    assertThat(found(WORKFLOW, MASKED.replace("ubuntu-latest", "small-one")))
        .containsExactly("masked-failure error");
  }

  @ParameterizedTest
  @CsvSource({"null, false", "[], true", "[REGION], false", "[ZONE], true"})
  void variablesOfActionlint_areThoseThereAre(String list, boolean found) {
    files.put(".github/actionlint.yaml", "config-variables: " + list + "\n");
    assertThat(found(WORKFLOW, steps("      - run: x ${{ vars.region }}\n")))
        .filteredOn(f -> f.startsWith("unknown-variable"))
        .hasSize(found ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "can fail and the step",
        "masked-fail.+",
        "SC2086:.+Double|split",
        "shellcheck reported issue in this script: SC2086:.+",
        "shellcheck"
      })
  void ignoresOfActionlint_matchMessagesNamesAndCodes(String pattern) {
    files.put(
        ".github/actionlint.yaml",
        "paths:\n  .github/workflows/**/*.{yml,yaml}:\n    ignore:\n      - '" + pattern + "'\n");
    String workflow = MASKED.replace("npm test", "npm test $ARGS");
    boolean shell = pattern.contains("SC2086") || pattern.equals("shellcheck");
    assertThat(found(WORKFLOW, workflow))
        .filteredOn(f -> f.startsWith(shell ? "shell-unquoted" : "masked"))
        .allMatch(f -> f.endsWith(" ignored by .github/actionlint.yaml"))
        .isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ci.yml, true",
    "ci.yml:9, true",
    "ci.yml:8:3, true",
    "ci.yml:7, false",
    "cd.yml, false"
  })
  void ignoresOfZizmor_meanAFileOrALineOfTheStep(String place, boolean ignored) {
    files.put("zizmor.yml", "rules: {template-injection: {ignore: ['" + place + "']}}\n");
    String workflow =
        steps(
                "      - run: make\n"
                    + "      - name: x\n"
                    + "        run: echo ${{ github.event.issue.title }}\n")
            .replace("on: push", "on: issues");
    assertThat(found(WORKFLOW, workflow))
        .containsExactly(
            ignored
                ? "template-injection error ignored by zizmor.yml"
                : "template-injection error");
  }

  @Test
  void auditThatIsDisabled_isIgnored() {
    files.put(".github/zizmor.yml", "rules: {template-injection: {disable: true}}\n");
    String workflow =
        steps("      - run: echo ${{ github.event.issue.title }}\n").replace("push", "issues");
    assertThat(found(WORKFLOW, workflow))
        .containsExactly("template-injection error ignored by .github/zizmor.yml");
  }

  @Test
  void policiesOfZizmor_sayHowActionsAreNamed() {
    files.put(
        ".github/zizmor.yml",
        """
        rules:
          unpinned-uses:
            config:
              policies:
                actions/*: ref-pin
                free/*: any
                free/strict: hash-pin
                "*": hash-pin
        """);
    List<String> messages =
        lint()
            .file(
                WORKFLOW,
                steps(
                    "      - uses: actions/checkout@v6\n"
                        + "        with: {persist-credentials: false}\n"
                        + "      - uses: free/one@main\n"
                        + "      - uses: free/strict@v1\n"
                        + "      - uses: other/one@v3\n"))
            .stream()
            .map(Finding::message)
            .toList();
    assertThat(messages)
        .containsExactly(
            "'v1' can be moved to another commit", "'v3' can be moved to another commit");
  }

  @Test
  void daysOfZizmor_areThoseThatUpdatesWait() {
    files.put(".github/zizmor.yml", "rules: {dependabot-cooldown: {config: {days: 2}}}\n");
    String updates =
        "version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n"
            + "    cooldown: {default-days: 2}\n    schedule: {interval: weekly}\n";
    assertThat(found(".github/dependabot.yml", updates)).isEmpty();
    assertThat(found(".github/dependabot.yml", updates.replace("days: 2", "days: 1")))
        .containsExactly("dependabot-cooldown warning");
  }

  @ParameterizedTest
  @CsvSource({
    "allow, actions/*, other/one@v1, true",
    "allow, other/one, other/one@v1, false",
    "allow, other/one, other/one/path@v1, true",
    "allow, other/one/*, other/one/path@v1, false",
    "deny, other/one@v1, other/one@v1, true",
    "deny, other/one@v1, other/one@v2, false",
    "deny, '*', other/one@v2, true",
    "deny, '*', ./local, false"
  })
  void forbiddenUsesOfZizmor_areFound(String kind, String pattern, String uses, boolean found) {
    files.put(
        "zizmor.yml", "rules: {forbidden-uses: {config: {" + kind + ": ['" + pattern + "']}}}\n");
    assertThat(found(WORKFLOW, steps("      - uses: " + uses + "\n")))
        .filteredOn(f -> f.startsWith("forbidden-action"))
        .hasSize(found ? 1 : 0);
  }

  @Test
  void ownSettings_winOverOthers() {
    files.put(".github/actionlint.yaml", "config-variables: [A]\n");
    files.put("slipway.yml", "lint: {config-variables: [B]}\n");
    assertThat(found(WORKFLOW, steps("      - run: x ${{ vars.b }}\n"))).isEmpty();
    assertThat(LintSettings.of(project).files())
        .containsExactly(".github/actionlint.yaml", "slipway.yml");
  }

  @Test
  void settingsThatMatchNothing_areNamed() {
    files.put(
        ".github/zizmor.yml",
        "rules:\n"
            + "  template-injection:\n"
            + "    ignore: [gone.yml]\n"
            + "  unknown-audit:\n"
            + "    ignore: [ci.yml]\n");
    files.put(
        "slipway.yml",
        "lint:\n"
            + "  paths:\n"
            + "    - {glob: gone.yml, ignore: [x]}\n"
            + "    - {glob: ci.yml, ignore: [fail]}\n");
    Lint lint =
        Lint.of(new Selection(Profile.AUDIT, Set.of(), Set.of()))
            .in(project)
            .with(LintSettings.of(project));
    lint.file(WORKFLOW, MASKED);
    assertThat(lint.unusedSettings())
        .extracting(f -> f.file() + ":" + f.range().from().line() + " " + f.severity().text())
        .containsExactly(".github/zizmor.yml:3 info", "slipway.yml:3 info", "slipway.yml:3 info");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "42", "- x", "rules: 1", "rules: {a: 1}", "a: [", "paths: {x: 1}"})
  void settingsOfAnyShape_areAnswered(String text) {
    for (String file : LintSettings.FILES) {
      files.clear();
      files.put(file, text);
      assertThat(lint().file(WORKFLOW, MASKED)).isNotEmpty();
      assertThat(lint().file(file, text)).isNotNull();
    }
  }
}
