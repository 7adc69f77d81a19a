package dev.slipway.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code slipway lint}. */
final class LintCommandTest {
  private static final String MASKED =
      """
      on: push
      jobs:
        test:
          runs-on: ubuntu-latest
          steps:
            - run: npm test || true
      """;

  @TempDir Path directory;

  @BeforeEach
  void project() throws IOException {
    Files.createDirectories(directory.resolve(".git"));
    Files.createDirectories(directory.resolve(".github/workflows"));
    write(MASKED);
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve(".github/workflows/ci.yml"), text);
  }

  private CommandLine.Result lint(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "lint";
    System.arraycopy(words, 0, all, 1, words.length);
    return CommandLine.in(directory).run(all);
  }

  @Test
  void finding_isShownWithItsSource() {
    CommandLine.Result result = lint();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .startsWith(
            """
            .github/workflows/ci.yml:6:14: error: 'npm' can fail and the step still passes [masked-failure]
              6 |       - run: npm test || true
                |              ^^^^^^^^^^^^^^^^
              why With `|| true`,\
            """)
        .endsWith("\n1 error in 1 file, 1 with a fix (see them: --diff)\n");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void configurationsOfDependabotAndPreCommit_areLookedThrough() throws IOException {
    write(MASKED.replace(" || true", ""));
    Files.writeString(
        directory.resolve(".github/dependabot.yml"),
        "version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n"
            + "    insecure-external-code-execution: allow\n");
    Files.writeString(
        directory.resolve(".pre-commit-config.yaml"),
        "repos:\n  - repo: http://x.example/hooks.git\n    rev: v1\n");
    assertThat(lint().out())
        .contains(
            ".github/dependabot.yml:5:39: error:", "[dependabot-execution]",
            ".pre-commit-config.yaml:2:11: error:", "[insecure-hook-address]");
  }

  @Test
  void json_hasTheFieldsOfTheContract() {
    assertThat(lint("--json").out())
        .startsWith(
            "{\"schema\":\"slipway.lint/1\",\"files\":1,\"findings\":[{\"rule\":\"masked-failure\","
                + "\"severity\":\"error\",\"confidence\":\"high\",\"file\":\".github/workflows/ci.yml\","
                + "\"line\":6,\"column\":14,\"endLine\":6,\"endColumn\":30,\"message\":")
        .contains(
            "\"covers\":[]", "\"fix\":{\"title\":\"Let the failure count\",\"safety\":\"unsafe\"}")
        .endsWith("\"summary\":{\"error\":1,\"warning\":0,\"info\":0,\"style\":0}}\n");
  }

  @Test
  void refusedFile_isMarked() throws IOException {
    write("on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    step: []\n");
    CommandLine.Result result = lint("--format", "json");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("\"refused\":true", "\"rule\":\"workflow-syntax\"");
  }

  @Test
  void sarif_hasRulesResultsAndFixes() {
    assertThat(lint("--format", "sarif").out())
        .contains(
            "\"version\":\"2.1.0\"",
            "\"ruleId\":\"masked-failure\"",
            "\"partialFingerprints\":{",
            "\"deletedRegion\":{\"startLine\":6,\"startColumn\":22,\"endLine\":6,\"endColumn\":30}");
  }

  @Test
  void fingerprint_survivesMovedLines() throws IOException {
    String before = fingerprint();
    write("# a comment\n\n" + MASKED);
    assertThat(fingerprint()).isEqualTo(before);
  }

  private String fingerprint() {
    String out = lint("--format", "sarif").out();
    int at = out.indexOf("slipwayFinding/v1");
    return out.substring(at, out.indexOf('}', at));
  }

  @Test
  void github_printsCommands() {
    assertThat(lint("--format", "github").out())
        .startsWith(
            "::error"
                + " file=.github/workflows/ci.yml,line=6,endLine=6,col=14,endColumn=30,title=masked-failure::'npm'");
  }

  @Test
  void markdown_isATable() {
    assertThat(lint("--format", "markdown").out())
        .contains("| .github/workflows/ci.yml:6 | error | masked-failure |");
  }

  @ParameterizedTest
  @CsvSource({"error, 1", "style, 1", "never, 0"})
  void failOn_decidesTheExitCode(String severity, int exit) {
    assertThat(lint("--fail-on", severity).exit()).isEqualTo(exit);
  }

  @Test
  void ignoredFinding_doesNotFail() throws IOException {
    write(MASKED.replace("|| true", "|| true # slipway: ignore[masked-failure] flaky server"));
    CommandLine.Result result = lint();
    assertThat(result.exit()).isZero();
    assertThat(result.out()).isEqualTo("no findings in 1 file, 1 ignored\n");
    assertThat(lint("--json").out()).contains("\"ignored\":{\"reason\":\"flaky server\"}");
  }

  @Test
  void rules_canBeChosen() {
    assertThat(lint("--no-rule", "masked-failure").exit()).isZero();
    assertThat(lint("--rule", "template-injection").exit()).isZero();
    assertThat(lint("--rule", "masked-failure").exit()).isEqualTo(1);
    assertThat(lint("--profile", "strict").out()).contains("[missing-timeout]");
  }

  @Test
  void unknownRule_isAMistakeWithAHint() {
    CommandLine.Result result = lint("--rule", "masked-failur");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("did you mean 'masked-failure'?");
  }

  @Test
  void unreadablePath_isAMistake() {
    assertThat(lint("nowhere.yml").exit()).isEqualTo(2);
  }

  @Test
  void explain_printsThePage() {
    CommandLine.Result result = lint("--explain", "masked-failure");
    assertThat(result.exit()).isZero();
    assertThat(result.out()).contains("Found in", "npm test || true", "Mended");
  }

  @Test
  void diff_writesNothing() throws IOException {
    CommandLine.Result result = lint("--diff");
    assertThat(result.out())
        .contains("-      - run: npm test || true\n+      - run: npm test\n", "@@ -3,4 +3,4 @@");
    assertThat(directory.resolve(".github/workflows/ci.yml")).hasContent(MASKED);
  }

  @Test
  void fix_appliesOnlyWhatItIsToldTo() throws IOException {
    assertThat(lint("--fix").exit()).isEqualTo(1);
    assertThat(directory.resolve(".github/workflows/ci.yml")).hasContent(MASKED);
    assertThat(lint("--fix=all").exit()).isZero();
    assertThat(directory.resolve(".github/workflows/ci.yml"))
        .hasContent(MASKED.replace(" || true", ""));
  }

  @Test
  void fix_keepsByteOrderMarkLineEndsAndComments() throws IOException {
    String text =
        "\uFEFFon: push # why\r\njobs:\r\n  test:\r\n    runs-on: ubuntu-latest\r\n    steps:\r\n"
            + "      - run: npm test || true # it is\r\n";
    Path file = write(text);
    assertThat(lint("--fix=all").exit()).isZero();
    assertThat(Files.readString(file)).isEqualTo(text.replace(" || true", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\0", "a: b: c", "- [", "&a [*a]", "%YAML 3\n---\n", "on: push\njobs:"})
  void anything_isAnswered(String text) throws IOException {
    write(text);
    assertThat(lint().exit()).isEqualTo(1);
    assertThat(lint().err()).isEmpty();
  }

  @Test
  void bytesThatAreNoText_areAnswered() throws IOException {
    Path file = directory.resolve(".github/workflows/ci.yml");
    byte[] bytes = MASKED.getBytes(StandardCharsets.UTF_16LE);
    Files.write(file, bytes);
    assertThat(lint("--fix=all").exit()).isEqualTo(1);
    assertThat(file).hasBinaryContent(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "examples/java-service", "examples/python-service"})
  void ownWorkflows_haveNoFindings(String project) {
    Path root = Path.of("").toAbsolutePath().resolveSibling("");
    CommandLine.Result result = CommandLine.in(root.resolve(project)).run("lint", ".");
    assertThat(result.out()).startsWith("no findings in ");
  }

  @Test
  void cost_isShownWithItsFormula() throws IOException {
    write(MASKED.replace("on: push", "on: pull_request"));
    assertThat(lint("--cost", "--runs-per-month", "10").out())
        .contains(".github/workflows/ci.yml: 0.30 USD and 50 minutes a month (10 runs)")
        .contains("test: 5 minutes a run (ubuntu-latest), 0.30 USD a month")
        .contains("10 runs x 0.2 (runs are outdated) x 5 min x 0.006 USD")
        .contains("free for public repositories")
        .contains("All workflows: 0.30 USD");
  }

  @Test
  void cost_isPartOfTheJson() {
    assertThat(lint("--cost", "--json", "--rate", "ubuntu-latest=1").out())
        .contains("\"cost\":{\"currency\":\"USD\"")
        .contains("\"minutesPerRun\":5,\"costPerRun\":5,");
    assertThat(lint("--json").out()).doesNotContain("\"cost\":");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ubuntu", "ubuntu=", "=1", "ubuntu=x", "ubuntu=-1", "ubuntu=NaN"})
  void rateThatIsNone_isRefused(String rate) {
    assertThat(lint("--cost", "--rate", rate).exit()).isEqualTo(2);
  }

  private void settings(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }

  @Test
  void settings_applyAndAreNamed() throws IOException {
    settings("slipway.yml", "lint: {profile: strict, rules: {masked-failure: off}}");
    assertThat(lint().out())
        .contains("[missing-timeout]")
        .doesNotContain("[masked-failure]")
        .endsWith(", settings from slipway.yml\n");
  }

  @Test
  void options_winOverSettings() throws IOException {
    settings(
        "slipway.yml", "lint: {profile: strict, fail-on: never, rules: {masked-failure: off}}");
    assertThat(lint().exit()).isZero();
    assertThat(lint("--profile", "default").out()).startsWith("no findings in 1 file, settings");
    assertThat(lint("--rule", "masked-failure", "--fail-on", "error").exit()).isEqualTo(1);
  }

  @Test
  void mistakesInSettings_areFindings() throws IOException {
    settings("slipway.yml", "lint: {rules: {masked-failur: off}}");
    CommandLine.Result result = lint("--rule", "settings");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .startsWith("slipway.yml:1:16: error: No rule is called 'masked-failur' [settings]")
        .contains("did you mean 'masked-failure'?", "1 error in 1 file");
  }

  @Test
  void settingThatMatchesNothing_isNamedWhenEverythingWasLookedThrough() throws IOException {
    settings("slipway.yml", "lint: {paths: [{glob: gone.yml, rules: {masked-failure: off}}]}");
    assertThat(lint().out()).contains("slipway.yml:1:23: info: No file that was looked through");
    assertThat(lint(".github/workflows/ci.yml").out()).doesNotContain("slipway.yml:");
  }

  @Test
  void ratesOfSettings_areUsed() throws IOException {
    settings("slipway.yml", "lint: {rates: {ubuntu-latest: 1}}");
    assertThat(lint("--cost", "--json").out()).contains("\"costPerRun\":5,");
    assertThat(lint("--cost", "--json", "--rate", "ubuntu-latest=2").out())
        .contains("\"costPerRun\":10,");
  }

  @Test
  void explain_knowsOtherToolsNames() {
    assertThat(lint("--explain", "zizmor:artipacked").out()).contains("  persisted-credentials: ");
    assertThat(lint("--explain", "artipacked").out()).contains("  persisted-credentials: ");
    assertThat(lint("--explain", "sc2046").out()).startsWith("shell-unquoted-command: ");
    assertThat(lint("--explain", "actionlint:runner-label").out())
        .startsWith("What others call actionlint:runner-label is found by\n")
        .contains("  misspelt-runner: ");
    assertThat(lint("--explain", "nothing-like-it").exit()).isEqualTo(2);
  }

  @Test
  void diff_showsWhatFixWouldDo() throws IOException {
    String text =
        MASKED.replace("    steps:", "    if: |\n      ${{ github.ref == 'x' }}\n    steps:");
    Path file = write(text);
    assertThat(lint("--diff", "--fix").out())
        .contains("+    if: |-")
        .doesNotContain("-      - run");
    assertThat(lint("--diff", "--fix=all").out()).contains("+    if: |-", "-      - run");
    assertThat(file).hasContent(text);
    assertThat(lint("--fix").out()).doesNotContain("[text-condition]");
  }

  @Test
  void caret_standsBelowWideCharacters() throws IOException {
    write(MASKED.replace("- run: npm", "- {name: 試験, run: npm").replace("true\n", "true}\n"));
    assertThat(lint().out())
        .contains(
            "  6 |       - {name: 試験, run: npm test || true}\n"
                + "    |                           ^^");
  }

  @Test
  void manyFiles_comeInTheOrderOfTheirNames() throws IOException {
    for (int i = 10; i < 60; i++) {
      Files.writeString(directory.resolve(".github/workflows/w" + i + ".yml"), MASKED);
    }
    String out = lint("--format", "github").out();
    assertThat(out.lines().map(line -> line.substring(0, line.indexOf(','))))
        .hasSize(51)
        .isSorted();
  }

  @Test
  void pathsInSarif_areAddresses() throws IOException {
    Files.writeString(directory.resolve(".github/workflows/ä b.yml"), MASKED);
    assertThat(lint("--format", "sarif").out())
        .contains("\"uri\":\".github/workflows/%C3%A4%20b.yml\"");
  }

  @Test
  void sarif_keepsTheRulesOfTheStandard() throws IOException {
    Files.writeString(
        directory.resolve(".github/workflows/ä b.yml"),
        "on: push\n"
            + "jobs:\n"
            + "  a:\n"
            + "    runs-on: ubuntu-latest\n"
            + "    steps:\n"
            + "      - run: |\n"
            + "          # shellcheck disable=SC2086\n"
            + "          echo $A\n"
            + "          rm $B # 😀 $C\n"
            + "      - run: make test || true # slipway: ignore[masked-failure]\n"
            + "      - run: echo ${{ github.event.issue.title }}\n");
    ObjectValue log =
        object(
            dev.slipway.workflow.expression.Json.parse(
                lint("--profile", "audit", "--format", "sarif").out()));
    assertThat(text(log, "version")).isEqualTo("2.1.0");
    for (Value run : items(log, "runs")) {
      ObjectValue driver = object(object(object(run).get("tool")).get("driver"));
      assertThat(text(driver, "name")).isEqualTo("slipway");
      assertThat(text(object(run), "columnKind")).isIn("unicodeCodePoints", "utf16CodeUnits");
      List<String> rules = new ArrayList<>();
      for (Value rule : items(driver, "rules")) {
        rules.add(text(object(rule), "id"));
        assertThat(text(object(object(rule).get("shortDescription")), "text")).isNotEmpty();
        assertThat(text(object(object(rule).get("fullDescription")), "text")).isNotEmpty();
        level(object(object(rule).get("defaultConfiguration")));
      }
      assertThat(rules).doesNotHaveDuplicates();
      List<Value> results = items(object(run), "results");
      assertThat(results).hasSizeGreaterThan(5);
      Set<String> fingerprints = new HashSet<>();
      for (Value one : results) {
        ObjectValue result = object(one);
        assertThat(rules.get((int) number(result, "ruleIndex"))).isEqualTo(text(result, "ruleId"));
        level(result);
        assertThat(text(object(result.get("message")), "text")).isNotEmpty();
        assertThat(items(result, "locations")).isNotEmpty();
        for (Value location : items(result, "locations")) {
          ObjectValue place = object(object(location).get("physicalLocation"));
          artifact(object(place.get("artifactLocation")));
          region(object(place.get("region")));
        }
        String fingerprint = text(object(result.get("partialFingerprints")), "slipwayFinding/v1");
        assertThat(fingerprints.add(fingerprint)).as(fingerprint).isTrue();
        for (Value suppression : items(result, "suppressions")) {
          assertThat(text(object(suppression), "kind")).isIn("inSource", "external");
        }
        for (Value fix : items(result, "fixes")) {
          assertThat(text(object(object(fix).get("description")), "text")).isNotEmpty();
          assertThat(items(object(fix), "artifactChanges")).isNotEmpty();
          for (Value change : items(object(fix), "artifactChanges")) {
            artifact(object(object(change).get("artifactLocation")));
            assertThat(items(object(change), "replacements")).isNotEmpty();
            for (Value replacement : items(object(change), "replacements")) {
              region(object(object(replacement).get("deletedRegion")));
              assertThat(object(object(replacement).get("insertedContent")).get("text"))
                  .isNotNull();
            }
          }
        }
      }
      assertThat(results)
          .anySatisfy(result -> assertThat(items(object(result), "suppressions")).isNotEmpty())
          .anySatisfy(result -> assertThat(items(object(result), "fixes")).isNotEmpty());
    }
  }

  private static void level(ObjectValue of) {
    assertThat(text(of, "level")).isIn("none", "note", "warning", "error");
  }

  private static void artifact(ObjectValue artifact) {
    assertThat(URI.create(text(artifact, "uri")).toString()).doesNotContain(" ");
  }

  private static void region(ObjectValue region) {
    double startLine = number(region, "startLine");
    double endLine = number(region, "endLine");
    assertThat(startLine).isGreaterThanOrEqualTo(1);
    assertThat(number(region, "startColumn")).isGreaterThanOrEqualTo(1);
    assertThat(endLine).isGreaterThanOrEqualTo(startLine);
    assertThat(number(region, "endColumn"))
        .isGreaterThanOrEqualTo(endLine == startLine ? number(region, "startColumn") : 1);
  }

  private static ObjectValue object(@Nullable Value value) {
    assertThat(value).isInstanceOf(ObjectValue.class);
    return (ObjectValue) requireNonNull(value);
  }

  private static List<Value> items(ObjectValue of, String name) {
    return of.get(name) instanceof ArrayValue array ? array.items() : List.of();
  }

  private static String text(ObjectValue of, String name) {
    return requireNonNull(of.get(name), name).toText();
  }

  private static double number(ObjectValue of, String name) {
    Value value = requireNonNull(of.get(name), name);
    assertThat(value.kind()).isEqualTo(Value.Kind.NUMBER);
    return Double.parseDouble(value.toText());
  }

  @Test
  void fileThatNeedsMoreMemoryThanThereIs_isAFinding() throws Exception {
    write(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
            + "      - run: a | b $x\n".repeat(40_000));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx40m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.slipway.cli.Main",
                "lint")
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(out).contains("error: The file is too large for the memory there is");
  }

  @Test
  void updateData_learnsAnActionFromItsRepository() throws Exception {
    Path clone = Files.createDirectories(directory.resolve("clone"));
    Files.writeString(
        clone.resolve("action.yml"),
        "name: Greet\ndescription: says it\ninputs:\n  whom:\n    description: who\n"
            + "    required: true\nruns:\n  using: node24\n  main: index.js\n");
    git(clone, "init", "-q");
    git(clone, "add", ".");
    git(clone, "commit", "-q", "-m", "Greet");
    git(clone, "tag", "v1");
    git(clone, "tag", "v1.0.0");
    write(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    steps:\n"
            + "      - uses: nobody/greet@v1\n        with:\n          who: you\n");
    assertThat(lint().out()).doesNotContain("whom");

    CommandLine.Result learnt = lint("--update-data", "--action-source", "nobody/greet=" + clone);
    assertThat(learnt.exit()).isZero();
    assertThat(learnt.err()).contains("facts about 1 actions");
    assertThat(lint().out()).contains("'who'", "whom");

    git(clone, "mv", "action.yml", "other.yml");
    Files.writeString(
        clone.resolve("action.yml"), "name: Greet\ninputs:\n  who: {}\nruns:\n  using: node24\n");
    git(clone, "add", ".");
    git(clone, "commit", "-q", "-m", "Rename");
    git(clone, "tag", "-f", "v1");
    assertThat(lint("--update-data", "--action-source", "nobody/greet=" + clone).exit()).isZero();
    assertThat(lint().out()).doesNotContain("whom");
  }

  @Test
  void updateData_saysWhichRepositoryCannotBeRead() {
    CommandLine.Result result =
        lint("--update-data", "--action-source", "nobody/none=" + directory.resolve("none"));
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("nobody/none: ", "1 repositories could not be read");
  }

  private static void git(Path folder, String... words) throws Exception {
    List<String> line =
        new ArrayList<>(
            List.of(
                "git",
                "-c",
                "user.name=A",
                "-c",
                "user.email=a@example.org",
                "-c",
                "commit.gpgsign=false",
                "-c",
                "tag.gpgsign=false"));
    line.addAll(List.of(words));
    Process process =
        new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
