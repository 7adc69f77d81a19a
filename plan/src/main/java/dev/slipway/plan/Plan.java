package dev.slipway.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event would run, and why.
 *
 * @param changedFiles how many files the event changes; null when that cannot be told
 * @param workflows every workflow of the project, triggered or not
 * @param criticalPath over all workflows, which run side by side
 */
public record Plan(
    EventContext event,
    @Nullable Integer changedFiles,
    List<PlannedWorkflow> workflows,
    CriticalPath criticalPath) {
  public Plan {
    workflows = List.copyOf(workflows);
  }
}
