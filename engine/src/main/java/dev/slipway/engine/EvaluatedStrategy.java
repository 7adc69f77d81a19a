package dev.slipway.engine;

import dev.slipway.plan.Matrix;
import dev.slipway.plan.PlanException;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a job's {@code strategy} comes to.
 *
 * @param combinations none without a matrix
 */
record EvaluatedStrategy(boolean failFast, int maxParallel, List<Matrix.Combination> combinations) {

  /**
   * Evaluates a {@code strategy}; without one, the default.
   *
   * @throws ExpressionException when it cannot be evaluated
   * @throws PlanException when its matrix makes no sense
   */
  static EvaluatedStrategy of(Job.@Nullable Strategy strategy, Scope scope) {
    boolean failFast = true;
    int maxParallel = Integer.MAX_VALUE;
    List<Matrix.Combination> combinations = List.of();
    if (strategy != null) {
      if (strategy.failFast() != null) {
        failFast = Typed.truth(strategy.failFast(), scope);
      }
      if (strategy.maxParallel() != null) {
        double parallel = Typed.number(strategy.maxParallel(), scope);
        if (parallel >= 1) {
          maxParallel = (int) parallel;
        }
      }
      if (strategy.matrix() != null) {
        combinations = Matrix.expand(strategy.matrix().evaluate(scope));
      }
    }
    return new EvaluatedStrategy(failFast, maxParallel, combinations);
  }

  /** The {@code strategy} context of one of its jobs. */
  Value context(int index) {
    int total = Math.max(1, combinations.size());
    Map<String, Value> values = new LinkedHashMap<>();
    values.put("fail-fast", Value.of(failFast));
    values.put("job-index", Value.of(index));
    values.put("job-total", Value.of(total));
    boolean given = maxParallel < Integer.MAX_VALUE && !combinations.isEmpty();
    values.put("max-parallel", Value.of(given ? maxParallel : total));
    return Value.object(values);
  }
}
