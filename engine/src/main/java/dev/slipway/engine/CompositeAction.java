package dev.slipway.engine;

import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.Step;
import java.util.List;
import java.util.Map;

/** An action that is steps itself (actions/runner, CompositeActionHandler). */
final class CompositeAction implements ActionKind {
  static final int MAX_DEPTH = 9;

  private final StepRunner runner;
  private final ActionFolder folder;
  private final ActionManifest manifest;
  private final List<Step> steps;

  CompositeAction(
      StepRunner runner, ActionFolder folder, ActionManifest manifest, List<Step> steps) {
    this.runner = runner;
    this.folder = folder;
    this.manifest = manifest;
    this.steps = steps;
  }

  @Override
  public Conclusion main(StepRun run, Map<String, String> inputs) {
    if (run.frame.depth() >= MAX_DEPTH) {
      return run.fail("Composite actions are nested more than " + MAX_DEPTH + " deep");
    }
    Frame frame = run.frame.inside(run.step, folder, inputs, run.ownEnv);
    boolean late = runSteps(run, frame);
    evaluateOutputs(run, frame);
    return late ? run.timedOut() : frame.status().conclusion();
  }

  /** Runs the steps; true when the time for all of them was up. */
  private boolean runSteps(StepRun run, Frame frame) {
    boolean[] late = {false};
    Alarms.Alarm alarm = null;
    if (run.timeout.minutes() > 0) {
      alarm =
          run.job.alarms.after(
              run.timeout.deadlineNanos() - System.nanoTime(),
              () -> {
                late[0] = true;
                run.stop.request(Stop.GRACEFUL);
              });
    }
    try {
      for (Step step : steps) {
        boolean stopped = run.stop.stopped() && !run.job.cancellation.cancelled();
        if (stopped || !runStep(run, frame, step)) {
          break;
        }
      }
    } finally {
      if (alarm != null) {
        alarm.cancel();
      }
    }
    return late[0];
  }

  /** Runs a step; false when its {@code if} could not be evaluated, which ends the action. */
  private boolean runStep(StepRun run, Frame frame, Step step) {
    // A cancelled job reconsiders each step by its own condition; a stopped action takes its
    // steps along.
    StopSignal child = new StopSignal();
    Runnable link =
        () -> {
          Stop asked = run.stop.stop();
          if (asked == Stop.KILL || !run.job.cancellation.cancelled()) {
            child.request(asked);
          }
        };
    run.stop.onStop(link);
    try {
      StepRun inner = runner.main(step, frame, run.launcher, run.number, child);
      StepResult result = runner.run(inner, runner.body(step));
      runner.settle(step, frame, result);
      if (result.outcome() == Conclusion.CANCELLED) {
        frame.status().cancel();
      }
      return inner.decided();
    } finally {
      run.stop.removeWaker(link);
    }
  }

  /** Also those of an action that failed. */
  private void evaluateOutputs(StepRun run, Frame frame) {
    synchronized (run.job.lock) {
      StepScope scope = new StepScope(run.job, frame, run.env, run.github, false);
      for (ActionManifest.Output output : manifest.outputs()) {
        if (output.value() != null) {
          run.effects.outputs.put(output.id(), Typed.text(output.value(), scope));
        }
      }
    }
  }
}
