package dev.slipway.engine;

import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionReference;
import dev.slipway.workflow.Condition;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.ExpressionException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What actions do before the job's steps and after them. Posts run in the opposite order of the
 * steps, for those whose action did anything at all. Only {@link #expect} is for all threads.
 */
final class ActionPhases {
  private final JobContext job;
  private final StepRunner runner;
  private final ActionSteps actions;

  /** Posts to come, by the use of the action. */
  private final Map<String, Post> posts = new LinkedHashMap<>();

  ActionPhases(JobContext job, StepRunner runner, ActionSteps actions) {
    this.job = job;
    this.runner = runner;
    this.actions = actions;
  }

  private record Post(Step step, Frame frame, int number, ActionKind kind, Condition condition) {}

  /** An action is about to run: its post, if it has one, is to run too. */
  void expect(StepRun run, ActionKind kind) {
    Condition condition = kind.postCondition();
    if (condition != null) {
      Post post = new Post(run.step, run.frame, run.number, kind, condition);
      synchronized (job.lock) {
        posts.putIfAbsent(ActionSteps.key(run.step, run.frame), post);
      }
    }
  }

  /** Runs what actions of these steps do before all of them. */
  void before(List<Step> steps, Frame frame, Machine.Launcher launcher) {
    for (Step step : steps) {
      if (step.body() instanceof Step.Parallel group) {
        before(group.steps(), frame, launcher);
      } else if (step.body() instanceof Step.Uses uses) {
        before(step, uses, frame, launcher, step.number());
      }
    }
  }

  private void before(
      Step step, Step.Uses uses, Frame frame, Machine.Launcher launcher, int number) {
    // Folders of the workspace are there only once a step has filled them.
    if (!(uses.action() instanceof ActionReference.Repository) || actions.standIn(uses.action())) {
      return;
    }
    ActionSteps.Found action;
    ActionKind kind;
    try {
      action = actions.find(uses.action(), frame);
      kind = actions.kind(step, uses, frame, action);
    } catch (ActionException reportedWhenTheStepRuns) {
      return;
    }
    if (action.manifest().runs() instanceof ActionManifest.Composite composite
        && frame.depth() < CompositeAction.MAX_DEPTH) {
      Frame inner = inside(step, uses, frame, launcher, number, action);
      for (Step child : composite.steps()) {
        if (child.body() instanceof Step.Uses nested) {
          before(child, nested, inner, launcher, number);
        }
      }
    }
    Condition condition = kind.preCondition();
    if (condition != null) {
      runner.phase(
          begin(RunEvent.Phase.PRE, condition, step, frame, launcher, number),
          run -> {
            Map<String, String> inputs;
            synchronized (job.lock) {
              inputs = actions.inputs(run, uses, action);
            }
            expect(run, kind);
            return kind.pre(run, inputs);
          });
    }
  }

  /** The frame of a composite action before it runs: its inputs as far as they are known. */
  private Frame inside(
      Step step,
      Step.Uses uses,
      Frame frame,
      Machine.Launcher launcher,
      int number,
      ActionSteps.Found action) {
    StepRun run = begin(RunEvent.Phase.PRE, step.condition(), step, frame, launcher, number);
    Map<String, String> inputs;
    synchronized (job.lock) {
      try {
        run.fillContexts();
        inputs = ActionInputs.all(uses, action.manifest(), run.scope, unsaid -> {});
      } catch (ExpressionException reportedWhenTheStepRuns) {
        inputs = Map.of();
      }
    }
    return frame.inside(step, action.folder(), inputs, run.env);
  }

  /** Runs what is to be done after all steps. */
  void after(Machine.Launcher launcher) {
    List<Post> all;
    synchronized (job.lock) {
      all = new ArrayList<>(posts.values());
    }
    for (Post post : all.reversed()) {
      runner.phase(
          begin(
              RunEvent.Phase.POST,
              post.condition(),
              post.step(),
              post.frame(),
              launcher,
              post.number()),
          post.kind()::post);
    }
  }

  private StepRun begin(
      RunEvent.Phase phase,
      Condition condition,
      Step step,
      Frame frame,
      Machine.Launcher launcher,
      int number) {
    return new StepRun(job, step, phase, condition, frame, launcher, number, new StopSignal());
  }
}
