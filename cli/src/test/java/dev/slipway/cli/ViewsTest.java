package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.Conclusion;
import dev.slipway.engine.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ViewsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:15.678Z"), ZoneOffset.UTC);

  private static String lines(Recorded... runs) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LineView view = new LineView(new Sink(out), Colors.OFF)) {
      for (Recorded run : runs) {
        run.to(view);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void lines_showEveryJobsLogWithItsName() {
    assertThat(lines(Recorded.failing()))
        .isEqualTo(
            """
            CI (push to main)  0123456  run 7
            Lint | started on host
            Lint | ▸ Check
            Lint | all good
            Lint | ✓ success in 1.5s
            Test (25) | started on host
            Test (25) | ▸ Run tests
            Test (25) | two failures
            Test (25) | error src/A.java:12 expected 3 but was 4
            Test (25) | ✗ Run tests: failure, exit code 1 in 1.0s
            Test (25) | ✗ failure in 1.5s
            Deploy | – skipped: a job it needs failed

            Summary of Test (25) › Run tests
              ## Results

              - **2** failed

            CI (push to main)
              ✓ Lint       success  1.5s
              ✗ Test (25)  failure  1.5s
              – Deploy     skipped  a job it needs failed
              failure in 3.0s   run 7

            ✗ Test (25) › Run tests  exit code 1
                error src/A.java:12 expected 3 but was 4
            """);
  }

  @Test
  void lines_ofSeveralRuns_nameTheWorkflowToo() {
    Recorded one =
        new Recorded("1").started("CI").queued("a", "A").jobStarted("a", "A").log("a", 1, "first");
    Recorded two =
        new Recorded("2")
            .started("Docs")
            .queued("a", "A")
            .jobStarted("a", "A")
            .log("a", 1, "second");
    assertThat(lines(one, two)).contains("A | first\n", "Docs / A | second\n");
  }

  @Test
  void lines_keepBytesAsTheyAre() {
    Recorded run =
        new Recorded("1")
            .started("CI")
            .queued("a", "A")
            .log("a", 1, "  \u001b[31mrot\u001b[0m\tü 漢 🚢");
    assertThat(lines(run)).contains("A |   \u001b[31mrot\u001b[0m\tü 漢 🚢\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "##[error]Process completed with exit code 1.|31",
        "##[warning]Unexpected input(s) x|33",
        "Served from the working tree: 3 files|",
      })
  void lines_ofTheRunner_standOutWhenTheySayWhatIsWrong(String line, @Nullable String color) {
    String shown = color == null ? line : "\u001b[" + color + "m" + line + "\u001b[0m";
    Recorded run =
        new Recorded("1")
            .started("CI")
            .queued("a", "A")
            .jobStarted("a", "A")
            .stepStarted("a", 1, "Build")
            .system("a", 1, line)
            .stepFinished("a", 1, Conclusion.FAILURE, 1);
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (LineView view = new LineView(new Sink(lines), Colors.ON)) {
      run.to(view);
    }
    ByteArrayOutputStream tree = new ByteArrayOutputStream();
    try (TreeView view =
        new TreeView(new Sink(tree), Colors.ON, TerminalSize.fixed(60, 10), CLOCK)) {
      run.to(view);
    }
    assertThat(lines.toString(StandardCharsets.UTF_8)).contains(" " + shown + "\n");
    assertThat(tree.toString(StandardCharsets.UTF_8)).contains("  " + shown);
    assertThat(lines(run)).contains("A | " + line + "\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 262_135, 262_138, 262_139, 262_140, 262_141, 262_144, 600_000})
  void lines_ofAnyLength_arriveWhole(int length) {
    byte[] text = new byte[length];
    Arrays.fill(text, (byte) 'x');
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LineView view = new LineView(new Sink(out), Colors.OFF)) {
      for (int i = 0; i < 3; i++) {
        view.log("1", "job", 1, RunEvent.Stream.STDOUT, text, 0, length);
      }
    }
    String line = "job | " + "x".repeat(length) + "\n";
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(line.repeat(3));
  }

  @Test
  void lines_ofSeveralThreads_areNeverMixed() throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int count = 20_000;
    try (LineView view = new LineView(new Sink(out), Colors.OFF)) {
      List<Thread> threads =
          List.of("a", "b", "c").stream()
              .map(run ->
                  Thread.ofPlatform()
                      .start(() -> {
                        byte[] text = run.repeat(30).getBytes(StandardCharsets.UTF_8);
                        for (int i = 0; i < count; i++) {
                          view.log(
                              run, "job " + run, 1, RunEvent.Stream.STDOUT, text, 0, text.length);
                        }
                      }))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(3 * count);
    assertThat(lines).allMatch(line -> line.matches("job (.) \\| \\1{30}"));
  }

  @Test
  void lines_areWrittenSoonWithoutAClose() throws InterruptedException {
    SynchronousQueue<String> written = new SynchronousQueue<>();
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("single bytes are not written");
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
              written.put(new String(bytes, offset, length, StandardCharsets.UTF_8));
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
        };
    LineView view = new LineView(new Sink(out), Colors.OFF);
    view.log("1", "job", 1, RunEvent.Stream.STDOUT, new byte[] {'h', 'i'}, 0, 2);
    assertThat(written.take()).isEqualTo("job | hi\n");
  }

  @Test
  void lines_toAClosedPipe_failAtTheEndOnly() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    LineView view = new LineView(new Sink(closed), Colors.OFF);
    Recorded.failing().to(view);
    assertThatThrownBy(view::close).isInstanceOf(Sink.Closed.class).hasMessage("Broken pipe");
  }

  private static TreeView tree(ByteArrayOutputStream out) {
    return new TreeView(new Sink(out), Colors.OFF, TerminalSize.fixed(60, 10), CLOCK);
  }

  @Test
  void tree_showsRunningStepsTheirLastLineAndWhatWaits() {
    TreeView view = tree(new ByteArrayOutputStream());
    new Recorded("1")
        .started("CI")
        .queued("lint", "Lint")
        .jobStarted("lint", "Lint")
        .finished("lint", Conclusion.SUCCESS)
        .queued("test", "Test")
        .after(4000)
        .jobStarted("test", "Test")
        .step("test", 1, "Set up", Conclusion.SUCCESS, "done")
        .stepStarted("test", 2, "Run tests")
        .log("test", 2, "one")
        .log("test", 2, "\u001b[32mtwo\u001b[0m\u001b]0;title\u0007")
        .queued("later", "Later")
        .to(view);
    assertThat(view.lines(60, 20))
        .containsExactly(
            "• CI (push to main)                                   10.0s",
            "  ✓ Lint                                               1.5s",
            "  ⠋ Test                                               6.0s",
            "    ⠋ Run tests                                        5.0s",
            "        two",
            "  · Later");
    view.close();
  }

  @ParameterizedTest
  @CsvSource({"20, 10", "40, 5", "80, 24", "200, 50"})
  void tree_neverIsWiderOrHigherThanTheTerminal(int columns, int rows) {
    TreeView view = tree(new ByteArrayOutputStream());
    Recorded run = new Recorded("1").started("A workflow with quite a long name");
    for (int i = 0; i < 60; i++) {
      String key = "job" + i;
      run.queued(key, "漢字 job with a name that is far too long for most terminals " + i);
      if (i % 2 == 0) {
        run.jobStarted(key, "漢字 job with a name that is far too long for most terminals " + i);
        run.stepStarted(
                key, 1, "A step that is called like a whole novel about steps and what they do")
            .log(key, 1, "x".repeat(500));
      }
    }
    run.to(view);
    List<String> lines = view.lines(columns, rows);
    assertThat(lines.size()).isLessThan(rows);
    assertThat(lines).allSatisfy(line -> assertThat(Text.width(line)).isLessThanOrEqualTo(columns));
    assertThat(lines.getLast()).contains("more");
    view.close();
  }

  @Test
  void tree_keepsTheEndOfAFailingStepsLogAndTheTable() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TreeView view = tree(out)) {
      Recorded run =
          new Recorded("1")
              .started("CI")
              .queued("a", "A")
              .jobStarted("a", "A")
              .stepStarted("a", 1, "Build");
      for (int i = 1; i <= 50; i++) {
        run.log("a", 1, "line " + i + "\u001b[2J");
      }
      run.stepFinished("a", 1, Conclusion.FAILURE, 2)
          .finished("a", Conclusion.FAILURE)
          .runFinished(Conclusion.FAILURE)
          .to(view);
    }
    String shown = out.toString(StandardCharsets.UTF_8);
    assertThat(shown)
        .contains(
            "✗ A › Build\n  … 30 lines before: slipway logs 1\n  line 31\n",
            "  line 50\n",
            "✗ A     failure  1.5s");
    assertThat(shown).doesNotContain("line 30\n", "\u001b[2J");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0s",
    "-5, 0.0s",
    "99, 0.0s",
    "1250, 1.2s",
    "59999, 59.9s",
    "60000, 1m 00s",
    "3599999, 59m 59s",
    "3600000, 1h 00m",
    "90061000, 25h 01m",
  })
  void durations(long milliseconds, String text) {
    assertThat(Durations.text(milliseconds)).isEqualTo(text);
  }
}
