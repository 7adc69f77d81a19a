package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.Conclusion;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code runs}, {@code logs} and {@code report} over recorded runs. */
final class RecordCommandsTest {
  @TempDir Path directory;

  private String logs(Recorded run, String... words) throws Exception {
    return CommandLine.in(directory).run(new LogsCommand(surroundings -> run), words).out();
  }

  private String report(Recorded run) throws Exception {
    return CommandLine.in(directory)
        .run(new ReportCommand(surroundings -> run), "latest", "-o", "-")
        .out();
  }

  @Test
  void runs_isATable() throws Exception {
    String out =
        CommandLine.in(directory).run(new RunsCommand(surroundings -> Recorded.failing())).out();
    assertThat(out)
        .isEqualTo(
            """
            RUN  RESULT       WORKFLOW  EVENT  COMMIT   STARTED (UTC)     TOOK
            7    failure      CI        push   0123456  2026-01-02 03:04  3.0s
            """);
  }

  @Test
  void runs_json_isOneObjectALine() throws Exception {
    String out =
        CommandLine.in(directory)
            .run(new RunsCommand(surroundings -> Recorded.failing()), "--json")
            .out();
    assertThat(out)
        .isEqualTo(
            "{\"run\":\"7\",\"workflow\":\"CI\",\"file\":\".github/workflows/ci.yml\",\"event\":\"push\",\"ref\":\"refs/heads/main\",\"sha\":\"0123456789abcdef\",\"actor\":\"mona\",\"startedAt\":\"2026-01-02T03:04:05.678Z\",\"state\":\"failure\",\"conclusion\":\"failure\",\"durationMs\":3000}\n");
  }

  @Test
  void logs_ofARun_haveTheJobBeforeEachLine() throws Exception {
    assertThat(logs(Recorded.failing(), "7"))
        .isEqualTo(
            """
            Lint | ▸ Check
            Lint | all good
            Lint | success in 1.5s
            Test (25) | ▸ Run tests
            Test (25) | two failures
            Test (25) | error src/A.java:12 expected 3 but was 4
            Test (25) | failure in 1.5s
            Deploy | – skipped: a job it needs failed
            """);
  }

  @ParameterizedTest
  @CsvSource({"test/0", "Test (25)", "test", "TEST"})
  void logs_ofAJob_byKeyNameOrId(String job) throws Exception {
    assertThat(logs(Recorded.failing(), "latest", job))
        .startsWith("▸ Run tests\ntwo failures\n")
        .doesNotContain("Lint");
  }

  @Test
  void logs_failed_showsOnlyWhatFailed() throws Exception {
    assertThat(logs(Recorded.failing(), "7", "--failed"))
        .isEqualTo(
            """
            Test (25) | ▸ Run tests
            Test (25) | two failures
            Test (25) | error src/A.java:12 expected 3 but was 4
            """);
  }

  @Test
  void logs_json_areTheEvents() throws Exception {
    assertThat(logs(Recorded.failing(), "7", "lint", "--json"))
        .isEqualTo(
            """
            {"seq":2,"at":"2026-01-02T03:04:05.678Z","type":"job.queued","run":"7","job":"lint","id":"lint","name":"Lint","needs":[]}
            {"seq":3,"at":"2026-01-02T03:04:05.678Z","type":"job.started","run":"7","job":"lint","name":"Lint","machine":"host"}
            {"seq":4,"at":"2026-01-02T03:04:05.678Z","type":"step.started","run":"7","job":"lint","step":1,"name":"Check","phase":"main","shell":"bash"}
            {"seq":5,"at":"2026-01-02T03:04:05.678Z","type":"log","run":"7","job":"lint","step":1,"stream":"stdout","text":"all good"}
            {"seq":6,"at":"2026-01-02T03:04:06.678Z","type":"step.finished","run":"7","job":"lint","step":1,"phase":"main","outcome":"success","conclusion":"success","durationMs":1000,"cached":false,"exitCode":0,"outputs":{}}
            {"seq":7,"at":"2026-01-02T03:04:06.678Z","type":"job.finished","run":"7","job":"lint","conclusion":"success","durationMs":1500,"outputs":{"digest":"abc"}}
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"8 | there is no run '8'", "'' | there is no run ''"})
  void logs_ofAnUnknownRun_areAUsageError(String run, String message) {
    assertThatThrownBy(() -> logs(Recorded.failing(), run))
        .isInstanceOf(CommandException.class)
        .hasMessage(message);
  }

  @Test
  void logs_ofAnUnknownJob_nameTheJobs() {
    assertThatThrownBy(() -> logs(Recorded.failing(), "7", "nope"))
        .isInstanceOfSatisfying(
            CommandException.class,
            e -> {
              assertThat(e).hasMessage("run 7 has no job 'nope'");
              assertThat(e.hint()).isEqualTo("its jobs: Lint, Test (25), Deploy");
              assertThat(e.exit()).isEqualTo(2);
            });
  }

  @Test
  void report_isWrittenToAFileNamedAfterTheRun() throws Exception {
    CommandLine.Result result =
        CommandLine.in(directory)
            .run(new ReportCommand(surroundings -> Recorded.failing()), "latest");
    assertThat(result.out()).isEqualTo("slipway-7.html\n");
    assertThat(Files.readString(directory.resolve("slipway-7.html")))
        .startsWith("<!doctype html>")
        .endsWith("</html>\n");
  }

  @Test
  void report_holdsEverythingOfTheRun() throws Exception {
    String page = report(Recorded.failing());
    assertThat(page)
        .contains(
            "<h1><span class=\"failure\">failure</span> CI</h1>",
            "<svg role=\"img\"",
            "Critical path: <b>Lint</b> → <b>Test (25)</b>",
            "<div>two failures</div>",
            "<span class=\"error\">error</span> <code>src/A.java:12</code> expected 3 but was 4",
            "<h2>Results</h2>",
            "<strong>2</strong> failed",
            "a job it needs failed");
  }

  @Test
  void report_showsErrorsOfTheRunnerAsErrors() throws Exception {
    Recorded run =
        new Recorded("7")
            .started("CI")
            .queued("a", "A")
            .jobStarted("a", "A")
            .stepStarted("a", 1, "Build")
            .system("a", 1, "##[error]Process completed with exit code 1.")
            .stepFinished("a", 1, Conclusion.FAILURE, 1)
            .finished("a", Conclusion.FAILURE)
            .runFinished(Conclusion.FAILURE);
    assertThat(report(run))
        .contains("<div class=\"error\">##[error]Process completed with exit code 1.</div>");
  }

  @Test
  void report_asksTheNetworkForNothing() throws Exception {
    String page = report(Recorded.failing());
    assertThat(page)
        .contains("default-src 'none'")
        .doesNotContain("src=", "@import", "url(", "<link", "http://", "https://");
  }

  @Test
  void report_ofHostileTexts_runsNothing() throws Exception {
    String evil =
        "</script></style></title><script>alert(1)</script><img src=x onerror=alert(1)>\""
            + " onload='alert(1)'\u0000\u001b]0;x\u0007";
    Recorded run =
        new Recorded(evil)
            .started(evil)
            .queued(evil, evil, evil + "2")
            .jobStarted(evil, evil)
            .stepStarted(evil, 1, evil)
            .log(evil, 1, evil)
            .log(evil, 1, "\u001b[31m" + evil + "\u001b[38;2;300;\">x;1m" + evil)
            .group(evil, 1, evil)
            .annotation(evil, 1, evil, evil, evil, 1)
            .summary(
                evil,
                1,
                evil
                    + "\n\n"
                    + "[x](javascript:alert(1)) ![y](data:text/html,x)\n\n"
                    + "| a | b |\n"
                    + "|---|---|\n"
                    + "| "
                    + evil
                    + " | c |\n\n# "
                    + evil)
            .stepFinished(evil, 1, Conclusion.FAILURE, 1)
            .finished(evil, Conclusion.FAILURE)
            .skipped(evil + "3", evil, evil)
            .runFinished(Conclusion.FAILURE);
    String page = report(run);
    String shown = page.replaceFirst("(?s)<script>'use strict'.*?</script>", "");
    assertThat(shown)
        .doesNotContain("<script", "<img", "\u0000", "\u001b", "href=\"javascript", "href=\"data");
    assertThat(page.split("<script", -1)).hasSize(2);
    assertThat(page.split("</style>", -1)).hasSize(2);
    assertThat(shown).doesNotContainPattern("<[a-z]+[^>]* on[a-z]+=");
  }

  @Test
  void report_ofAHugeLog_isCutWithANote() throws Exception {
    Recorded run =
        new Recorded("1")
            .started("CI")
            .queued("a", "A")
            .jobStarted("a", "A")
            .stepStarted("a", 1, "Talk");
    for (int i = 1; i <= 10_000; i++) {
      run.log("a", 1, "line " + i);
    }
    run.log("a", 1, "x".repeat(1_000_000));
    String page =
        report(run.stepFinished("a", 1, Conclusion.SUCCESS, 0).finished("a", Conclusion.SUCCESS));
    assertThat(page)
        .contains(
            "<div>line 2000</div>", "… 7001 lines are left out here", "<div>line 10000</div>");
    assertThat(page).doesNotContain("<div>line 2001</div>", "<div>line 9001</div>");
    assertThat(page.length()).isLessThan(300_000);
  }
}
