package dev.slipway.plan;

import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Unknown;
import dev.slipway.workflow.expression.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a job or a step can see before the run, supposing that it goes a certain way. */
final class Forecast implements Scope {
  /** How the run is supposed to go. */
  enum World {
    /** All that runs succeeds. */
    GOOD,
    /** Something before has failed. */
    FAILED,
    /** The run was cancelled. */
    CANCELLED
  }

  /** What jobs of a workflow have in common. */
  record Common(ObjectValue github, ObjectValue inputs, ObjectValue vars) {}

  private static final Value ALONE = strategy(true, 0, 1, 1);

  private final Common common;
  private final Map<String, Runs> needs;
  private final Value matrix;
  private final Value strategy;
  private final boolean step;
  private final World world;
  private @Nullable Value needsContext;

  private Forecast(
      Common common,
      Map<String, Runs> needs,
      Value matrix,
      Value strategy,
      boolean step,
      World world) {
    this.common = common;
    this.needs = needs;
    this.matrix = matrix;
    this.strategy = strategy;
    this.step = step;
    this.world = world;
  }

  /**
   * For a job.
   *
   * @param needs whether the jobs that it needs run, by their ids
   */
  static Forecast job(Common common, Map<String, Runs> needs) {
    return new Forecast(common, needs, Value.NULL, ALONE, false, World.GOOD);
  }

  static Value strategy(boolean failFast, int index, int total, int parallel) {
    Map<String, Value> values = new LinkedHashMap<>();
    values.put("fail-fast", Value.of(failFast));
    values.put("job-index", Value.of(index));
    values.put("job-total", Value.of(total));
    values.put("max-parallel", Value.of(parallel));
    return Value.object(values);
  }

  Forecast leg(Value legMatrix, Value legStrategy) {
    return new Forecast(common, needs, legMatrix, legStrategy, false, world);
  }

  Forecast step() {
    return new Forecast(common, needs, matrix, strategy, true, world);
  }

  Forecast in(World other) {
    return new Forecast(common, needs, matrix, strategy, step, other);
  }

  /** As if every job that is needed ran. */
  Forecast supposingAllRun() {
    Map<String, Runs> all = new LinkedHashMap<>(needs);
    all.replaceAll((id, runs) -> Runs.YES);
    return new Forecast(common, all, matrix, strategy, step, world);
  }

  @Override
  public @Nullable Value context(String name) {
    return switch (name) {
      case "github" -> common.github;
      case "inputs" -> common.inputs;
      case "vars" -> common.vars;
      case "needs" -> needs();
      case "matrix" -> matrix;
      case "strategy" -> strategy;
      case "secrets", "steps", "job", "jobs", "runner", "env" -> Unknown.VALUE;
      default -> null;
    };
  }

  private Value needs() {
    Value known = needsContext;
    if (known == null) {
      Map<String, Value> jobs = new LinkedHashMap<>();
      needs.forEach((id, runs) -> {
        boolean sure = world == World.GOOD && runs != Runs.DEPENDS;
        Value result = Value.of(runs == Runs.YES ? "success" : "skipped");
        Map<String, Value> job = new LinkedHashMap<>();
        job.put("result", sure ? result : Unknown.VALUE);
        job.put("outputs", sure && runs == Runs.NO ? Value.object(Map.of()) : Unknown.VALUE);
        jobs.put(id, Value.object(job));
      });
      known = Value.object(jobs);
      needsContext = known;
    }
    return known;
  }

  @Override
  public boolean success(List<String> jobs) {
    if (world != World.GOOD) {
      return false;
    }
    boolean open = false;
    if (!step) {
      for (Map.Entry<String, Runs> need : needs.entrySet()) {
        if (named(need.getKey(), jobs)) {
          if (need.getValue() == Runs.NO) {
            return false;
          }
          open |= need.getValue() == Runs.DEPENDS;
        }
      }
    }
    if (open) {
      throw ExpressionException.evaluation("success() is not known before the run");
    }
    return true;
  }

  @Override
  public boolean failure(List<String> jobs) {
    if (world != World.FAILED) {
      return false;
    }
    if (step) {
      return true;
    }
    for (String need : needs.keySet()) {
      if (named(need, jobs)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean cancelled() {
    return world == World.CANCELLED;
  }

  private static boolean named(String need, List<String> jobs) {
    if (jobs.isEmpty()) {
      return true;
    }
    for (String job : jobs) {
      if (job.equalsIgnoreCase(need)) {
        return true;
      }
    }
    return false;
  }
}
