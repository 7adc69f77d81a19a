package dev.slipway.engine;

import dev.slipway.workflow.Node;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.ExpressionException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Runs one step after the other, each from its condition to its conclusion (actions/runner,
 * StepsRunner): steps of the job and of composite actions, what actions do before and after, and
 * steps that only wait for others. Thread-safe.
 */
final class StepRunner {
  private final JobContext job;
  private final StepProcess process;
  private final StepFiles files;
  private final ActionSteps actions;

  StepRunner(JobContext job, Actions source, ContainerSetup containers) {
    this.job = job;
    this.process = new StepProcess();
    this.files = new StepFiles(job);
    this.actions = new ActionSteps(job, source, process, this, containers);
  }

  ActionSteps actions() {
    return actions;
  }

  /**
   * A step of the job or of a composite action, ready to {@link #run}.
   *
   * @param number of the job's step that shows its log
   */
  StepRun main(Step step, Frame frame, Machine.Launcher launcher, int number, StopSignal stop) {
    return new StepRun(
        job, step, RunEvent.Phase.MAIN, step.condition(), frame, launcher, number, stop);
  }

  /** What a script or an action does. */
  StepBody body(Step step) {
    if (step.body() instanceof Step.Run script) {
      return new ScriptStep(job, process, script);
    }
    if (step.body() instanceof Step.Uses uses) {
      return run -> actions.run(run, uses);
    }
    throw new IllegalStateException("nothing to do for " + step.body());
  }

  /** Runs a step; what it asks of the job waits for {@link #settle}. */
  StepResult run(StepRun run, StepBody body) {
    return run(run, body, () -> {});
  }

  /**
   * Runs a step; what it asks of the job waits for {@link #settle}.
   *
   * @param decided called once it is clear whether it does something
   */
  StepResult run(StepRun run, StepBody body, Runnable decided) {
    long began = System.nanoTime();
    String undecided = run.decide();
    String unprepared = null;
    if (run.runs()) {
      try {
        body.prepare(run);
      } catch (Shell.InvalidShellException | ExpressionException e) {
        unprepared = e.getMessage();
      }
    }
    if (run.shown()) {
      started(run, run.name());
    }
    decided.run();
    Conclusion outcome = Conclusion.SKIPPED;
    Conclusion conclusion = outcome;
    if (undecided != null) {
      // Nothing was done that continue-on-error could forgive.
      outcome = run.fail(undecided);
      conclusion = outcome;
    } else if (run.runs()) {
      outcome = unprepared == null ? perform(run, body) : run.fail(unprepared);
      run.effects.refused.forEach(run::fail);
      conclusion = forgiven(run, outcome);
    }
    if (run.shown()) {
      job.output.groupFinished(run.number);
      finished(run, outcome, conclusion, began);
    }
    return new StepResult(outcome, conclusion, run.effects);
  }

  /** Runs what an action does before or after the job's steps, and applies it to the job. */
  void phase(StepRun run, StepBody body) {
    StepResult result = run(run, body);
    synchronized (job.lock) {
      run.frame.globals().apply(result.effects());
      if (result.conclusion() == Conclusion.FAILURE) {
        job.status.fail();
      }
    }
  }

  /** Applies what a step did to the job. */
  void settle(Step step, Frame frame, StepResult result) {
    synchronized (job.lock) {
      frame.globals().apply(result.effects());
      record(step, frame, result);
      if (result.conclusion() == Conclusion.FAILURE) {
        frame.status().fail();
      }
    }
  }

  /** Shows a step's result to expressions. */
  void record(Step step, Frame frame, StepResult result) {
    if (step.id() == null) {
      return;
    }
    synchronized (job.lock) {
      frame
          .steps()
          .put(
              step.id(),
              new LiveObject(false)
                  .put("outputs", outputs(result.effects()))
                  .put("outcome", result.outcome().text())
                  .put("conclusion", result.conclusion().text()));
    }
  }

  /** Does a step's work, unless the job is being killed. */
  private Conclusion perform(StepRun run, StepBody body) {
    if (run.controls()) {
      return body.run(run);
    }
    if (!job.cancellation.enter(run)) {
      return run.phase == RunEvent.Phase.MAIN ? Conclusion.CANCELLED : Conclusion.SKIPPED;
    }
    Conclusion outcome;
    try {
      if (run.stop.stopped()) {
        run.fail("The operation was canceled.");
        return Conclusion.CANCELLED;
      }
      run.timeout = timeout(run);
      outcome = perform(run, body, files.open(run));
    } catch (IOException e) {
      outcome = run.fail("The step's command files could not be created: " + e);
    } catch (ActionException | ExpressionException e) {
      outcome = run.fail(e.getMessage());
    } finally {
      job.cancellation.leave(run);
    }
    return outcome == Conclusion.SUCCESS && run.commands.failed() ? Conclusion.FAILURE : outcome;
  }

  private Conclusion perform(StepRun run, StepBody body, CommandFiles opened) {
    boolean understood = true;
    Conclusion outcome;
    try {
      outcome = body.run(run);
    } finally {
      understood = files.close(run, opened);
    }
    return outcome == Conclusion.SUCCESS && !understood ? Conclusion.FAILURE : outcome;
  }

  /**
   * The time for a step, in each of its phases.
   *
   * @throws ExpressionException when it cannot be told, which fails the step; GitHub's runner says
   *     so and goes on without a limit
   */
  private StepTimeout timeout(StepRun run) {
    Node given = run.step.timeoutMinutes();
    if (given == null) {
      return StepTimeout.NONE;
    }
    double minutes;
    synchronized (job.lock) {
      minutes = Typed.number(given, run.scope);
    }
    return StepTimeout.of(minutes, job.options.minuteNanos());
  }

  /**
   * The conclusion that {@code continue-on-error} makes of an outcome. GitHub allows it on steps
   * that wait for others and passes over it: whether a failure counts is up to the step that fails.
   */
  private Conclusion forgiven(StepRun run, Conclusion outcome) {
    Node continueOnError = run.step.continueOnError();
    if (outcome != Conclusion.FAILURE || continueOnError == null || run.controls()) {
      return outcome;
    }
    synchronized (job.lock) {
      showEffects(run);
      try {
        return Typed.truth(continueOnError, run.scope) ? Conclusion.SUCCESS : outcome;
      } catch (ExpressionException e) {
        run.fail(
            "The step failed and an error occurred when attempting to determine whether to continue"
                + " on error.");
        return run.fail(e.getMessage());
      }
    }
  }

  /** Lets a step's own expressions see what it has set. Within the job's lock. */
  private static void showEffects(StepRun run) {
    run.env.putAll(run.effects.env);
    run.scope.envChanged();
    String id = run.step.id();
    boolean shows = run.phase == RunEvent.Phase.MAIN && !run.step.background();
    if (id != null && shows && !run.effects.outputs.isEmpty()) {
      run.frame.steps().put(id, new LiveObject(false).put("outputs", outputs(run.effects)));
    }
  }

  private static LiveObject outputs(Effects effects) {
    LiveObject outputs = new LiveObject(false);
    effects.outputs.forEach(outputs::put);
    return outputs;
  }

  private void started(StepRun run, String name) {
    String shell = run.shell == null ? null : run.shell.name();
    String uses = run.step.body() instanceof Step.Uses action ? action.action().source() : null;
    job.recorder.emit((seq, at) ->
        new RunEvent.StepStarted(
            seq, at, job.recorder.run(), job.spec.key(), run.number, name, run.phase, uses, shell));
  }

  private void finished(StepRun run, Conclusion outcome, Conclusion conclusion, long began) {
    long millis = (System.nanoTime() - began) / 1_000_000;
    Integer exitCode = run.exitCode < 0 ? null : Integer.valueOf(run.exitCode);
    Map<String, String> outputs =
        run.phase == RunEvent.Phase.MAIN ? masked(run.effects.outputs) : Map.of();
    job.recorder.emit((seq, at) ->
        new RunEvent.StepFinished(
            seq,
            at,
            job.recorder.run(),
            job.spec.key(),
            run.number,
            run.phase,
            outcome,
            conclusion,
            millis,
            run.cached,
            exitCode,
            outputs));
  }

  private Map<String, String> masked(Map<String, String> outputs) {
    if (outputs.isEmpty()) {
      return Map.of();
    }
    Map<String, String> masked = new LinkedHashMap<>();
    outputs.forEach((name, value) -> masked.put(job.masker.mask(name), job.masker.mask(value)));
    return masked;
  }
}
