package dev.slipway.engine;

import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionReference;
import dev.slipway.workflow.Step;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs steps that use actions: finds the action, evaluates its inputs, and has it run as its kind
 * does (actions/runner, ActionRunner). Thread-safe.
 */
final class ActionSteps {
  private final JobContext job;
  private final StepProcess process;
  private final StepRunner runner;
  private final ContainerSetup containers;
  private final ActionFolders folders;
  private final ServedCheckout checkout;
  private final ActionPhases phases;
  private final Map<String, ActionState> states = new HashMap<>();

  ActionSteps(
      JobContext job,
      Actions source,
      StepProcess process,
      StepRunner runner,
      ContainerSetup containers) {
    this.job = job;
    this.process = process;
    this.runner = runner;
    this.containers = containers;
    this.folders = new ActionFolders(job, source);
    this.checkout = new ServedCheckout(job);
    this.phases = new ActionPhases(job, runner, this);
  }

  ActionPhases phases() {
    return phases;
  }

  /** An action as it lies in its folder. */
  record Found(ActionFolder folder, ActionManifest manifest) {}

  /**
   * The action that a step uses.
   *
   * @throws ActionException when it cannot be had
   */
  Found find(ActionReference reference, Frame frame) {
    ActionFolder folder = folders.folder(reference, frame);
    return new Found(folder, folders.manifest(folder));
  }

  /** Whether something stands in for the action, with nothing to do before the job's steps. */
  boolean standIn(ActionReference reference) {
    return checkout.standsInFor(reference);
  }

  /** Runs the action of a step. */
  Conclusion run(StepRun run, Step.Uses uses) {
    ActionReference reference = uses.action();
    if (reference instanceof ActionReference.Docker docker) {
      return runImage(run, uses, docker);
    }
    if (checkout.standsInFor(reference)) {
      Conclusion served = checkout.serve(run, uses);
      if (served != null) {
        return served;
      }
    }
    Found action = find(reference, run.frame);
    action.folder().describe(run);
    Map<String, String> inputs;
    synchronized (job.lock) {
      inputs = inputs(run, uses, action);
    }
    ActionKind kind = kind(run.step, uses, run.frame, action);
    if (reference instanceof ActionReference.Local && kind.preCondition() != null) {
      run.log.system(
          "##[warning]`pre` execution is not supported for local action from '"
              + reference.source()
              + "'");
    }
    phases.expect(run, uses, action, kind);
    return kind.main(run, inputs);
  }

  /** The inputs of an action, with warnings in the step's log. Within the job's lock. */
  Map<String, String> inputs(StepRun run, Step.Uses uses, Found action) {
    return ActionInputs.all(
        uses, action.manifest(), run.scope, text -> run.log.system("##[warning]" + text));
  }

  /**
   * How an action runs: here its kind is decided.
   *
   * @throws ActionException when it is built into GitHub's runner
   */
  ActionKind kind(Step step, Step.Uses uses, Frame frame, Found action) {
    ActionManifest.Runs runs = action.manifest().runs();
    if (runs instanceof ActionManifest.JavaScript script) {
      return new JavaScriptAction(process, action.folder(), script, state(step, frame));
    }
    if (runs instanceof ActionManifest.Composite composite) {
      return new CompositeAction(runner, action.folder(), action.manifest(), composite.steps());
    }
    if (runs instanceof ActionManifest.Plugin plugin) {
      throw new ActionException(
          "'"
              + uses.action().source()
              + "' is built into GitHub's runner (plugin '"
              + plugin.plugin()
              + "'); use a newer version of the action");
    }
    if (runs instanceof ActionManifest.Docker docker) {
      return new ContainerAction(containers, action.folder(), docker, state(step, frame));
    }
    throw new IllegalStateException("no way to run " + runs);
  }

  private Conclusion runImage(StepRun run, Step.Uses uses, ActionReference.Docker docker) {
    Map<String, String> inputs;
    synchronized (job.lock) {
      inputs = ActionInputs.given(uses, run.scope);
    }
    return new ContainerAction(
            containers, null, ContainerAction.ofImage(docker.image()), state(run.step, run.frame))
        .main(run, inputs);
  }

  /** Names the use of an action by a step, as unlike those of other frames. */
  static String key(Step step, Frame frame) {
    return frame.name() + "/" + step.contextName() + "/" + step.number();
  }

  private ActionState state(Step step, Frame frame) {
    synchronized (job.lock) {
      return states.computeIfAbsent(key(step, frame), key -> new ActionState());
    }
  }
}
