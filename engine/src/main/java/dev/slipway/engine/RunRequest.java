package dev.slipway.engine;

import dev.slipway.plan.RunKeys;
import dev.slipway.workflow.CacheRules;
import dev.slipway.workflow.expression.ObjectValue;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a user wants run.
 *
 * @param event the event's name
 * @param payload the event's payload; null to make one from the repository
 * @param workflows files or folders; empty for the project's own
 * @param jobs the jobs to run with all they need, by id or {@code FILE:ID}; empty for all
 * @param matrix values wanted of keys of matrices
 * @param inputs of {@code workflow_dispatch}
 * @param machines a machine for a label of {@code runs-on}
 * @param actionSources {@code owner/name} to a clone
 * @param actor null for the user of this machine
 * @param slots how many jobs run at a time, at least 1
 * @param cache whether steps that ran before are spared
 * @param cacheRules what the project says of that
 * @param known by key how jobs of an earlier run ended, which are not to run again
 * @param earlierRuns the runs that this one repeats, newest first
 * @param keys the keys of that run, so that this one has the same
 */
public record RunRequest(
    String event,
    @Nullable ObjectValue payload,
    List<Path> workflows,
    Set<String> jobs,
    Map<String, Set<String>> matrix,
    Map<String, String> inputs,
    Map<String, String> vars,
    Map<String, String> secrets,
    Map<String, String> env,
    Map<String, String> machines,
    Map<String, Path> actionSources,
    String actionUrlBase,
    @Nullable String actor,
    int slots,
    boolean inPlace,
    boolean keep,
    boolean requireAll,
    boolean realCheckout,
    boolean debug,
    StepCaching cache,
    CacheRules cacheRules,
    Map<String, JobOutcome> known,
    List<String> earlierRuns,
    RunKeys keys) {
  /** How a job of an earlier run ended, which is not to run again. */
  public record JobOutcome(Conclusion conclusion, Map<String, String> outputs) {}

  public RunRequest {
    workflows = List.copyOf(workflows);
    jobs = Set.copyOf(jobs);
    matrix = Map.copyOf(matrix);
    inputs = new LinkedHashMap<>(inputs);
    vars = new LinkedHashMap<>(vars);
    secrets = new LinkedHashMap<>(secrets);
    env = new LinkedHashMap<>(env);
    machines = new LinkedHashMap<>(machines);
    actionSources = Map.copyOf(actionSources);
    known = Map.copyOf(known);
    earlierRuns = List.copyOf(earlierRuns);
    slots = Math.max(1, slots);
  }

  /** A push of the current branch, with nothing else said. */
  public static RunRequest push() {
    return new RunRequest(
        "push",
        null,
        List.of(),
        Set.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        "https://github.com",
        null,
        Runtime.getRuntime().availableProcessors(),
        false,
        false,
        false,
        false,
        false,
        StepCaching.OFF,
        CacheRules.NONE,
        Map.of(),
        List.of(),
        RunKeys.PLAIN);
  }

  /** The same with another payload. */
  public RunRequest withPayload(ObjectValue other) {
    return new RunRequest(
        event,
        other,
        workflows,
        jobs,
        matrix,
        inputs,
        vars,
        secrets,
        env,
        machines,
        actionSources,
        actionUrlBase,
        actor,
        slots,
        inPlace,
        keep,
        requireAll,
        realCheckout,
        debug,
        cache,
        cacheRules,
        known,
        earlierRuns,
        keys);
  }

  /**
   * The same after an earlier run of the same workflow, with its results and its keys.
   *
   * @param runs that run, and those that it repeated itself
   */
  public RunRequest after(Map<String, JobOutcome> outcomes, List<String> runs, RunKeys theirs) {
    return new RunRequest(
        event,
        payload,
        workflows,
        jobs,
        matrix,
        inputs,
        vars,
        secrets,
        env,
        machines,
        actionSources,
        actionUrlBase,
        actor,
        slots,
        inPlace,
        keep,
        requireAll,
        realCheckout,
        debug,
        cache,
        cacheRules,
        outcomes,
        runs,
        theirs);
  }
}
