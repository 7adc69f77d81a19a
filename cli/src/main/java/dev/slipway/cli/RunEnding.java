package dev.slipway.cli;

import dev.slipway.engine.Conclusion;
import dev.slipway.engine.RunEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is printed when runs have ended: a table of jobs, what failed and why, the summaries. */
final class RunEnding {
  private static final int SUMMARY_LINES = 40;
  private static final int ANNOTATIONS = 20;

  private RunEnding() {}

  static String text(List<RunPicture> runs, Colors colors) {
    StringBuilder text = new StringBuilder();
    for (RunPicture run : runs) {
      summaries(text, run, colors);
    }
    for (RunPicture run : runs) {
      table(text, run, colors);
      problems(text, run, colors);
    }
    return text.toString();
  }

  private static void table(StringBuilder text, RunPicture run, Colors colors) {
    int names = 4;
    int states = 6;
    for (RunPicture.JobPicture job : run.jobs) {
      names = Math.max(names, Math.min(60, Text.width(Text.plain(job.name))));
      states = Math.max(states, job.state().length());
    }
    text.append('\n').append(colors.bold(Text.plain(run.title()))).append('\n');
    for (RunPicture.JobPicture job : run.jobs) {
      Conclusion conclusion = job.conclusion;
      text.append("  ").append(mark(conclusion, colors)).append(' ');
      text.append(Text.padded(Text.fit(Text.plain(job.name), 60), names)).append("  ");
      String state = Text.padded(job.state(), states);
      text.append(conclusion == null ? state : colors.of(conclusion, state));
      String reason = job.skipReason;
      if (reason != null) {
        text.append("  ").append(colors.dim(Text.plain(reason)));
      } else if (conclusion != null) {
        text.append("  ").append(Durations.text(job.durationMs));
      }
      text.append('\n');
    }
    Conclusion conclusion = run.conclusion;
    String state = conclusion == null ? "interrupted" : conclusion.text();
    text.append("  ")
        .append(conclusion == null ? colors.yellow(state) : colors.of(conclusion, state));
    text.append(" in ")
        .append(Durations.text(run.durationMs))
        .append(colors.dim("   run " + run.id))
        .append('\n');
  }

  private static void problems(StringBuilder text, RunPicture run, Colors colors) {
    for (RunPicture.JobPicture job : run.jobs) {
      for (RunPicture.StepPicture step : job.steps) {
        if (step.conclusion == Conclusion.FAILURE) {
          text.append('\n')
              .append(colors.red("✗ " + Text.plain(job.name) + " › " + Text.plain(step.name)));
          Integer exit = step.exitCode;
          if (exit != null) {
            text.append(colors.dim("  exit code " + exit));
          }
          text.append('\n');
          annotations(text, run, job, step.number, colors);
        }
      }
    }
  }

  private static void annotations(
      StringBuilder text, RunPicture run, RunPicture.JobPicture job, int step, Colors colors) {
    int shown = 0;
    for (RunEvent.Annotation annotation : run.annotations) {
      if (annotation.job().equals(job.key) && annotation.step() == step) {
        if (shown++ == ANNOTATIONS) {
          text.append("    … more: slipway report ").append(run.id).append('\n');
          return;
        }
        text.append("    ").append(annotation(annotation, colors)).append('\n');
      }
    }
  }

  /** {@code error src/A.java:3:7 message}. */
  static String annotation(RunEvent.Annotation annotation, Colors colors) {
    StringBuilder text = new StringBuilder();
    String level = annotation.level();
    text.append(
        level.equals("error")
            ? colors.red(level)
            : level.equals("warning") ? colors.yellow(level) : colors.cyan(level));
    String file = annotation.file();
    if (file != null) {
      text.append(' ').append(Text.plain(file));
      Integer line = annotation.line();
      if (line != null) {
        text.append(':').append(line);
        Integer column = annotation.column();
        if (column != null) {
          text.append(':').append(column);
        }
      }
    }
    String title = annotation.title();
    if (title != null && !title.isEmpty()) {
      text.append(' ').append(colors.bold(Text.plain(title)));
    }
    return text.append(' ')
        .append(Text.plain(annotation.message().replace("\n", " ⏎ ")))
        .toString();
  }

  private static void summaries(StringBuilder text, RunPicture run, Colors colors) {
    for (RunEvent.Summary summary : run.summaries) {
      RunPicture.StepPicture step = run.job(summary.job()).step(summary.step());
      text.append('\n')
          .append(colors.bold("Summary of " + Text.plain(run.job(summary.job()).name)));
      text.append(colors.dim(step == null ? "" : " › " + Text.plain(step.name))).append('\n');
      int lines = 0;
      for (String line : summary.markdown().lines().toList()) {
        if (lines++ == SUMMARY_LINES) {
          text.append("  … more: slipway report ").append(run.id).append('\n');
          break;
        }
        text.append(line.isBlank() ? "" : "  " + Text.plain(line)).append('\n');
      }
    }
  }

  static String mark(@Nullable Conclusion conclusion, Colors colors) {
    if (conclusion == null) {
      return "•";
    }
    if (conclusion == Conclusion.SUCCESS) {
      return colors.green("✓");
    }
    if (conclusion == Conclusion.FAILURE) {
      return colors.red("✗");
    }
    return conclusion == Conclusion.CANCELLED ? colors.yellow("■") : colors.dim("–");
  }
}
