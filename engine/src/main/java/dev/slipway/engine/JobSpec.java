package dev.slipway.engine;

import dev.slipway.workflow.Job;
import dev.slipway.workflow.Permissions;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job ready to run: everything it depends on is known.
 *
 * @param key unique in its run
 * @param workflow the file the job is written in
 * @param github the job-independent part of the {@code github} context
 * @param secrets by name
 * @param origin where the workflow came from, {@code owner/name@sha}; empty for the project itself
 * @param permissions of the job's token; null where nobody says
 * @param timeoutMinutes after this it is cancelled; not positive means at once
 * @param cancelTimeoutMinutes what is left to {@code always()} steps after a cancellation
 */
record JobSpec(
    String key,
    String name,
    Workflow workflow,
    Job job,
    ObjectValue github,
    Value inputs,
    Value vars,
    Value needs,
    Value strategy,
    Value matrix,
    Map<String, String> secrets,
    String origin,
    @Nullable Permissions permissions,
    double timeoutMinutes,
    double cancelTimeoutMinutes) {
  JobSpec withKey(String other) {
    return other.equals(key)
        ? this
        : new JobSpec(
            other,
            name,
            workflow,
            job,
            github,
            inputs,
            vars,
            needs,
            strategy,
            matrix,
            secrets,
            origin,
            permissions,
            timeoutMinutes,
            cancelTimeoutMinutes);
  }

  Job.Steps body() {
    return (Job.Steps) job.body();
  }
}
