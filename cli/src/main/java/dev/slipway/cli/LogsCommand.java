package dev.slipway.cli;

import dev.slipway.engine.Conclusion;
import dev.slipway.engine.EventJson;
import dev.slipway.engine.RunEvent;
import dev.slipway.plan.RunKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code slipway logs}. */
final class LogsCommand implements Command {
  private final Function<Surroundings, RunRecord> record;

  LogsCommand() {
    this(Wiring::record);
  }

  LogsCommand(Function<Surroundings, RunRecord> record) {
    this.record = record;
  }

  @Override
  public Usage usage() {
    return Usage.of("logs", "Print the log of an earlier run")
        .details(
            "Lines are `job | text`; with JOB there is only that job and no prefix. A job is named"
                + " by its key, its name, or its id (then with all its combinations).")
        .operand("RUN", "The run's id or 'latest'")
        .optionalOperand("JOB", "Only this job")
        .option(Option.flag("failed", "Only steps that failed"))
        .example("slipway logs latest", "Everything the last run printed")
        .example("slipway logs latest test", "One job")
        .example("slipway logs latest --failed", "Only what went wrong")
        .example("slipway logs latest --json", "The run's events, one JSON object a line");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    RunRecord record = this.record.apply(surroundings);
    RunRecord.Entry run = record.find(arguments.required(0));
    String wanted = arguments.operand(1);
    RunPicture picture = new RunPicture(run.id());
    record.readWithoutLog(run.id(), picture::accept);
    Set<String> jobs = wanted == null ? null : matching(picture, wanted);
    boolean failed = arguments.has("failed");
    if (arguments.has("json")) {
      record.read(
          run.id(),
          event -> {
            String job = event.job();
            if ((jobs == null || (job != null && jobs.contains(job)))
                && (!failed || inFailedStep(picture, event))) {
              surroundings.out().line(EventJson.text(event));
            }
          });
      return Exit.SUCCESS;
    }
    Printer printer =
        new Printer(surroundings, picture, jobs, jobs == null || jobs.size() > 1, failed);
    record.read(run.id(), printer::accept);
    return Exit.SUCCESS;
  }

  private static Set<String> matching(RunPicture picture, String wanted) {
    Set<String> byName = new LinkedHashSet<>();
    Set<String> byId = new LinkedHashSet<>();
    String inRun = RunKeys.inRun(picture.file, wanted);
    for (RunPicture.JobPicture job : picture.jobs) {
      if (RunKeys.inRun(picture.file, job.key).equals(inRun)) {
        return Set.of(job.key);
      }
      if (job.name.equalsIgnoreCase(wanted)) {
        byName.add(job.key);
      }
      if (job.id.equalsIgnoreCase(inRun)) {
        byId.add(job.key);
      }
    }
    if (byName.isEmpty() && byId.isEmpty()) {
      List<String> names = picture.jobs.stream().map(job -> job.name).toList();
      String nearest = Nearest.of(wanted, names);
      throw CommandException.usage(
          "run " + picture.id + " has no job '" + wanted + "'",
          nearest == null
              ? "its jobs: " + String.join(", ", names)
              : "did you mean '" + nearest + "'?");
    }
    return byName.isEmpty() ? byId : byName;
  }

  private static boolean inFailedStep(RunPicture picture, RunEvent event) {
    String job = event.job();
    int number = event instanceof RunEvent.Log log ? log.step() : -1;
    return job != null && number >= 0 && failed(picture, job, number);
  }

  private static boolean failed(RunPicture picture, String job, int number) {
    for (RunPicture.StepPicture step : picture.job(job).steps) {
      if (step.number == number && step.outcome == Conclusion.FAILURE) {
        return true;
      }
    }
    return false;
  }

  /** Prints the lines that were asked for. */
  private static final class Printer {
    private final Sink out;
    private final Colors colors;
    private final RunPicture picture;
    private final @Nullable Set<String> jobs;
    private final boolean prefixed;
    private final boolean failedOnly;
    private final boolean terminal;
    private final Map<String, byte[]> prefixes = new LinkedHashMap<>();

    Printer(
        Surroundings surroundings,
        RunPicture picture,
        @Nullable Set<String> jobs,
        boolean prefixed,
        boolean failedOnly) {
      this.out = surroundings.out();
      this.colors = surroundings.colors();
      this.terminal = surroundings.outTerminal();
      this.picture = picture;
      this.jobs = jobs;
      this.prefixed = prefixed;
      this.failedOnly = failedOnly;
    }

    void accept(RunEvent event) {
      String job = event.job();
      if (job == null || (jobs != null && !jobs.contains(job))) {
        return;
      }
      if (event instanceof RunEvent.Log log) {
        line(
            job,
            log.step(),
            terminal
                ? (colors == Colors.ON
                    ? colors.ofLog(Text.colored(log.text()))
                    : Text.plain(log.text()))
                : log.text());
      } else if (event instanceof RunEvent.StepStarted step) {
        line(job, step.step(), colors.cyan("▸ " + Text.plain(step.name())));
      } else if (event instanceof RunEvent.GroupStarted group) {
        line(job, group.step(), colors.bold("▾ " + Text.plain(group.title())));
      } else if (event instanceof RunEvent.Annotation annotation) {
        line(job, annotation.step(), RunEnding.annotation(annotation, colors));
      } else if (event instanceof RunEvent.JobSkipped skipped && !failedOnly) {
        line(job, -1, colors.dim("– skipped: " + Text.plain(skipped.reason())));
      } else if (event instanceof RunEvent.JobFinished finished && !failedOnly) {
        line(
            job,
            -1,
            colors.of(
                finished.conclusion(),
                picture.job(job).state() + " in " + Durations.text(finished.durationMs())));
      }
    }

    private void line(String job, int step, String text) {
      if (failedOnly && !failed(picture, job, step)) {
        return;
      }
      if (prefixed) {
        byte[] prefix =
            prefixes.computeIfAbsent(
                job,
                key ->
                    (colors.dim(Text.plain(picture.job(key).name) + " |") + " ")
                        .getBytes(StandardCharsets.UTF_8));
        out.print(prefix, 0, prefix.length);
      }
      out.line(text);
    }
  }
}
