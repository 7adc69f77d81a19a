package dev.slipway.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state that {@link RunState#decide} is making, and what is to be done: what the decisions work
 * on. It holds copies, so the state it began with stays as it was.
 */
final class NextState {
  final RunDefinition definition;
  final ScopeDecisions scopes = new ScopeDecisions(this);
  final JobDecisions jobs = new JobDecisions(this);
  final LegDecisions legs = new LegDecisions(this);
  final CancelDecisions cancels = new CancelDecisions(this);

  private ScopeState[] scopeStates;
  private JobState[] jobStates;
  private LegIndex index;
  private boolean cancelled;
  private @Nullable Conclusion conclusion;
  private final List<Effect> effects = new ArrayList<>();
  private final Deque<Integer> ready = new ArrayDeque<>();

  NextState(RunState state) {
    definition = state.definition();
    scopeStates = state.scopes().clone();
    jobStates = state.jobs().clone();
    index = state.legs();
    cancelled = state.cancelled();
    conclusion = state.conclusion();
  }

  RunState.Decision decision() {
    return new RunState.Decision(
        new RunState(definition, scopeStates, jobStates, index, cancelled, conclusion), effects);
  }

  // --- workflows ---

  int scopeCount() {
    return scopeStates.length;
  }

  CallScope scope(int s) {
    return scopeStates[s].scope();
  }

  CallScope scopeOf(JobNode node) {
    return scope(node.scope());
  }

  ScopeState scopeState(int s) {
    return scopeStates[s];
  }

  void set(int s, ScopeState changed) {
    scopeStates[s] = changed;
  }

  void add(CallScope scope, JobNode[] nodes) {
    scopeStates = Arrays.copyOf(scopeStates, scopeStates.length + 1);
    scopeStates[scopeStates.length - 1] = ScopeState.opened(scope);
    int first = jobStates.length;
    jobStates = Arrays.copyOf(jobStates, first + nodes.length);
    for (int i = 0; i < nodes.length; i++) {
      jobStates[first + i] = JobState.waiting(nodes[i]);
    }
  }

  // --- jobs ---

  int jobCount() {
    return jobStates.length;
  }

  JobState job(int n) {
    return jobStates[n];
  }

  JobNode node(int n) {
    return jobStates[n].node();
  }

  void set(int n, JobState changed) {
    jobStates[n] = changed;
  }

  /** Has the node considered once more, when what is being decided now is done. */
  void ready(int n) {
    ready.add(n);
  }

  /** The next node to consider; null when there is none. */
  @Nullable Integer nextReady() {
    return ready.poll();
  }

  // --- legs ---

  Leg leg(int n, int i) {
    return jobStates[n].legs().get(i);
  }

  void set(int n, int i, Leg changed) {
    JobState job = jobStates[n];
    jobStates[n] = job.with(job.legs().with(i, changed));
  }

  void index(int n, List<Leg> made) {
    index = index.with(n, made);
  }

  LegIndex.@Nullable Place find(String key) {
    return index.find(key);
  }

  // --- the run ---

  void effect(Effect effect) {
    effects.add(effect);
  }

  boolean cancelled() {
    return cancelled;
  }

  void cancel() {
    cancelled = true;
  }

  /** Whether a job of this workflow sees the run, or the call it belongs to, as cancelled. */
  boolean cancelledIn(int s) {
    if (cancelled) {
      return true;
    }
    CallScope scope = scope(s);
    return scope.called()
        && (leg(scope.parentNode(), scope.parentLeg()).stopped()
            || cancelledIn(node(scope.parentNode()).scope()));
  }

  /**
   * Why a job of a workflow, or the workflow itself, would wait for ever for a concurrency group: a
   * workflow or a call that it is part of holds the group; null when none does.
   *
   * @param called whether the workflow itself asks, as part of what calls it
   */
  @Nullable String deadlock(int s, String group, boolean called) {
    if (!called && scopeState(s).group().equalsIgnoreCase(group)) {
      return "The concurrency group '" + group + "' is held by the workflow that it is part of";
    }
    CallScope scope = scope(s);
    if (!scope.called()) {
      return null;
    }
    if (leg(scope.parentNode(), scope.parentLeg()).group().equalsIgnoreCase(group)) {
      return "The concurrency group '" + group + "' is held by the call that it is part of";
    }
    return deadlock(node(scope.parentNode()).scope(), group, false);
  }

  void conclude(Conclusion how) {
    conclusion = how;
    effects.add(new Effect.Finish(how));
  }
}
