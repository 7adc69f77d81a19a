package dev.slipway.cli;

import dev.slipway.engine.Conclusion;
import dev.slipway.engine.RunEvent;
import dev.slipway.engine.RunEvent.Phase;
import dev.slipway.engine.RunEvent.Stream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the events of one run, a second apart unless told otherwise. */
final class Recorded implements RunRecord {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");

  private final String id;
  private final List<RunEvent> events = new ArrayList<>();
  private Instant now = START;
  private long seq;
  private @Nullable Conclusion conclusion;

  Recorded(String id) {
    this.id = id;
  }

  /** A run with a job that succeeds, one that fails after it, one that is skipped. */
  static Recorded failing() {
    return new Recorded("7")
        .started("CI")
        .queued("lint", "Lint")
        .jobStarted("lint", "Lint")
        .step("lint", 1, "Check", Conclusion.SUCCESS, "all good")
        .finished("lint", Conclusion.SUCCESS)
        .queued("test/0", "Test (25)", "lint")
        .jobStarted("test/0", "Test (25)")
        .stepStarted("test/0", 1, "Run tests")
        .log("test/0", 1, "two failures")
        .annotation("test/0", 1, "error", "expected 3 but was 4", "src/A.java", 12)
        .stepFinished("test/0", 1, Conclusion.FAILURE, 1)
        .summary("test/0", 1, "## Results\n\n- **2** failed\n")
        .finished("test/0", Conclusion.FAILURE)
        .queued("deploy", "Deploy", "test/0")
        .skipped("deploy", "Deploy", "a job it needs failed")
        .runFinished(Conclusion.FAILURE);
  }

  @Override
  public void readWithoutLog(String run, Consumer<RunEvent> each) {
    read(
        run,
        event -> {
          if (!(event instanceof RunEvent.Log)) {
            each.accept(event);
          }
        });
  }

  Recorded after(long milliseconds) {
    now = now.plusMillis(milliseconds);
    return this;
  }

  Recorded started(String workflow) {
    return add(
        new RunEvent.RunStarted(
            ++seq,
            now,
            id,
            workflow,
            ".github/workflows/ci.yml",
            "push",
            "refs/heads/main",
            "0123456789abcdef0123456789abcdef01234567",
            "mona"));
  }

  Recorded queued(String job, String name, String... needs) {
    return add(
        new RunEvent.JobQueued(
            ++seq, now, id, job, job.replaceAll("/.*", ""), name, List.of(needs), null));
  }

  Recorded jobStarted(String job, String name) {
    return add(new RunEvent.JobStarted(++seq, now, id, job, name, "host"));
  }

  Recorded stepStarted(String job, int step, String name) {
    return add(new RunEvent.StepStarted(++seq, now, id, job, step, name, Phase.MAIN, null, "bash"));
  }

  Recorded log(String job, int step, String text) {
    return add(new RunEvent.Log(++seq, now, id, job, step, Stream.STDOUT, text));
  }

  /** A line of the runner's own. */
  Recorded system(String job, int step, String text) {
    return add(new RunEvent.Log(++seq, now, id, job, step, Stream.SYSTEM, text));
  }

  Recorded group(String job, int step, String title) {
    return add(new RunEvent.GroupStarted(++seq, now, id, job, step, title));
  }

  Recorded annotation(
      String job,
      int step,
      String level,
      String message,
      @Nullable String file,
      @Nullable Integer line) {
    return add(
        new RunEvent.Annotation(
            ++seq, now, id, job, step, level, message, null, file, line, null, null, null, null,
            "command"));
  }

  Recorded summary(String job, int step, String markdown) {
    return add(new RunEvent.Summary(++seq, now, id, job, step, markdown));
  }

  Recorded stepFinished(String job, int step, Conclusion conclusion, int exit) {
    now = now.plusSeconds(1);
    return add(
        new RunEvent.StepFinished(
            ++seq,
            now,
            id,
            job,
            step,
            Phase.MAIN,
            conclusion,
            conclusion,
            1000,
            false,
            exit,
            Map.of()));
  }

  Recorded step(String job, int step, String name, Conclusion conclusion, String... lines) {
    stepStarted(job, step, name);
    for (String line : lines) {
      log(job, step, line);
    }
    return stepFinished(job, step, conclusion, conclusion == Conclusion.SUCCESS ? 0 : 1);
  }

  Recorded finished(String job, Conclusion conclusion) {
    return add(
        new RunEvent.JobFinished(
            ++seq, now, id, job, conclusion, 1500, Map.of("digest", "abc"), null));
  }

  Recorded skipped(String job, String name, String reason) {
    return add(new RunEvent.JobSkipped(++seq, now, id, job, name, reason));
  }

  Recorded runFinished(Conclusion conclusion) {
    this.conclusion = conclusion;
    return add(new RunEvent.RunFinished(++seq, now, id, conclusion, 3000, null));
  }

  private Recorded add(RunEvent event) {
    events.add(event);
    return this;
  }

  /** Plays the run to a view, log lines as bytes. */
  Recorded to(RunView view) {
    for (RunEvent event : events) {
      if (event instanceof RunEvent.Log log) {
        byte[] bytes = ("<<" + log.text() + ">>").getBytes(StandardCharsets.UTF_8);
        view.log(id, log.job(), log.step(), log.stream(), bytes, 2, bytes.length - 4);
      } else {
        view.event(event);
      }
    }
    return this;
  }

  @Override
  public List<Entry> runs() {
    Long took = conclusion == null ? null : 3000L;
    return List.of(
        new Entry(
            id,
            "CI",
            ".github/workflows/ci.yml",
            "push",
            "refs/heads/main",
            "0123456789abcdef",
            "mona",
            START,
            conclusion,
            false,
            took));
  }

  @Override
  public void read(String run, Consumer<RunEvent> each) {
    events.forEach(each);
  }
}
