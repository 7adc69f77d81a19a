package dev.slipway.plan;

import dev.slipway.workflow.Job;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a selection leaves of the jobs that are planned. */
final class SelectedJobs {
  private final JobSelection selection;
  private final Map<String, Set<String>> values = new LinkedHashMap<>();
  private boolean emptied;
  private boolean left;

  SelectedJobs(JobSelection selection) {
    this.selection = selection;
    selection.matrix().keySet().forEach(key -> values.put(key, new LinkedHashSet<>()));
  }

  JobSelection selection() {
    return selection;
  }

  /** Whether one of a job's combinations is wanted. */
  boolean someOf(Workflow workflow, Job job, List<Matrix.Combination> combinations) {
    boolean some = false;
    for (Matrix.Combination combination : combinations) {
      some |= selection.takes(combination.value());
      values.forEach((key, known) -> {
        Value value = combination.value().get(key);
        if (value != null) {
          known.add(value.toText());
        }
      });
    }
    emptied |= !some;
    left |= some && selection.wants(workflow, job);
    return some;
  }

  /** What becomes of a job of a triggered workflow. */
  void planned(Workflow workflow, Job job, Runs runs) {
    left |= runs != Runs.NO && selection.wants(workflow, job);
  }

  /**
   * Values that no matrix has are a mistake when nothing that was asked for is left.
   *
   * @throws PlanException when they are
   */
  void check() {
    if (left || !emptied) {
      return;
    }
    List<String> asked = new ArrayList<>();
    selection
        .matrix()
        .forEach((key, wanted) -> asked.add(key + " '" + String.join("' or '", wanted) + "'"));
    List<String> known = new ArrayList<>();
    values.forEach((key, all) -> {
      if (!all.isEmpty()) {
        known.add("of " + key + ": " + String.join(", ", all));
      }
    });
    throw new PlanException(
        "no job is left: no combination of a matrix has " + String.join(" and ", asked),
        "there are values " + String.join("; ", known));
  }
}
