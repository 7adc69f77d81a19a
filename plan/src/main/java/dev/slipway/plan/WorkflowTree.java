package dev.slipway.plan;

import dev.slipway.workflow.Job;
import dev.slipway.workflow.Permissions;
import dev.slipway.workflow.Workflow;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow with the workflows its jobs call, resolved.
 *
 * @param calls by lower-case id of the calling job
 * @param origin where the files came from: empty for the project itself, else {@code
 *     owner/name@sha}
 * @param allowed what the calling job allows; null for all that jobs have by themselves
 */
public record WorkflowTree(
    Workflow workflow,
    Map<String, WorkflowTree> calls,
    String origin,
    @Nullable Permissions allowed) {
  public WorkflowTree {
    calls = Map.copyOf(calls);
  }

  /** What the token of a job may do; null where nobody says. */
  public @Nullable Permissions permissions(Job job) {
    if (job.permissions() != null) {
      return job.permissions();
    }
    return workflow.permissions() != null ? workflow.permissions() : allowed;
  }

  /** The workflow that a job calls; null for a job of steps, and when it is not to be had. */
  public @Nullable WorkflowTree call(String jobId) {
    return calls.get(jobId.toLowerCase(Locale.ROOT));
  }
}
