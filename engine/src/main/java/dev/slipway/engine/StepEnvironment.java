package dev.slipway.engine;

import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.Value;
import java.io.File;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The environment of a step's process. From weak to strong: what the machine gives, the step's
 * {@code env} context, what its action adds, the paths that steps added, the contexts.
 */
final class StepEnvironment {
  private static final String NO_PATH = "/usr/bin:/bin";

  /** Members of the {@code github} context that become {@code GITHUB_*}. */
  private static final String[] GITHUB = {
    "action",
    "action_path",
    "action_ref",
    "action_repository",
    "artifacts",
    "artifacts_list",
    "actor",
    "actor_id",
    "api_url",
    "base_ref",
    "env",
    "event_name",
    "event_path",
    "graphql_url",
    "head_ref",
    "job",
    "output",
    "path",
    "ref",
    "ref_name",
    "ref_protected",
    "ref_type",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "retention_days",
    "run_attempt",
    "run_id",
    "run_number",
    "server_url",
    "sha",
    "state",
    "step_summary",
    "triggering_actor",
    "workflow",
    "workflow_ref",
    "workflow_sha",
    "workspace"
  };

  private StepEnvironment() {}

  /**
   * The variables; takes the job's lock.
   *
   * @param added by the step's action
   */
  static Map<String, String> of(StepRun run, Map<String, String> added) {
    Machine.Place place = run.job.place;
    Map<String, String> environment = new LinkedHashMap<>(place.environment());
    environment.putAll(run.env);
    environment.putAll(added);
    environment.put("PATH", searchPath(run));
    place.adapt(environment);
    synchronized (run.job.lock) {
      for (String name : GITHUB) {
        Value value = run.github.get(name);
        if (value != null && value.kind() != Value.Kind.NULL) {
          environment.put(variable("GITHUB_", name), value.toText());
        }
      }
      run.job
          .runnerContext()
          .forEach((name, value) -> environment.put(variable("RUNNER_", name), value.toText()));
    }
    String tracking = place.environment().get("RUNNER_TRACKING_ID");
    if (tracking != null) {
      environment.put("RUNNER_TRACKING_ID", tracking);
    }
    if (run.step.body() instanceof Step.Uses) {
      // It would set what Node.js reads for itself.
      environment.remove("NODE_ICU_DATA");
    }
    environment.put("AGENT_TOOLSDIRECTORY", place.toolCache().toString());
    environment.put("GITHUB_ACTIONS", "true");
    environment.putIfAbsent("CI", "true");
    return environment;
  }

  private static String variable(String prefix, String name) {
    return prefix + name.toUpperCase(Locale.ROOT);
  }

  /** The step's {@code PATH}, what steps added last in front; takes the job's lock. */
  static String searchPath(StepRun run) {
    StringBuilder path = new StringBuilder();
    synchronized (run.job.lock) {
      List<String> added = run.frame.globals().path;
      for (int i = added.size() - 1; i >= 0; i--) {
        path.append(added.get(i)).append(File.pathSeparatorChar);
      }
    }
    String set = run.env.get("PATH");
    String inherited = set == null ? run.job.place.environment().get("PATH") : set;
    return path.append(inherited == null ? NO_PATH : inherited).toString();
  }
}
