package dev.slipway.engine;

import java.util.List;
import java.util.Map;
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
 * <p>What a state is made of: {@link ScopeState} of each workflow, {@link JobState} of each node,
 * with its {@link JobLegs}. Who decides: {@link ScopeDecisions} of workflows, {@link JobDecisions}
 * of nodes, {@link LegDecisions} of legs, {@link CancelDecisions} of what is to stop; they work on
 * a {@link NextState}, and expressions see it through {@link JobScope}.
 *
 * <p>Immutable.
 *
 * @param cancelled whether the whole run was cancelled
 * @param conclusion how the run ended; null while it goes on
 */
record RunState(
    RunDefinition definition,
    ScopeState[] scopes,
    JobState[] jobs,
    LegIndex legs,
    boolean cancelled,
    @Nullable Conclusion conclusion) {

  /** The next state, and what is to be done. */
  record Decision(RunState next, List<Effect> effects) {}

  /** The state before anything has happened. */
  static RunState initial(RunDefinition definition) {
    return new RunState(
        definition, new ScopeState[0], new JobState[0], LegIndex.EMPTY, false, null);
  }

  /** What the input changes. An input that fits nothing changes nothing. */
  Decision decide(RunInput input) {
    boolean began = scopes.length > 0;
    if (began == input instanceof RunInput.Begin || conclusion != null) {
      return new Decision(this, List.of());
    }
    NextState next = new NextState(this);
    if (input instanceof RunInput.Begin) {
      next.scopes.open(
          definition.tree(), -1, -1, "", "", definition.inputs(), definition.secrets());
    } else if (input instanceof RunInput.JobStarted started) {
      next.legs.started(started.key());
    } else if (input instanceof RunInput.JobEnded ended) {
      next.legs.ended(
          ended.key(), new JobResult(ended.conclusion(), ended.outputs(), ended.cause()));
    } else if (input instanceof RunInput.JobLost lost) {
      next.legs.ended(lost.key(), new JobResult(Conclusion.FAILURE, Map.of(), "lost"));
    } else if (input instanceof RunInput.Cancel) {
      next.cancels.cancel();
    } else if (input instanceof RunInput.GroupGranted granted) {
      if (!next.scopes.granted(granted.holder())) {
        next.legs.granted(granted.holder());
      }
    } else if (input instanceof RunInput.GroupRevoked revoked) {
      next.cancels.revoked(revoked.holder());
    }
    next.jobs.considerReady();
    return next.decision();
  }
}
