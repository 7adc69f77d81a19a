package dev.slipway.engine;

import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionReference;
import dev.slipway.workflow.Condition;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs one job on a machine, step by step, and records what happens (actions/runner, StepsRunner
 * and JobExtension).
 *
 * <p>The job's own thread runs its steps; background steps have threads of their own, and their
 * effects wait until they are waited for. Whatever threads share is touched under one lock,
 * expressions included.
 */
final class JobRunner {
  /** Folders below {@code runner.temp}. */
  static final String WORKFLOW_FILES = "_github_workflow";

  static final String COMMAND_FILES = "_runner_file_commands";
  private static final int MAX_BACKGROUND = 10;
  private static final int MAX_DEPTH = 9;
  private static final int MAX_SUMMARY = 1024 * 1024;
  private static final String ALLOW_UNSECURE = "ACTIONS_ALLOW_UNSECURE_COMMANDS";
  private static final String[] GITHUB_VARIABLES = {
    "action",
    "action_path",
    "action_ref",
    "action_repository",
    "actor",
    "actor_id",
    "api_url",
    "base_ref",
    "env",
    "event_name",
    "event_path",
    "graphql_url",
    "head_ref",
    "job",
    "output",
    "path",
    "ref",
    "ref_name",
    "ref_protected",
    "ref_type",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "retention_days",
    "run_attempt",
    "run_id",
    "run_number",
    "server_url",
    "sha",
    "state",
    "step_summary",
    "triggering_actor",
    "workflow",
    "workflow_ref",
    "workflow_sha",
    "workspace"
  };

  private final JobSpec spec;
  private final Machine machine;
  private final RunRecorder recorder;
  private final Actions actions;
  private final EngineOptions options;
  private final StopSignal stop;
  private final Alarms alarms;
  private final Object lock = new Object();
  private final Frame.Status status = new Frame.Status();
  private final Masker masker;
  private final LiveObject github;
  private final ObjectValue secrets;
  private final LiveObject jobContext = new LiveObject(false);
  private final LiveObject runnerContext = new LiveObject(false);
  private final List<Running> running = new ArrayList<>();
  private final List<Post> posts = new ArrayList<>();
  private final Map<String, ActionState> states = new ConcurrentHashMap<>();
  private final Map<ActionReference.Repository, Object> fetched = new HashMap<>();
  private final Map<String, Background> backgrounds = new LinkedHashMap<>();
  private final Map<String, String> executables = new HashMap<>();
  private final Semaphore backgroundSlots = new Semaphore(MAX_BACKGROUND);
  private final AtomicInteger serial = new AtomicInteger();
  private final CommandFiles.Untouched untouchedFiles = new CommandFiles.Untouched();
  private @Nullable String cancelCause;
  private volatile boolean cancelled;
  private Machine.@Nullable Place openPlace;
  private @Nullable JobContext openContext;

  JobRunner(
      JobSpec spec,
      Machine machine,
      RunRecorder recorder,
      Actions actions,
      EngineOptions options,
      Masker masker,
      StopSignal stop,
      Alarms alarms) {
    this.spec = spec;
    this.machine = machine;
    this.recorder = recorder;
    this.actions = actions;
    this.options = options;
    this.masker = masker;
    this.stop = stop;
    this.alarms = alarms;
    this.github = LiveObject.over(spec.github());
    LiveObject secretValues = new LiveObject(false);
    spec.secrets().forEach(secretValues::put);
    this.secrets = secretValues;
  }

  /** A step phase in progress, for cancellation to reconsider. */
  private record Running(Condition condition, StepScope scope, StopSignal stop) {}

  /** A post to run when all steps have. */
  private record Post(
      Step step,
      String name,
      ActionFolder folder,
      ActionManifest.JavaScript runs,
      Frame frame,
      ActionState state,
      int number) {}

  /** What an action keeps from phase to phase. */
  private static final class ActionState {
    final Map<String, String> values = new LinkedHashMap<>();
    Map<String, String> inputs = Map.of();
    boolean ran;
  }

  /** A background step: its thread, and what it did once it has ended. */
  private static final class Background {
    final Step step;
    final Frame frame;
    final StopSignal stop;
    @Nullable Thread thread;
    final CountDownLatch decided = new CountDownLatch(1);
    Conclusion outcome = Conclusion.FAILURE;
    Conclusion conclusion = Conclusion.FAILURE;
    Effects effects = new Effects();
    boolean settled;
    boolean cancelRequested;

    Background(Step step, Frame frame, StopSignal stop) {
      this.step = step;
      this.frame = frame;
      this.stop = stop;
    }
  }

  JobSpec spec() {
    return spec;
  }

  Value secrets() {
    return secrets;
  }

  Value runnerContext() {
    return runnerContext;
  }

  Value jobContext() {
    jobContext.put("status", status.conclusion().text());
    return jobContext;
  }

  Frame.Status status() {
    return status;
  }

  boolean cancelledNow() {
    return cancelled;
  }

  Path workspace() {
    return place().workspace();
  }

  private Machine.Place place() {
    if (openPlace == null) {
      throw new IllegalStateException("the job has no place yet");
    }
    return openPlace;
  }

  private JobContext context() {
    if (openContext == null) {
      throw new IllegalStateException("the job has no place yet");
    }
    return openContext;
  }

  /** Runs the job to its end. */
  JobResult run() {
    LogSink setUp = null;
    Alarms.Alarm timeout = null;
    Runnable onStop = () -> stopRequested();
    Map<String, String> outputs = new LinkedHashMap<>();
    try (Machine.Place place = machine.open(spec.key());
        Machine.Launcher launcher = place.launcher()) {
      openPlace = place;
      boolean debug = options.debug() || "true".equals(spec.secrets().get("ACTIONS_STEP_DEBUG"));
      openContext = new JobContext(spec.key(), recorder, masker, place.workspace(), debug);
      setUp = sink(0, new Effects());
      timeout =
          alarms.after(
              (long) (Math.floor(spec.timeoutMinutes()) * options.minuteNanos()),
              () -> cancel("timed_out"));
      fillContexts(place, debug);
      stop.onStop(onStop);
      Frame frame =
          new Frame(
              "",
              spec.inputs(),
              new LiveObject(false),
              null,
              null,
              Map.of(),
              new Frame.Globals(),
              status,
              0,
              true);
      if (setUpEnvironment(frame, setUp) && !needsContainers(frame, setUp)) {
        List<Step> steps = spec.body().steps();
        runPres(steps, frame, launcher);
        for (Step step : steps) {
          runStep(step, frame, launcher);
        }
        settleAll();
        runPosts(launcher);
        evaluateOutputs(frame, outputs, setUp);
      }
    } catch (IOException e) {
      status.fail();
      String reason = "The job could not be set up: " + e;
      if (setUp != null) {
        setUp.system("##[error]" + reason);
      } else {
        new LogSink(recorder, masker, QUIET, spec.key(), 0).system("##[error]" + reason);
      }
    } finally {
      stop.removeWaker(onStop);
      if (timeout != null) {
        timeout.cancel();
      }
    }
    Conclusion conclusion = cancelled ? Conclusion.CANCELLED : status.conclusion();
    if ("timed_out".equals(cancelCause)) {
      conclusion = Conclusion.FAILURE;
    }
    return new JobResult(conclusion, outputs, cancelCause);
  }

  private static final LogSink.LineInspector QUIET =
      new LogSink.LineInspector() {
        @Override
        public boolean wantsAll() {
          return false;
        }

        @Override
        public boolean handle(String line) {
          return false;
        }
      };

  private LogSink sink(int number, Effects effects) {
    StepCommands commands = new StepCommands(context(), number, effects, false);
    LogSink sink = new LogSink(recorder, masker, commands, spec.key(), number);
    commands.attach(sink);
    return sink;
  }

  private void fillContexts(Machine.Place place, boolean debug) throws IOException {
    github.put("workspace", place.workspace().toString());
    github.put("job", spec.job().id());
    github.put("action_status", "");
    Path event = place.temp().resolve(WORKFLOW_FILES).resolve("event.json");
    Files.writeString(event, options.eventJson());
    github.put("event_path", event.toString());
    runnerContext
        .put("name", options.runnerName())
        .put("os", "Linux")
        .put("arch", arch())
        .put("temp", place.temp().toString())
        .put("tool_cache", place.toolCache().toString())
        .put("environment", "self-hosted")
        .put("workspace", parent(place.workspace()));
    if (debug) {
      runnerContext.put("debug", "1");
    }
    jobContext.put("check_run_id", Value.NULL);
    jobContext.put("container", Value.object(Map.of()));
    jobContext.put("services", Value.object(Map.of()));
    workflowContext();
  }

  /** The workflow that the job is written in, which a call may have brought in. */
  private void workflowContext() {
    String origin = spec.origin();
    int at = origin.lastIndexOf('@');
    String repository = at < 0 ? text("repository") : origin.substring(0, at);
    String sha = at < 0 ? text("sha") : origin.substring(at + 1);
    String file = spec.workflow().file();
    if (at >= 0 && file.startsWith(repository + "/")) {
      int end = file.lastIndexOf('@');
      file = file.substring(repository.length() + 1, end < 0 ? file.length() : end);
    }
    jobContext
        .put("workflow_repository", repository)
        .put("workflow_file_path", file)
        .put("workflow_sha", sha)
        .put("workflow_ref", repository + "/" + file + "@" + (at < 0 ? text("ref") : sha));
  }

  private static String parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path.toString() : parent.toString();
  }

  private static String arch() {
    String arch = System.getProperty("os.arch", "");
    return arch.equals("aarch64")
        ? "ARM64"
        : arch.equals("amd64") ? "X64" : arch.toUpperCase(Locale.ROOT);
  }

  /** The environment of workflow and job; false when it cannot be evaluated. */
  private boolean setUpEnvironment(Frame frame, LogSink setUp) {
    StepScope scope = new StepScope(this, frame, frame.globals().env, github, true);
    synchronized (lock) {
      try {
        putAll(spec.workflow().env(), scope, frame.globals().env);
        options.env().forEach(frame.globals().env::put);
        scope.envChanged();
        putAll(spec.job().env(), scope, frame.globals().env);
        return true;
      } catch (ExpressionException e) {
        status.fail();
        setUp.system("##[error]" + e.getMessage());
        return false;
      }
    }
  }

  /** Says so when the job asks for containers, which this machine does not have. */
  private boolean needsContainers(Frame frame, LogSink setUp) {
    Node container = spec.body().container();
    Node services = spec.body().services();
    if (container == null && services == null) {
      return false;
    }
    StepScope scope = new StepScope(this, frame, frame.globals().env, github, true);
    String problem = null;
    synchronized (lock) {
      try {
        String image = container == null ? "" : image(container, scope);
        if (!image.isEmpty()) {
          problem = "The job's container '" + image + "'";
        } else if (services != null) {
          String service = service(services, scope);
          problem = service.isEmpty() ? null : "The service '" + service + "'";
        }
      } catch (ExpressionException e) {
        status.fail();
        setUp.system("##[error]" + e.getMessage());
        return true;
      }
    }
    if (problem == null) {
      return false;
    }
    status.fail();
    setUp.system(
        "##[error]"
            + problem
            + " cannot run on the machine '"
            + machine.name()
            + "', which has no containers");
    return true;
  }

  /** The image of a container or service; empty for none. */
  private static String image(Node container, StepScope scope) {
    if (container instanceof Node.Mapping mapping) {
      for (Node.Member member : mapping.members()) {
        if (member.key().source().equals("image")) {
          return member.value().text(scope);
        }
      }
    }
    Value value = container.evaluate(scope);
    if (value instanceof ObjectValue object) {
      Value image = object.get("image");
      return image == null ? "" : image.toText();
    }
    return value.toText();
  }

  /** The first service that has an image; empty for none. */
  private static String service(Node services, StepScope scope) {
    if (services instanceof Node.Mapping mapping) {
      for (Node.Member member : mapping.members()) {
        if (!image(member.value(), scope).isEmpty()) {
          return member.key().source();
        }
      }
      return "";
    }
    String[] found = {""};
    if (services.evaluate(scope) instanceof ObjectValue object) {
      object.forEach((name, value) -> {
        Value image = value instanceof ObjectValue service ? service.get("image") : value;
        if (found[0].isEmpty() && image != null && !image.toText().isEmpty()) {
          found[0] = name;
        }
      });
    }
    return found[0];
  }

  private static void putAll(
      Node.@Nullable Mapping env, StepScope scope, Map<String, String> into) {
    if (env != null && env.evaluate(scope) instanceof ObjectValue values) {
      values.forEach((name, value) -> into.put(name, value.toText()));
    }
  }

  // --- cancellation ---

  private void stopRequested() {
    if (stop.stop() == Stop.KILL) {
      cancel(null);
      List<Running> now;
      synchronized (lock) {
        now = List.copyOf(running);
      }
      for (Running step : now) {
        step.stop().request(Stop.KILL);
      }
    } else {
      cancel(null);
    }
  }

  /** Cancels the job: steps whose {@code if} still holds go on, the others are stopped. */
  private void cancel(@Nullable String cause) {
    List<StopSignal> toStop = new ArrayList<>();
    synchronized (lock) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      cancelCause = cause;
      status.cancel();
      for (Running step : running) {
        if (!holds(step.condition(), step.scope())) {
          toStop.add(step.stop());
        }
      }
    }
    for (StopSignal step : toStop) {
      step.request(Stop.GRACEFUL);
    }
    alarms.after(
        (long) (spec.cancelTimeoutMinutes() * options.minuteNanos()),
        () -> stop.request(Stop.KILL));
  }

  private boolean holds(Condition condition, StepScope scope) {
    try {
      return condition.expression().evaluate(scope).truthy();
    } catch (ExpressionException e) {
      return false;
    }
  }

  // --- steps ---

  private void runStep(Step step, Frame frame, Machine.Launcher launcher) {
    Step.Body body = step.body();
    if (body instanceof Step.Parallel group) {
      runParallel(step, group, frame);
    } else if (body instanceof Step.Wait wait) {
      control(step, frame, () -> wait.ids().forEach(this::settle));
    } else if (body instanceof Step.WaitAll) {
      control(step, frame, this::settleAll);
    } else if (body instanceof Step.Cancel cancel) {
      control(step, frame, () -> cancelBackground(cancel.target()));
    } else if (step.background()) {
      startBackground(step, frame);
    } else {
      Execution execution =
          execute(step, frame, launcher, step.number(), new StopSignal(), () -> {});
      settle(step, frame, execution);
    }
  }

  /** What came of a step. */
  private record Execution(Conclusion outcome, Conclusion conclusion, Effects effects) {}

  /** Applies what a step did to the job. */
  private void settle(Step step, Frame frame, Execution execution) {
    synchronized (lock) {
      frame.globals().apply(execution.effects());
      record(step, frame, execution.outcome(), execution.conclusion(), execution.effects().outputs);
      if (execution.conclusion() == Conclusion.FAILURE) {
        frame.status().fail();
      }
    }
  }

  private static void record(
      Step step,
      Frame frame,
      Conclusion outcome,
      Conclusion conclusion,
      Map<String, String> outputs) {
    if (step.id() == null) {
      return;
    }
    LiveObject values = new LiveObject(false);
    outputs.forEach(values::put);
    frame
        .steps()
        .put(
            step.id(),
            new LiveObject(false)
                .put("outputs", values)
                .put("outcome", outcome.text())
                .put("conclusion", conclusion.text()));
  }

  /**
   * Runs one step of the job or of a composite action.
   *
   * @param number of the job's step that shows its log
   * @param decided called once it is clear whether the step runs
   */
  private Execution execute(
      Step step,
      Frame frame,
      Machine.Launcher launcher,
      int number,
      StopSignal stepStop,
      Runnable decided) {
    long began = System.nanoTime();
    boolean shown = frame.depth() == 0;
    Effects effects = new Effects();
    LiveObject stepGithub = LiveObject.over(github);
    Map<String, String> env = new LinkedHashMap<>();
    StepScope scope = new StepScope(this, frame, env, stepGithub, false);
    StepCommands commands;
    boolean runs;
    String failure = null;
    String name;
    synchronized (lock) {
      env.putAll(frame.globals().env);
      env.putAll(frame.stepEnv());
      stepGithub.put("action", step.contextName());
      stepGithub.put("action_status", frame.status().conclusion().text());
      if (frame.actionPath() != null) {
        stepGithub.put("action_path", frame.actionPath().toString());
        if (frame.origin() != null) {
          stepGithub.put("action_repository", frame.origin().slug());
          stepGithub.put("action_ref", frame.origin().ref());
        }
      }
      try {
        putAll(step.env(), scope, env);
        scope.envChanged();
        runs = step.condition().expression().evaluate(scope).truthy();
      } catch (ExpressionException e) {
        runs = false;
        failure = e.getMessage();
      }
      name = shown ? masker.mask(name(step, scope)) : "";
    }
    commands = new StepCommands(context(), number, effects, unsecure(env));
    LogSink sink = new LogSink(recorder, masker, commands, spec.key(), number);
    commands.attach(sink);
    Shell shell = null;
    if (runs && step.body() instanceof Step.Run run) {
      try {
        shell = shell(run, frame, scope, env);
      } catch (Shell.InvalidShellException | ExpressionException e) {
        failure = e.getMessage();
      }
    }
    if (shown) {
      String shellName = shell == null ? null : shell.name();
      String uses = step.body() instanceof Step.Uses u ? u.action().source() : null;
      recorder.emit((seq, at) ->
          new RunEvent.StepStarted(
              seq,
              at,
              recorder.run(),
              spec.key(),
              number,
              name,
              RunEvent.Phase.MAIN,
              uses,
              shellName));
    }
    decided.run();
    Conclusion outcome = Conclusion.SKIPPED;
    int[] exit = {-1};
    if (failure != null) {
      sink.system("##[error]" + failure);
      outcome = Conclusion.FAILURE;
    } else if (runs && stop.stop() == Stop.KILL) {
      outcome = Conclusion.CANCELLED;
    } else if (runs) {
      Running entry = new Running(step.condition(), scope, stepStop);
      synchronized (lock) {
        running.add(entry);
        if (stop.stop() == Stop.KILL) {
          stepStop.request(Stop.KILL);
        } else if (cancelled && !holds(step.condition(), scope)) {
          stepStop.request(Stop.GRACEFUL);
        }
      }
      try {
        StepRun run =
            new StepRun(
                step,
                frame,
                scope,
                stepGithub,
                env,
                effects,
                commands,
                sink,
                launcher,
                stepStop,
                number);
        outcome = body(run, shell, exit);
      } finally {
        synchronized (lock) {
          running.remove(entry);
        }
      }
      if (outcome == Conclusion.SUCCESS && commands.failed()) {
        outcome = Conclusion.FAILURE;
      }
    }
    Conclusion conclusion = forgiven(step, outcome, scope, sink);
    if (shown) {
      context().groupFinished(number);
      finished(number, RunEvent.Phase.MAIN, outcome, conclusion, began, exit[0], effects.outputs);
    }
    return new Execution(outcome, conclusion, effects);
  }

  /** The conclusion that {@code continue-on-error} makes of an outcome. */
  private Conclusion forgiven(Step step, Conclusion outcome, StepScope scope, LogSink sink) {
    Node continueOnError = step.continueOnError();
    if (outcome != Conclusion.FAILURE || continueOnError == null) {
      return outcome;
    }
    synchronized (lock) {
      try {
        return continueOnError.evaluate(scope).truthy() ? Conclusion.SUCCESS : Conclusion.FAILURE;
      } catch (ExpressionException e) {
        sink.system("##[error]" + e.getMessage());
        return Conclusion.FAILURE;
      }
    }
  }

  private void finished(
      int number,
      RunEvent.Phase phase,
      Conclusion outcome,
      Conclusion conclusion,
      long began,
      int exitCode,
      Map<String, String> outputs) {
    long millis = (System.nanoTime() - began) / 1_000_000;
    Map<String, String> masked = maskedOutputs(outputs);
    recorder.emit((seq, at) ->
        new RunEvent.StepFinished(
            seq,
            at,
            recorder.run(),
            spec.key(),
            number,
            phase,
            outcome,
            conclusion,
            millis,
            false,
            exitCode < 0 ? null : Integer.valueOf(exitCode),
            masked));
  }

  private Map<String, String> maskedOutputs(Map<String, String> outputs) {
    if (outputs.isEmpty()) {
      return Map.of();
    }
    Map<String, String> masked = new LinkedHashMap<>();
    outputs.forEach((name, value) -> masked.put(masker.mask(name), masker.mask(value)));
    return masked;
  }

  private static boolean unsecure(Map<String, String> env) {
    return "true".equalsIgnoreCase(env.get(ALLOW_UNSECURE))
        || "true".equalsIgnoreCase(System.getenv(ALLOW_UNSECURE));
  }

  private static String name(Step step, StepScope scope) {
    if (step.name() != null) {
      try {
        return step.name().text(scope);
      } catch (ExpressionException e) {
        return step.name() instanceof Node.Scalar scalar ? scalar.source() : step.contextName();
      }
    }
    return defaultName(step, scope);
  }

  private static String defaultName(Step step, StepScope scope) {
    Step.Body body = step.body();
    if (body instanceof Step.Run run) {
      String text;
      try {
        text = run.script().text(scope);
      } catch (ExpressionException e) {
        text = run.script() instanceof Node.Scalar scalar ? scalar.source() : "";
      }
      String trimmed = text.strip();
      int end = trimmed.indexOf('\n');
      return "Run " + (end < 0 ? trimmed : trimmed.substring(0, end).stripTrailing());
    }
    if (body instanceof Step.Uses uses) {
      return "Run " + uses.action().source();
    }
    if (body instanceof Step.Wait wait) {
      return "Wait for " + String.join(", ", wait.ids());
    }
    if (body instanceof Step.Cancel cancel) {
      return "Cancel " + cancel.target();
    }
    return body instanceof Step.Parallel ? "Parallel steps" : "Wait for all background steps";
  }

  /** All that running a step's body needs. */
  private record StepRun(
      Step step,
      Frame frame,
      StepScope scope,
      LiveObject github,
      Map<String, String> env,
      Effects effects,
      StepCommands commands,
      LogSink sink,
      Machine.Launcher launcher,
      StopSignal stop,
      int number) {}

  private Conclusion body(StepRun run, @Nullable Shell shell, int[] exit) {
    long deadline = Long.MAX_VALUE;
    double minutes = 0;
    if (run.step().timeoutMinutes() != null) {
      synchronized (lock) {
        try {
          minutes = Math.floor(run.step().timeoutMinutes().evaluate(run.scope()).toNumber());
        } catch (ExpressionException e) {
          return fail(run, e.getMessage());
        }
      }
      if (Double.isNaN(minutes)) {
        return fail(run, "The value of 'timeout-minutes' is no number");
      }
      if (minutes > 0) {
        deadline = System.nanoTime() + (long) (minutes * options.minuteNanos());
      }
    }
    Conclusion conclusion;
    if (run.step().body() instanceof Step.Run script && shell != null) {
      conclusion = script(run, script, shell, deadline, minutes, exit);
    } else if (run.step().body() instanceof Step.Uses uses) {
      conclusion = uses(run, uses, deadline, minutes, exit);
    } else {
      throw new IllegalStateException("no body to run: " + run.step().body());
    }
    return conclusion;
  }

  private static Conclusion fail(StepRun run, @Nullable String message) {
    run.sink().system("##[error]" + message);
    return Conclusion.FAILURE;
  }

  // --- scripts ---

  private Shell shell(Step.Run run, Frame frame, StepScope scope, Map<String, String> env) {
    String text = "";
    synchronized (lock) {
      if (run.shell() != null) {
        text = run.shell().text(scope);
      } else if (frame.jobFrame()) {
        Node shell = spec.job().defaults().shell();
        shell = shell == null ? spec.workflow().defaults().shell() : shell;
        text = shell == null ? "" : shell.text(scope);
      }
    }
    if (!text.isBlank()) {
      return Shell.of(text.strip());
    }
    return find("bash", searchPath(frame, env)) != null ? Shell.DEFAULT_BASH : Shell.SH;
  }

  private Conclusion script(
      StepRun run, Step.Run script, Shell shell, long deadline, double minutes, int[] exit) {
    String text;
    String directory;
    synchronized (lock) {
      try {
        text = script.script().text(run.scope());
        Node workingDirectory = script.workingDirectory();
        if (workingDirectory == null && run.frame().jobFrame()) {
          workingDirectory = spec.job().defaults().workingDirectory();
          workingDirectory =
              workingDirectory == null
                  ? spec.workflow().defaults().workingDirectory()
                  : workingDirectory;
        }
        directory = workingDirectory == null ? "" : workingDirectory.text(run.scope());
      } catch (ExpressionException e) {
        return fail(run, e.getMessage());
      }
    }
    Path folder;
    try {
      folder = workspace().resolve(directory).normalize();
    } catch (java.nio.file.InvalidPathException e) {
      return fail(run, "The working directory '" + directory + "' is no path");
    }
    String search = searchPath(run.frame(), run.env());
    String executable = find(shell.command(), search);
    if (executable == null && shell.name().equals("python")) {
      executable = find("python3", search);
    }
    if (executable == null) {
      return fail(
          run,
          shell.command()
              + ": command not found. The step's shell '"
              + shell.name()
              + "' is not on the PATH of this machine; install it or set another `shell`");
    }
    Path file = place().temp().resolve(serial() + shell.extension());
    try {
      write(file, shell.prepare(text));
    } catch (IOException e) {
      return fail(run, "The script could not be written: " + e);
    }
    return launch(
        run,
        executable,
        shell.arguments(file.toString()),
        folder,
        Map.of(),
        deadline,
        minutes,
        exit);
  }

  /** Writes a file to the folder for temporary files, which a step may have removed. */
  private static void write(Path file, String text) throws IOException {
    try {
      Files.writeString(file, text);
    } catch (NoSuchFileException removed) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
  }

  private String serial() {
    return options.token() + "-" + spec.key().hashCode() + "-" + serial.incrementAndGet();
  }

  private String searchPath(Frame frame, Map<String, String> env) {
    StringBuilder path = new StringBuilder();
    synchronized (lock) {
      List<String> added = frame.globals().path;
      for (int i = added.size() - 1; i >= 0; i--) {
        path.append(added.get(i)).append(File.pathSeparatorChar);
      }
    }
    String set = env.get("PATH");
    String inherited = set == null ? place().environment().get("PATH") : set;
    return path.append(inherited == null ? "/usr/bin:/bin" : inherited).toString();
  }

  private @Nullable String find(String command, String searchPath) {
    if (command.indexOf('/') >= 0) {
      return new File(command).canExecute() ? command : null;
    }
    // Steps install programs, but not the shells that run them.
    boolean shell = command.equals("bash") || command.equals("sh");
    String cacheKey = command + '\0' + searchPath;
    synchronized (executables) {
      String known = shell ? executables.get(cacheKey) : null;
      if (known != null) {
        return known;
      }
    }
    for (String folder : searchPath.split(File.pathSeparator)) {
      if (!folder.isEmpty()) {
        File file = new File(folder, command);
        if (file.isFile() && file.canExecute()) {
          synchronized (executables) {
            executables.put(cacheKey, file.getPath());
          }
          return file.getPath();
        }
      }
    }
    return null;
  }

  /** Runs a process for a step: command files before, their effects after. */
  private Conclusion launch(
      StepRun run,
      String executable,
      List<String> arguments,
      Path folder,
      Map<String, String> extra,
      long deadline,
      double minutes,
      int[] exit) {
    CommandFiles files = new CommandFiles(place().temp().resolve(COMMAND_FILES), serial());
    Map<String, String> environment;
    try {
      files.create(run.launcher(), untouchedFiles);
    } catch (IOException e) {
      return fail(run, "The step's command files could not be created: " + e);
    }
    synchronized (lock) {
      files.describe(run.github());
      environment = environment(run, extra);
    }
    if (!Files.isDirectory(folder)) {
      files.release(run.launcher(), untouchedFiles);
      return fail(run, "The working directory '" + folder + "' does not exist");
    }
    HostProcess.Result result =
        run.launcher()
            .run(executable, arguments, folder, environment, run.sink(), run.stop(), deadline);
    run.sink().finish();
    Conclusion conclusion;
    switch (result.end()) {
      case EXITED -> {
        exit[0] = result.exitCode();
        conclusion = result.exitCode() == 0 ? Conclusion.SUCCESS : Conclusion.FAILURE;
        if (conclusion == Conclusion.FAILURE) {
          run.sink().system("##[error]Process completed with exit code " + result.exitCode() + ".");
        }
      }
      case STOPPED -> {
        exit[0] = result.exitCode();
        run.sink().system("##[error]The operation was canceled.");
        conclusion = Conclusion.CANCELLED;
      }
      case TIMED_OUT -> {
        exit[0] = result.exitCode();
        run.sink()
            .system(
                "##[error]The action '"
                    + masker.mask(nameOf(run))
                    + "' has timed out after "
                    + (long) minutes
                    + " minutes.");
        conclusion = Conclusion.FAILURE;
      }
      case NOT_STARTED -> {
        run.sink()
            .system(
                "##[error]Cannot start '"
                    + executable
                    + "': "
                    + HostProcess.errorText(result.exitCode()));
        conclusion = Conclusion.FAILURE;
      }
      default -> throw new IllegalStateException();
    }
    if (!readCommandFiles(run, files) && conclusion == Conclusion.SUCCESS) {
      conclusion = Conclusion.FAILURE;
    }
    return conclusion;
  }

  private String nameOf(StepRun run) {
    synchronized (lock) {
      return name(run.step(), run.scope());
    }
  }

  private boolean readCommandFiles(StepRun run, CommandFiles files) {
    boolean ok = true;
    try {
      Effects effects = run.effects();
      for (String problem : files.read(effects)) {
        run.sink().system("##[error]" + problem);
        ok = false;
      }
      byte[] summary = files.summary(MAX_SUMMARY);
      if (summary.length > MAX_SUMMARY) {
        run.commands()
            .annotation(
                "error",
                "$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got"
                    + " more",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                "command");
      } else if (summary.length > 0) {
        String masked = maskLines(new String(summary, StandardCharsets.UTF_8));
        recorder.emit((seq, at) ->
            new RunEvent.Summary(seq, at, recorder.run(), spec.key(), run.number(), masked));
      }
    } catch (IOException e) {
      run.sink().system("##[error]The step's command files could not be read: " + e);
      ok = false;
    } finally {
      files.release(run.launcher(), untouchedFiles);
    }
    return ok;
  }

  private String maskLines(String text) {
    if (masker.empty()) {
      return text;
    }
    return masker.mask(text);
  }

  private Map<String, String> environment(StepRun run, Map<String, String> extra) {
    Map<String, String> environment = new LinkedHashMap<>(place().environment());
    environment.putAll(run.env());
    environment.putAll(extra);
    environment.put("PATH", searchPath(run.frame(), run.env()));
    for (String name : GITHUB_VARIABLES) {
      Value value = run.github().get(name);
      if (value != null && value.kind() != Value.Kind.NULL) {
        environment.put(variable("GITHUB_", name), value.toText());
      }
    }
    runnerContext.forEach(
        (name, value) -> environment.put(variable("RUNNER_", name), value.toText()));
    String tracking = place().environment().get("RUNNER_TRACKING_ID");
    if (tracking != null) {
      environment.put("RUNNER_TRACKING_ID", tracking);
    }
    environment.put("AGENT_TOOLSDIRECTORY", place().toolCache().toString());
    environment.put("GITHUB_ACTIONS", "true");
    environment.putIfAbsent("CI", "true");
    return environment;
  }

  private static String variable(String prefix, String name) {
    return prefix + name.toUpperCase(Locale.ROOT);
  }

  // --- actions ---

  private Conclusion uses(StepRun run, Step.Uses uses, long deadline, double minutes, int[] exit) {
    ActionReference reference = uses.action();
    try {
      if (reference instanceof ActionReference.Docker docker) {
        return fail(
            run,
            "The container action '"
                + docker.source()
                + "' cannot run on the machine '"
                + machine.name()
                + "', which has no containers");
      }
      if (reference instanceof ActionReference.Repository repository
          && repository.slug().equalsIgnoreCase("actions/checkout")
          && !options.realCheckout()) {
        Conclusion served = checkout(run, uses);
        if (served != null) {
          return served;
        }
      }
      ActionFolder folder = folder(reference, run.frame());
      ActionManifest manifest = actions.manifest(folder);
      return action(run, uses, folder, manifest, deadline, minutes, exit);
    } catch (ActionException e) {
      return fail(run, e.getMessage());
    } catch (ExpressionException e) {
      return fail(run, e.getMessage());
    }
  }

  private ActionFolder folder(ActionReference reference, Frame frame) {
    if (reference instanceof ActionReference.Repository repository) {
      return fetch(repository);
    }
    if (reference instanceof ActionReference.Local local) {
      Path path = workspace().resolve(local.path()).normalize();
      if (!Files.isDirectory(path)) {
        throw new ActionException(
            "There is no folder '"
                + local.source()
                + "' in the workspace. Did you forget to run actions/checkout before running your"
                + " local action?");
      }
      return new ActionFolder(path, "", "", "", "");
    }
    if (reference instanceof ActionReference.Self self) {
      ActionFolder origin = frame.origin() == null ? workflowOrigin() : frame.origin();
      if (origin == null) {
        return new ActionFolder(options.root(), self.path(), "", "", "");
      }
      return new ActionFolder(
          origin.root(), self.path(), origin.slug(), origin.ref(), origin.sha());
    }
    throw new IllegalStateException("no folder for " + reference.source());
  }

  /** The repository that the job's workflow came from; null for the project itself. */
  private @Nullable ActionFolder workflowOrigin() {
    String origin = spec.origin();
    if (origin.isEmpty()) {
      return null;
    }
    int slash = origin.indexOf('/');
    int at = origin.lastIndexOf('@');
    return fetch(
        new ActionReference.Repository(
            origin,
            origin.substring(0, slash),
            origin.substring(slash + 1, at),
            "",
            origin.substring(at + 1)));
  }

  private ActionFolder fetch(ActionReference.Repository repository) {
    Object known;
    synchronized (fetched) {
      known = fetched.get(repository);
    }
    if (known == null) {
      try {
        known = actions.fetch(repository);
      } catch (ActionException e) {
        known = e;
      }
      synchronized (fetched) {
        fetched.put(repository, known);
      }
    }
    if (known instanceof ActionException e) {
      throw new ActionException(java.util.Objects.requireNonNullElse(e.getMessage(), "unknown"));
    }
    return (ActionFolder) known;
  }

  private Conclusion action(
      StepRun run,
      Step.Uses uses,
      ActionFolder folder,
      ActionManifest manifest,
      long deadline,
      double minutes,
      int[] exit) {
    Map<String, String> inputs;
    synchronized (lock) {
      // Inputs still see the paths of the action that the step stands in.
      inputs = inputs(uses, manifest, run.scope(), run.sink()::system);
      run.github().put("action_path", folder.directory().toString());
      if (!folder.slug().isEmpty()) {
        run.github().put("action_repository", folder.slug());
        run.github().put("action_ref", folder.ref());
      }
    }
    if (manifest.runs() instanceof ActionManifest.Composite composite) {
      return composite(run, folder, manifest, composite, inputs, deadline, minutes);
    }
    if (manifest.runs() instanceof ActionManifest.JavaScript script) {
      ActionState state = state(run.frame(), run.step());
      if (script.post() != null && !state.ran) {
        synchronized (lock) {
          state.ran = true;
          posts.add(
              new Post(run.step(), nameOf(run), folder, script, run.frame(), state, run.number()));
        }
      }
      return node(run, folder, script, script.main(), inputs, state, deadline, minutes, exit);
    }
    if (manifest.runs() instanceof ActionManifest.Plugin plugin) {
      throw new ActionException(
          "'"
              + uses.action().source()
              + "' is built into GitHub's runner (plugin '"
              + plugin.plugin()
              + "'); use a newer version of the action");
    }
    throw new ActionException(
        "The container action '"
            + uses.action().source()
            + "' cannot run on the machine '"
            + machine.name()
            + "', which has no containers");
  }

  private ActionState state(Frame frame, Step step) {
    return states.computeIfAbsent(
        frame.name() + "/" + step.contextName() + "/" + step.number(), k -> new ActionState());
  }

  /** Values of an action's inputs, those given and the defaults of the others. */
  private static Map<String, String> inputs(
      Step.Uses uses, ActionManifest manifest, StepScope scope, Consumer<String> say) {
    Map<String, String> inputs = new LinkedHashMap<>();
    if (uses.with() != null && uses.with().evaluate(scope) instanceof ObjectValue given) {
      given.forEach((name, value) -> inputs.put(name.toLowerCase(Locale.ROOT), value.toText()));
    }
    List<String> known = new ArrayList<>();
    for (ActionManifest.Input input : manifest.inputs()) {
      String id = input.id().toLowerCase(Locale.ROOT);
      known.add(id);
      if (inputs.containsKey(id)) {
        if (input.deprecationMessage() != null) {
          say.accept(
              "##[warning]Input '"
                  + input.id()
                  + "' has been deprecated with message: "
                  + input.deprecationMessage());
        }
      } else if (input.defaultValue() != null) {
        inputs.put(id, input.defaultValue().text(scope));
      }
    }
    for (String given : inputs.keySet()) {
      if (!known.contains(given) && !given.equals("args") && !given.equals("entrypoint")) {
        say.accept(
            "##[warning]Unexpected input(s) '"
                + given
                + "', valid inputs are ['"
                + String.join("', '", known)
                + "']");
      }
    }
    return inputs;
  }

  private Conclusion node(
      StepRun run,
      ActionFolder folder,
      ActionManifest.JavaScript script,
      String file,
      Map<String, String> inputs,
      ActionState state,
      long deadline,
      double minutes,
      int[] exit) {
    String node = find("node", searchPath(run.frame(), run.env()));
    if (node == null) {
      return fail(
          run,
          "node: command not found. The action '"
              + (folder.slug().isEmpty() ? folder.directory() : folder.slug())
              + "' needs Node.js ("
              + script.using()
              + ") on this machine; `slipway doctor` lists what is there");
    }
    Path main = folder.directory().resolve(file).normalize();
    if (!Files.isRegularFile(main)) {
      return fail(run, "File not found: '" + main + "'");
    }
    state.inputs = inputs;
    Map<String, String> extra = new LinkedHashMap<>();
    state.values.forEach((name, value) -> extra.put("STATE_" + name, value));
    inputs.forEach((name, value) ->
        extra.put("INPUT_" + name.toUpperCase(Locale.ROOT).replace(' ', '_'), value));
    Conclusion conclusion =
        launch(run, node, List.of(main.toString()), workspace(), extra, deadline, minutes, exit);
    state.values.putAll(run.effects().state);
    return conclusion;
  }

  private Conclusion composite(
      StepRun run,
      ActionFolder folder,
      ActionManifest manifest,
      ActionManifest.Composite composite,
      Map<String, String> inputs,
      long deadline,
      double minutes) {
    if (run.frame().depth() >= MAX_DEPTH) {
      return fail(run, "Composite actions are nested more than " + MAX_DEPTH + " deep");
    }
    Frame frame = compositeFrame(run.frame(), run.step(), folder, inputs, run.env());
    Alarms.Alarm alarm = null;
    boolean[] late = {false};
    if (deadline != Long.MAX_VALUE) {
      alarm =
          alarms.after(
              deadline - System.nanoTime(),
              () -> {
                late[0] = true;
                run.stop().request(Stop.GRACEFUL);
              });
    }
    try {
      for (Step step : composite.steps()) {
        // A cancelled job reconsiders each step by its own condition; a stopped action takes its
        // steps along.
        StopSignal child = new StopSignal();
        Runnable link =
            () -> {
              Stop asked = run.stop().stop();
              if (asked == Stop.KILL || !cancelled) {
                child.request(asked);
              }
            };
        if (run.stop().stopped() && !cancelled) {
          break;
        }
        run.stop().onStop(link);
        try {
          Execution inner = execute(step, frame, run.launcher(), run.number(), child, () -> {});
          settle(step, frame, inner);
          if (inner.outcome() == Conclusion.CANCELLED) {
            frame.status().cancel();
          }
        } finally {
          run.stop().removeWaker(link);
        }
      }
    } finally {
      if (alarm != null) {
        alarm.cancel();
      }
    }
    synchronized (lock) {
      for (ActionManifest.Output output : manifest.outputs()) {
        if (output.value() != null) {
          StepScope scope = new StepScope(this, frame, run.env(), run.github(), false);
          run.effects().outputs.put(output.id(), output.value().text(scope));
        }
      }
    }
    if (late[0]) {
      run.sink()
          .system(
              "##[error]The action '"
                  + masker.mask(nameOf(run))
                  + "' has timed out after "
                  + (long) minutes
                  + " minutes.");
      return Conclusion.FAILURE;
    }
    return frame.status().conclusion();
  }

  private static Frame compositeFrame(
      Frame outer,
      Step step,
      ActionFolder folder,
      Map<String, String> inputs,
      Map<String, String> env) {
    LiveObject values = new LiveObject(false);
    inputs.forEach(values::put);
    Map<String, String> stepEnv = new LinkedHashMap<>(outer.stepEnv());
    if (step.env() != null) {
      for (Node.Member member : step.env().members()) {
        String name = member.key().source();
        String value = env.get(name);
        if (value != null) {
          stepEnv.put(name, value);
        }
      }
    }
    return new Frame(
        outer.name() + "/" + step.contextName() + step.number(),
        values,
        new LiveObject(false),
        folder.directory(),
        folder.slug().isEmpty() ? outer.origin() : folder,
        stepEnv,
        outer.globals(),
        new Frame.Status(),
        outer.depth() + 1,
        false);
  }

  // --- checkout ---

  /**
   * Serves {@code actions/checkout} of the project itself; null when another repository or commit
   * is asked for.
   */
  private @Nullable Conclusion checkout(StepRun run, Step.Uses uses) {
    Map<String, String> with = new LinkedHashMap<>();
    synchronized (lock) {
      if (uses.with() != null && uses.with().evaluate(run.scope()) instanceof ObjectValue given) {
        given.forEach((name, value) -> with.put(name.toLowerCase(Locale.ROOT), value.toText()));
      }
    }
    String repository = with.getOrDefault("repository", "");
    String ref = with.getOrDefault("ref", "");
    if (!repository.isEmpty() && !repository.equalsIgnoreCase(text("repository"))) {
      return null;
    }
    if (!ref.isEmpty()
        && !ref.equals(text("ref"))
        && !ref.equals(text("ref_name"))
        && !ref.equals(text("sha"))
        && !ref.equals(text("head_ref"))) {
      return null;
    }
    Path target;
    try {
      target = workspace().resolve(with.getOrDefault("path", "")).normalize();
    } catch (java.nio.file.InvalidPathException e) {
      return fail(run, "The path '" + with.get("path") + "' is no path");
    }
    if (!target.startsWith(workspace())) {
      return fail(run, "Repository path '" + target + "' is not under '" + workspace() + "'");
    }
    try {
      Machine.Checkout checkout =
          place().checkout(target, Machine.Submodules.of(with.getOrDefault("submodules", "")));
      context().repository(target);
      run.sink()
          .system(
              checkout.files() < 0
                  ? "The working tree itself is used (in place)"
                  : "Served from the working tree: " + checkout.files() + " files");
      run.effects().outputs.put("ref", text("ref"));
      run.effects().outputs.put("commit", text("sha"));
      return Conclusion.SUCCESS;
    } catch (IOException e) {
      return fail(run, "The working tree could not be copied: " + e.getMessage());
    }
  }

  private String text(String name) {
    Value value = github.get(name);
    return value == null ? "" : value.toText();
  }

  // --- pre and post ---

  private void runPres(List<Step> steps, Frame frame, Machine.Launcher launcher) {
    for (Step step : steps) {
      if (step.body() instanceof Step.Parallel group) {
        runPres(group.steps(), frame, launcher);
      } else if (step.body() instanceof Step.Uses uses
          && uses.action() instanceof ActionReference.Repository repository
          && (options.realCheckout() || !repository.slug().equalsIgnoreCase("actions/checkout"))) {
        pre(step, uses, repository, frame, launcher, step.number());
      }
    }
  }

  private void pre(
      Step step,
      Step.Uses uses,
      ActionReference.Repository repository,
      Frame frame,
      Machine.Launcher launcher,
      int number) {
    ActionFolder folder;
    ActionManifest manifest;
    try {
      folder = fetch(repository);
      manifest = actions.manifest(folder);
    } catch (ActionException reportedWhenTheStepRuns) {
      return;
    }
    if (manifest.runs() instanceof ActionManifest.Composite composite
        && frame.depth() < MAX_DEPTH) {
      Frame inner = preFrame(step, uses, folder, manifest, frame);
      for (Step child : composite.steps()) {
        if (child.body() instanceof Step.Uses nested
            && nested.action() instanceof ActionReference.Repository other) {
          pre(child, nested, other, inner, launcher, number);
        }
      }
    }
    if (!(manifest.runs() instanceof ActionManifest.JavaScript script) || script.preIf() == null) {
      return;
    }
    String file = script.pre();
    if (file == null) {
      return;
    }
    ActionState state = state(frame, step);
    phase(
        RunEvent.Phase.PRE,
        "Pre ",
        step,
        uses,
        script.preIf(),
        frame,
        launcher,
        number,
        run -> {
          Map<String, String> inputs;
          synchronized (lock) {
            inputs = inputs(uses, manifest, run.scope(), run.sink()::system);
          }
          if (script.post() != null && !state.ran) {
            state.ran = true;
            posts.add(new Post(step, nameOf(run), folder, script, frame, state, number));
          }
          int[] exit = {-1};
          Conclusion conclusion =
              node(run, folder, script, file, inputs, state, Long.MAX_VALUE, 0, exit);
          return new Ended(conclusion, exit[0]);
        });
  }

  /** The frame of a composite action before the action runs: its inputs as far as known. */
  private Frame preFrame(
      Step step, Step.Uses uses, ActionFolder folder, ActionManifest manifest, Frame frame) {
    Map<String, String> env = new LinkedHashMap<>();
    Map<String, String> inputs = Map.of();
    synchronized (lock) {
      env.putAll(frame.globals().env);
      env.putAll(frame.stepEnv());
      StepScope scope = new StepScope(this, frame, env, LiveObject.over(github), true);
      try {
        putAll(step.env(), scope, env);
        scope.envChanged();
        inputs = inputs(uses, manifest, scope, silent -> {});
      } catch (ExpressionException reportedWhenTheStepRuns) {
        inputs = Map.of();
      }
    }
    return compositeFrame(frame, step, folder, inputs, env);
  }

  private record Ended(Conclusion conclusion, int exitCode) {}

  private interface PhaseBody {
    Ended run(StepRun run);
  }

  private void runPosts(Machine.Launcher launcher) {
    for (int i = posts.size() - 1; i >= 0; i--) {
      Post post = posts.get(i);
      String file = post.runs().post();
      Condition condition = post.runs().postIf();
      if (file == null || condition == null || !(post.step().body() instanceof Step.Uses uses)) {
        continue;
      }
      phase(
          RunEvent.Phase.POST,
          "Post ",
          post.step(),
          uses,
          condition,
          post.frame(),
          launcher,
          post.number(),
          run -> {
            int[] exit = {-1};
            Conclusion conclusion =
                node(
                    run,
                    post.folder(),
                    post.runs(),
                    file,
                    post.state().inputs,
                    post.state(),
                    Long.MAX_VALUE,
                    0,
                    exit);
            return new Ended(conclusion, exit[0]);
          });
    }
  }

  private void phase(
      RunEvent.Phase phase,
      String prefix,
      Step step,
      Step.Uses uses,
      Condition condition,
      Frame frame,
      Machine.Launcher launcher,
      int number,
      PhaseBody body) {
    long began = System.nanoTime();
    Effects effects = new Effects();
    LiveObject stepGithub = LiveObject.over(github);
    Map<String, String> env = new LinkedHashMap<>();
    StepScope scope = new StepScope(this, frame, env, stepGithub, true);
    StopSignal stepStop = new StopSignal();
    Running entry = new Running(condition, scope, stepStop);
    boolean runs;
    String failure = null;
    String name;
    synchronized (lock) {
      stepGithub.put("action", step.contextName());
      env.putAll(frame.globals().env);
      env.putAll(frame.stepEnv());
      try {
        putAll(step.env(), scope, env);
        scope.envChanged();
        runs = condition.expression().evaluate(scope).truthy();
      } catch (ExpressionException e) {
        runs = false;
        failure = e.getMessage();
      }
      name = masker.mask(prefix + name(step, scope));
      runs &= stop.stop() != Stop.KILL;
      if (runs) {
        running.add(entry);
      }
    }
    StepCommands commands = new StepCommands(context(), number, effects, unsecure(env));
    LogSink sink = new LogSink(recorder, masker, commands, spec.key(), number);
    commands.attach(sink);
    recorder.emit((seq, at) ->
        new RunEvent.StepStarted(
            seq,
            at,
            recorder.run(),
            spec.key(),
            number,
            name,
            phase,
            uses.action().source(),
            null));
    Conclusion outcome = Conclusion.SKIPPED;
    int exitCode = -1;
    if (failure != null) {
      sink.system("##[error]" + failure);
      outcome = Conclusion.FAILURE;
    } else if (runs) {
      try {
        Ended ended =
            body.run(
                new StepRun(
                    step,
                    frame,
                    scope,
                    stepGithub,
                    env,
                    effects,
                    commands,
                    sink,
                    launcher,
                    stepStop,
                    number));
        outcome = ended.conclusion();
        exitCode = ended.exitCode();
      } catch (ActionException | ExpressionException e) {
        sink.system("##[error]" + e.getMessage());
        outcome = Conclusion.FAILURE;
      } finally {
        synchronized (lock) {
          running.remove(entry);
        }
      }
      if (outcome == Conclusion.SUCCESS && commands.failed()) {
        outcome = Conclusion.FAILURE;
      }
    }
    Conclusion conclusion = forgiven(step, outcome, scope, sink);
    synchronized (lock) {
      frame.globals().apply(effects);
      if (conclusion == Conclusion.FAILURE) {
        status.fail();
      }
    }
    context().groupFinished(number);
    finished(number, phase, outcome, conclusion, began, exitCode, Map.of());
  }

  // --- background steps ---

  private void startBackground(Step step, Frame frame) {
    Frame forked =
        new Frame(
            frame.name(),
            frame.inputs(),
            frame.steps(),
            frame.actionPath(),
            frame.origin(),
            frame.stepEnv(),
            frame.globals().fork(),
            frame.status(),
            frame.depth(),
            frame.jobFrame());
    Background background = new Background(step, frame, new StopSignal());
    backgroundSlots.acquireUninterruptibly();
    Thread thread =
        Thread.ofPlatform()
            .name("step-" + step.number())
            .unstarted(() -> {
              try (Machine.Launcher launcher = place().launcher()) {
                Execution execution =
                    execute(
                        step,
                        forked,
                        launcher,
                        step.number(),
                        background.stop,
                        background.decided::countDown);
                background.outcome = execution.outcome();
                background.conclusion = execution.conclusion();
                background.effects = execution.effects();
              } finally {
                background.decided.countDown();
                backgroundSlots.release();
              }
            });
    background.thread = thread;
    backgrounds.put(step.contextName().toLowerCase(Locale.ROOT), background);
    thread.start();
    // What later steps do must not change whether this one runs.
    uninterrupted(background.decided::await);
  }

  private interface Waiting {
    void run() throws InterruptedException;
  }

  private static void uninterrupted(Waiting waiting) {
    while (true) {
      try {
        waiting.run();
        return;
      } catch (InterruptedException goOnWaiting) {
        continue;
      }
    }
  }

  private void settle(String id) {
    Background background = backgrounds.get(id.toLowerCase(Locale.ROOT));
    if (background != null) {
      settle(background);
    }
  }

  private void settle(Background background) {
    if (background.settled || background.thread == null) {
      return;
    }
    uninterrupted(background.thread::join);
    background.settled = true;
    Execution execution =
        new Execution(background.outcome, background.conclusion, background.effects);
    if (background.cancelRequested && background.outcome == Conclusion.CANCELLED) {
      synchronized (lock) {
        record(
            background.step,
            background.frame,
            Conclusion.CANCELLED,
            Conclusion.CANCELLED,
            background.effects.outputs);
      }
      return;
    }
    settle(background.step, background.frame, execution);
  }

  private void settleAll() {
    for (Background background : List.copyOf(backgrounds.values())) {
      settle(background);
    }
  }

  private void cancelBackground(String id) {
    Background background = backgrounds.get(id.toLowerCase(Locale.ROOT));
    if (background != null && !background.settled) {
      background.cancelRequested = true;
      background.stop.request(Stop.GRACEFUL);
      settle(background);
    }
  }

  private void runParallel(Step step, Step.Parallel group, Frame frame) {
    control(
        step,
        frame,
        () -> {
          for (Step child : group.steps()) {
            startBackground(child, frame);
          }
          for (Step child : group.steps()) {
            settle(child.contextName());
          }
        });
  }

  /** A step that only starts or waits for others. */
  private void control(Step step, Frame frame, Runnable body) {
    long began = System.nanoTime();
    String name;
    boolean runs;
    String failure = null;
    StepScope scope =
        new StepScope(
            this, frame, new LinkedHashMap<>(frame.globals().env), LiveObject.over(github), false);
    synchronized (lock) {
      name = masker.mask(name(step, scope));
      try {
        runs = step.condition().expression().evaluate(scope).truthy();
      } catch (ExpressionException e) {
        runs = false;
        failure = e.getMessage();
      }
    }
    recorder.emit((seq, at) ->
        new RunEvent.StepStarted(
            seq,
            at,
            recorder.run(),
            spec.key(),
            step.number(),
            name,
            RunEvent.Phase.MAIN,
            null,
            null));
    Conclusion conclusion = Conclusion.SKIPPED;
    if (failure != null) {
      sink(step.number(), new Effects()).system("##[error]" + failure);
      conclusion = Conclusion.FAILURE;
      status.fail();
    } else if (runs) {
      body.run();
      conclusion = Conclusion.SUCCESS;
    }
    synchronized (lock) {
      record(step, frame, conclusion, conclusion, Map.of());
    }
    finished(step.number(), RunEvent.Phase.MAIN, conclusion, conclusion, began, -1, Map.of());
  }

  // --- outputs ---

  private void evaluateOutputs(Frame frame, Map<String, String> outputs, LogSink setUp) {
    Node.Mapping declared = spec.job().outputs();
    if (declared == null) {
      return;
    }
    StepScope scope = new StepScope(this, frame, frame.globals().env, github, true);
    synchronized (lock) {
      for (Node.Member member : declared.members()) {
        String name = member.key().source();
        String value;
        try {
          value = member.value().text(scope);
        } catch (ExpressionException e) {
          setUp.system("##[error]" + e.getMessage());
          status.fail();
          continue;
        }
        if (value.isEmpty()) {
          continue;
        }
        if (!masker.mask(value).equals(value)) {
          setUp.system("##[warning]Skip output '" + name + "' since it may contain secret.");
          continue;
        }
        outputs.put(name, value);
      }
    }
  }
}
