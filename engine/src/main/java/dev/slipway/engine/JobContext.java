package dev.slipway.engine;

import dev.slipway.workflow.ActionReference;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all steps of a job share while it runs: what was asked for, where it runs, its contexts, its
 * status.
 *
 * <p>The job's own thread runs its steps, background steps have threads of their own, and alarms
 * and whoever stops the job come from yet others. {@link #lock} guards all that they share: the
 * contexts and so every expression that is evaluated, the globals of frames, the steps in progress,
 * and what classes of the job remember from step to step. It is never held while a process runs, an
 * action is fetched or a stop is passed on to a step. Classes that call themselves thread-safe
 * (masker, recorder, stop signals) have locks of their own, within which nothing of the job is
 * called. A {@link StepRun} with its effects belongs to the one thread that runs the step.
 */
final class JobContext {
  private static final String STEP_DEBUG = "ACTIONS_STEP_DEBUG";

  /** Guards what threads of the job share. */
  final Object lock;

  final JobSpec spec;
  final EngineOptions options;
  final RunRecorder recorder;
  final Masker masker;
  final Alarms alarms;
  final Machine.Place place;

  /** As the user knows the machine. */
  final String machineName;

  final Frame.Status status;
  final JobCancellation cancellation;
  final JobOutput output;

  /** Set before the first step. */
  RunDefaults defaults = RunDefaults.NONE;

  /** What its actions can call. */
  final JobRuntime runtime;

  /** Where its steps run; set before the first step. */
  StepHost steps = new MachineSteps();

  final LiveObject github;
  final ObjectValue secrets;
  private final LiveObject runner = new LiveObject(false);
  private final LiveObject job = new LiveObject(false);
  private final boolean debug;
  private final AtomicInteger serial = new AtomicInteger();

  JobContext(
      Object lock,
      JobSpec spec,
      EngineOptions options,
      RunRecorder recorder,
      Masker masker,
      Alarms alarms,
      Machine.Place place,
      String machineName,
      Frame.Status status,
      JobCancellation cancellation) {
    this.lock = lock;
    this.spec = spec;
    this.options = options;
    this.recorder = recorder;
    this.masker = masker;
    this.alarms = alarms;
    this.place = place;
    this.machineName = machineName;
    this.status = status;
    this.cancellation = cancellation;
    this.debug = options.debug() || asksForDebug(spec);
    JobToken token = new JobToken(masker);
    this.github = LiveObject.over(token.github(spec.github()));
    String slug = githubText("repository");
    this.output = new JobOutput(spec.key(), recorder, masker, place.workspace(), slug, debug);
    LiveObject values = new LiveObject(false);
    spec.secrets().forEach(values::put);
    this.secrets = token.secrets(values);
    this.runtime = new JobRuntime(this, options.services(), options.earlierRuns());
  }

  /** Whether a secret or, where there is none, a variable asks for what steps say to debuggers. */
  private static boolean asksForDebug(JobSpec spec) {
    String asked = spec.secrets().get(STEP_DEBUG);
    if (asked == null && spec.vars() instanceof ObjectValue vars) {
      Value value = vars.get(STEP_DEBUG);
      asked = value == null ? null : value.toText();
    }
    return asked != null && asked.strip().equalsIgnoreCase("true");
  }

  /**
   * Whether the machine stands in for the action: {@code actions/checkout}, unless it is to run.
   */
  boolean servesCheckout(ActionReference reference) {
    return reference instanceof ActionReference.Repository repository
        && repository.slug().equalsIgnoreCase("actions/checkout")
        && !options.realCheckout();
  }

  /** Has the steps run in the job's container. */
  void runIn(StepHost container) {
    steps = container;
    output.runIn(container);
  }

  /** Names the job's containers in its {@code job} context. */
  void describeContainers(String container, String network, Map<String, Value> services) {
    synchronized (lock) {
      LiveObject described = new LiveObject(false);
      if (!container.isEmpty()) {
        described.put("id", container);
        described.put("network", network);
      }
      job.put("container", described);
      job.put("services", Value.object(services));
    }
  }

  /** Fills the contexts with what is known before the first step. */
  void fillContexts() throws IOException {
    github.put("workspace", place.workspace().toString());
    github.put("job", spec.job().id());
    github.put("action_status", "");
    Path event = place.temp().resolve(JobRunner.WORKFLOW_FILES).resolve("event.json");
    Files.writeString(event, options.eventJson());
    github.put("event_path", event.toString());
    runner
        .put("name", options.runnerName())
        .put("os", "Linux")
        .put("arch", arch())
        .put("temp", place.temp().toString())
        .put("tool_cache", place.toolCache().toString())
        .put("environment", "self-hosted")
        .put("workspace", parent(place.workspace()));
    if (debug) {
      runner.put("debug", "1");
    }
    job.put("check_run_id", Value.NULL);
    job.put("container", Value.object(Map.of()));
    job.put("services", Value.object(Map.of()));
    putWorkflow();
  }

  /** The workflow that the job is written in, which a call may have brought in. */
  private void putWorkflow() {
    String origin = spec.origin();
    int at = origin.lastIndexOf('@');
    String repository = at < 0 ? githubText("repository") : origin.substring(0, at);
    String sha = at < 0 ? githubText("sha") : origin.substring(at + 1);
    String file = spec.workflow().file();
    if (at >= 0 && file.startsWith(repository + "/")) {
      int end = file.lastIndexOf('@');
      file = file.substring(repository.length() + 1, end < 0 ? file.length() : end);
    }
    job.put("workflow_repository", repository)
        .put("workflow_file_path", file)
        .put("workflow_sha", sha)
        .put("workflow_ref", repository + "/" + file + "@" + (at < 0 ? githubText("ref") : sha));
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

  /** A member of the {@code job} context as text; empty when there is none. */
  String jobText(String name) {
    Value value = job.get(name);
    return value == null ? "" : value.toText();
  }

  /** A member of the {@code github} context as text; empty when there is none. */
  String githubText(String name) {
    Value value = github.get(name);
    return value == null ? "" : value.toText();
  }

  /** The {@code runner} context. */
  ObjectValue runnerContext() {
    return runner;
  }

  /** The {@code job} context. */
  ObjectValue jobContext() {
    job.put("status", status.conclusion().text());
    return job;
  }

  Path workspace() {
    return place.workspace();
  }

  /** Part of a file name that nothing else in the job has. */
  String serial() {
    return options.token() + "-" + spec.key().hashCode() + "-" + serial.incrementAndGet();
  }
}
