package dev.slipway.engine;

import dev.slipway.plan.JobKeys;
import dev.slipway.plan.Matrix;
import dev.slipway.plan.PlanException;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides of a workflow's jobs as nodes of the graph: whether one runs once all it needs has ended,
 * which legs it has, and what its end means to those that need it.
 */
final class JobDecisions {
  private final NextState run;

  JobDecisions(NextState run) {
    this.run = run;
  }

  /** Considers all nodes that have nothing more to wait for. */
  void considerReady() {
    for (Integer n = run.nextReady(); n != null; n = run.nextReady()) {
      if (run.job(n).waits() && run.scopeState(run.node(n).scope()).admitted()) {
        consider(n);
      }
    }
  }

  /** All that the node needs has ended: does it run? */
  private void consider(int n) {
    JobNode node = run.node(n);
    if (node.excluded()) {
      finish(n, Conclusion.SKIPPED);
      return;
    }
    JobScope evaluation = JobScope.of(run, node);
    JobResult known = run.definition.known().get(key(node));
    if (known != null && node.job().strategy() == null) {
      reuse(n, known, evaluation);
      return;
    }
    boolean runs;
    try {
      runs = node.job().condition().expression().evaluate(evaluation).truthy();
    } catch (ExpressionException e) {
      fail(n, "if: " + e.getMessage());
      return;
    }
    if (!runs) {
      skip(n, skipReason(node));
      return;
    }
    EvaluatedStrategy strategy;
    try {
      strategy = EvaluatedStrategy.of(node.job().strategy(), evaluation);
    } catch (ExpressionException e) {
      fail(n, "strategy: " + e.getMessage());
      return;
    } catch (PlanException e) {
      fail(n, String.valueOf(e.getMessage()));
      return;
    }
    expand(n, strategy);
  }

  /** Ends a node as it ended before. */
  private void reuse(int n, JobResult known, JobScope evaluation) {
    JobNode node = run.node(n);
    run.effect(
        new Effect.End(key(node), plainName(node), known.conclusion(), known.outputs(), "reused"));
    Node continueOnError = node.job().continueOnError();
    boolean forgiven;
    try {
      forgiven = continueOnError != null && Typed.truth(continueOnError, evaluation);
    } catch (ExpressionException e) {
      forgiven = false;
    }
    run.set(n, run.job(n).with(run.job(n).tally().add(known, forgiven)));
    finish(n, known.conclusion());
  }

  private void skip(int n, String reason) {
    JobNode node = run.node(n);
    run.effect(new Effect.Skip(key(node), plainName(node), reason));
    finish(n, Conclusion.SKIPPED);
  }

  /** Fails a node that could not be evaluated. */
  private void fail(int n, String cause) {
    JobNode node = run.node(n);
    JobResult failure = new JobResult(Conclusion.FAILURE, Map.of(), cause);
    run.effect(new Effect.End(key(node), plainName(node), Conclusion.FAILURE, Map.of(), cause));
    run.set(n, run.job(n).with(run.job(n).tally().add(failure, false)));
    finish(n, Conclusion.FAILURE);
  }

  private String key(JobNode node) {
    return run.scopeOf(node).keyPrefix() + node.job().id();
  }

  /** The name of a job that never came to evaluating it. */
  private String plainName(JobNode node) {
    Node name = node.job().name();
    String shown =
        name instanceof Node.Scalar scalar && scalar.literal() ? scalar.source() : node.job().id();
    return run.scopeOf(node).namePrefix() + shown;
  }

  private String skipReason(JobNode node) {
    if (run.cancelled()) {
      return "the run was cancelled";
    }
    String source = node.job().condition().source();
    for (int n : node.needs()) {
      JobState need = run.job(n);
      String id = need.node().job().id();
      Conclusion result = need.result();
      if (result == Conclusion.SKIPPED) {
        return "needs '" + id + "', which was skipped";
      }
      if (result != Conclusion.SUCCESS && result != null && need.tally().realFailure()) {
        return "needs '" + id + "', which ended in " + result.text();
      }
      if (!need.clean() && source == null) {
        return "needs '" + id + "', and a job before it did not succeed";
      }
    }
    return source == null ? "the status was not success" : "if: " + source + " was false";
  }

  /** Gives the node its legs and starts them. */
  private void expand(int n, EvaluatedStrategy strategy) {
    List<Leg> legs = legs(run.node(n), strategy);
    if (legs.isEmpty()) {
      skip(n, "no combination of the matrix was asked for");
      return;
    }
    run.index(n, legs);
    JobLegs held =
        JobLegs.held(legs.toArray(new Leg[0]), strategy.maxParallel(), strategy.failFast());
    run.set(n, run.job(n).with(held));
    for (int i = 0; i < legs.size(); i++) {
      // One that fails here takes those after it along.
      if (run.leg(n, i).phase() == Leg.Phase.HELD) {
        run.legs.prepare(n, i);
      }
    }
    run.legs.fillUp(n);
  }

  /** The legs of a node's matrix, as far as they were asked for. */
  private List<Leg> legs(JobNode node, EvaluatedStrategy strategy) {
    CallScope scope = run.scopeOf(node);
    String id = node.job().id();
    List<Matrix.Combination> combinations = strategy.combinations();
    if (combinations.isEmpty()) {
      return List.of(Leg.held(scope, id, null, strategy.context(0)));
    }
    List<Leg> legs = new ArrayList<>();
    List<String> keys = JobKeys.legs(id, combinations);
    for (int i = 0; i < combinations.size(); i++) {
      Matrix.Combination combination = combinations.get(i);
      if (wanted(combination.value())) {
        legs.add(Leg.held(scope, keys.get(i), combination, strategy.context(i)));
      }
    }
    return legs;
  }

  private boolean wanted(ObjectValue combination) {
    for (Map.Entry<String, Set<String>> filter : run.definition.matrixFilter().entrySet()) {
      Value value = combination.get(filter.getKey());
      if (value != null && !filter.getValue().contains(value.toText())) {
        return false;
      }
    }
    return true;
  }

  /** The node has ended: those that need it may go on. */
  void finish(int n, Conclusion how) {
    JobState job = run.job(n);
    boolean failed = how == Conclusion.FAILURE;
    boolean forgiven = failed && !job.tally().realFailure();
    boolean clean = how == Conclusion.SUCCESS || forgiven;
    boolean tainted = failed && !forgiven;
    for (int need : job.node().needs()) {
      clean &= run.job(need).clean();
      tainted |= run.job(need).tainted();
    }
    run.set(n, job.finished(new JobState.Outcome(how, clean, tainted)));
    for (int dependant : job.node().dependants()) {
      run.set(dependant, run.job(dependant).needEnded());
      if (run.job(dependant).missing() == 0) {
        run.ready(dependant);
      }
    }
    run.scopes.jobEnded(job.node().scope());
  }
}
