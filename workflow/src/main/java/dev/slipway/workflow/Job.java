package dev.slipway.workflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job of a workflow.
 *
 * @param id as written
 * @param needs ids of jobs that must end before it, as written, without duplicates
 * @param condition its {@code if}, {@code success()} when not given
 * @param cacheMode what it may do with the cache
 * @param body its steps, or the workflow it calls
 */
public record Job(
    String id,
    Position at,
    @Nullable Node name,
    List<String> needs,
    Condition condition,
    @Nullable Permissions permissions,
    @Nullable Node environment,
    @Nullable Node concurrency,
    @Nullable Node cacheMode,
    Node.@Nullable Mapping outputs,
    Node.@Nullable Mapping env,
    Defaults defaults,
    @Nullable Strategy strategy,
    @Nullable Node timeoutMinutes,
    @Nullable Node cancelTimeoutMinutes,
    @Nullable Node continueOnError,
    Body body) {
  public Job {
    needs = List.copyOf(needs);
  }

  /** The same, and without what only a run on a machine makes use of: limits, groups, names. */
  public Job inOutline(@Nullable Strategy matrix, Body does) {
    return new Job(
        id,
        at,
        null,
        needs,
        condition,
        permissions,
        null,
        null,
        null,
        outputs,
        env,
        defaults,
        matrix,
        null,
        null,
        continueOnError,
        does);
  }

  /** What a job does. */
  public sealed interface Body permits Steps, Call {}

  /** A job of steps on a machine. */
  public record Steps(
      Node runsOn, @Nullable Node container, @Nullable Node services, List<Step> steps)
      implements Body {
    public Steps {
      steps = List.copyOf(steps);
    }
  }

  /**
   * A job that calls a reusable workflow.
   *
   * @param uses {@code ./.github/workflows/x.yml} or {@code owner/repo/path@ref}
   * @param inheritSecrets {@code secrets: inherit}
   */
  public record Call(
      Position at,
      String uses,
      Node.@Nullable Mapping with,
      Node.@Nullable Mapping secrets,
      boolean inheritSecrets)
      implements Body {}

  /**
   * {@code strategy}; null where not given. Of one that is an expression, {@code matrix} may yield
   * null: then there is none.
   */
  public record Strategy(
      Position at, @Nullable Node matrix, @Nullable Node failFast, @Nullable Node maxParallel) {}
}
