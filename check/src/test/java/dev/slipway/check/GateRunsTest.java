package dev.slipway.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.Project;
import dev.slipway.engine.StepCaching;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gates on the engine, and what is made of what they print. */
final class GateRunsTest {
  @TempDir Path directory;

  private final List<String> seen = new ArrayList<>();

  @BeforeEach
  void makeRepository() throws Exception {
    Process process =
        new ProcessBuilder("git", "init", "-q").directory(directory.toFile()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  private List<GateResult> run(GateRuns.Ending ending, int slots, Gate... gates)
      throws IOException, InterruptedException {
    CheckListener listener =
        new CheckListener() {
          @Override
          public void started(Gate gate) {
            seen.add(gate.id() + " started");
          }

          @Override
          public void retried(Gate gate, int attempt, int of) {
            seen.add(gate.id() + " retried " + attempt + " of " + of);
          }

          @Override
          public void finished(GateResult result) {
            seen.add(result.gate().id() + " " + result.status().text());
          }
        };
    return new GateRuns(
            Project.open(directory), "", slots, ending, Duration.ZERO, StepCaching.ON, listener)
        .run(List.of(gates));
  }

  private GateResult run(Gate gate) throws IOException, InterruptedException {
    return run(GateRuns.Ending.KEEP_GOING, 1, gate).getFirst();
  }

  private static String prints(String text, int exit) {
    return "cat <<'END'\n" + text + "\nEND\nexit " + exit + "\n";
  }

  private static String reports(String text, int exit) {
    return "cat > \"$SLIPWAY_REPORT\" <<'END'\n" + text + "\nEND\nexit " + exit + "\n";
  }

  static Stream<Arguments> outputs() {
    return Stream.of(
        Arguments.of(
            Report.LINES,
            prints("a/b.py:3:7: error: wrong type  [arg-type]\nFound 1 error", 1),
            "1 finding",
            new Finding("a/b.py", 3, 7, "error: wrong type", "arg-type")),
        Arguments.of(
            Report.LINES,
            prints("src/a.ts(12,5): error TS2322: no\nnpm notice", 2),
            "1 finding",
            new Finding("src/a.ts", 12, 5, "error TS2322: no", null)),
        Arguments.of(
            Report.LINES,
            prints("./a.go:4:2: x declared and not used", 1),
            "1 finding",
            new Finding("a.go", 4, 2, "x declared and not used", null)),
        Arguments.of(
            Report.LINES,
            prints("one\nError: no such file 'x'\n----", 1),
            "Error: no such file 'x'",
            Finding.of("one")),
        Arguments.of(
            Report.ESLINT,
            prints("\n/elsewhere/a.js\n  3:7  error  Missing semicolon  semi\n\n✖ 1 problem", 1),
            "1 finding",
            new Finding("/elsewhere/a.js", 3, 7, "Missing semicolon", "semi")),
        Arguments.of(
            Report.UNFORMATTED,
            prints("Would reformat: a.py\nWould reformat: b/c.py\n2 files would be reformatted", 1),
            "2 files are not formatted",
            new Finding("a.py", 0, 0, "is not formatted", null)),
        Arguments.of(
            Report.UNFORMATTED,
            prints("a.go", 1),
            "1 file is not formatted",
            new Finding("a.go", 0, 0, "is not formatted", null)),
        Arguments.of(
            Report.RUFF,
            reports(
                "[{\"code\": \"F401\", \"filename\": \"a.py\", \"location\": {\"row\": 1,"
                    + " \"column\": 8}, \"message\": \"unused\"}]",
                1),
            "1 finding",
            new Finding("a.py", 1, 8, "unused", "F401")),
        Arguments.of(
            Report.JUNIT,
            reports(
                """
                <testsuite><testcase classname="tests.test_a" name="test_ok"/>
                <testcase classname="tests.test_a" name="test_f"><failure message="assert 1 == 2">def test_f():
                &gt;  assert 1 == 2
                tests/test_a.py:4: AssertionError</failure></testcase>
                <testcase classname="tests.test_a" name="test_s"><skipped/></testcase></testsuite>\
                """,
                1),
            "3 tests, 1 failed, 1 skipped",
            new Finding("tests/test_a.py", 4, 0, "test_f: assert 1 == 2", "tests.test_a.test_f")),
        Arguments.of(
            Report.SUREFIRE,
            "mkdir -p core/target/surefire-reports\n"
                + "cat > core/target/surefire-reports/TEST-a.xml <<'END'\n"
                + "<testcase name=\"works\" classname=\"a.B\"><error"
                + " message=\"boom\"/></testcase>\n"
                + "END\n"
                + "exit 1",
            "1 test, 1 failed",
            new Finding(null, 0, 0, "works: boom", "a.B.works")),
        Arguments.of(
            Report.UNITTEST,
            prints("FAIL: test_x (tests.test_a.T.test_x)\nRan 5 tests in 0.01s", 1),
            "5 tests, 1 failed",
            new Finding(null, 0, 0, "tests.test_a.T.test_x failed", "tests.test_a.T.test_x")),
        Arguments.of(
            Report.GO_TEST,
            "echo 'module a/b' > go.mod\n"
                + reports(
                    """
                    {"Action":"output","Package":"a/b/c","Test":"TestX","Output":"    x_test.go:9: got 1\\n"}
                    {"Action":"fail","Package":"a/b/c","Test":"TestX"}
                    {"Action":"pass","Package":"a/b/c","Test":"TestY"}\
                    """,
                    1),
            "2 tests, 1 failed",
            new Finding("c/x_test.go", 9, 0, "TestX: got 1", "a/b/c.TestX")),
        Arguments.of(
            Report.CARGO_TEST,
            prints(
                "test t::ok ... ok\ntest t::x ... FAILED\n"
                    + "thread 't::x' panicked at src/lib.rs:7:5:\n"
                    + "test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured",
                101),
            "2 tests, 1 failed",
            new Finding("src/lib.rs", 7, 5, "t::x panicked", "t::x")),
        Arguments.of(
            Report.TESTS,
            prints("  ● adds › two\nTests:       1 failed, 4 passed, 5 total", 1),
            "1 failed, 4 passed, 5 total",
            new Finding(null, 0, 0, "adds › two", "adds › two")),
        Arguments.of(
            Report.TESTS,
            prints("not ok 2 - adds\n# tests 12\n# pass 11\n# fail 1\n# skipped 0", 1),
            "12 tests, 1 failed",
            new Finding(null, 0, 0, "adds", "adds")),
        Arguments.of(
            Report.TESTS,
            prints("  4 passing (2s)\n  1 failing\n\n  1) a list\n       adds:", 1),
            "4 passing, 1 failing",
            new Finding(null, 0, 0, "a list", "a list")),
        Arguments.of(
            Report.UNFORMATTED,
            prints(
                "unformatted: File would be reformatted\n  --> a/b.py:26:1\n   |\n25 |\n26 + x", 1),
            "1 file is not formatted",
            new Finding("a/b.py", 0, 0, "is not formatted", null)));
  }

  @ParameterizedTest
  @MethodSource("outputs")
  void whatToolsPrint_isRead(Report report, String script, String summary, Finding first)
      throws Exception {
    GateResult result = run(Gates.script("gate", report, script));
    assertThat(result.status()).isEqualTo(Status.FAILED);
    assertThat(result.summary()).isEqualTo(summary);
    assertThat(result.findings()).first().isEqualTo(first);
  }

  @Test
  void colorsOfTools_areTakenAway() throws Exception {
    GateResult result =
        run(Gates.script("gate", Report.LINES, "printf '\\033[31ma.py:1: no\\033[0m\\n'; exit 1"));
    assertThat(result.findings()).containsExactly(new Finding("a.py", 1, 0, "no", null));
  }

  @Test
  void aScript_mayHoldWhatLooksLikeAnExpression() throws Exception {
    GateResult result =
        run(Gates.script("gate", Report.LAST_LINE, "echo '${{ github.sha }} \"$HOME\" \\t é'"));
    assertThat(result.summary()).isEqualTo("${{ github.sha }} \"$HOME\" \\t é");
  }

  @Test
  void aGate_worksInTheTreeAndWithTheUsersHome() throws Exception {
    Files.writeString(directory.resolve("here"), "");
    GateResult result =
        run(
            Gates.script(
                "gate", Report.LAST_LINE, "test -f here; echo \"$HOME ${GITHUB_SHA-none}\""));
    assertThat(result.summary()).isEqualTo(System.getenv("HOME") + " none");
  }

  @Test
  void aProgramThatIsNotThere_isAnError() throws Exception {
    assertThat(run(Gates.script("gate", Report.LINES, "no-such-program-at-all")).status())
        .isEqualTo(Status.ERROR);
  }

  @Test
  void keepGoing_runsAll() throws Exception {
    List<GateResult> results =
        run(
            GateRuns.Ending.KEEP_GOING,
            1,
            Gates.script("a", Report.LINES, "exit 1"),
            Gates.script("b", Report.LINES, "true"));
    assertThat(results)
        .extracting(GateResult::status)
        .containsExactly(Status.FAILED, Status.PASSED);
  }

  @Test
  void failFast_leavesOutWhatHasNotRun() throws Exception {
    List<GateResult> results =
        run(
            GateRuns.Ending.FAIL_FAST,
            2,
            Gates.script("a", Report.LINES, "exit 1"),
            Gates.script("b", Report.LINES, "exec sleep 60"));
    assertThat(results)
        .extracting(GateResult::status)
        .containsExactly(Status.FAILED, Status.SKIPPED);
  }

  @Test
  void aGateThatNeedsAFailedOne_cannotRun() throws Exception {
    Gate b = Gates.gate("b", "true", Inputs.all(""), Report.LINES, 0, List.of("a"));
    List<GateResult> results =
        run(GateRuns.Ending.KEEP_GOING, 2, Gates.script("a", Report.LINES, "exit 1"), b);
    assertThat(results.getLast().status()).isEqualTo(Status.ERROR);
    assertThat(results.getLast().summary()).isEqualTo("needs a, which did not pass");
  }

  @Test
  void aTestThatPassesWhenTriedAgain_isFlaky() throws Exception {
    String failure = "<testcase classname=\"t\" name=\"x\"><failure message=\"no\"/></testcase>";
    String script =
        "if [ -e tried ]; then\n"
            + reports("<testcase classname=\"t\" name=\"x\"/>", 0)
            + "fi\ntouch tried\n"
            + reports(failure, 1);
    GateResult result = run(Gates.gate("gate", script, Inputs.all(""), Report.JUNIT, 2));
    assertThat(result.status()).isEqualTo(Status.PASSED);
    assertThat(result.flaky()).containsExactly("t.x");
    assertThat(seen).containsExactly("gate started", "gate retried 1 of 2", "gate passed");
    assertThat(result.failedByFlaky().blocks()).isTrue();
  }

  @Test
  void aTestThatPassesWhenTriedAgain_isNotRemembered() throws Exception {
    String script =
        "# "
            + directory
            + "\nif [ -e tried ]; then\n"
            + reports("<testcase classname=\"t\" name=\"x\"/>", 0)
            + "fi\ntouch tried\n"
            + reports(
                "<testcase classname=\"t\" name=\"x\"><failure message=\"no\"/></testcase>", 1);
    Gate gate = Gates.gate("gate", script, Inputs.all(""), Report.JUNIT, 2);
    assertThat(run(gate).flaky()).isNotEmpty();

    assertThat(run(gate).cached()).isFalse();
    assertThat(run(gate).cached()).as("once it has passed at once").isTrue();
  }

  @Test
  void aTestThatNeverPasses_hasFailedAfterAllRetries() throws Exception {
    String failure = "<testcase classname=\"t\" name=\"x\"><failure message=\"no\"/></testcase>";
    String script = "echo x >> tries\n" + reports(failure, 1);
    GateResult result = run(Gates.gate("gate", script, Inputs.all(""), Report.JUNIT, 2));
    assertThat(result.status()).isEqualTo(Status.FAILED);
    assertThat(Files.readAllLines(directory.resolve("tries"))).hasSize(3);
  }

  @Test
  void aGateThatNamesNoTests_isNotTriedAgain() throws Exception {
    GateResult result =
        run(Gates.gate("gate", "echo x >> tries; exit 1", Inputs.all(""), Report.LINES, 2));
    assertThat(result.status()).isEqualTo(Status.FAILED);
    assertThat(Files.readAllLines(directory.resolve("tries"))).hasSize(1);
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    run(Gates.script("gate", Report.LINES, "echo > \"$SLIPWAY_REPORT\""));
    assertThat(directory.resolve(".slipway/check/runs")).isEmptyDirectory();
  }
}
