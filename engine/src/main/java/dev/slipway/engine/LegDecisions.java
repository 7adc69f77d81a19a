package dev.slipway.engine;

import dev.slipway.plan.JobKeys;
import dev.slipway.plan.WorkflowTree;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides of legs: the way of one from its announcement over {@code max-parallel} and its
 * concurrency group to a machine or a called workflow, and to its end.
 */
final class LegDecisions {
  private static final double DEFAULT_TIMEOUT_MINUTES = 360;
  private static final double DEFAULT_CANCEL_TIMEOUT_MINUTES = 5;

  private final NextState run;

  LegDecisions(NextState run) {
    this.run = run;
  }

  // --- what machines and groups say ---

  void started(String key) {
    LegIndex.Place at = run.find(key);
    if (at != null) {
      Leg leg = run.leg(at.node(), at.leg());
      if (leg.phase() == Leg.Phase.STARTED) {
        run.set(at.node(), at.leg(), leg.with(Leg.Phase.RUNNING));
      }
    }
  }

  void ended(String key, JobResult result) {
    LegIndex.Place at = run.find(key);
    if (at != null && run.leg(at.node(), at.leg()).onMachine()) {
      settle(at.node(), at.leg(), result, 1);
    }
  }

  void granted(String key) {
    LegIndex.Place at = run.find(key);
    if (at != null && run.leg(at.node(), at.leg()).phase() == Leg.Phase.GROUP) {
      launch(at.node(), at.leg());
    }
  }

  // --- on the way to a machine ---

  /** Evaluates what is known of a leg before it starts, and announces it. */
  void prepare(int n, int i) {
    JobNode node = run.node(n);
    Job job = node.job();
    CallScope scope = run.scopeOf(node);
    Leg leg = run.leg(n, i);
    JobScope evaluation = JobScope.of(run, node, leg);
    String name;
    boolean forgiven;
    try {
      name = scope.namePrefix() + JobKeys.displayName(job, leg.combination(), evaluation);
      forgiven = job.continueOnError() != null && Typed.truth(job.continueOnError(), evaluation);
    } catch (ExpressionException e) {
      String cause = String.valueOf(e.getMessage());
      endHeld(n, i, new JobResult(Conclusion.FAILURE, Map.of(), cause));
      return;
    }
    run.set(n, i, leg.named(name, forgiven));
    JobResult known = run.definition.known().get(leg.key());
    if (known != null) {
      endHeld(n, i, new JobResult(known.conclusion(), known.outputs(), "reused"));
      return;
    }
    List<String> needs = new ArrayList<>();
    for (int need : node.needs()) {
      needs.add(scope.keyPrefix() + run.node(need).job().id());
    }
    String matrix = leg.combination() == null ? null : Json.writeCompact(leg.combination().value());
    run.effect(new Effect.Queue(leg.key(), job.id(), name, needs, matrix));
  }

  /** Starts legs as far as {@code max-parallel} allows. */
  void fillUp(int n) {
    while (run.job(n).runs()) {
      JobState job = run.job(n);
      JobLegs legs = job.legs();
      int held = legs.nextHeld();
      while (held < legs.size() && legs.get(held).phase() != Leg.Phase.HELD) {
        held++;
      }
      if (held >= legs.size() || legs.active() >= legs.maxParallel()) {
        run.set(n, job.with(legs.heldFrom(held)));
        return;
      }
      run.set(n, job.with(legs.took(held)));
      admit(n, held);
    }
  }

  /** The leg has its place: it goes on when its concurrency group lets it. */
  private void admit(int n, int i) {
    JobNode node = run.node(n);
    Leg leg = run.leg(n, i);
    if (run.scopeState(node.scope()).revoked()) {
      end(n, i, new JobResult(Conclusion.CANCELLED, Map.of(), null));
      return;
    }
    Node concurrency = node.job().concurrency();
    if (concurrency == null) {
      launch(n, i);
      return;
    }
    ConcurrencyRequest request;
    try {
      request = ConcurrencyRequest.of(concurrency, JobScope.of(run, node, leg));
    } catch (ExpressionException e) {
      fail(n, i, "concurrency: " + e.getMessage());
      return;
    }
    String deadlock = run.deadlock(node.scope(), request.group(), false);
    if (deadlock != null) {
      end(n, i, new JobResult(Conclusion.CANCELLED, Map.of(), deadlock));
      return;
    }
    run.set(n, i, leg.waitingFor(request.group()));
    run.effect(request.by(leg.key()));
  }

  private void launch(int n, int i) {
    if (run.node(n).job().body() instanceof Job.Call call) {
      call(n, i, call);
    } else {
      start(n, i);
    }
  }

  /** Hands the leg to a machine that fits. */
  private void start(int n, int i) {
    JobNode node = run.node(n);
    Job job = node.job();
    Leg leg = run.leg(n, i);
    JobScope evaluation = JobScope.of(run, node, leg);
    List<String> labels;
    double timeout;
    double cancelTimeout;
    try {
      labels = labels(((Job.Steps) job.body()).runsOn().evaluate(evaluation));
      timeout = minutes(job.timeoutMinutes(), evaluation, DEFAULT_TIMEOUT_MINUTES);
      cancelTimeout =
          minutes(job.cancelTimeoutMinutes(), evaluation, DEFAULT_CANCEL_TIMEOUT_MINUTES);
    } catch (ExpressionException e) {
      fail(n, i, String.valueOf(e.getMessage()));
      return;
    }
    RunDefinition.Choice choice = run.definition.machines().choose(labels);
    if (choice instanceof RunDefinition.Choice.None none) {
      if (run.definition.requireAll()) {
        fail(n, i, none.reason());
      } else {
        run.effect(new Effect.Skip(leg.key(), leg.name(), none.reason()));
        settle(n, i, new JobResult(Conclusion.SKIPPED, Map.of(), null), 1);
      }
    } else if (choice instanceof RunDefinition.Choice.Fits fits) {
      CallScope scope = run.scopeOf(node);
      run.set(n, i, leg.with(Leg.Phase.STARTED));
      run.effect(
          new Effect.Start(
              new JobSpec(
                  leg.key(),
                  leg.name(),
                  scope.tree().workflow(),
                  job,
                  run.definition.github(),
                  scope.inputs(),
                  run.definition.vars(),
                  evaluation.needs(),
                  leg.strategy(),
                  leg.matrix(),
                  scope.secrets(),
                  scope.tree().origin(),
                  scope.tree().permissions(job),
                  timeout,
                  cancelTimeout),
              fits.machine()));
    }
  }

  private static double minutes(@Nullable Node node, Scope scope, double otherwise) {
    if (node == null) {
      return otherwise;
    }
    return Math.floor(Typed.number(node, scope));
  }

  private static List<String> labels(Value runsOn) {
    List<String> labels = new ArrayList<>();
    Value list = runsOn;
    if (runsOn instanceof ObjectValue object) {
      Value given = object.get("labels");
      list = given == null ? Value.EMPTY : given;
      Value group = object.get("group");
      if (group != null && given == null) {
        labels.add("group:" + group.toText());
        return labels;
      }
    }
    if (list instanceof ArrayValue array) {
      array.items().forEach(item -> labels.add(item.toText()));
    } else if (!list.toText().isEmpty()) {
      labels.add(list.toText());
    }
    if (labels.isEmpty()) {
      throw ExpressionException.evaluation("'runs-on' is empty");
    }
    return labels;
  }

  /** Opens the workflow that the leg calls. */
  private void call(int n, int i, Job.Call call) {
    JobNode node = run.node(n);
    CallScope scope = run.scopeOf(node);
    Leg leg = run.leg(n, i);
    WorkflowTree callee = scope.tree().call(node.job().id());
    if (callee == null) {
      fail(n, i, "the workflow '" + call.uses() + "' cannot be had");
      return;
    }
    CallArguments arguments;
    try {
      arguments =
          CallArguments.of(
              call,
              callee.workflow().on().trigger("workflow_call"),
              JobScope.of(run, node, leg),
              scope.secrets());
    } catch (ExpressionException e) {
      fail(n, i, String.valueOf(e.getMessage()));
      return;
    }
    run.set(n, i, leg.calling(run.scopeCount()));
    run.scopes.open(
        callee, n, i, leg.key() + "/", leg.name() + " / ", arguments.inputs(), arguments.secrets());
  }

  // --- the end ---

  /** A leg has ended that holds a place and that no machine has. */
  void end(int n, int i, JobResult result) {
    announceEnd(run.leg(n, i), result);
    settle(n, i, result, 1);
  }

  private void fail(int n, int i, String cause) {
    end(n, i, new JobResult(Conclusion.FAILURE, Map.of(), cause));
  }

  /** A leg has ended that never took a place. */
  void endHeld(int n, int i, JobResult result) {
    announceEnd(run.leg(n, i), result);
    settle(n, i, result, 0);
  }

  private void announceEnd(Leg leg, JobResult result) {
    run.effect(
        new Effect.End(
            leg.key(), leg.name(), result.conclusion(), result.outputs(), result.cause()));
  }

  /** Counts a leg's end for its node; {@code places} it gives back under {@code max-parallel}. */
  private void settle(int n, int i, JobResult result, int places) {
    JobState job = run.job(n);
    JobLegs legs = job.legs();
    Leg leg = legs.get(i);
    if (!leg.group().isEmpty()) {
      run.effect(new Effect.Release(leg.key(), leg.group()));
    }
    run.set(n, job.with(legs.legEnded(i, places)).with(job.tally().add(result, leg.forgiven())));
    boolean failed = result.conclusion() == Conclusion.FAILURE && !leg.forgiven();
    if (failed && legs.failFast() && legs.size() > 1) {
      run.cancels.stopLegs(n, i);
    }
    job = run.job(n);
    if (job.ended()) {
      return;
    }
    if (job.legs().ended() == job.legs().size()) {
      run.jobs.finish(n, job.tally().conclusion());
    } else if (places > 0) {
      fillUp(n);
    }
  }
}
