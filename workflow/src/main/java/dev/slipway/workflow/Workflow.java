package dev.slipway.workflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A workflow file, read and checked.
 *
 * @param file path relative to the repository root, with {@code /}
 * @param name its {@code name}; null when it has none (then the file names it)
 * @param runName {@code run-name}
 * @param on what triggers it
 * @param permissions null when not given
 * @param cacheMode what its jobs may do with the cache unless they say so
 * @param jobs in the order written, never empty
 */
public record Workflow(
    String file,
    @Nullable String name,
    @Nullable Node runName,
    Triggers on,
    @Nullable Permissions permissions,
    Node.@Nullable Mapping env,
    Defaults defaults,
    @Nullable Node concurrency,
    @Nullable Node cacheMode,
    List<Job> jobs) {
  public Workflow {
    jobs = List.copyOf(jobs);
  }

  /** What people see: its name, else its file. */
  public String displayName() {
    return name == null || name.isEmpty() ? file : name;
  }

  /** The job with this id, without regard to case. */
  public @Nullable Job job(String id) {
    for (Job job : jobs) {
      if (job.id().equalsIgnoreCase(id)) {
        return job;
      }
    }
    return null;
  }

  /** The same with other jobs, and without what only a run on a machine makes use of. */
  public Workflow inOutline(List<Job> others) {
    return new Workflow(file, name, null, on, permissions, env, defaults, null, null, others);
  }
}
