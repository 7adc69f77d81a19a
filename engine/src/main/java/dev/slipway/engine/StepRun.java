package dev.slipway.engine;

import dev.slipway.workflow.Condition;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.ExpressionException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step, or one phase of it, from its condition to its end. Belongs to the thread it runs in.
 */
final class StepRun {
  final JobContext job;
  final Step step;
  final RunEvent.Phase phase;
  final Condition condition;
  final Frame frame;
  final Machine.Launcher launcher;

  /** The job's step that shows its log: its own, or the one whose action it belongs to. */
  final int number;

  /** Asks this step alone to stop. */
  final StopSignal stop;

  final Effects effects = new Effects();

  /** The {@code env} context: what earlier steps left, what the steps above set, its own. */
  final Map<String, String> env = new LinkedHashMap<>();

  /** What its own {@code env} sets, which holds for all steps of its action. */
  final Map<String, String> ownEnv = new LinkedHashMap<>();

  /** The {@code github} context as this step sees it. */
  final LiveObject github;

  final StepScope scope;
  final StepCommands commands;
  final LogSink log;

  /** What runs the script; null where nothing is a script. */
  @Nullable Shell shell;

  StepTimeout timeout = StepTimeout.NONE;

  /** Whether the job was cancelled before it was decided that this step runs. */
  private boolean afterCancellation;

  private boolean runs;
  private boolean decided = true;

  /** Whether it was spared, because it ran before. */
  boolean cached;

  /** Of the step's last process; negative while there was none. */
  int exitCode = -1;

  StepRun(
      JobContext job,
      Step step,
      RunEvent.Phase phase,
      Condition condition,
      Frame frame,
      Machine.Launcher launcher,
      int number,
      StopSignal stop) {
    this.job = job;
    this.step = step;
    this.phase = phase;
    this.condition = condition;
    this.frame = frame;
    this.launcher = launcher;
    this.number = number;
    this.stop = stop;
    github = LiveObject.over(job.github);
    scope = new StepScope(job, frame, env, github, phase != RunEvent.Phase.MAIN);
    commands = new StepCommands(job.output, number, phase, effects, env);
    log = new LogSink(job.recorder, job.masker, commands, job.spec.key(), number);
    commands.attach(log);
  }

  /** Whether people see it as a step: those of composite actions only show in its log. */
  boolean shown() {
    return frame.depth() == 0 || phase != RunEvent.Phase.MAIN;
  }

  /** Whether it only starts, awaits or cancels other steps. */
  boolean controls() {
    return !(step.body() instanceof Step.Run) && !(step.body() instanceof Step.Uses);
  }

  /**
   * Fills the contexts with what the step and where it stands add to them. Within the job's lock.
   *
   * @throws ExpressionException when its {@code env} cannot be evaluated
   */
  void fillContexts() {
    env.putAll(frame.globals().env);
    env.putAll(frame.stepEnv());
    github.put("action", frame.action() == null ? step.contextName() : frame.action());
    if (frame.actionPath() != null) {
      github.put("action_path", frame.actionPath().toString());
      if (phase == RunEvent.Phase.MAIN) {
        github.put("action_status", frame.status().conclusion().text());
      }
      if (frame.origin() != null) {
        github.put("action_repository", frame.origin().slug());
        github.put("action_ref", frame.origin().ref());
      }
    }
    Typed.texts(step.env(), scope, ownEnv::put);
    env.putAll(ownEnv);
    scope.envChanged();
  }

  /**
   * Decides whether it runs; takes the job's lock.
   *
   * @return why that cannot be told; null when it can
   */
  @Nullable String decide() {
    synchronized (job.lock) {
      afterCancellation = job.cancellation.cancelled();
      try {
        fillContexts();
      } catch (ExpressionException e) {
        return e.getMessage();
      }
      try {
        runs = condition.expression().evaluate(scope).truthy();
        return null;
      } catch (ExpressionException e) {
        decided = false;
        return e.getMessage();
      }
    }
  }

  /** Whether it goes on in a job that is cancelled now. Within the job's lock. */
  boolean survives() {
    if (afterCancellation) {
      return true;
    }
    scope.overtake();
    try {
      return condition.expression().evaluate(scope).truthy();
    } catch (ExpressionException e) {
      return false;
    }
  }

  /** Whether its condition holds, once it is decided. */
  boolean runs() {
    return runs;
  }

  /** Whether nothing was wrong with its condition. */
  boolean decided() {
    return decided;
  }

  /** Adds variables of an {@code env} to those that its own expressions see. */
  static void addTo(Map<String, String> env, Node.@Nullable Mapping added, StepScope scope) {
    Typed.texts(added, scope, env::put);
    scope.envChanged();
  }

  /** Its name for people, masked; takes the job's lock. */
  String name() {
    String prefix =
        phase == RunEvent.Phase.PRE ? "Pre " : phase == RunEvent.Phase.POST ? "Post " : "";
    synchronized (job.lock) {
      return job.masker.mask(prefix + StepNames.of(step, scope));
    }
  }

  /** Says why it failed. */
  Conclusion fail(@Nullable String message) {
    log.system("##[error]" + message);
    return Conclusion.FAILURE;
  }

  /** Says that its time was up. */
  Conclusion timedOut() {
    return fail(
        "The action '" + name() + "' has timed out after " + timeout.minutes() + " minutes.");
  }
}
