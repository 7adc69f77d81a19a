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

  private record Post(
      StepRun use,
      Step.Uses uses,
      ActionSteps.Found action,
      ActionKind kind,
      Condition condition,
      List<Integer> path) {}

  /** An action is about to run: its post, if it has one, is to run too. */
  void expect(StepRun run, Step.Uses uses, ActionSteps.Found action, ActionKind kind) {
    Condition condition = kind.postCondition();
    if (condition != null) {
      Post post = new Post(run, uses, action, kind, condition, run.frame.pathOf(run.step));
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
            expect(run, uses, action, kind);
            return kind.pre(run, inputs(run, uses, action));
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
    return frame.inside(step, action.folder(), inputs, run.ownEnv);
  }

  private Map<String, String> inputs(StepRun run, Step.Uses uses, ActionSteps.Found action) {
    action.folder().describe(run);
    synchronized (job.lock) {
      return actions.inputs(run, uses, action);
    }
  }

  /** Runs what is to be done after all steps. */
  void after(Machine.Launcher launcher) {
    for (Post post : inOrder()) {
      StepRun use = post.use();
      runner.phase(
          begin(RunEvent.Phase.POST, post.condition(), use.step, use.frame, launcher, use.number),
          run -> post.kind().post(run, inputs(run, post.uses(), post.action())));
    }
  }

  /**
   * The posts, those of the job's step whose action began last before the others; within a step,
   * from the last step of its actions to the first, whichever ran first.
   */
  private List<Post> inOrder() {
    Map<Integer, List<Post>> bySteps = new LinkedHashMap<>();
    synchronized (job.lock) {
      for (Post post : posts.values()) {
        bySteps.computeIfAbsent(post.path().getFirst(), step -> new ArrayList<>()).add(post);
      }
    }
    List<Post> all = new ArrayList<>();
    for (List<Post> ofStep : List.copyOf(bySteps.values()).reversed()) {
      ofStep.sort((a, b) -> compare(b.path(), a.path()));
      all.addAll(ofStep);
    }
    return all;
  }

  private static int compare(List<Integer> one, List<Integer> other) {
    for (int i = 0; i < one.size() && i < other.size(); i++) {
      int difference = one.get(i) - other.get(i);
      if (difference != 0) {
        return difference;
      }
    }
    return one.size() - other.size();
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
