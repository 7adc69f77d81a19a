package dev.slipway.plan;

import dev.slipway.workflow.Job;
import dev.slipway.workflow.Reading;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a user wants of the triggered workflows: certain jobs with all that they need, and of
 * matrices the combinations with certain values.
 */
public final class JobSelection {
  /** Everything. */
  public static final JobSelection ALL = new JobSelection(Set.of(), Map.of());

  /** Why a triggered workflow that this does not concern is left out. */
  public static final String UNCONCERNED = "has none of the jobs asked for";

  private final Set<String> jobs;
  private final Map<String, Set<String>> matrix;

  private JobSelection(Set<String> jobs, Map<String, Set<String>> matrix) {
    this.jobs = jobs;
    this.matrix = matrix;
  }

  /**
   * @param jobs ids, or {@code FILE:ID} for the job of one workflow; empty for all
   * @param matrix by key of a matrix the values wanted; keys that a matrix lacks do not restrict it
   */
  public static JobSelection of(Set<String> jobs, Map<String, Set<String>> matrix) {
    return jobs.isEmpty() && matrix.isEmpty() ? ALL : new JobSelection(jobs, matrix);
  }

  /**
   * A job that no workflow has is a mistake, unless a file that is not valid may have it.
   *
   * @throws PlanException when there is one
   */
  public void check(List<Reading<Workflow>> workflows) {
    if (jobs.isEmpty() || workflows.isEmpty()) {
      return;
    }
    Set<String> unknown = new TreeSet<>(jobs);
    Map<String, Integer> known = new TreeMap<>();
    for (Reading<Workflow> reading : workflows) {
      Workflow workflow = reading.value();
      if (workflow == null) {
        return;
      }
      for (Job job : workflow.jobs()) {
        unknown.removeIf(named -> names(named, workflow, job));
        known.merge(job.id(), 1, Integer::sum);
      }
    }
    if (!unknown.isEmpty()) {
      boolean shared = known.values().stream().anyMatch(count -> count > 1);
      throw new PlanException(
          "no workflow has a job '" + String.join("', '", unknown) + "'",
          "jobs go by their ids: "
              + String.join(", ", known.keySet())
              + (shared ? "; FILE:ID is the one of a certain file" : ""));
    }
  }

  /** Whether all jobs are wanted, or the workflow has one that is. */
  public boolean concerns(Workflow workflow) {
    return jobs.isEmpty() || !named(workflow).isEmpty();
  }

  /** The ids of the workflow's jobs that are named, without what they need. */
  public Set<String> named(Workflow workflow) {
    Set<String> ids = new LinkedHashSet<>();
    if (!jobs.isEmpty()) {
      for (Job job : workflow.jobs()) {
        if (wants(workflow, job)) {
          ids.add(job.id());
        }
      }
    }
    return ids;
  }

  /** Whether the job itself is wanted, not only because another needs it. */
  boolean wants(Workflow workflow, Job job) {
    if (jobs.isEmpty()) {
      return true;
    }
    for (String named : jobs) {
      if (names(named, workflow, job)) {
        return true;
      }
    }
    return false;
  }

  private static boolean names(String named, Workflow workflow, Job job) {
    return RunKeys.inRun(workflow.file(), named).equalsIgnoreCase(job.id());
  }

  /** The workflow's jobs that are wanted, with those that they need, in the order of the file. */
  List<Job> jobs(Workflow workflow) {
    if (jobs.isEmpty()) {
      return workflow.jobs();
    }
    Map<String, Job> byId = new HashMap<>();
    Deque<Job> left = new ArrayDeque<>();
    for (Job job : workflow.jobs()) {
      byId.put(lower(job.id()), job);
      if (wants(workflow, job)) {
        left.add(job);
      }
    }
    Set<String> wanted = new HashSet<>();
    while (!left.isEmpty()) {
      Job job = left.remove();
      if (wanted.add(lower(job.id()))) {
        for (String need : job.needs()) {
          Job needed = byId.get(lower(need));
          if (needed != null) {
            left.add(needed);
          }
        }
      }
    }
    List<Job> ordered = new ArrayList<>();
    for (Job job : workflow.jobs()) {
      if (wanted.contains(lower(job.id()))) {
        ordered.add(job);
      }
    }
    return ordered;
  }

  /** By key of a matrix the values wanted. */
  Map<String, Set<String>> matrix() {
    return matrix;
  }

  /** Whether a combination of a matrix has a wanted value for each key that is asked about. */
  boolean takes(ObjectValue combination) {
    for (Map.Entry<String, Set<String>> asked : matrix.entrySet()) {
      Value value = combination.get(asked.getKey());
      if (value != null && !asked.getValue().contains(value.toText())) {
        return false;
      }
    }
    return true;
  }

  private static String lower(String id) {
    return id.toLowerCase(Locale.ROOT);
  }
}
