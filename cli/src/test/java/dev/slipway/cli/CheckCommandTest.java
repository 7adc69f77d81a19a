package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} and {@code hook}, whole commands. */
final class CheckCommandTest {
  @TempDir Path directory;

  @BeforeEach
  void makeProject() throws Exception {
    Process process =
        new ProcessBuilder("git", "init", "-q").directory(directory.toFile()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
    write("src/a.txt", "right\n");
    write(".gitignore", "*.log\n");
  }

  private void write(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  /** A linter and tests; what ran in another test's folder is not the same. */
  private String twoGates() {
    return """
    gates:
      lint: {run: "! grep -n wrong src/* # NAME", tier: lite, inputs: [src/**]}
      test: {run: "cat src/* # NAME", inputs: [src/**]}
    """
        .replace("NAME", name());
  }

  private String name() {
    return String.valueOf(directory.getFileName());
  }

  private CommandLine.Result check(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "check";
    System.arraycopy(words, 0, all, 1, words.length);
    return CommandLine.in(directory).run(all);
  }

  private static ObjectValue json(CommandLine.Result result) {
    return (ObjectValue) Json.parse(result.out());
  }

  private static ObjectValue gate(ObjectValue check, String id) {
    for (Value one : ((ArrayValue) Objects.requireNonNull(check.get("gates"))).items()) {
      if (text((ObjectValue) one, "id").equals(id)) {
        return (ObjectValue) one;
      }
    }
    throw new AssertionError(id);
  }

  private static String text(ObjectValue object, String name) {
    return Objects.requireNonNull(object.get(name), name).toText();
  }

  @Test
  void gates_runOnceUntilWhatTheyReadChanges() throws IOException {
    write("slipway.yml", twoGates());
    CommandLine.Result first = check();
    assertThat(first.exit()).isZero();
    assertThat(first.out()).contains("2 passed", "0 of 2 cached");
    assertThat(check().out()).contains("2 passed", "2 of 2 cached");
    write("other.txt", "");
    assertThat(check().out()).contains("2 of 2 cached");
    write("src/a.txt", "wrong\n");
    CommandLine.Result failed = check();
    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.out()).contains("✗ lint", "✓ test", "failed in ", "0 of 2 cached");
  }

  @Test
  void settingsThatAreNoYaml_areAnErrorAndNotNoSettings() throws IOException {
    write("slipway.yml", "gates:\n  lint: {run: \"a \\$ b\"}\n");
    CommandLine.Result broken = check();
    assertThat(broken.exit()).isEqualTo(2);
    assertThat(broken.err()).contains("slipway.yml:2:");
    write("slipway.yml", "- gates\n");
    assertThat(check().exit()).isEqualTo(2);
    write("slipway.yml", "# none yet\n\n");
    assertThat(check().exit()).isZero();
  }

  @Test
  void everyChange_isSeenToo_whenAllWasKnownAtOnce() throws IOException {
    String gates =
        """
        gates:
          list: {run: "ls src # NAME"}
          make: {run: "mkdir -p dist; cp src/a.txt dist/ # NAME"}
          ask: {run: "test ! -e stop # NAME"}
        """
            .replace("NAME", name());
    write("slipway.yml", gates);
    allKnown();
    write("src/b.txt", "");
    assertThat(check().out()).contains("3 passed", "2 of 3 cached");
    allKnown();
    write("src/a.txt", "other\n");
    assertThat(check().out()).contains("3 passed", "2 of 3 cached");
    assertThat(directory.resolve("dist/a.txt")).hasContent("other\n");
    allKnown();
    write("stop", "");
    assertThat(check().out()).contains("1 failed");
    Files.delete(directory.resolve("stop"));
    allKnown();
    Files.delete(directory.resolve("dist/a.txt"));
    assertThat(check().out()).contains("3 of 3 cached");
    assertThat(directory.resolve("dist/a.txt")).hasContent("other\n");
    allKnown();
    Files.writeString(directory.resolve("dist/a.txt"), "by hand\n");
    check();
    assertThat(directory.resolve("dist/a.txt")).hasContent("other\n");
    allKnown();
    write("slipway.yml", gates.replace("ls src", "ls -a src"));
    assertThat(check().out()).contains("3 passed", "2 of 3 cached");
    allKnown();
    Files.writeString(directory.resolve(".slipway/check/watched"), "slipway together 1\n");
    assertThat(check().out()).contains("3 of 3 cached");
  }

  /** Runs until everything was known and written down as such, and is known from that. */
  private void allKnown() {
    check();
    check();
    assertThat(check().out()).contains("3 of 3 cached");
    assertThat(check().out()).contains("3 of 3 cached");
  }

  @Test
  void gateThatReadsWhatAnotherMakes_isKnownWhenThatIsPutBack() throws IOException {
    write(
        "slipway.yml",
        """
        gates:
          use: {run: "cat dist/out.txt # NAME", needs: [make]}
          make: {run: "mkdir -p dist; tr a-z A-Z < src/a.txt > dist/out.txt # NAME"}
        """
            .replace("NAME", name()));
    assertThat(check().out()).contains("2 passed", "0 of 2 cached");
    // What one gate makes may be known to the other only from the next run on.
    check();
    assertThat(check().out()).contains("2 of 2 cached");
    Files.delete(directory.resolve("dist/out.txt"));
    assertThat(check().exit()).isZero();
    assertThat(directory.resolve("dist/out.txt")).hasContent("RIGHT\n");
    assertThat(check().out()).contains("2 of 2 cached");
    write("src/a.txt", "other\n");
    assertThat(check().exit()).isZero();
    assertThat(directory.resolve("dist/out.txt")).hasContent("OTHER\n");
    Files.writeString(directory.resolve("dist/out.txt"), "by hand\n");
    assertThat(check().exit()).isZero();
    assertThat(directory.resolve("dist/out.txt")).hasContent("OTHER\n");
  }

  @Test
  void json_isTheContract() throws IOException {
    write("slipway.yml", twoGates());
    write("src/a.txt", "right\nwrong\n");
    ObjectValue check = json(check("--json"));
    assertThat(text(check, "schema")).isEqualTo("slipway.check/1");
    assertThat(text(check, "tier")).isEqualTo("pro");
    assertThat(text(check, "conclusion")).isEqualTo("failure");
    assertThat(check.get("durationMs")).isNotNull();
    ObjectValue lint = gate(check, "lint");
    for (String name : new String[] {"kind", "tool", "durationMs", "summary", "findings", "why"}) {
      assertThat(lint.get(name)).as(name).isNotNull();
    }
    assertThat(text(lint, "status")).isEqualTo("failed");
    assertThat(text(lint, "cached")).isEqualTo("false");
    assertThat(text(gate(check, "test"), "status")).isEqualTo("passed");
    assertThat(text(gate(json(check("--json")), "test"), "cached")).isEqualTo("true");
  }

  @Test
  void cache_canBeLeftOutOrOnlyRead() throws IOException {
    write("slipway.yml", twoGates());
    assertThat(check("--cache=read").out()).contains("0 of 2 cached");
    assertThat(check().out()).contains("0 of 2 cached");
    assertThat(check("--no-cache").out()).contains("0 of 2 cached");
    assertThat(check("--cache", "off").out()).contains("0 of 2 cached");
    assertThat(check("--cache=read").out()).contains("2 of 2 cached");
  }

  @Test
  void tiersAndNames_choose() throws IOException {
    write("slipway.yml", twoGates());
    assertThat(check("--list", "--tier", "lite").out()).contains("lint").doesNotContain("test");
    assertThat(check("--gate", "lint").out()).contains("✓ lint").doesNotContain("test");
    assertThat(check("--tier", "lite").out()).contains("✓ lint").doesNotContain("test");
  }

  @Test
  void explain_saysWhatRunsAndWhy() throws IOException {
    write("slipway.yml", twoGates());
    CommandLine.Result page = check("--explain", "lint");
    assertThat(page.exit()).isZero();
    assertThat(page.out()).contains("gates.lint in slipway.yml", "grep -n wrong", "src/**", "off");
    CommandLine.Result mistyped = check("--explain", "lnit");
    assertThat(mistyped.exit()).isEqualTo(2);
    assertThat(mistyped.err()).contains("did you mean 'lint'?");
  }

  @Test
  void whatIsNotRequired_failsNothing() throws IOException {
    write(
        "slipway.yml",
        """
        gates:
          a: {run: exit 1, kind: optional}
          b: {run: exit 1, kind: advisory}
          c: {run: exit 1, kind: informational}
        """);
    CommandLine.Result result = check();
    assertThat(result.exit()).isZero();
    assertThat(result.out()).contains("(optional)", "(advisory)", "passed in ", "3 failed");
  }

  @Test
  void aToolThatTheProjectNamesAndThatIsMissing_isNotGreen() throws IOException {
    write("pyproject.toml", "[tool.ruff]\n");
    write("a.py", "");
    CommandLine.Result result =
        CommandLine.in(directory)
            .environment(Map.of("PATH", directory.toString(), "HOME", directory.toString()))
            .run("check");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("! ruff", "ruff is not installed: pip install ruff");
  }

  @Test
  void aLimitForRememberedChecks_isAGate() throws IOException {
    write("slipway.yml", twoGates() + "slo: {warm: 0ms}\n");
    assertThat(check().out()).contains("– slo-warm", "not every gate was remembered");
    // Even a fast machine may take less than a millisecond only by being wrong about the time.
    assertThat(check().out()).contains("slo-warm", " of 0ms");
  }

  /** A gate whose one test fails the first time. */
  private String flakyGate() {
    return """
    flaky: {delay: 0ms}
    gates:
      t:
        report: junit
        run: |
          # NAME
          if [ -e tried.log ]; then x=""; else touch tried.log; x="<failure/>"; fi
          echo "<testcase classname='t' name='x'>$x</testcase>" | tr "'" '"' > "$SLIPWAY_REPORT"
          test -z "$x"
    """
        .replace("NAME", name());
  }

  @Test
  void aFlakyTest_fails() throws IOException {
    write("slipway.yml", flakyGate());
    CommandLine.Result strict = check();
    assertThat(strict.out()).contains("1 flaky test", "flaky t.x");
    assertThat(strict.exit()).isEqualTo(1);
  }

  @Test
  void aFlakyTest_isNamedWhereItMayBeFlaky() throws IOException {
    write("slipway.yml", flakyGate());
    CommandLine.Result lenient = check("--allow-flaky");
    assertThat(lenient.out()).contains("✓ t", "flaky t.x");
    assertThat(lenient.exit()).isZero();
  }

  @Test
  void mistakes_endWithTheirPlace() throws IOException {
    write("slipway.yml", "gates: {a: {rnu: x}}\n");
    assertThat(check().exit()).isEqualTo(2);
    assertThat(check().err()).contains("slipway.yml:1:13", "rnu");
    write("slipway.yml", "gates: {a: advisory}\n");
    assertThat(check().err()).contains("a gate 'a'");
  }

  @Test
  void nothingToCheck_isSaid() {
    CommandLine.Result result =
        CommandLine.in(directory)
            .environment(Map.of("PATH", directory.toString(), "HOME", directory.toString()))
            .run("check");
    assertThat(result)
        .isEqualTo(
            new CommandLine.Result(0, "nothing to check: no gate of tier pro was found\n", ""));
  }

  @Test
  void realTools_areFoundAndRead() throws IOException {
    Required.program("go");
    write("go.mod", "module a\n\ngo 1.21\n");
    write("a.go", "package a\n\nfunc  F() int { return 1 }\n");
    write(
        "a_test.go",
        "package a\n\n"
            + "import \"testing\"\n\n"
            + "func TestF(t *testing.T) {\n"
            + "\tif F() != 2 {\n"
            + "\t\tt.Error(\"not two\")\n"
            + "\t}\n"
            + "}\n");
    write("slipway.yml", "flaky: {retries: 0}\n");
    CommandLine.Result result =
        CommandLine.in(directory)
            .environment(Map.of("PATH", System.getenv("PATH"), "HOME", System.getenv("HOME")))
            .run("check");
    assertThat(result.out())
        .contains(
            "✗ gofmt",
            "a.go is not formatted",
            "✓ vet",
            "1 test, 1 failed",
            "a_test.go:7 TestF: not two");
  }

  @Test
  void hook_isInstalledAndTakenAway() {
    CommandLine.Result installed =
        CommandLine.in(directory).run("hook", "install", "--pre-push", "strict");
    assertThat(installed.exit()).isZero();
    assertThat(installed.out())
        .contains("pre-commit  checks tier lite", "pre-push    checks tier strict");
    assertThat(directory.resolve(".git/hooks/pre-push")).isExecutable();
    assertThat(CommandLine.in(directory).run("hook", "status", "--json").out())
        .contains("\"schema\":\"slipway.hooks/1\"", "\"tier\":\"strict\"");
    assertThat(CommandLine.in(directory).run("hook", "uninstall").out())
        .contains("pre-commit  not installed", "pre-push    not installed");
    assertThat(directory.resolve(".git/hooks/pre-push")).doesNotExist();
  }

  @Test
  void hook_honoursTheHooksPath() throws Exception {
    git("config", "core.hooksPath", ".githooks");
    CommandLine.in(directory).run("hook", "install");
    assertThat(directory.resolve(".githooks/pre-commit")).isExecutable();
    git("config", "core.hooksPath", "/elsewhere/hooks");
    CommandLine.Result shared = CommandLine.in(directory).run("hook", "install");
    assertThat(shared.exit()).isEqualTo(2);
    assertThat(shared.err()).contains("/elsewhere/hooks", "other repositories share");
  }

  @Test
  void hook_ofALinkedWorkTreeIsThatOfItsRepository() throws Exception {
    git("add", "-A");
    git("-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-q", "-m", "a");
    git("worktree", "add", "-q", "linked");
    assertThat(CommandLine.in(directory.resolve("linked")).run("hook", "install").exit()).isZero();
    assertThat(directory.resolve(".git/hooks/pre-commit")).isExecutable();
  }

  private void git(String... words) throws Exception {
    String[] command = new String[words.length + 1];
    command[0] = "git";
    System.arraycopy(words, 0, command, 1, words.length);
    Process process = new ProcessBuilder(command).directory(directory.toFile()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }
}
