package dev.slipway.prove;

import dev.slipway.engine.Conclusion;
import dev.slipway.engine.Simulation;
import dev.slipway.shell.Dialect;
import dev.slipway.shell.ShellForecast;
import dev.slipway.shell.ShellOption;
import dev.slipway.shell.ShellOptions;
import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionReference;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A job gone through in the mind, step by step as the runner does it (actions/runner, StepsRunner):
 * its condition decides whether a step runs, {@code continue-on-error} whether its failure counts,
 * and the status of the job what the conditions after it see. Steps that run beside others end when
 * they are waited for. A step succeeds unless it is among those that fail, or is a script or action
 * that certainly fails on what it is given.
 */
final class JobRehearsal {
  private static final int DEEPEST = 9;

  /** Actions that use each other several times over would never end. */
  private static final int MOST_COMPOSITES = 1_000;

  private final Simulation.Started job;
  private final World world;
  private final ActionManifests actions;
  private final Scripts scripts;
  private final Set<String> failing;
  private final boolean silent;
  private final List<Visit> visits = new ArrayList<>();
  private final Map<String, Pending> pending = new LinkedHashMap<>();
  private int composites;
  private boolean failed;

  /**
   * A step that was come to.
   *
   * @param file that it is written in
   * @param number as people count it
   * @param fallible whether it does something that can fail
   * @param understood false where it is supposed to succeed because nothing more is known
   */
  record Visit(
      String file,
      String number,
      Step step,
      boolean fallible,
      boolean ran,
      Conclusion outcome,
      Conclusion conclusion,
      boolean understood) {}

  /** A step under way beside others. */
  private record Pending(Step step, Frame frame, Visit visit) {}

  /** What steps of a job, or of a composite action, have in common. */
  private static final class Frame {
    final @Nullable Frame outer;
    final String file;
    final String prefix;
    final Value inputs;
    final Map<String, Value> steps = new LinkedHashMap<>();
    @Nullable Value stepsValue;
    final Map<String, String> env;
    boolean failed;
    final int depth;

    Frame(
        @Nullable Frame outer,
        String file,
        String prefix,
        Value inputs,
        Map<String, String> env,
        int depth) {
      this.outer = outer;
      this.file = file;
      this.prefix = prefix;
      this.inputs = inputs;
      this.env = env;
      this.depth = depth;
    }
  }

  /**
   * A job to go through.
   *
   * @param failing the numbers of the steps that fail when they are come to
   * @param silent whether these put nothing out
   */
  JobRehearsal(
      Simulation.Started job,
      World world,
      ActionManifests actions,
      Scripts scripts,
      Set<String> failing,
      boolean silent) {
    this.job = job;
    this.world = world;
    this.actions = actions;
    this.scripts = scripts;
    this.failing = failing;
    this.silent = silent;
  }

  /** The steps it came to, in order; those of an action before it. */
  List<Visit> visits() {
    return visits;
  }

  /** Goes through it. */
  Simulation.End end() {
    Map<String, String> outputs = new LinkedHashMap<>();
    Frame frame =
        new Frame(null, job.workflow().file(), "", job.inputs(), new LinkedHashMap<>(), 0);
    try {
      environment(job.workflow().env(), frame.env, frame);
      environment(job.job().env(), frame.env, frame);
      if (job.job().body() instanceof Job.Steps body) {
        steps(body.steps(), frame);
        waitForAll();
      }
      if (job.job().outputs() != null) {
        Value values = job.job().outputs().evaluate(new StepScope(frame, frame.env));
        if (values instanceof ObjectValue object) {
          object.forEach((name, value) -> {
            if (!value.toText().isEmpty()) {
              outputs.put(name, value.toText());
            }
          });
        }
      }
    } catch (ExpressionException e) {
      failed = true;
    }
    return new Simulation.End(failed ? Conclusion.FAILURE : Conclusion.SUCCESS, outputs, null);
  }

  private void environment(Node.@Nullable Mapping declared, Map<String, String> env, Frame frame) {
    if (declared != null
        && declared.evaluate(new StepScope(frame, env)) instanceof ObjectValue values) {
      values.forEach((name, value) -> env.put(name, value.toText()));
    }
  }

  private void steps(List<Step> steps, Frame frame) {
    for (Step step : steps) {
      switch (step.body()) {
        case Step.Wait wait -> control(step, frame, wait.ids());
        case Step.WaitAll all -> control(step, frame, List.copyOf(pending.keySet()));
        case Step.Cancel cancel -> {
          Pending target = pending.remove(key(cancel.target()));
          if (target != null) {
            record(target.step(), target.frame(), Conclusion.CANCELLED, Conclusion.CANCELLED);
          }
        }
        case Step.Parallel group -> {
          List<String> ids = new ArrayList<>();
          for (Step inner : group.steps()) {
            begin(inner, frame);
            ids.add(inner.contextName());
          }
          ids.forEach(this::await);
        }
        case Step.Run run -> one(step, frame);
        case Step.Uses uses -> one(step, frame);
      }
    }
  }

  private void one(Step step, Frame frame) {
    if (step.background()) {
      begin(step, frame);
    } else {
      settle(new Pending(step, frame, visit(step, frame)));
    }
  }

  private void begin(Step step, Frame frame) {
    pending.put(key(step.contextName()), new Pending(step, frame, visit(step, frame)));
  }

  private void control(Step step, Frame frame, List<String> ids) {
    if (Boolean.TRUE.equals(condition(step, frame))) {
      ids.forEach(this::await);
    }
  }

  private void await(String id) {
    Pending step = pending.remove(key(id));
    if (step != null) {
      settle(step);
    }
  }

  private void waitForAll() {
    for (String id : List.copyOf(pending.keySet())) {
      await(id);
    }
  }

  private static String key(String id) {
    return id.toLowerCase(Locale.ROOT);
  }

  /** What a step did counts from now on. */
  private void settle(Pending step) {
    record(step.step(), step.frame(), step.visit().outcome(), step.visit().conclusion());
    if (step.visit().conclusion() == Conclusion.FAILURE) {
      if (step.frame().outer == null) {
        failed = true;
      } else {
        step.frame().failed = true;
      }
    }
  }

  private void record(Step step, Frame frame, Conclusion outcome, Conclusion conclusion) {
    if (step.id() == null) {
      return;
    }
    boolean mute =
        outcome == Conclusion.SKIPPED || (silent && failing.contains(frame.prefix + step.number()));
    Value outputs =
        mute
            ? Value.object(Map.of())
            : world.outputs(job.workflow().file() + "/" + job.job().id(), step.id());
    frame.stepsValue = null;
    frame.steps.put(
        step.id(),
        Value.object(
            Map.of(
                "outputs", outputs,
                "outcome", Value.of(outcome.text()),
                "conclusion", Value.of(conclusion.text()))));
  }

  /** Whether a step runs; null when that cannot be evaluated. */
  private @Nullable Boolean condition(Step step, Frame frame) {
    try {
      return step.condition().expression().evaluate(new StepScope(frame, frame.env)).truthy();
    } catch (ExpressionException e) {
      return null;
    }
  }

  private Visit visit(Step step, Frame frame) {
    String number = frame.prefix + step.number();
    Boolean runs = condition(step, frame);
    boolean composite = composite(step, frame) != null;
    Visit visit;
    if (runs == null) {
      visit =
          new Visit(
              frame.file, number, step, false, false, Conclusion.FAILURE, Conclusion.FAILURE, true);
    } else if (!runs) {
      visit =
          new Visit(
              frame.file,
              number,
              step,
              !composite,
              false,
              Conclusion.SKIPPED,
              Conclusion.SKIPPED,
              true);
    } else {
      visit = ran(step, frame, number);
    }
    visits.add(visit);
    return visit;
  }

  private Visit ran(Step step, Frame frame, String number) {
    Map<String, String> env = new LinkedHashMap<>(frame.env);
    Conclusion outcome;
    boolean understood = true;
    ActionManifest.Composite inner = composite(step, frame);
    try {
      environment(step.env(), env, frame);
      if (failing.contains(number)) {
        outcome = Conclusion.FAILURE;
      } else if (inner != null) {
        outcome = inside(step, inner, frame, number, env);
      } else {
        ShellForecast.Ending ending = ending(step, frame, env);
        understood = ending != ShellForecast.Ending.UNKNOWN;
        outcome = ending == ShellForecast.Ending.FAILS ? Conclusion.FAILURE : Conclusion.SUCCESS;
      }
    } catch (ExpressionException e) {
      outcome = Conclusion.FAILURE;
    }
    Conclusion conclusion = outcome;
    if (outcome == Conclusion.FAILURE && step.continueOnError() != null) {
      try {
        Value forgives = step.continueOnError().evaluate(new StepScope(frame, env));
        if (forgives.kind() == Value.Kind.BOOLEAN && forgives.truthy()) {
          conclusion = Conclusion.SUCCESS;
        }
      } catch (ExpressionException e) {
        conclusion = Conclusion.FAILURE;
      }
    }
    return new Visit(
        frame.file, number, step, inner == null, true, outcome, conclusion, understood);
  }

  private ActionManifest.@Nullable Composite composite(Step step, Frame frame) {
    if (frame.depth >= DEEPEST || !(step.body() instanceof Step.Uses uses)) {
      return null;
    }
    ActionManifest manifest = actions.find(uses.action());
    return manifest != null
            && manifest.runs() instanceof ActionManifest.Composite composite
            && ++composites <= MOST_COMPOSITES
        ? composite
        : null;
  }

  /** Goes through the steps of a composite action. */
  private Conclusion inside(
      Step step,
      ActionManifest.Composite composite,
      Frame frame,
      String number,
      Map<String, String> env) {
    Step.Uses uses = (Step.Uses) step.body();
    Map<String, Value> inputs = new LinkedHashMap<>();
    ActionManifest manifest = actions.find(uses.action());
    if (manifest != null) {
      for (ActionManifest.Input input : manifest.inputs()) {
        Node otherwise = input.defaultValue();
        inputs.put(
            input.id(),
            otherwise == null ? Value.EMPTY : otherwise.evaluate(new StepScope(frame, env)));
      }
    }
    if (uses.with() != null
        && uses.with().evaluate(new StepScope(frame, env)) instanceof ObjectValue given) {
      given.forEach(inputs::put);
    }
    Frame own =
        new Frame(
            frame,
            manifest == null ? frame.file : manifest.file(),
            number + ".",
            Value.object(inputs),
            env,
            frame.depth + 1);
    steps(composite.steps(), own);
    return own.failed ? Conclusion.FAILURE : Conclusion.SUCCESS;
  }

  /** How a step ends that is to succeed, on what it is given. */
  private ShellForecast.Ending ending(Step step, Frame frame, Map<String, String> env) {
    StepScope scope = new StepScope(frame, env);
    if (step.body() instanceof Step.Uses uses) {
      boolean green =
          uses.action() instanceof ActionReference.Repository repository
              && repository.slug().equalsIgnoreCase("re-actors/alls-green");
      return green && uses.with() != null
          ? AllsGreen.ending(uses.with().evaluate(scope))
          : ShellForecast.Ending.SUCCEEDS;
    }
    Step.Run run = (Step.Run) step.body();
    String shell = shell(run, scope);
    String name = shell.isEmpty() ? "bash" : shell.strip().split("\\s", 2)[0];
    if (!name.equals("bash") && !name.equals("sh")) {
      return ShellForecast.Ending.SUCCEEDS;
    }
    Set<ShellOption> on =
        shell.contains("{0}")
            ? options(shell)
            : shell.equals("bash")
                ? Set.of(ShellOption.ERREXIT, ShellOption.PIPEFAIL)
                : Set.of(ShellOption.ERREXIT);
    return scripts.ending(
        run.script().text(scope),
        name.equals("sh") ? Dialect.SH : Dialect.BASH,
        new ShellOptions(on, Set.of()),
        env);
  }

  private static Set<ShellOption> options(String shell) {
    boolean errexit = shell.matches(".*\\s-[a-z]*e.*");
    boolean pipefail = shell.contains("pipefail");
    return errexit && pipefail
        ? Set.of(ShellOption.ERREXIT, ShellOption.PIPEFAIL)
        : errexit
            ? Set.of(ShellOption.ERREXIT)
            : pipefail ? Set.of(ShellOption.PIPEFAIL) : Set.of();
  }

  private String shell(Step.Run run, StepScope scope) {
    Node shell = run.shell();
    if (shell == null) {
      shell = job.job().defaults().shell();
    }
    if (shell == null) {
      shell = job.workflow().defaults().shell();
    }
    if (shell != null) {
      return shell.text(scope);
    }
    return labels().contains("windows") ? "pwsh" : "";
  }

  /** What the machine is asked for by, in lower case, as far as it is written out. */
  private String labels() {
    if (!(job.job().body() instanceof Job.Steps steps)) {
      return "";
    }
    Value labels = steps.runsOn().evaluate(name -> name.equals("matrix") ? job.matrix() : null);
    return Json.writeCompact(labels).toLowerCase(Locale.ROOT);
  }

  /** What expressions of a step see. */
  private final class StepScope implements Scope {
    private final Frame frame;
    private final Map<String, String> env;

    StepScope(Frame frame, Map<String, String> env) {
      this.frame = frame;
      this.env = env;
    }

    @Override
    public @Nullable Value context(String name) {
      return switch (name) {
        case "github", "vars" -> world.context(name);
        case "env" -> environment();
        case "inputs" -> frame.inputs;
        case "steps" -> steps();
        case "secrets" -> secrets();
        case "needs" -> job.needs();
        case "matrix" -> job.matrix();
        case "strategy" -> job.strategy();
        case "job" -> Value.object(Map.of("status", Value.of(failed ? "failure" : "success")));
        case "runner" -> runner();
        default -> null;
      };
    }

    private Value steps() {
      Value value = frame.stepsValue;
      if (value == null) {
        value = Value.object(frame.steps);
        frame.stepsValue = value;
      }
      return value;
    }

    private Value runner() {
      Map<String, Value> values = new LinkedHashMap<>();
      world.context("runner").forEach(values::put);
      String labels = labels();
      values.put(
          "os",
          Value.of(
              labels.contains("windows")
                  ? "Windows"
                  : labels.contains("macos") ? "macOS" : "Linux"));
      return Value.object(values);
    }

    private Value environment() {
      Map<String, Value> values = new LinkedHashMap<>();
      world.context("env").forEach(values::put);
      env.forEach((name, value) -> values.put(name, Value.of(value)));
      return Value.caseSensitiveObject(values);
    }

    private Value secrets() {
      Map<String, Value> secrets = new LinkedHashMap<>();
      job.secrets().forEach((name, value) -> secrets.put(name, Value.of(value)));
      return Value.object(secrets);
    }

    private boolean failing() {
      return frame.outer == null ? failed : frame.failed;
    }

    @Override
    public boolean success(List<String> jobs) {
      return !failing();
    }

    @Override
    public boolean failure(List<String> jobs) {
      return failing();
    }

    @Override
    public boolean cancelled() {
      return false;
    }

    @Override
    public String hashFiles(List<String> patterns) {
      return String.valueOf(Variable.MARK);
    }
  }
}
