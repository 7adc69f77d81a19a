package dev.slipway.engine;

import dev.slipway.workflow.Job;
import dev.slipway.workflow.expression.ExpressionException;
import java.util.Map;

/**
 * Decides what is to stop: in a cancelled run, in a concurrency group that another one takes, and
 * in a matrix of which a leg has failed. What has not started ends now; what runs is told to stop,
 * and ends when its machine says so.
 */
final class CancelDecisions {
  private static final JobResult CANCELLED = new JobResult(Conclusion.CANCELLED, Map.of(), null);

  private final NextState run;

  CancelDecisions(NextState run) {
    this.run = run;
  }

  /** Cancels the run. */
  void cancel() {
    if (run.cancelled()) {
      return;
    }
    run.cancel();
    for (int n = 0; n < run.jobCount(); n++) {
      if (run.job(n).runs() && !goesOn(n)) {
        stopLegs(n, -1);
      }
    }
    for (int s = 0; s < run.scopeCount(); s++) {
      run.scopes.revokeWaiting(s);
    }
  }

  /** The holder has to give way to another of its concurrency group. */
  void revoked(String holder) {
    for (int s = 0; s < run.scopeCount(); s++) {
      CallScope scope = run.scope(s);
      if (!run.scopeState(s).group().isEmpty() && scope.keyPrefix().equals(holder)) {
        if (scope.called()) {
          stop(scope.parentNode(), scope.parentLeg());
        } else {
          cancel();
        }
        return;
      }
    }
    LegIndex.Place at = run.find(holder);
    if (at != null) {
      stop(at.node(), at.leg());
    }
  }

  /** Stops the node's legs but one. */
  void stopLegs(int n, int except) {
    for (int i = 0; i < run.job(n).legs().size(); i++) {
      if (i != except && run.job(n).runs()) {
        stop(n, i);
      }
    }
  }

  private void stop(int n, int i) {
    Leg leg = run.leg(n, i);
    switch (leg.phase()) {
      case HELD -> run.legs.endHeld(n, i, CANCELLED);
      case GROUP -> run.legs.end(n, i, CANCELLED);
      case STARTED, RUNNING -> {
        if (leg.stopped()) {
          return;
        }
        run.set(n, i, leg.stopping());
        if (leg.callScope() < 0) {
          run.effect(new Effect.Stop(leg.key()));
        } else {
          stopCalled(leg.callScope());
        }
      }
      case ENDED -> {}
    }
  }

  private void stopCalled(int s) {
    run.scopes.revokeWaiting(s);
    CallScope scope = run.scope(s);
    for (int n = scope.firstNode(); n < scope.endNode(); n++) {
      if (run.job(n).runs() && !(run.cancelled() && goesOn(n))) {
        stopLegs(n, -1);
      }
    }
  }

  /** Whether a job's {@code if} holds in a cancelled run too; such a job is let alone. */
  private boolean goesOn(int n) {
    JobNode node = run.node(n);
    if (run.scopeState(node.scope()).revoked() || node.job().body() instanceof Job.Call) {
      return false;
    }
    try {
      return node.job().condition().expression().evaluate(JobScope.of(run, node)).truthy();
    } catch (ExpressionException e) {
      return false;
    }
  }
}
