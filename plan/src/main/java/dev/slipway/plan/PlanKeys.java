package dev.slipway.plan;

import dev.slipway.workflow.Job;
import dev.slipway.workflow.Workflow;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** Gives the triggered workflows of a plan their keys, one workflow after another. */
public final class PlanKeys {
  private final Set<String> ids = new HashSet<>();
  private final Set<String> prefixes = new HashSet<>();

  /** The keys of the next workflow. */
  public RunKeys next(Workflow workflow) {
    Set<String> taken = new LinkedHashSet<>();
    for (Job job : workflow.jobs()) {
      String id = job.id().toLowerCase(Locale.ROOT);
      if (!ids.add(id)) {
        taken.add(id);
      }
    }
    if (taken.isEmpty()) {
      return RunKeys.PLAIN;
    }
    // Files named on the command line may have the same name in several folders.
    String name = RunKeys.fileName(workflow.file()) + ":";
    return new RunKeys(prefixes.add(name) ? name : workflow.file() + ":", taken);
  }
}
