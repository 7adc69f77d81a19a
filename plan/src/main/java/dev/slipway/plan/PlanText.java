package dev.slipway.plan;

import dev.slipway.workflow.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plan as plain text: what runs, and why. */
public final class PlanText {
  private static final int MAX_LEGS = 12;
  private static final int MAX_COLUMN = 48;

  private PlanText() {}

  /** The text, lines ended by line feeds. */
  public static String write(Plan plan) {
    StringBuilder text = new StringBuilder();
    EventContext event = plan.event();
    text.append(event.name());
    if (!event.ref().isEmpty()) {
      text.append(" on ").append(event.ref());
    }
    if (plan.changedFiles() != null) {
      text.append(", ").append(count(plan.changedFiles(), "changed file"));
    }
    text.append('\n');
    for (PlannedWorkflow workflow : plan.workflows()) {
      workflow(workflow, text);
    }
    criticalPath(plan.criticalPath(), text);
    return text.toString();
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static void workflow(PlannedWorkflow workflow, StringBuilder text) {
    text.append('\n').append(workflow.name());
    if (!workflow.name().equals(workflow.file())) {
      text.append("  ").append(workflow.file());
    }
    text.append('\n')
        .append(workflow.triggered() ? "  triggered: " : "  not triggered: ")
        .append(workflow.reason())
        .append('\n');
    for (Problem problem : workflow.problems()) {
      text.append("  ! ").append(problem.text()).append('\n');
    }
    Map<String, List<PlannedJob>> groups = new LinkedHashMap<>();
    int width = 0;
    for (PlannedJob job : workflow.jobs()) {
      groups.computeIfAbsent(job.group(), group -> new ArrayList<>()).add(job);
      width = Math.max(width, Math.min(job.name().length(), MAX_COLUMN));
    }
    for (List<PlannedJob> legs : groups.values()) {
      int shown = legs.size() > MAX_LEGS ? MAX_LEGS - 1 : legs.size();
      for (PlannedJob job : legs.subList(0, shown)) {
        job(job, width, text);
      }
      if (shown < legs.size()) {
        text.append("    … and ")
            .append(legs.size() - shown)
            .append(" more of '")
            .append(legs.getFirst().group())
            .append("'\n");
      }
    }
  }

  private static void job(PlannedJob job, int width, StringBuilder text) {
    text.append("  ")
        .append(
            switch (job.runs()) {
              case YES -> "●";
              case DEPENDS -> "◐";
              case NO -> "○";
            })
        .append(' ')
        .append(job.name())
        .repeat(" ", Math.max(0, width - job.name().length()))
        .append("  ")
        .append(
            switch (job.runs()) {
              case YES -> "";
              case DEPENDS -> "depends: ";
              case NO -> "no: ";
            })
        .append(job.reason());
    if (job.runs() != Runs.NO) {
      if (!job.runsOn().isEmpty()) {
        text.append(" · ").append(String.join(", ", job.runsOn()));
      }
      if (job.machine() != null) {
        text.append(" → ").append(job.machine());
      }
      if (job.estimateMs() != null) {
        text.append(" · about ").append(Durations.text(job.estimateMs()));
      }
    }
    text.append('\n');
  }

  private static void criticalPath(CriticalPath path, StringBuilder text) {
    if (path.jobs().isEmpty()) {
      return;
    }
    text.append("\nCritical path: ").append(String.join(" → ", path.jobs()));
    if (path.estimateMs() != null) {
      text.append(", about ").append(Durations.text(path.estimateMs()));
    } else if (path.byCount()) {
      text.append(" (by number of jobs; no durations are known yet)");
    }
    text.append('\n');
  }
}
