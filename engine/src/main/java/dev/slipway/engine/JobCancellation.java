package dev.slipway.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a job is cancelled, by request or by its timeout (actions/runner, StepsRunner): steps in
 * progress whose {@code if} still holds go on, the others are stopped; steps to come are decided by
 * their own {@code if}; when too much time has passed since, everything is killed.
 */
final class JobCancellation {
  private static final String TIMED_OUT = "timed_out";

  private final Object lock;
  private final JobSpec spec;
  private final Frame.Status status;
  private final StopSignal stop;
  private final Alarms alarms;
  private final long minuteNanos;
  private final List<StepRun> running = new ArrayList<>();
  private final Runnable onStop = this::stopRequested;
  private Alarms.@Nullable Alarm timeout;
  private @Nullable StopSignal setUp;
  private @Nullable String cause;
  private volatile boolean cancelled;

  /**
   * For one job.
   *
   * @param lock the job's
   * @param stop asks the job to stop
   */
  JobCancellation(
      Object lock,
      JobSpec spec,
      Frame.Status status,
      StopSignal stop,
      Alarms alarms,
      long minuteNanos) {
    this.lock = lock;
    this.spec = spec;
    this.status = status;
    this.stop = stop;
    this.alarms = alarms;
    this.minuteNanos = minuteNanos;
  }

  /** The job begins: its timeout runs from now, and it can be asked to stop. */
  void begin() {
    timeout =
        alarms.after(
            (long) (Math.floor(spec.timeoutMinutes()) * minuteNanos), () -> cancel(TIMED_OUT));
    stop.onStop(onStop);
  }

  /** The job has ended. */
  void end() {
    stop.removeWaker(onStop);
    if (timeout != null) {
      timeout.cancel();
    }
  }

  boolean cancelled() {
    return cancelled;
  }

  /** Whether not even steps that always run are to be started. */
  private boolean killed() {
    return stop.stop() == Stop.KILL;
  }

  /** The job's result when its steps alone made it this one. */
  JobResult result(Conclusion ofSteps, Map<String, String> outputs) {
    synchronized (lock) {
      Conclusion conclusion = cancelled ? Conclusion.CANCELLED : ofSteps;
      if (TIMED_OUT.equals(cause)) {
        conclusion = Conclusion.FAILURE;
      }
      return new JobResult(conclusion, outputs, cause);
    }
  }

  /** The job is about to start its containers; asked to stop when it is cancelled meanwhile. */
  StopSignal starting() {
    synchronized (lock) {
      StopSignal signal = new StopSignal();
      setUp = signal;
      if (cancelled) {
        signal.request(killed() ? Stop.KILL : Stop.GRACEFUL);
      }
      return signal;
    }
  }

  /** The job's containers are there, or are not to be had. */
  void started() {
    synchronized (lock) {
      setUp = null;
    }
  }

  /** A step is about to do its work; false when it must not. {@link #leave} ends it. */
  boolean enter(StepRun step) {
    boolean late;
    synchronized (lock) {
      if (killed()) {
        return false;
      }
      running.add(step);
      late = cancelled && !step.survives();
    }
    if (late) {
      step.stop.request(Stop.GRACEFUL);
    }
    return true;
  }

  void leave(StepRun step) {
    synchronized (lock) {
      running.remove(step);
    }
  }

  private void stopRequested() {
    cancel(null);
    if (killed()) {
      List<StepRun> now;
      synchronized (lock) {
        now = List.copyOf(running);
      }
      for (StepRun step : now) {
        step.stop.request(Stop.KILL);
      }
      stopSetUp(Stop.KILL);
    }
  }

  private void stopSetUp(Stop how) {
    StopSignal signal;
    synchronized (lock) {
      signal = setUp;
    }
    if (signal != null) {
      signal.request(how);
    }
  }

  private void cancel(@Nullable String why) {
    List<StepRun> toStop = new ArrayList<>();
    synchronized (lock) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      cause = why;
      status.cancel();
      for (StepRun step : running) {
        if (!step.survives()) {
          toStop.add(step);
        }
      }
    }
    for (StepRun step : toStop) {
      step.stop.request(Stop.GRACEFUL);
    }
    stopSetUp(Stop.GRACEFUL);
    alarms.after((long) (spec.cancelTimeoutMinutes() * minuteNanos), () -> stop.request(Stop.KILL));
  }
}
