package dev.slipway.engine;

import dev.slipway.plan.JobKeys;
import dev.slipway.plan.Matrix;
import dev.slipway.plan.PlanException;
import dev.slipway.plan.WorkflowTree;
import dev.slipway.workflow.InputDefinition;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.Triggers;
import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run of one workflow as a state machine: {@link #decide} takes what happened and gives the next
 * state with what is to be done about it. Pure: no clock, no input or output, no threads. The
 * command line, a server and the simulator drive the same function.
 *
 * <p>A workflow's jobs are nodes of a graph. A node waits for the nodes it needs, then its {@code
 * if} decides whether it runs; then its matrix makes legs of it. A leg waits for its place under
 * {@code max-parallel} and for its concurrency group, then runs on a machine, or calls a workflow,
 * whose jobs are nodes of their own in a scope of their own. (Rules: GitHub's workflow parser,
 * WorkflowTemplateConverter and MatrixBuilder.)
 *
 * <p>Immutable.
 */
final class RunState {
  private static final double DEFAULT_TIMEOUT_MINUTES = 360;
  private static final double DEFAULT_CANCEL_TIMEOUT_MINUTES = 5;
  private static final int MAX_GROUP = 400;

  private final RunDefinition definition;
  private final CallScope[] scopes;
  private final JobNode[] nodes;
  private final Map<String, int[]> legsByKey;
  private final boolean began;
  private final boolean cancelled;
  private final @Nullable Conclusion conclusion;

  private RunState(
      RunDefinition definition,
      CallScope[] scopes,
      JobNode[] nodes,
      Map<String, int[]> legsByKey,
      boolean began,
      boolean cancelled,
      @Nullable Conclusion conclusion) {
    this.definition = definition;
    this.scopes = scopes;
    this.nodes = nodes;
    this.legsByKey = legsByKey;
    this.began = began;
    this.cancelled = cancelled;
    this.conclusion = conclusion;
  }

  /** The next state, and what is to be done. */
  record Decision(RunState next, List<Effect> effects) {}

  /** The state before anything has happened. */
  static RunState initial(RunDefinition definition) {
    return new RunState(definition, new CallScope[0], new JobNode[0], Map.of(), false, false, null);
  }

  /** How the run ended; null while it goes on. */
  @Nullable Conclusion conclusion() {
    return conclusion;
  }

  /** What the input changes. An input that fits nothing changes nothing. */
  Decision decide(RunInput input) {
    Step step = new Step(this);
    if (input instanceof RunInput.Begin) {
      step.begin();
    } else if (!began || conclusion != null) {
      return new Decision(this, List.of());
    } else if (input instanceof RunInput.JobStarted started) {
      step.started(started.key());
    } else if (input instanceof RunInput.JobEnded ended) {
      step.ended(ended.key(), new JobResult(ended.conclusion(), ended.outputs(), ended.cause()));
    } else if (input instanceof RunInput.JobLost lost) {
      step.ended(lost.key(), new JobResult(Conclusion.FAILURE, Map.of(), "lost"));
    } else if (input instanceof RunInput.Cancel) {
      step.cancel();
    } else if (input instanceof RunInput.GroupGranted granted) {
      step.granted(granted.holder());
    } else if (input instanceof RunInput.GroupRevoked revoked) {
      step.revoked(revoked.holder());
    }
    return step.done();
  }

  /** How far a node is. */
  private enum NodePhase {
    WAITING,
    RUNNING,
    ENDED
  }

  /** How far a leg is. */
  private enum LegPhase {
    /** Others of its matrix have to end first. */
    HELD,
    /** Waits for its concurrency group. */
    GROUP,
    /** Handed to a machine that has not taken it yet, or a called workflow. */
    STARTED,
    /** A machine runs it. */
    RUNNING,
    ENDED
  }

  /** A workflow being run: the run's own, or one that a job calls. */
  private record CallScope(
      WorkflowTree tree,
      int parentNode,
      int parentLeg,
      String keyPrefix,
      String namePrefix,
      Value inputs,
      Map<String, String> secrets,
      int firstNode,
      int nodeCount,
      int open,
      String group,
      boolean admitted,
      boolean revoked) {
    CallScope withOpen(int left) {
      return new CallScope(
          tree,
          parentNode,
          parentLeg,
          keyPrefix,
          namePrefix,
          inputs,
          secrets,
          firstNode,
          nodeCount,
          left,
          group,
          admitted,
          revoked);
    }

    CallScope neverAdmitted() {
      return new CallScope(
          tree,
          parentNode,
          parentLeg,
          keyPrefix,
          namePrefix,
          inputs,
          secrets,
          firstNode,
          nodeCount,
          open,
          group,
          admitted,
          true);
    }

    CallScope withGroup(String name, boolean in) {
      return new CallScope(
          tree,
          parentNode,
          parentLeg,
          keyPrefix,
          namePrefix,
          inputs,
          secrets,
          firstNode,
          nodeCount,
          open,
          name,
          in,
          revoked);
    }
  }

  /**
   * A job of a workflow. {@code clean}: it and all above it succeeded; {@code tainted}: one of them
   * failed.
   */
  private record JobNode(
      int scope,
      Job job,
      int[] needs,
      int[] dependants,
      int missing,
      NodePhase phase,
      Leg[] legs,
      int active,
      int nextHeld,
      int ended,
      int maxParallel,
      boolean failFast,
      boolean anyFailure,
      boolean realFailure,
      boolean anyCancelled,
      boolean ran,
      @Nullable Conclusion result,
      Map<String, String> outputs,
      boolean clean,
      boolean tainted,
      boolean excluded) {
    JobNode withMissing(int left) {
      return new JobNode(
          scope,
          job,
          needs,
          dependants,
          left,
          phase,
          legs,
          active,
          nextHeld,
          ended,
          maxParallel,
          failFast,
          anyFailure,
          realFailure,
          anyCancelled,
          ran,
          result,
          outputs,
          clean,
          tainted,
          excluded);
    }

    JobNode running(Leg[] made, int parallel, boolean fast) {
      return new JobNode(
          scope,
          job,
          needs,
          dependants,
          missing,
          NodePhase.RUNNING,
          made,
          0,
          0,
          0,
          parallel,
          fast,
          false,
          false,
          false,
          false,
          null,
          outputs,
          clean,
          tainted,
          excluded);
    }

    JobNode withLeg(int index, Leg leg) {
      Leg[] changed = legs.clone();
      changed[index] = leg;
      return new JobNode(
          scope,
          job,
          needs,
          dependants,
          missing,
          phase,
          changed,
          active,
          nextHeld,
          ended,
          maxParallel,
          failFast,
          anyFailure,
          realFailure,
          anyCancelled,
          ran,
          result,
          outputs,
          clean,
          tainted,
          excluded);
    }

    JobNode withProgress(int nowActive, int held) {
      return new JobNode(
          scope,
          job,
          needs,
          dependants,
          missing,
          phase,
          legs,
          nowActive,
          held,
          ended,
          maxParallel,
          failFast,
          anyFailure,
          realFailure,
          anyCancelled,
          ran,
          result,
          outputs,
          clean,
          tainted,
          excluded);
    }

    JobNode legEnded(int nowActive, JobResult how, boolean forgiven) {
      Map<String, String> merged = outputs;
      if (!how.outputs().isEmpty()) {
        merged = new LinkedHashMap<>(outputs);
        for (Map.Entry<String, String> output : how.outputs().entrySet()) {
          if (!output.getValue().isEmpty()) {
            merged.put(output.getKey(), output.getValue());
          }
        }
      }
      boolean failed = how.conclusion() == Conclusion.FAILURE;
      return new JobNode(
          scope,
          job,
          needs,
          dependants,
          missing,
          phase,
          legs,
          nowActive,
          nextHeld,
          ended + 1,
          maxParallel,
          failFast,
          anyFailure || failed,
          realFailure || (failed && !forgiven),
          anyCancelled || how.conclusion() == Conclusion.CANCELLED,
          ran || how.conclusion() != Conclusion.SKIPPED,
          result,
          merged,
          clean,
          tainted,
          excluded);
    }

    JobNode finished(Conclusion how, boolean allClean, boolean anyTaint) {
      return new JobNode(
          scope,
          job,
          needs,
          dependants,
          missing,
          NodePhase.ENDED,
          legs,
          0,
          nextHeld,
          ended,
          maxParallel,
          failFast,
          anyFailure,
          realFailure,
          anyCancelled,
          ran,
          how,
          outputs,
          allClean,
          anyTaint,
          excluded);
    }
  }

  /** One job of a node's matrix. */
  private record Leg(
      String key,
      String name,
      Value matrix,
      Value strategy,
      LegPhase phase,
      boolean forgiven,
      String group,
      int callScope,
      boolean stopped) {
    Leg with(LegPhase next) {
      return new Leg(key, name, matrix, strategy, next, forgiven, group, callScope, stopped);
    }

    Leg prepared(String shown, boolean continueOnError, String concurrency) {
      return new Leg(
          key, shown, matrix, strategy, phase, continueOnError, concurrency, callScope, stopped);
    }

    Leg calling(int scope) {
      return new Leg(
          key, name, matrix, strategy, LegPhase.RUNNING, forgiven, group, scope, stopped);
    }

    Leg stopping() {
      return new Leg(key, name, matrix, strategy, phase, forgiven, group, callScope, true);
    }
  }

  /** One application of {@link #decide}: works on copies of what it changes. */
  private static final class Step {
    private final RunDefinition definition;
    private CallScope[] scopes;
    private JobNode[] nodes;
    private Map<String, int[]> legsByKey;
    private boolean legsCopied;
    private boolean began;
    private boolean cancelled;
    private @Nullable Conclusion conclusion;
    private final List<Effect> effects = new ArrayList<>();
    private final Deque<Integer> ready = new ArrayDeque<>();

    Step(RunState state) {
      definition = state.definition;
      scopes = state.scopes.clone();
      nodes = state.nodes.clone();
      legsByKey = state.legsByKey;
      began = state.began;
      cancelled = state.cancelled;
      conclusion = state.conclusion;
    }

    Decision done() {
      return new Decision(
          new RunState(definition, scopes, nodes, legsByKey, began, cancelled, conclusion),
          effects);
    }

    // --- inputs ---

    void begin() {
      if (began) {
        return;
      }
      began = true;
      open(definition.tree(), -1, -1, "", "", definition.inputs(), definition.secrets());
      runReady();
    }

    void started(String key) {
      int[] at = legsByKey.get(key);
      if (at != null) {
        JobNode node = nodes[at[0]];
        Leg leg = node.legs()[at[1]];
        if (leg.phase() == LegPhase.STARTED) {
          nodes[at[0]] = node.withLeg(at[1], leg.with(LegPhase.RUNNING));
        }
      }
    }

    void ended(String key, JobResult result) {
      int[] at = legsByKey.get(key);
      if (at == null) {
        return;
      }
      Leg leg = nodes[at[0]].legs()[at[1]];
      boolean running = leg.phase() == LegPhase.STARTED || leg.phase() == LegPhase.RUNNING;
      if (running && leg.callScope() < 0) {
        end(at[0], at[1], result);
        runReady();
      }
    }

    void cancel() {
      if (cancelled) {
        return;
      }
      cancelled = true;
      for (int n = 0; n < nodes.length; n++) {
        if (nodes[n].phase() == NodePhase.RUNNING && !goesOn(n)) {
          cancelLegs(n, -1);
        }
      }
      for (int s = 0; s < scopes.length; s++) {
        if (!scopes[s].admitted()) {
          scopes[s] = scopes[s].neverAdmitted();
          admit(s);
        }
      }
      runReady();
    }

    /** Whether a job's {@code if} holds in a cancelled run too; such a job is let alone. */
    private boolean goesOn(int n) {
      JobNode node = nodes[n];
      if (scopes[node.scope()].revoked() || node.job().body() instanceof Job.Call) {
        return false;
      }
      try {
        return node.job()
            .condition()
            .expression()
            .evaluate(new JobScope(this, node.scope(), node, null, null))
            .truthy();
      } catch (ExpressionException e) {
        return false;
      }
    }

    void granted(String holder) {
      for (int s = 0; s < scopes.length; s++) {
        if (!scopes[s].admitted() && scopeHolder(s).equals(holder)) {
          admit(s);
          runReady();
          return;
        }
      }
      int[] at = legsByKey.get(holder);
      if (at != null) {
        Leg leg = nodes[at[0]].legs()[at[1]];
        if (leg.phase() == LegPhase.GROUP) {
          launch(at[0], at[1]);
          runReady();
        }
      }
    }

    void revoked(String holder) {
      for (int s = 0; s < scopes.length; s++) {
        if (!scopes[s].group().isEmpty() && scopeHolder(s).equals(holder)) {
          if (s == 0) {
            cancel();
          } else {
            stopLeg(scopes[s].parentNode(), scopes[s].parentLeg());
            runReady();
          }
          return;
        }
      }
      int[] at = legsByKey.get(holder);
      if (at != null) {
        stopLeg(at[0], at[1]);
        runReady();
      }
    }

    // --- scopes ---

    private String scopeHolder(int scope) {
      return scope == 0 ? "" : scopes[scope].keyPrefix();
    }

    private void open(
        WorkflowTree tree,
        int parentNode,
        int parentLeg,
        String keyPrefix,
        String namePrefix,
        Value inputs,
        Map<String, String> secrets) {
      List<Job> jobs = tree.workflow().jobs();
      int scope = scopes.length;
      int first = nodes.length;
      Set<String> wanted = parentNode < 0 ? wanted(jobs) : Set.of();
      Map<String, Integer> index = new HashMap<>();
      for (int i = 0; i < jobs.size(); i++) {
        index.put(jobs.get(i).id().toLowerCase(Locale.ROOT), first + i);
      }
      List<List<Integer>> dependants = new ArrayList<>();
      for (int i = 0; i < jobs.size(); i++) {
        dependants.add(new ArrayList<>());
      }
      JobNode[] made = java.util.Arrays.copyOf(nodes, first + jobs.size());
      for (int i = 0; i < jobs.size(); i++) {
        Job job = jobs.get(i);
        int[] needs = new int[job.needs().size()];
        for (int n = 0; n < needs.length; n++) {
          Integer need = index.get(job.needs().get(n).toLowerCase(Locale.ROOT));
          if (need == null) {
            throw new IllegalArgumentException("no job '" + job.needs().get(n) + "'");
          }
          needs[n] = need;
          dependants.get(needs[n] - first).add(first + i);
        }
        boolean excluded = !wanted.isEmpty() && !wanted.contains(job.id().toLowerCase(Locale.ROOT));
        made[first + i] =
            new JobNode(
                scope,
                job,
                needs,
                new int[0],
                needs.length,
                NodePhase.WAITING,
                new Leg[0],
                0,
                0,
                0,
                Integer.MAX_VALUE,
                true,
                false,
                false,
                false,
                false,
                null,
                Map.of(),
                false,
                false,
                excluded);
      }
      for (int i = 0; i < jobs.size(); i++) {
        JobNode n = made[first + i];
        int[] waiting = new int[dependants.get(i).size()];
        for (int d = 0; d < waiting.length; d++) {
          waiting[d] = dependants.get(i).get(d);
        }
        made[first + i] =
            new JobNode(
                n.scope(),
                n.job(),
                n.needs(),
                waiting,
                n.missing(),
                n.phase(),
                n.legs(),
                0,
                0,
                0,
                Integer.MAX_VALUE,
                true,
                false,
                false,
                false,
                false,
                null,
                Map.of(),
                false,
                false,
                n.excluded());
      }
      nodes = made;
      scopes = java.util.Arrays.copyOf(scopes, scope + 1);
      scopes[scope] =
          new CallScope(
              tree,
              parentNode,
              parentLeg,
              keyPrefix,
              namePrefix,
              inputs,
              secrets,
              first,
              jobs.size(),
              jobs.size(),
              "",
              true,
              false);
      Node concurrency = tree.workflow().concurrency();
      if (concurrency != null && !cancelled) {
        try {
          JobScope evaluation = new JobScope(this, scope, null, null, null);
          Group group = group(concurrency, evaluation);
          scopes[scope] = scopes[scope].withGroup(group.name(), false);
          effects.add(
              new Effect.Acquire(
                  scopeHolder(scope), group.name(), group.cancelInProgress(), group.queueAll()));
          return;
        } catch (ExpressionException e) {
          failScope(scope, "concurrency: " + e.getMessage());
          return;
        }
      }
      admit(scope);
    }

    private Set<String> wanted(List<Job> jobs) {
      if (definition.onlyJobs().isEmpty()) {
        return Set.of();
      }
      Map<String, Job> byId = new HashMap<>();
      jobs.forEach(job -> byId.put(job.id().toLowerCase(Locale.ROOT), job));
      Set<String> wanted = new HashSet<>();
      Deque<String> left = new ArrayDeque<>();
      definition.onlyJobs().forEach(id -> left.add(id.toLowerCase(Locale.ROOT)));
      while (!left.isEmpty()) {
        Job job = byId.get(left.poll());
        if (job != null && wanted.add(job.id().toLowerCase(Locale.ROOT))) {
          job.needs().forEach(need -> left.add(need.toLowerCase(Locale.ROOT)));
        }
      }
      return wanted;
    }

    private void admit(int scope) {
      CallScope s = scopes[scope];
      scopes[scope] = s.withGroup(s.group(), true);
      for (int n = s.firstNode(); n < s.firstNode() + s.nodeCount(); n++) {
        if (nodes[n].missing() == 0 && nodes[n].phase() == NodePhase.WAITING) {
          ready.add(n);
        }
      }
    }

    private void failScope(int scope, String cause) {
      CallScope s = scopes[scope];
      for (int n = s.firstNode(); n < s.firstNode() + s.nodeCount(); n++) {
        String key = s.keyPrefix() + nodes[n].job().id();
        String name = s.namePrefix() + nodes[n].job().id();
        effects.add(new Effect.End(key, name, Conclusion.FAILURE, Map.of(), cause));
        nodes[n] = nodes[n].finished(Conclusion.FAILURE, false, true);
      }
      scopes[scope] = s.withOpen(0).withGroup("", true);
      closeScope(scope, Conclusion.FAILURE);
    }

    private record Group(String name, boolean cancelInProgress, boolean queueAll) {}

    private static Group group(Node concurrency, Scope scope) {
      Value value = concurrency.evaluate(scope);
      String name = value.toText();
      boolean cancel = false;
      boolean all = false;
      if (value instanceof ObjectValue object) {
        Value group = object.get("group");
        name = group == null ? "" : group.toText();
        Value cancelInProgress = object.get("cancel-in-progress");
        cancel = cancelInProgress != null && cancelInProgress.truthy();
        Value queue = object.get("queue");
        all = queue != null && queue.toText().equalsIgnoreCase("max");
      }
      if (name.isBlank()) {
        throw ExpressionException.evaluation("The concurrency group is empty");
      }
      if (name.length() > MAX_GROUP) {
        throw ExpressionException.evaluation(
            "The concurrency group is longer than " + MAX_GROUP + " characters");
      }
      return new Group(name, cancel, all);
    }

    // --- nodes ---

    private void runReady() {
      while (!ready.isEmpty()) {
        int n = ready.poll();
        if (nodes[n].phase() == NodePhase.WAITING && scopes[nodes[n].scope()].admitted()) {
          consider(n);
        }
      }
    }

    /** All that the node needs has ended: does it run? */
    private void consider(int n) {
      JobNode node = nodes[n];
      CallScope scope = scopes[node.scope()];
      Job job = node.job();
      String key = scope.keyPrefix() + job.id();
      if (node.excluded()) {
        finish(n, Conclusion.SKIPPED);
        return;
      }
      JobResult known = definition.known().get(key);
      if (known != null && job.strategy() == null) {
        effects.add(
            new Effect.End(key, plainName(node), known.conclusion(), known.outputs(), "reused"));
        boolean forgiven = false;
        try {
          forgiven =
              job.continueOnError() != null
                  && job.continueOnError()
                      .evaluate(new JobScope(this, node.scope(), node, null, null))
                      .truthy();
        } catch (ExpressionException e) {
          forgiven = false;
        }
        nodes[n] = node.legEnded(0, known, forgiven);
        finish(n, known.conclusion());
        return;
      }
      JobScope evaluation = new JobScope(this, node.scope(), node, null, null);
      boolean runs;
      try {
        runs = job.condition().expression().evaluate(evaluation).truthy();
      } catch (ExpressionException e) {
        fail(n, "if: " + e.getMessage());
        return;
      }
      if (!runs) {
        effects.add(new Effect.Skip(key, plainName(node), skipReason(node)));
        finish(n, Conclusion.SKIPPED);
        return;
      }
      expand(n, evaluation);
    }

    private String plainName(JobNode node) {
      CallScope scope = scopes[node.scope()];
      Node name = node.job().name();
      String shown =
          name instanceof Node.Scalar scalar && scalar.literal()
              ? scalar.source()
              : node.job().id();
      return scope.namePrefix() + shown;
    }

    private String skipReason(JobNode node) {
      if (cancelled) {
        return "the run was cancelled";
      }
      String source = node.job().condition().source();
      for (int need : node.needs()) {
        Conclusion result = nodes[need].result();
        if (result == Conclusion.SKIPPED) {
          return "needs '" + nodes[need].job().id() + "', which was skipped";
        }
        if (result != Conclusion.SUCCESS && result != null && nodes[need].realFailure()) {
          return "needs '" + nodes[need].job().id() + "', which ended in " + result.text();
        }
        if (!nodes[need].clean() && source == null) {
          return "needs '" + nodes[need].job().id() + "', and a job before it did not succeed";
        }
      }
      return source == null ? "the status was not success" : "if: " + source + " was false";
    }

    /** Fails a node that could not be evaluated. */
    private void fail(int n, String cause) {
      CallScope scope = scopes[nodes[n].scope()];
      String key = scope.keyPrefix() + nodes[n].job().id();
      effects.add(new Effect.End(key, plainName(nodes[n]), Conclusion.FAILURE, Map.of(), cause));
      nodes[n] = nodes[n].legEnded(0, new JobResult(Conclusion.FAILURE, Map.of(), cause), false);
      finish(n, Conclusion.FAILURE);
    }

    /** Makes the legs of the node's matrix. */
    private void expand(int n, JobScope evaluation) {
      JobNode node = nodes[n];
      Job job = node.job();
      CallScope scope = scopes[node.scope()];
      Job.Strategy strategy = job.strategy();
      boolean failFast = true;
      int maxParallel = Integer.MAX_VALUE;
      List<Matrix.Combination> combinations = List.of();
      try {
        if (strategy != null) {
          if (strategy.failFast() != null) {
            failFast = strategy.failFast().evaluate(evaluation).truthy();
          }
          if (strategy.maxParallel() != null) {
            double parallel = strategy.maxParallel().evaluate(evaluation).toNumber();
            if (parallel >= 1) {
              maxParallel = (int) parallel;
            }
          }
          if (strategy.matrix() != null) {
            combinations = Matrix.expand(strategy.matrix().evaluate(evaluation));
          }
        }
      } catch (ExpressionException e) {
        fail(n, "strategy: " + e.getMessage());
        return;
      } catch (PlanException e) {
        fail(n, String.valueOf(e.getMessage()));
        return;
      }
      List<Leg> legs = new ArrayList<>();
      List<Matrix.Combination> chosen = new ArrayList<>();
      if (combinations.isEmpty()) {
        legs.add(
            new Leg(
                scope.keyPrefix() + job.id(),
                job.id(),
                Value.NULL,
                strategyContext(failFast, 0, 1, 1),
                LegPhase.HELD,
                false,
                "",
                -1,
                false));
      } else {
        List<String> keys = JobKeys.legs(job.id(), combinations);
        int parallel = Math.min(maxParallel, combinations.size());
        for (int i = 0; i < combinations.size(); i++) {
          if (wanted(combinations.get(i).value())) {
            chosen.add(combinations.get(i));
            legs.add(
                new Leg(
                    scope.keyPrefix() + keys.get(i),
                    keys.get(i),
                    combinations.get(i).value(),
                    strategyContext(failFast, i, combinations.size(), parallel),
                    LegPhase.HELD,
                    false,
                    "",
                    -1,
                    false));
          }
        }
        if (legs.isEmpty()) {
          effects.add(
              new Effect.Skip(
                  scope.keyPrefix() + job.id(),
                  plainName(node),
                  "no combination of the matrix was asked for"));
          finish(n, Conclusion.SKIPPED);
          return;
        }
      }
      copyLegs();
      for (int i = 0; i < legs.size(); i++) {
        legsByKey.put(legs.get(i).key(), new int[] {n, i});
      }
      nodes[n] = node.running(legs.toArray(new Leg[0]), maxParallel, failFast);
      for (int i = 0; i < legs.size(); i++) {
        prepare(n, i, chosen.isEmpty() ? null : chosen.get(i));
      }
      fillUp(n);
    }

    private void copyLegs() {
      if (!legsCopied) {
        legsByKey = new HashMap<>(legsByKey);
        legsCopied = true;
      }
    }

    private boolean wanted(ObjectValue combination) {
      for (Map.Entry<String, Set<String>> filter : definition.matrixFilter().entrySet()) {
        Value value = combination.get(filter.getKey());
        if (value != null && !filter.getValue().contains(value.toText())) {
          return false;
        }
      }
      return true;
    }

    private static Value strategyContext(boolean failFast, int index, int total, int maxParallel) {
      Map<String, Value> values = new LinkedHashMap<>();
      values.put("fail-fast", Value.of(failFast));
      values.put("job-index", Value.of(index));
      values.put("job-total", Value.of(total));
      values.put("max-parallel", Value.of(maxParallel));
      return Value.object(values);
    }

    // --- legs ---

    /** Evaluates what is known of a leg before it starts, and announces it. */
    private void prepare(int n, int i, Matrix.@Nullable Combination combination) {
      JobNode node = nodes[n];
      CallScope scope = scopes[node.scope()];
      Leg leg = node.legs()[i];
      Job job = node.job();
      JobScope evaluation = new JobScope(this, node.scope(), node, leg.matrix(), leg.strategy());
      String name;
      boolean forgiven = false;
      String failure = null;
      try {
        name = JobKeys.displayName(job, combination, evaluation);
        forgiven =
            job.continueOnError() != null && job.continueOnError().evaluate(evaluation).truthy();
      } catch (ExpressionException e) {
        name = leg.name();
        failure = String.valueOf(e.getMessage());
      }
      String shown = scope.namePrefix() + name;
      nodes[n] = node.withLeg(i, leg.prepared(shown, forgiven, ""));
      if (failure != null) {
        endBeforeStart(n, i, new JobResult(Conclusion.FAILURE, Map.of(), failure));
        return;
      }
      JobResult known = definition.known().get(leg.key());
      if (known != null) {
        endBeforeStart(n, i, new JobResult(known.conclusion(), known.outputs(), "reused"));
        return;
      }
      List<String> needs = new ArrayList<>();
      for (int need : node.needs()) {
        needs.add(scope.keyPrefix() + nodes[need].job().id());
      }
      String matrix =
          leg.matrix().kind() == Value.Kind.NULL ? null : Json.writeCompact(leg.matrix());
      effects.add(new Effect.Queue(leg.key(), job.id(), shown, needs, matrix));
    }

    private void endBeforeStart(int n, int i, JobResult result) {
      Leg leg = nodes[n].legs()[i];
      effects.add(
          new Effect.End(
              leg.key(), leg.name(), result.conclusion(), result.outputs(), result.cause()));
      settle(n, i, result, 0);
    }

    /** Starts legs as far as {@code max-parallel} allows. */
    private void fillUp(int n) {
      while (nodes[n].phase() == NodePhase.RUNNING) {
        JobNode node = nodes[n];
        int held = node.nextHeld();
        while (held < node.legs().length && node.legs()[held].phase() != LegPhase.HELD) {
          held++;
        }
        if (held >= node.legs().length || node.active() >= node.maxParallel()) {
          nodes[n] = node.withProgress(node.active(), held);
          return;
        }
        nodes[n] = node.withProgress(node.active() + 1, held + 1);
        admitLeg(n, held);
      }
    }

    private void admitLeg(int n, int i) {
      JobNode node = nodes[n];
      Leg leg = node.legs()[i];
      if (scopes[node.scope()].revoked()) {
        end(n, i, new JobResult(Conclusion.CANCELLED, Map.of(), null));
        return;
      }
      Node concurrency = node.job().concurrency();
      if (concurrency == null) {
        launch(n, i);
        return;
      }
      try {
        Group group =
            group(
                concurrency, new JobScope(this, node.scope(), node, leg.matrix(), leg.strategy()));
        nodes[n] =
            node.withLeg(
                i, leg.prepared(leg.name(), leg.forgiven(), group.name()).with(LegPhase.GROUP));
        effects.add(
            new Effect.Acquire(
                leg.key(), group.name(), group.cancelInProgress(), group.queueAll()));
      } catch (ExpressionException e) {
        end(n, i, new JobResult(Conclusion.FAILURE, Map.of(), "concurrency: " + e.getMessage()));
      }
    }

    private void launch(int n, int i) {
      JobNode node = nodes[n];
      if (node.job().body() instanceof Job.Call call) {
        call(n, i, call);
        return;
      }
      Leg leg = node.legs()[i];
      JobScope evaluation = new JobScope(this, node.scope(), node, leg.matrix(), leg.strategy());
      Job.Steps steps = (Job.Steps) node.job().body();
      List<String> labels;
      double timeout;
      double cancelTimeout;
      try {
        labels = labels(steps.runsOn().evaluate(evaluation));
        timeout = minutes(node.job().timeoutMinutes(), evaluation, DEFAULT_TIMEOUT_MINUTES);
        cancelTimeout =
            minutes(node.job().cancelTimeoutMinutes(), evaluation, DEFAULT_CANCEL_TIMEOUT_MINUTES);
      } catch (ExpressionException e) {
        end(n, i, new JobResult(Conclusion.FAILURE, Map.of(), String.valueOf(e.getMessage())));
        return;
      }
      RunDefinition.Choice choice = definition.machines().choose(labels);
      if (choice instanceof RunDefinition.Choice.None none) {
        if (definition.requireAll()) {
          end(n, i, new JobResult(Conclusion.FAILURE, Map.of(), none.reason()));
        } else {
          effects.add(new Effect.Skip(leg.key(), leg.name(), none.reason()));
          settle(n, i, new JobResult(Conclusion.SKIPPED, Map.of(), null), 1);
        }
        return;
      }
      if (choice instanceof RunDefinition.Choice.Fits fits) {
        CallScope scope = scopes[node.scope()];
        nodes[n] = node.withLeg(i, leg.with(LegPhase.STARTED));
        effects.add(
            new Effect.Start(
                new JobSpec(
                    leg.key(),
                    leg.name(),
                    scope.tree().workflow(),
                    node.job(),
                    definition.github(),
                    scope.inputs(),
                    definition.vars(),
                    evaluation.needs(),
                    leg.strategy(),
                    leg.matrix(),
                    scope.secrets(),
                    scope.tree().origin(),
                    timeout,
                    cancelTimeout),
                fits.machine()));
      }
    }

    private static double minutes(@Nullable Node node, Scope scope, double otherwise) {
      if (node == null) {
        return otherwise;
      }
      double minutes = node.evaluate(scope).toNumber();
      if (Double.isNaN(minutes)) {
        throw ExpressionException.evaluation("The value of a timeout is no number");
      }
      return Math.floor(minutes);
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

    /** Opens the workflow that a job calls. */
    private void call(int n, int i, Job.Call call) {
      JobNode node = nodes[n];
      CallScope scope = scopes[node.scope()];
      Leg leg = node.legs()[i];
      WorkflowTree callee = scope.tree().call(node.job().id());
      if (callee == null) {
        end(
            n,
            i,
            new JobResult(
                Conclusion.FAILURE, Map.of(), "the workflow '" + call.uses() + "' cannot be had"));
        return;
      }
      Triggers.Trigger trigger = callee.workflow().on().trigger("workflow_call");
      JobScope evaluation = new JobScope(this, node.scope(), node, leg.matrix(), leg.strategy());
      Value inputs;
      Map<String, String> secrets;
      try {
        inputs = inputs(call, trigger, evaluation);
        secrets = secrets(call, trigger, evaluation, scope.secrets());
      } catch (ExpressionException e) {
        end(n, i, new JobResult(Conclusion.FAILURE, Map.of(), String.valueOf(e.getMessage())));
        return;
      }
      nodes[n] = node.withLeg(i, leg.calling(scopes.length));
      open(callee, n, i, leg.key() + "/", leg.name() + " / ", inputs, secrets);
    }

    private Value inputs(Job.Call call, Triggers.@Nullable Trigger trigger, JobScope evaluation) {
      Map<String, Value> values = new LinkedHashMap<>();
      ObjectValue given =
          call.with() != null && call.with().evaluate(evaluation) instanceof ObjectValue o
              ? o
              : Value.object(Map.of());
      if (trigger != null) {
        for (InputDefinition input : trigger.inputs()) {
          Value value = given.get(input.id());
          if (value == null && input.required()) {
            throw ExpressionException.evaluation(
                "Input '" + input.id() + "' is required, but not provided");
          }
          if (value == null && input.defaultValue() != null) {
            value = input.defaultValue().evaluate(evaluation);
          }
          values.put(input.id(), typed(input, value));
        }
      }
      return Value.object(values);
    }

    private static Value typed(InputDefinition input, @Nullable Value value) {
      switch (input.type()) {
        case BOOLEAN -> {
          if (value == null || value.kind() == Value.Kind.NULL) {
            return Value.FALSE;
          }
          if (value.kind() != Value.Kind.BOOLEAN) {
            throw ExpressionException.evaluation(
                "Input '"
                    + input.id()
                    + "': unexpected value '"
                    + value.toText()
                    + "', expected a boolean");
          }
          return value;
        }
        case NUMBER -> {
          if (value == null || value.kind() == Value.Kind.NULL) {
            return Value.of(0.0);
          }
          if (value.kind() != Value.Kind.NUMBER) {
            throw ExpressionException.evaluation(
                "Input '"
                    + input.id()
                    + "': unexpected value '"
                    + value.toText()
                    + "', expected a number");
          }
          return value;
        }
        default -> {
          return value == null ? Value.EMPTY : Value.of(value.toText());
        }
      }
    }

    private static Map<String, String> secrets(
        Job.Call call,
        Triggers.@Nullable Trigger trigger,
        JobScope evaluation,
        Map<String, String> own) {
      if (call.inheritSecrets()) {
        return own;
      }
      Map<String, String> passed = new LinkedHashMap<>();
      if (call.secrets() != null
          && call.secrets().evaluate(evaluation) instanceof ObjectValue given) {
        given.forEach((name, value) -> {
          if (!value.toText().isEmpty()) {
            passed.put(name, value.toText());
          }
        });
      }
      String token = own.get("GITHUB_TOKEN");
      if (token != null) {
        passed.putIfAbsent("GITHUB_TOKEN", token);
      }
      if (trigger != null) {
        for (Triggers.SecretDefinition secret : trigger.secrets()) {
          boolean missing = passed.keySet().stream().noneMatch(secret.id()::equalsIgnoreCase);
          if (secret.required() && missing) {
            throw ExpressionException.evaluation(
                "Secret '" + secret.id() + "' is required, but not provided");
          }
        }
      }
      return passed;
    }

    /** A leg that was started, or about to be, has ended. */
    private void end(int n, int i, JobResult result) {
      Leg leg = nodes[n].legs()[i];
      boolean byMachine =
          (leg.phase() == LegPhase.STARTED || leg.phase() == LegPhase.RUNNING)
              && leg.callScope() < 0;
      if (!byMachine) {
        effects.add(
            new Effect.End(
                leg.key(), leg.name(), result.conclusion(), result.outputs(), result.cause()));
      }
      settle(n, i, result, 1);
    }

    /** Counts a leg's end for its node; {@code places} it gives back under {@code max-parallel}. */
    private void settle(int n, int i, JobResult result, int places) {
      JobNode node = nodes[n];
      Leg leg = node.legs()[i];
      if (!leg.group().isEmpty()) {
        effects.add(new Effect.Release(leg.key(), leg.group()));
      }
      nodes[n] =
          node.withLeg(i, leg.with(LegPhase.ENDED))
              .legEnded(node.active() - places, result, leg.forgiven());
      boolean failed = result.conclusion() == Conclusion.FAILURE && !leg.forgiven();
      if (failed && node.failFast() && node.legs().length > 1) {
        cancelLegs(n, i);
      }
      node = nodes[n];
      if (node.phase() == NodePhase.ENDED) {
        return;
      }
      if (node.ended() == node.legs().length) {
        finish(n, nodeResult(node));
      } else if (places > 0) {
        fillUp(n);
      }
    }

    private static Conclusion nodeResult(JobNode node) {
      if (node.anyFailure()) {
        return Conclusion.FAILURE;
      }
      if (node.anyCancelled()) {
        return Conclusion.CANCELLED;
      }
      return node.ran() ? Conclusion.SUCCESS : Conclusion.SKIPPED;
    }

    /**
     * Cancels the node's legs but one: those not started end now, those that run are told to stop.
     */
    private void cancelLegs(int n, int except) {
      for (int i = 0; i < nodes[n].legs().length; i++) {
        if (i != except && nodes[n].phase() == NodePhase.RUNNING) {
          stopLeg(n, i);
        }
      }
    }

    private void stopLeg(int n, int i) {
      Leg leg = nodes[n].legs()[i];
      JobResult ended = new JobResult(Conclusion.CANCELLED, Map.of(), null);
      switch (leg.phase()) {
        case HELD -> endBeforeStart(n, i, ended);
        case GROUP -> end(n, i, ended);
        case STARTED, RUNNING -> {
          if (leg.stopped()) {
            return;
          }
          nodes[n] = nodes[n].withLeg(i, leg.stopping());
          if (leg.callScope() < 0) {
            effects.add(new Effect.Stop(leg.key()));
          } else {
            CallScope scope = scopes[leg.callScope()];
            if (!scope.admitted()) {
              scopes[leg.callScope()] = scope.neverAdmitted();
              admit(leg.callScope());
            }
            for (int child = scope.firstNode();
                child < scope.firstNode() + scope.nodeCount();
                child++) {
              if (nodes[child].phase() == NodePhase.RUNNING && !(cancelled && goesOn(child))) {
                cancelLegs(child, -1);
              }
            }
          }
        }
        case ENDED -> {}
      }
    }

    /** Whether a job of this scope sees the run, or the call it belongs to, as cancelled. */
    private boolean cancelledIn(int scope) {
      if (cancelled) {
        return true;
      }
      CallScope s = scopes[scope];
      return s.parentNode() >= 0
          && (nodes[s.parentNode()].legs()[s.parentLeg()].stopped()
              || cancelledIn(nodes[s.parentNode()].scope()));
    }

    /** The node has ended: those that need it may go on. */
    private void finish(int n, Conclusion how) {
      JobNode node = nodes[n];
      boolean forgiven = how == Conclusion.FAILURE && !node.realFailure();
      boolean clean = how == Conclusion.SUCCESS || forgiven;
      boolean tainted = how == Conclusion.FAILURE && !forgiven;
      for (int need : node.needs()) {
        clean &= nodes[need].clean();
        tainted |= nodes[need].tainted();
      }
      nodes[n] = node.finished(how, clean, tainted);
      for (int dependant : node.dependants()) {
        nodes[dependant] = nodes[dependant].withMissing(nodes[dependant].missing() - 1);
        if (nodes[dependant].missing() == 0) {
          ready.add(dependant);
        }
      }
      int scope = node.scope();
      scopes[scope] = scopes[scope].withOpen(scopes[scope].open() - 1);
      if (scopes[scope].open() == 0) {
        closeScope(scope, scopeResult(scope));
      }
    }

    private Conclusion scopeResult(int scope) {
      CallScope s = scopes[scope];
      boolean failure = false;
      boolean anyCancelled = cancelledIn(scope);
      boolean ran = false;
      for (int n = s.firstNode(); n < s.firstNode() + s.nodeCount(); n++) {
        failure |= nodes[n].realFailure();
        anyCancelled |= nodes[n].anyCancelled();
        ran |= nodes[n].result() != Conclusion.SKIPPED;
      }
      if (anyCancelled && (cancelledIn(scope) || !failure)) {
        return Conclusion.CANCELLED;
      }
      if (failure) {
        return Conclusion.FAILURE;
      }
      return ran || scope == 0 ? Conclusion.SUCCESS : Conclusion.SKIPPED;
    }

    private void closeScope(int scope, Conclusion how) {
      CallScope s = scopes[scope];
      if (!s.group().isEmpty()) {
        effects.add(new Effect.Release(scopeHolder(scope), s.group()));
      }
      if (s.parentNode() < 0) {
        conclusion = how;
        effects.add(new Effect.Finish(how));
        return;
      }
      JobResult result;
      try {
        result = new JobResult(how, callOutputs(scope), null);
      } catch (ExpressionException e) {
        result = new JobResult(Conclusion.FAILURE, Map.of(), "outputs: " + e.getMessage());
      }
      end(s.parentNode(), s.parentLeg(), result);
    }

    private Map<String, String> callOutputs(int scope) {
      Triggers.Trigger trigger = scopes[scope].tree().workflow().on().trigger("workflow_call");
      if (trigger == null || trigger.outputs().isEmpty()) {
        return Map.of();
      }
      Map<String, String> outputs = new LinkedHashMap<>();
      JobScope evaluation = new JobScope(this, scope, null, null, null);
      for (Triggers.OutputDefinition output : trigger.outputs()) {
        String value = output.value().text(evaluation);
        if (!value.isEmpty()) {
          outputs.put(output.id(), value);
        }
      }
      return outputs;
    }

    private Value result(JobNode node) {
      Map<String, Value> outputs = new LinkedHashMap<>();
      node.outputs().forEach((name, value) -> outputs.put(name, Value.of(value)));
      Map<String, Value> values = new LinkedHashMap<>();
      Conclusion how = node.result();
      values.put("result", Value.of(how == null ? "" : how.text()));
      values.put("outputs", Value.object(outputs));
      return Value.object(values);
    }
  }

  /** What job-level expressions see. */
  private static final class JobScope implements Scope {
    private final Step step;
    private final int scope;
    private final @Nullable JobNode node;
    private final @Nullable Value matrix;
    private final @Nullable Value strategy;

    JobScope(
        Step step,
        int scope,
        @Nullable JobNode node,
        @Nullable Value matrix,
        @Nullable Value strategy) {
      this.step = step;
      this.scope = scope;
      this.node = node;
      this.matrix = matrix;
      this.strategy = strategy;
    }

    Value needs() {
      Map<String, Value> needs = new LinkedHashMap<>();
      if (node != null) {
        for (int need : node.needs()) {
          needs.put(step.nodes[need].job().id(), step.result(step.nodes[need]));
        }
      }
      return Value.object(needs);
    }

    private Value jobs() {
      Map<String, Value> jobs = new LinkedHashMap<>();
      CallScope s = step.scopes[scope];
      for (int n = s.firstNode(); n < s.firstNode() + s.nodeCount(); n++) {
        jobs.put(step.nodes[n].job().id(), step.result(step.nodes[n]));
      }
      return Value.object(jobs);
    }

    @Override
    public @Nullable Value context(String name) {
      return switch (name) {
        case "github" -> step.definition.github();
        case "inputs" -> step.scopes[scope].inputs();
        case "vars" -> step.definition.vars();
        case "needs" -> needs();
        case "jobs" -> jobs();
        case "matrix" -> matrix == null ? Value.NULL : matrix;
        case "strategy" -> strategy == null ? Value.NULL : strategy;
        case "secrets" -> {
          Map<String, Value> secrets = new LinkedHashMap<>();
          step.scopes[scope].secrets().forEach((key, value) -> secrets.put(key, Value.of(value)));
          yield Value.object(secrets);
        }
        default -> null;
      };
    }

    private boolean named(int need, List<String> jobs) {
      return jobs.isEmpty()
          || jobs.stream().anyMatch(step.nodes[need].job().id()::equalsIgnoreCase);
    }

    @Override
    public boolean success(List<String> jobs) {
      if (step.cancelledIn(scope)) {
        return false;
      }
      if (node != null) {
        for (int need : node.needs()) {
          JobNode n = step.nodes[need];
          boolean ok =
              jobs.isEmpty()
                  ? n.clean()
                  : n.result() == Conclusion.SUCCESS
                      || (n.result() == Conclusion.FAILURE && !n.realFailure());
          if (named(need, jobs) && !ok) {
            return false;
          }
        }
      }
      return true;
    }

    @Override
    public boolean failure(List<String> jobs) {
      if (node != null && !step.cancelledIn(scope)) {
        for (int need : node.needs()) {
          JobNode n = step.nodes[need];
          boolean failed = jobs.isEmpty() ? n.tainted() : n.realFailure();
          if (named(need, jobs) && failed) {
            return true;
          }
        }
      }
      return false;
    }

    @Override
    public boolean cancelled() {
      return step.cancelledIn(scope);
    }
  }
}
