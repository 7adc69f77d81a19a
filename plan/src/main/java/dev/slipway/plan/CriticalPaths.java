package dev.slipway.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Finds the longest chain of jobs. */
final class CriticalPaths {
  private CriticalPaths() {}

  /** Jobs that start and end together, and the longest way to their end. */
  private static final class Group {
    final PlannedJob longest;
    final List<String> after;
    final List<Group> dependants = new ArrayList<>();
    int left;
    double end;
    @Nullable Group before;

    Group(PlannedJob longest) {
      this.longest = longest;
      this.after = longest.after();
    }
  }

  static CriticalPath longest(List<PlannedWorkflow> workflows) {
    OptionalDouble average = average(workflows);
    double unknown = average.orElse(1);
    Group last = null;
    for (PlannedWorkflow workflow : workflows) {
      Group end = longest(workflow, unknown);
      if (end != null && (last == null || end.end > last.end)) {
        last = end;
      }
    }
    if (last == null) {
      return CriticalPath.NONE;
    }
    ArrayDeque<String> keys = new ArrayDeque<>();
    Long estimate = 0L;
    for (Group group = last; group != null; group = group.before) {
      Long own = group.longest.estimateMs();
      estimate = own == null || estimate == null ? null : Long.valueOf(estimate + own);
      keys.addFirst(group.longest.key());
    }
    return new CriticalPath(List.copyOf(keys), estimate, average.isEmpty());
  }

  private static OptionalDouble average(List<PlannedWorkflow> workflows) {
    double sum = 0;
    int count = 0;
    for (PlannedWorkflow workflow : workflows) {
      for (PlannedJob job : workflow.jobs()) {
        if (job.estimateMs() != null) {
          sum += job.estimateMs();
          count++;
        }
      }
    }
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.max(1, sum / count));
  }

  private static double length(PlannedJob job, double unknown) {
    if (job.runs() == Runs.NO || job.exceptional()) {
      return 0;
    }
    return job.estimateMs() == null ? unknown : Math.max(1, job.estimateMs());
  }

  private static @Nullable Group longest(PlannedWorkflow workflow, double unknown) {
    Map<String, PlannedJob> longest = new LinkedHashMap<>();
    for (PlannedJob job : workflow.jobs()) {
      PlannedJob other = longest.get(job.group());
      if (other == null || length(job, unknown) > length(other, unknown)) {
        longest.put(job.group(), job);
      }
    }
    Map<String, Group> groups = new HashMap<>();
    longest.forEach((name, job) -> groups.put(name, new Group(job)));
    ArrayDeque<Group> ready = new ArrayDeque<>();
    for (PlannedJob job : longest.values()) {
      Group group = groups.get(job.group());
      if (group == null) {
        continue;
      }
      for (String name : group.after) {
        Group before = groups.get(name);
        if (before != null) {
          before.dependants.add(group);
          group.left++;
        }
      }
      if (group.left == 0) {
        ready.add(group);
      }
    }
    Group last = null;
    while (!ready.isEmpty()) {
      Group group = ready.remove();
      double own = length(group.longest, unknown);
      group.end += own;
      if (own > 0 && (last == null || group.end > last.end)) {
        last = group;
      }
      for (Group dependant : group.dependants) {
        if (group.end > dependant.end) {
          dependant.end = group.end;
          dependant.before = own > 0 ? group : group.before;
        }
        if (--dependant.left == 0) {
          ready.add(dependant);
        }
      }
    }
    return last;
  }
}
