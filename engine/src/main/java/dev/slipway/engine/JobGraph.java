package dev.slipway.engine;

import dev.slipway.workflow.Job;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes nodes of a workflow's jobs, each knowing which it needs and which need it. */
final class JobGraph {
  private JobGraph() {}

  /**
   * The nodes of a workflow's jobs.
   *
   * @param first the index that the first of them will have
   * @param only ids of the jobs asked for; empty for all
   */
  static JobNode[] of(List<Job> jobs, int scope, int first, Set<String> only) {
    Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < jobs.size(); i++) {
      index.put(lower(jobs.get(i).id()), i);
    }
    int[][] needs = new int[jobs.size()][];
    int[] dependantCount = new int[jobs.size()];
    for (int i = 0; i < jobs.size(); i++) {
      List<String> ids = jobs.get(i).needs();
      needs[i] = new int[ids.size()];
      for (int n = 0; n < ids.size(); n++) {
        Integer need = index.get(lower(ids.get(n)));
        if (need == null) {
          throw new IllegalArgumentException("no job '" + ids.get(n) + "'");
        }
        needs[i][n] = first + need;
        dependantCount[need]++;
      }
    }
    int[][] dependants = new int[jobs.size()][];
    for (int i = 0; i < jobs.size(); i++) {
      dependants[i] = new int[dependantCount[i]];
    }
    // From the last job backwards, so that each list fills from its end and comes out in order.
    for (int i = jobs.size() - 1; i >= 0; i--) {
      for (int need : needs[i]) {
        dependants[need - first][--dependantCount[need - first]] = first + i;
      }
    }
    Set<String> wanted = only.isEmpty() ? Set.of() : withNeeds(jobs, only);
    JobNode[] nodes = new JobNode[jobs.size()];
    for (int i = 0; i < nodes.length; i++) {
      Job job = jobs.get(i);
      boolean excluded = !wanted.isEmpty() && !wanted.contains(lower(job.id()));
      nodes[i] = new JobNode(scope, job, needs[i], dependants[i], excluded);
    }
    return nodes;
  }

  /** The ids, in lower case, with those of all that these jobs need. */
  private static Set<String> withNeeds(List<Job> jobs, Set<String> ids) {
    Map<String, Job> byId = new HashMap<>();
    for (Job job : jobs) {
      byId.put(lower(job.id()), job);
    }
    Set<String> wanted = new HashSet<>();
    Deque<String> left = new ArrayDeque<>();
    for (String id : ids) {
      left.add(lower(id));
    }
    while (!left.isEmpty()) {
      Job job = byId.get(left.poll());
      if (job != null && wanted.add(lower(job.id()))) {
        for (String need : job.needs()) {
          left.add(lower(need));
        }
      }
    }
    return wanted;
  }

  private static String lower(String id) {
    return id.toLowerCase(Locale.ROOT);
  }
}
