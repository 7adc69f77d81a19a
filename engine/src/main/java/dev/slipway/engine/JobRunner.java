package dev.slipway.engine;

import dev.slipway.workflow.Node;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.ExpressionException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs one job on a machine and records what happens (actions/runner, JobRunner and JobExtension):
 * sets it up, runs what actions do before, the steps, what actions do after, and evaluates its
 * outputs. How one step runs is {@link StepRunner}'s; what threads share is {@link JobContext}'s.
 */
final class JobRunner {
  /** Folders below {@code runner.temp}. */
  static final String WORKFLOW_FILES = "_github_workflow";

  static final String COMMAND_FILES = "_runner_file_commands";

  /** The number that lines of the job itself have in place of a step's. */
  static final int NO_STEP = 0;

  private static final LogSink.LineInspector QUIET =
      new LogSink.LineInspector() {
        @Override
        public boolean wantsAll() {
          return false;
        }

        @Override
        public String inspect(RunEvent.Stream stream, String line) {
          return line;
        }
      };

  private final JobSpec spec;
  private final Machine machine;
  private final RunRecorder recorder;
  private final Actions actions;
  private final EngineOptions options;
  private final Masker masker;
  private final Alarms alarms;
  private final Object lock = new Object();
  private final Frame.Status status = new Frame.Status();
  private final JobCancellation cancellation;
  private final LogSink log;

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
    this.alarms = alarms;
    this.cancellation =
        new JobCancellation(lock, spec, status, stop, alarms, options.minuteNanos());
    this.log = new LogSink(recorder, masker, QUIET, spec.key(), NO_STEP);
  }

  /** Runs the job to its end. */
  JobResult run() {
    Map<String, String> outputs = new LinkedHashMap<>();
    try (Machine.Place place = machine.open(spec.key());
        Machine.Launcher launcher = place.launcher()) {
      JobContext job =
          new JobContext(
              lock,
              spec,
              options,
              recorder,
              masker,
              alarms,
              place,
              machine.name(),
              status,
              cancellation);
      job.fillContexts();
      job.runtime.prepare();
      cancellation.begin();
      Frame frame = Frame.ofJob(spec.inputs(), status);
      if (setUpEnvironment(job, frame)) {
        FoldedLog folded = new FoldedLog(log, job.output, NO_STEP);
        try (ContainerSetup containers = new ContainerSetup(job, actions, folded)) {
          if (startContainers(job, frame, containers)) {
            runSteps(job, frame, launcher, containers);
            evaluateOutputs(job, frame, outputs);
          }
        } finally {
          job.runtime.close();
        }
      }
    } catch (IOException e) {
      fail("The job could not be set up: " + e);
    } finally {
      cancellation.end();
    }
    return cancellation.result(status.conclusion(), outputs);
  }

  private void fail(@Nullable String message) {
    status.fail();
    log.system("##[error]" + message);
  }

  /** The environment of workflow and job, and defaults; false when they cannot be evaluated. */
  private boolean setUpEnvironment(JobContext job, Frame frame) {
    Map<String, String> env = frame.globals().env;
    StepScope scope = scope(job, frame);
    synchronized (lock) {
      try {
        StepRun.addTo(env, spec.workflow().env(), scope);
        options.env().forEach(env::put);
        scope.envChanged();
        StepRun.addTo(env, spec.job().env(), scope);
        job.runtime.describe(
            deployment(spec.job().environment(), scope),
            text(spec.job().cacheMode(), spec.workflow().cacheMode(), scope));
        job.defaults = RunDefaults.of(spec.job().defaults(), spec.workflow().defaults(), scope);
        return true;
      } catch (ExpressionException e) {
        fail(e.getMessage());
        return false;
      }
    }
  }

  /** The name of the environment that the job deploys to; empty for none. */
  private static String deployment(@Nullable Node environment, StepScope scope) {
    Node name = environment instanceof Node.Mapping mapping ? mapping.get("name") : environment;
    return name == null ? "" : Typed.text(name, scope);
  }

  private static String text(@Nullable Node own, @Nullable Node otherwise, StepScope scope) {
    Node given = own == null ? otherwise : own;
    return given == null ? "" : Typed.text(given, scope);
  }

  /** What expressions of the job itself see. */
  private static StepScope scope(JobContext job, Frame frame) {
    return new StepScope(job, frame, frame.globals().env, job.github, true);
  }

  /** Starts what the job asks for; false when it cannot be had. */
  private boolean startContainers(JobContext job, Frame frame, ContainerSetup containers)
      throws IOException {
    if (spec.body().container() == null
        && spec.body().services() == null
        && machine.image().isEmpty()) {
      return true;
    }
    StopSignal starting = cancellation.starting();
    try {
      ContainerRequests requests;
      synchronized (lock) {
        requests =
            ContainerRequests.of(
                spec.body(),
                machine.image(),
                scope(job, frame),
                name -> log.system("The service '" + name + "' has no image and is not started"));
      }
      containers.start(requests, starting);
      return true;
    } catch (ContainerException | ExpressionException e) {
      fail(e.getMessage());
      return false;
    } finally {
      cancellation.started();
    }
  }

  private void runSteps(
      JobContext job, Frame frame, Machine.Launcher launcher, ContainerSetup containers) {
    StepRunner runner = new StepRunner(job, actions, containers);
    BackgroundSteps background = new BackgroundSteps(job, runner);
    ActionPhases phases = runner.actions().phases();
    List<Step> steps = spec.body().steps();
    phases.before(steps, frame, launcher);
    for (Step step : steps) {
      StepBody control = background.body(step, frame);
      if (control == null && step.background()) {
        background.start(step, frame);
      } else {
        StepRun run = runner.main(step, frame, launcher, step.number(), new StopSignal());
        runner.settle(step, frame, runner.run(run, control == null ? runner.body(step) : control));
      }
    }
    background.awaitAll();
    phases.after(launcher);
  }

  private void evaluateOutputs(JobContext job, Frame frame, Map<String, String> outputs) {
    Node.Mapping declared = spec.job().outputs();
    if (declared == null) {
      return;
    }
    StepScope scope = scope(job, frame);
    synchronized (lock) {
      Map<String, String> values = new LinkedHashMap<>();
      try {
        Typed.texts(declared, scope, values::put);
      } catch (ExpressionException e) {
        fail("Fail to evaluate job outputs");
        log.system("##[error]" + e.getMessage());
        return;
      }
      for (Map.Entry<String, String> output : values.entrySet()) {
        String name = output.getKey();
        String value = output.getValue();
        if (!value.isEmpty() && !masker.mask(value).equals(value)) {
          log.system("##[warning]Skip output '" + name + "' since it may contain secret.");
        } else if (!value.isEmpty()) {
          outputs.put(name, value);
        }
      }
    }
  }
}
