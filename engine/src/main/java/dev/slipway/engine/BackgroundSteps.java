package dev.slipway.engine;

import dev.slipway.workflow.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Steps that run beside others, and those that wait for them (actions/runner,
 * BackgroundStepCoordinator). Each has a thread; what it asks of the job takes effect when it is
 * waited for. Belongs to the job's own thread.
 */
final class BackgroundSteps {
  private static final int MAX_AT_ONCE = 10;

  private final JobContext job;
  private final StepRunner runner;
  private final Places places = new Places();
  private final Map<String, Background> started = new LinkedHashMap<>();

  BackgroundSteps(JobContext job, StepRunner runner) {
    this.job = job;
    this.runner = runner;
  }

  /** One of them. Its thread sets the result; who has joined the thread may read it. */
  private static final class Background {
    final Step step;
    final Frame frame;
    final StopSignal stop = new StopSignal();
    final CountDownLatch decided = new CountDownLatch(1);
    final Thread thread;
    StepResult result = new StepResult(Conclusion.FAILURE, Conclusion.FAILURE, new Effects());
    boolean placed;
    boolean settled;
    boolean cancelRequested;

    Background(Step step, Frame frame, Work work) {
      this.step = step;
      this.frame = frame;
      this.thread =
          Thread.ofPlatform().name("step-" + step.number()).unstarted(() -> work.run(this));
    }
  }

  /** Places for steps to run; those that find none wait in order. */
  private static final class Places {
    private int taken;
    private final List<StopSignal> waiting = new ArrayList<>();

    /** Takes a place, or one in the queue. */
    synchronized void ask(StopSignal step) {
      if (taken < MAX_AT_ONCE) {
        taken++;
      } else {
        waiting.add(step);
      }
    }

    /** Waits until the step has its place, or is told to stop, which needs none. */
    synchronized void await(StopSignal step) {
      while (waiting.contains(step) && !step.stopped()) {
        uninterrupted(this::wait);
      }
    }

    /** The step has ended. */
    synchronized void leave(StopSignal step) {
      if (!waiting.remove(step)) {
        taken--;
        if (!waiting.isEmpty()) {
          waiting.removeFirst();
          taken++;
        }
      }
      notifyAll();
    }

    synchronized void wake() {
      notifyAll();
    }
  }

  /** What the thread of a step does. */
  private interface Work {
    void run(Background background);
  }

  /** What a step does that starts, awaits or cancels others; null for other steps. */
  @Nullable StepBody body(Step step, Frame frame) {
    if (step.body() instanceof Step.Parallel group) {
      return run -> parallel(group, frame);
    }
    if (step.body() instanceof Step.Wait wait) {
      return run -> await(wait.ids());
    }
    if (step.body() instanceof Step.WaitAll) {
      return run -> awaitAll();
    }
    if (step.body() instanceof Step.Cancel cancel) {
      return run -> cancel(cancel.target());
    }
    return null;
  }

  /** Starts a step: its condition is decided here and now, its work waits for a place. */
  void start(Step step, Frame frame) {
    Frame forked = frame.forked();
    Background background = new Background(step, frame, own -> run(own, forked));
    background.stop.onStop(places::wake);
    started.put(key(step.contextName()), background);
    background.thread.start();
    // What later steps do must not change whether this one runs.
    uninterrupted(background.decided::await);
  }

  private void run(Background background, Frame forked) {
    Step step = background.step;
    try (Machine.Launcher launcher = job.place.launcher()) {
      StepRun run = runner.main(step, forked, launcher, step.number(), background.stop);
      Runnable decided =
          () -> {
            if (run.runs()) {
              places.ask(background.stop);
              background.placed = true;
            }
            background.decided.countDown();
            places.await(background.stop);
          };
      background.result = runner.run(run, runner.body(step), decided);
    } finally {
      // Nobody is left waiting by a step that broke before it was decided.
      background.decided.countDown();
      if (background.placed) {
        places.leave(background.stop);
      }
    }
  }

  /** Waits for all steps that nobody has waited for yet. */
  Conclusion awaitAll() {
    Conclusion worst = Conclusion.SUCCESS;
    for (Background background : started.values()) {
      if (!background.settled) {
        await(background);
        worst = worse(worst, background.result.conclusion());
      }
    }
    return worst;
  }

  private Conclusion await(List<String> ids) {
    Conclusion worst = Conclusion.SUCCESS;
    for (String id : ids) {
      Background background = started.get(key(id));
      if (background != null) {
        await(background);
        worst = worse(worst, background.result.conclusion());
      }
    }
    return worst;
  }

  /** What a step concludes that waits for two others. */
  private static Conclusion worse(Conclusion one, Conclusion other) {
    if (one == Conclusion.FAILURE || other == Conclusion.FAILURE) {
      return Conclusion.FAILURE;
    }
    return other == Conclusion.CANCELLED ? other : one;
  }

  private void await(Background background) {
    if (background.settled) {
      return;
    }
    uninterrupted(background.thread::join);
    background.settled = true;
    StepResult result = background.result;
    if (background.cancelRequested && result.outcome() == Conclusion.CANCELLED) {
      runner.record(background.step, background.frame, result);
    } else {
      runner.settle(background.step, background.frame, result);
    }
  }

  private Conclusion cancel(String id) {
    Background background = started.get(key(id));
    if (background != null && !background.settled) {
      background.cancelRequested = true;
      background.stop.request(Stop.GRACEFUL);
      await(background);
    }
    return Conclusion.SUCCESS;
  }

  private Conclusion parallel(Step.Parallel group, Frame frame) {
    List<String> ids = new ArrayList<>();
    for (Step step : group.steps()) {
      start(step, frame);
      ids.add(step.contextName());
    }
    return await(ids);
  }

  private static String key(String id) {
    return id.toLowerCase(Locale.ROOT);
  }

  /** Waits for what comes for certain. */
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
}
