package dev.slipway.engine;

import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.Value;
import java.io.File;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
   * The variables of a process on the machine; takes the job's lock.
   *
   * @param added by the step's action
   */
  static Map<String, String> of(StepRun run, Map<String, String> added) {
    Machine.Place place = run.job.place;
    Map<String, String> inherited = place.environment();
    Map<String, String> environment = new LinkedHashMap<>(inherited);
    environment.putAll(run.env);
    environment.putAll(added);
    environment.put("PATH", searchPath(run));
    place.adapt(environment);
    if (!place.asUser()) {
      addContexts(run, environment);
    }
    String tracking = inherited.get("RUNNER_TRACKING_ID");
    if (tracking != null) {
      environment.put("RUNNER_TRACKING_ID", tracking);
    }
    return environment;
  }

  /**
   * The variables of a process in a container, on top of the container's own; paths are still those
   * of the machine. Takes the job's lock.
   *
   * @param added by the step's action
   * @param path the container's own; null where it has none
   */
  static Map<String, String> inContainer(
      StepRun run, Map<String, String> added, @Nullable String path) {
    Map<String, String> environment = new LinkedHashMap<>(run.env);
    environment.putAll(added);
    String searched = prepended(run, environment.getOrDefault("PATH", path == null ? "" : path));
    if (!searched.isEmpty()) {
      environment.put("PATH", searched);
    }
    addContexts(run, environment);
    return environment;
  }

  /** What is the same wherever a process runs; takes the job's lock. */
  private static void addContexts(StepRun run, Map<String, String> environment) {
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
    if (run.step.body() instanceof Step.Uses) {
      // It would set what Node.js reads for itself.
      environment.remove("NODE_ICU_DATA");
    }
    run.job.runtime.addTo(run, environment);
    environment.put("AGENT_TOOLSDIRECTORY", run.job.place.toolCache().toString());
    environment.put("GITHUB_ACTIONS", "true");
    environment.putIfAbsent("CI", "true");
  }

  private static String variable(String prefix, String name) {
    return prefix + name.toUpperCase(Locale.ROOT);
  }

  /** The step's {@code PATH}, what steps added last in front; takes the job's lock. */
  static String searchPath(StepRun run) {
    String set = run.env.get("PATH");
    String inherited = set == null ? run.job.place.environment().get("PATH") : set;
    return prepended(run, inherited == null ? NO_PATH : inherited);
  }

  private static String prepended(StepRun run, String path) {
    StringBuilder longer = new StringBuilder();
    synchronized (run.job.lock) {
      List<String> added = run.frame.globals().path;
      for (int i = added.size() - 1; i >= 0; i--) {
        longer.append(added.get(i)).append(File.pathSeparatorChar);
      }
    }
    if (path.isEmpty() && !longer.isEmpty()) {
      longer.setLength(longer.length() - 1);
    }
    return longer.append(path).toString();
  }
}
