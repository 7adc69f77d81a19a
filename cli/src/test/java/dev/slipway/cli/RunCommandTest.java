package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code run}, {@code plan} and {@code rerun} as a user types them. */
final class RunCommandTest {
  private static final String WORKFLOW =
      """
      name: CI
      on:
        push:
        workflow_dispatch:
          inputs:
            target: {type: choice, options: [staging, production], required: true}
            fast: {type: boolean, default: true}
      jobs:
        build:
          runs-on: ubuntu-latest
          outputs:
            version: ${{ steps.v.outputs.version }}
          steps:
            - uses: actions/checkout@v4
            - id: v
              run: |
                echo "version=$(cat VERSION)" >> "$GITHUB_OUTPUT"
                echo "token is ${{ secrets.TOKEN }}, region ${{ vars.REGION }}"
        test:
          needs: build
          strategy:
            fail-fast: false
            matrix:
              n: [1, 2]
          runs-on: ubuntu-latest
          steps:
            - run: echo "testing ${{ needs.build.outputs.version }} part ${{ matrix.n }}"
            - run: test ! -e /dev/null/${{ matrix.n }} && test "$FAIL" != "${{ matrix.n }}"
        windows:
          runs-on: windows-latest
          steps:
            - run: echo never
        deploy:
          if: github.event_name == 'workflow_dispatch'
          needs: test
          runs-on: ubuntu-latest
          steps:
            - run: echo "to ${{ inputs.target }}, fast ${{ inputs.fast == true }}, ${{ github.event.inputs.fast }}"
      """;

  @TempDir Path directory;

  @BeforeEach
  void repository() throws Exception {
    Files.createDirectories(directory.resolve(".github/workflows"));
    Files.writeString(directory.resolve(".github/workflows/ci.yml"), WORKFLOW);
    Files.writeString(directory.resolve("VERSION"), "1.2.3\n");
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "first");
  }

  private void git(String... arguments) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    assertThat(new ProcessBuilder(command).directory(directory.toFile()).start().waitFor())
        .isZero();
  }

  private CommandLine.Result slipway(String... words) {
    return CommandLine.in(directory).run(words);
  }

  @Test
  void run_showsJobsAndEndsWithTheirResults() {
    CommandLine.Result result =
        slipway("run", "--secret", "TOKEN=hunter2secret", "--var", "REGION=eu");
    assertThat(result.out())
        .contains(
            "token is ***, region eu",
            "testing 1.2.3 part 1",
            "testing 1.2.3 part 2",
            "-P windows-latest=host")
        .doesNotContain("hunter2secret", "never");
    assertThat(result.exit()).isZero();
  }

  @Test
  void run_namesWhatNobodyGave() {
    assertThat(slipway("run").err()).contains("secrets TOKEN", "variables REGION");
  }

  @Test
  void run_failure_isOne_andRerunFailedKeepsWhatSucceeded() {
    assertThat(slipway("run", "--env", "FAIL=2").exit()).isEqualTo(1);
    CommandLine.Result again = slipway("rerun", "latest", "--failed", "--env", "FAIL=no");
    assertThat(again.exit()).isZero();
    assertThat(again.out()).contains("testing 1.2.3 part 2").doesNotContain("part 1", "token is");
  }

  @Test
  void run_oneJobOneCombination() {
    CommandLine.Result result = slipway("run", "-j", "test", "--matrix", "n:2");
    assertThat(result.out()).contains("part 2").doesNotContain("part 1", "windows");
    assertThat(result.exit()).isZero();
  }

  @Test
  void run_json_printsTheRecord() throws IOException {
    CommandLine.Result result = slipway("run", "--json");
    assertThat(result.out())
        .isEqualTo(Files.readString(directory.resolve(".slipway/runs/1/events.jsonl")))
        .startsWith("{\"seq\":1,")
        .contains("\"type\":\"run.finished\"");
    assertThat(result.out().lines()).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
  }

  @Test
  void run_dispatch_typesItsInputs() {
    CommandLine.Result result = slipway("run", "workflow_dispatch", "--input", "target=staging");
    assertThat(result.out()).contains("to staging, fast true, ");
    assertThat(result.exit()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "workflow_dispatch|1|Required input 'target' was not given",
        "workflow_dispatch --input target=moon|1|target",
        "workflow_dispatch --input target=staging --input other=1|1|Unexpected input 'other'",
        "-W nothing.yml|2|nothing.yml",
        "-P ubuntu-latest=moon|2|moon",
        "--event-file VERSION|2|VERSION",
        "--no-such|2|--no-such",
        "schedule|0|nothing to run",
        "--require-all|1|''",
      })
  void run_whatCannotBe_saysWhy(String words, int exit, String message) {
    CommandLine.Result result = slipway(("run " + words).split(" "));
    assertThat(result.exit()).isEqualTo(exit);
    assertThat(result.err()).contains(message).doesNotContain("\tat ");
  }

  @Test
  void run_invalidWorkflow_isOneWithThePlace() throws IOException {
    Files.writeString(
        directory.resolve(".github/workflows/ci.yml"),
        "on: push\n"
            + "jobs:\n"
            + "  a:\n"
            + "    runs-on: x\n"
            + "    stepz: []\n"
            + "  b:\n"
            + "    needs: c\n"
            + "    runs-on: x\n"
            + "    steps: [{run: '${{ nope }}'}]\n");
    CommandLine.Result result = slipway("run");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .contains(
            ".github/workflows/ci.yml:5:5:", "stepz", "'c'", "Unrecognized named-value: 'nope'");
  }

  @Test
  void run_outsideARepository_isTwo(@TempDir Path elsewhere) {
    CommandLine.Result result = CommandLine.in(elsewhere).run("run");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("Git repository");
  }

  @Test
  void dryRun_runsNothing() {
    CommandLine.Result result = slipway("run", "--dry-run");
    assertThat(result.out()).contains("build", "test (1)");
    assertThat(directory.resolve(".slipway")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "text, Critical path",
    "json, '{\"schema\":\"slipway.plan/1\"'",
    "mermaid, flowchart",
    "svg, <svg"
  })
  void plan_inEveryFormat(String format, String part) {
    CommandLine.Result result = slipway("plan", "--format", format);
    assertThat(result.out()).contains(part, "build");
    assertThat(result.exit()).isZero();
  }

  @Test
  void plan_keys_areThoseOfTheRun() {
    String plan = slipway("plan", "--json").out();
    slipway("run");
    String run = slipway("logs", "latest", "--json").out();
    assertThat(plan).contains("\"key\":\"test (1)\"");
    assertThat(run).contains("\"job\":\"test (1)\"");
  }

  @Test
  void report_isOnePage() throws IOException {
    slipway("run");
    CommandLine.Result result = slipway("report", "latest", "-o", "report.html");
    assertThat(result.exit()).isZero();
    String page = Files.readString(directory.resolve("report.html"));
    assertThat(page).startsWith("<!doctype html>").contains("testing 1.2.3");
    assertThat(page).containsPattern("Critical path: <b>build</b> → <b>test \\([12]\\)</b>");
  }
}
