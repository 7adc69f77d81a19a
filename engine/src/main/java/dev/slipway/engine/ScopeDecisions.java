package dev.slipway.engine;

import dev.slipway.plan.WorkflowTree;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.Triggers;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Decides of whole workflows, the run's own and called ones: they open, wait for their concurrency
 * group, and close when all their jobs have ended.
 */
final class ScopeDecisions {
  private final NextState run;

  ScopeDecisions(NextState run) {
    this.run = run;
  }

  /** Opens a workflow: its jobs become nodes, and may start once it is admitted. */
  void open(
      WorkflowTree tree,
      int parentNode,
      int parentLeg,
      String keyPrefix,
      String namePrefix,
      Value inputs,
      Map<String, String> secrets) {
    int s = run.scopeCount();
    int first = run.jobCount();
    // Jobs are asked for by their ids in the run's own workflow; called ones run whole.
    Set<String> only = parentNode < 0 ? run.definition.onlyJobs() : Set.of();
    JobNode[] nodes = JobGraph.of(tree.workflow().jobs(), s, first, only);
    run.add(
        new CallScope(
            tree,
            parentNode,
            parentLeg,
            keyPrefix,
            namePrefix,
            inputs,
            secrets,
            first,
            nodes.length),
        nodes);
    Node concurrency = tree.workflow().concurrency();
    if (concurrency == null || run.cancelled()) {
      admit(s);
      return;
    }
    ConcurrencyRequest request;
    try {
      request = ConcurrencyRequest.of(concurrency, JobScope.ofWorkflow(run, s));
    } catch (ExpressionException e) {
      endAll(s, Conclusion.FAILURE, "concurrency: " + e.getMessage());
      return;
    }
    String deadlock = run.deadlock(s, request.group(), true);
    if (deadlock != null) {
      endAll(s, Conclusion.CANCELLED, deadlock);
      return;
    }
    run.set(s, run.scopeState(s).waitingFor(request.group()));
    run.effect(request.by(keyPrefix));
  }

  /** The holder may go on; false when no workflow waits by that name. */
  boolean granted(String holder) {
    for (int s = 0; s < run.scopeCount(); s++) {
      if (!run.scopeState(s).admitted() && run.scope(s).keyPrefix().equals(holder)) {
        admit(s);
        return true;
      }
    }
    return false;
  }

  /** Ends a workflow that still waits for its group: its jobs are considered, and cancelled. */
  void revokeWaiting(int s) {
    if (!run.scopeState(s).admitted()) {
      run.set(s, run.scopeState(s).revoke());
      admit(s);
    }
  }

  private void admit(int s) {
    run.set(s, run.scopeState(s).admit());
    CallScope scope = run.scope(s);
    for (int n = scope.firstNode(); n < scope.endNode(); n++) {
      if (run.job(n).missing() == 0 && run.job(n).waits()) {
        run.ready(n);
      }
    }
  }

  /** Ends a workflow that cannot begin, with all its jobs. */
  private void endAll(int s, Conclusion how, String cause) {
    CallScope scope = run.scope(s);
    for (int n = scope.firstNode(); n < scope.endNode(); n++) {
      String id = run.node(n).job().id();
      run.effect(
          new Effect.End(scope.keyPrefix() + id, scope.namePrefix() + id, how, Map.of(), cause));
      boolean failed = how == Conclusion.FAILURE;
      run.set(n, run.job(n).finished(new JobState.Outcome(how, false, failed)));
    }
    run.set(s, run.scopeState(s).allEnded());
    close(s, how);
  }

  /** Counts the end of one of its jobs. */
  void jobEnded(int s) {
    run.set(s, run.scopeState(s).jobEnded());
    if (run.scopeState(s).open() == 0) {
      close(s, conclusion(s));
    }
  }

  private Conclusion conclusion(int s) {
    CallScope scope = run.scope(s);
    boolean failure = false;
    boolean anyCancelled = run.cancelledIn(s);
    boolean ran = false;
    for (int n = scope.firstNode(); n < scope.endNode(); n++) {
      failure |= run.job(n).tally().realFailure();
      anyCancelled |= run.job(n).tally().anyCancelled();
      ran |= run.job(n).result() != Conclusion.SKIPPED;
    }
    if (anyCancelled && (run.cancelledIn(s) || !failure)) {
      return Conclusion.CANCELLED;
    }
    if (failure) {
      return Conclusion.FAILURE;
    }
    return ran || !scope.called() ? Conclusion.SUCCESS : Conclusion.SKIPPED;
  }

  private void close(int s, Conclusion how) {
    CallScope scope = run.scope(s);
    String group = run.scopeState(s).group();
    if (!group.isEmpty()) {
      run.effect(new Effect.Release(scope.keyPrefix(), group));
    }
    if (!scope.called()) {
      run.conclude(how);
      return;
    }
    JobResult result;
    try {
      result = new JobResult(how, outputs(s), null);
    } catch (ExpressionException e) {
      result = new JobResult(Conclusion.FAILURE, Map.of(), "outputs: " + e.getMessage());
    }
    run.legs.end(scope.parentNode(), scope.parentLeg(), result);
  }

  /** The outputs that a called workflow declares. */
  private Map<String, String> outputs(int s) {
    Triggers.Trigger trigger = run.scope(s).tree().workflow().on().trigger("workflow_call");
    if (trigger == null || trigger.outputs().isEmpty()) {
      return Map.of();
    }
    Map<String, String> outputs = new LinkedHashMap<>();
    JobScope evaluation = JobScope.ofWorkflow(run, s);
    for (Triggers.OutputDefinition output : trigger.outputs()) {
      String value = Typed.text(output.value(), evaluation);
      if (!value.isEmpty()) {
        outputs.put(output.id(), value);
      }
    }
    return outputs;
  }
}
