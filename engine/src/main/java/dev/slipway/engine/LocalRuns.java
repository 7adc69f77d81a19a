package dev.slipway.engine;

import dev.slipway.plan.RunKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Carries out runs on this machine: feeds what happens to each run's state machine, and does what
 * it wants done. One lock orders decisions and their effects; jobs run in threads of a pool that
 * all runs share.
 */
final class LocalRuns implements AutoCloseable {
  private final Map<String, Machine> machines;
  private final JobPool pool;
  private final Alarms alarms = new Alarms();
  private final StopSignal stop = new StopSignal();
  private final List<ActiveRun> runs = new ArrayList<>();
  private ConcurrencyGroups groups = ConcurrencyGroups.NONE;
  private final java.util.ArrayDeque<Pending> pending = new java.util.ArrayDeque<>();
  private boolean deciding;
  private boolean cancelled;

  LocalRuns(Map<String, Machine> machines, int slots) {
    this.machines = machines;
    this.pool = new JobPool(slots);
  }

  /** A run under way. */
  private static final class ActiveRun {
    final int index;
    final RunKeys keys;
    final RunRecorder recorder;
    final Actions actions;
    final EngineOptions options;
    final Masker masker;
    final long began = System.nanoTime();
    final CountDownLatch ended = new CountDownLatch(1);
    final Map<String, ActiveJob> jobs = new HashMap<>();
    final Map<String, String> maskedKeys = new HashMap<>();
    RunState state;
    Conclusion conclusion = Conclusion.FAILURE;

    ActiveRun(
        int index,
        RunDefinition definition,
        RunKeys keys,
        RunRecorder recorder,
        Actions actions,
        EngineOptions options,
        Masker masker) {
      this.index = index;
      this.keys = keys;
      this.recorder = recorder;
      this.actions = actions;
      this.options = options;
      this.masker = masker;
      this.state = RunState.initial(definition);
    }

    /**
     * A job's key as the record has it: unique in the plan, and a secret in a matrix is masked,
     * with keys still unique.
     */
    synchronized String shown(String key) {
      String inPlan = keys.inPlan(key);
      String masked = masker.mask(inPlan);
      if (masked.equals(inPlan)) {
        return inPlan;
      }
      String shown = maskedKeys.get(key);
      for (int n = 1; shown == null; n++) {
        String candidate = n == 1 ? masked : masked + " " + n;
        if (!maskedKeys.containsValue(candidate)) {
          shown = candidate;
          maskedKeys.put(key, shown);
        }
      }
      return shown;
    }
  }

  /** A job handed to the pool. */
  private static final class ActiveJob {
    final StopSignal stop;
    @Nullable Runnable task;

    ActiveJob(StopSignal stop) {
      this.stop = stop;
    }
  }

  /** Begins a run; {@link #await} waits for it. @return its number for {@code await} */
  int begin(
      RunDefinition definition,
      RunKeys keys,
      RunRecorder recorder,
      Actions actions,
      EngineOptions options,
      Masker masker,
      RunRecorder.Event started) {
    ActiveRun run;
    synchronized (this) {
      run = new ActiveRun(runs.size(), definition, keys, recorder, actions, options, masker);
      runs.add(run);
    }
    recorder.emit(started);
    feed(run, new RunInput.Begin());
    boolean late;
    synchronized (this) {
      late = cancelled;
    }
    if (late) {
      feed(run, new RunInput.Cancel());
    }
    return run.index;
  }

  /** Waits for a run to end. */
  Conclusion await(int index) throws InterruptedException {
    ActiveRun run;
    synchronized (this) {
      run = runs.get(index);
    }
    run.ended.await();
    return run.conclusion;
  }

  /** Cancels all runs as GitHub does. */
  void cancel() {
    List<ActiveRun> all;
    synchronized (this) {
      cancelled = true;
      all = List.copyOf(runs);
    }
    for (ActiveRun run : all) {
      feed(run, new RunInput.Cancel());
    }
  }

  /** Ends all runs at once: every process is killed. */
  void kill() {
    cancel();
    stop.request(Stop.KILL);
  }

  /** An input for a run. */
  private record Pending(ActiveRun run, RunInput input) {}

  /** Decides, one input after another; what effects bring up in turn comes after them. */
  private synchronized void feed(ActiveRun run, RunInput input) {
    pending.add(new Pending(run, input));
    if (deciding) {
      return;
    }
    deciding = true;
    try {
      Pending next;
      while ((next = pending.poll()) != null) {
        RunState.Decision decision = next.run().state.decide(next.input());
        next.run().state = decision.next();
        for (Effect effect : decision.effects()) {
          carryOut(next.run(), effect);
        }
      }
    } finally {
      deciding = false;
    }
  }

  private void carryOut(ActiveRun run, Effect effect) {
    RunRecorder recorder = run.recorder;
    String id = recorder.run();
    Masker masker = run.masker;
    if (effect instanceof Effect.Queue e) {
      List<String> needs = e.needs().stream().map(run::shown).toList();
      String matrix = e.matrix() == null ? null : masker.mask(e.matrix());
      recorder.emit((seq, at) ->
          new RunEvent.JobQueued(
              seq, at, id, run.shown(e.key()), e.id(), masker.mask(e.name()), needs, matrix));
    } else if (effect instanceof Effect.Start e) {
      start(run, e);
    } else if (effect instanceof Effect.Skip e) {
      recorder.emit((seq, at) ->
          new RunEvent.JobSkipped(
              seq, at, id, run.shown(e.key()), masker.mask(e.name()), masker.mask(e.reason())));
    } else if (effect instanceof Effect.End e) {
      String cause = e.cause() == null ? null : masker.mask(e.cause());
      recorder.emit((seq, at) ->
          new RunEvent.JobFinished(
              seq, at, id, run.shown(e.key()), e.conclusion(), 0, e.outputs(), cause));
    } else if (effect instanceof Effect.Stop e) {
      stopJob(run, e.key());
    } else if (effect instanceof Effect.Acquire e) {
      ConcurrencyGroups.Step step =
          groups.acquire(holder(run, e.holder()), e.group(), e.cancelInProgress(), e.queueAll());
      apply(step);
    } else if (effect instanceof Effect.Release e) {
      apply(groups.release(holder(run, e.holder()), e.group()));
    } else if (effect instanceof Effect.Finish e) {
      long millis = (System.nanoTime() - run.began) / 1_000_000;
      recorder.emit(
          (seq, at) -> new RunEvent.RunFinished(seq, at, id, e.conclusion(), millis, null));
      recorder.close();
      run.conclusion = e.conclusion();
      run.ended.countDown();
    }
  }

  private static String holder(ActiveRun run, String holder) {
    return run.index + ":" + holder;
  }

  private void apply(ConcurrencyGroups.Step step) {
    groups = step.next();
    for (String holder : step.revoked()) {
      tell(holder, RunInput.GroupRevoked::new);
    }
    for (String holder : step.granted()) {
      tell(holder, RunInput.GroupGranted::new);
    }
  }

  private void tell(String holder, java.util.function.Function<String, RunInput> input) {
    int colon = holder.indexOf(':');
    ActiveRun run = runs.get(Integer.parseInt(holder.substring(0, colon)));
    pending.add(new Pending(run, input.apply(holder.substring(colon + 1))));
  }

  private void start(ActiveRun run, Effect.Start start) {
    JobSpec spec = start.spec();
    ActiveJob job = new ActiveJob(stop.child());
    Runnable task = () -> runJob(run, spec, start.machine(), job);
    job.task = task;
    run.jobs.put(spec.key(), job);
    pool.submit(task);
  }

  private void stopJob(ActiveRun run, String key) {
    ActiveJob job = run.jobs.get(key);
    if (job == null) {
      return;
    }
    if (job.task != null && pool.withdraw(job.task)) {
      run.recorder.emit((seq, at) ->
          new RunEvent.JobFinished(
              seq,
              at,
              run.recorder.run(),
              run.shown(key),
              Conclusion.CANCELLED,
              0,
              Map.of(),
              null));
      pending.add(
          new Pending(run, new RunInput.JobEnded(key, Conclusion.CANCELLED, Map.of(), null)));
      return;
    }
    job.stop.request(Stop.GRACEFUL);
  }

  private void runJob(ActiveRun run, JobSpec spec, String machineName, ActiveJob job) {
    RunRecorder recorder = run.recorder;
    long began = System.nanoTime();
    Machine machine = machines.get(machineName);
    if (machine == null) {
      throw new IllegalStateException("no machine " + machineName);
    }
    String name = run.masker.mask(spec.name());
    String shown = run.shown(spec.key());
    recorder.emit(
        (seq, at) -> new RunEvent.JobStarted(seq, at, recorder.run(), shown, name, machineName));
    feed(run, new RunInput.JobStarted(spec.key()));
    Masker masker = run.masker.copy();
    masker.addAll(spec.secrets().values());
    JobRunner runner =
        new JobRunner(
            spec.withKey(shown),
            machine,
            recorder,
            run.actions,
            run.options,
            masker,
            job.stop,
            alarms);
    JobResult result = new JobResult(Conclusion.FAILURE, Map.of(), "lost");
    try {
      result = runner.run();
    } finally {
      stop.release(job.stop);
      jobEnded(run, spec, result, began);
    }
  }

  private void jobEnded(ActiveRun run, JobSpec spec, JobResult result, long began) {
    RunRecorder recorder = run.recorder;
    String shown = run.shown(spec.key());
    long millis = (System.nanoTime() - began) / 1_000_000;
    recorder.emit((seq, at) ->
        new RunEvent.JobFinished(
            seq,
            at,
            recorder.run(),
            shown,
            result.conclusion(),
            millis,
            result.outputs(),
            result.cause()));
    feed(
        run,
        new RunInput.JobEnded(spec.key(), result.conclusion(), result.outputs(), result.cause()));
  }

  @Override
  public void close() throws IOException {
    pool.close();
    alarms.close();
    for (Machine machine : machines.values()) {
      if (machine instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (IOException e) {
          throw e;
        } catch (Exception e) {
          throw new IOException(e);
        }
      }
    }
  }
}
