package dev.slipway.check;

import dev.slipway.engine.Conclusion;
import dev.slipway.engine.ContainerEngine;
import dev.slipway.engine.Homes;
import dev.slipway.engine.LocalEngine;
import dev.slipway.engine.Project;
import dev.slipway.engine.RunEvent;
import dev.slipway.engine.RunListener;
import dev.slipway.engine.RunRequest;
import dev.slipway.engine.StepCaching;
import dev.slipway.workflow.CacheRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs gates on the engine, in the user's own tree and home. Gates that name the tests that failed
 * are run again before they count as failed.
 */
public final class GateRuns {
  private static final int LINES = 20_000;

  /** How gates are run. */
  public enum Ending {
    /** All run, whatever fails. */
    KEEP_GOING,
    /** The first failure of a required gate cancels the others. */
    FAIL_FAST
  }

  private final Project project;
  private final OwnFolder folder;
  private final String slipway;
  private final int slots;
  private final Ending ending;
  private final long retryDelayMs;
  private final StepCaching cache;
  private final CheckListener listener;
  private @Nullable LocalEngine engine;
  private boolean cancelled;

  /**
   * @param slipway how Slipway is started; empty when that is not known
   * @param slots how many gates run at a time
   * @param retryDelay how long to wait before a gate is tried again
   * @param cache whether gates that ran before are spared
   */
  public GateRuns(
      Project project,
      String slipway,
      int slots,
      Ending ending,
      java.time.Duration retryDelay,
      StepCaching cache,
      CheckListener listener) {
    this.project = project;
    this.folder = OwnFolder.of(project.root());
    this.slipway = slipway;
    this.slots = slots;
    this.ending = ending;
    this.retryDelayMs = retryDelay.toMillis();
    this.cache = cache;
    this.listener = listener;
  }

  /** Cancels what runs, and all that would. */
  public void cancel() {
    LocalEngine running;
    synchronized (this) {
      cancelled = true;
      running = engine;
      notifyAll();
    }
    if (running != null) {
      running.cancel();
    }
  }

  /** Ends what runs at once. */
  public void kill() {
    LocalEngine running;
    synchronized (this) {
      cancelled = true;
      running = engine;
      notifyAll();
    }
    if (running != null) {
      running.kill();
    }
  }

  private synchronized boolean cancelled() {
    return cancelled;
  }

  /** Runs the gates; the results are in their order. */
  public List<GateResult> run(List<Gate> gates) throws IOException, InterruptedException {
    Map<String, GateResult> results = new HashMap<>();
    Map<String, List<String>> failedAtFirst = new HashMap<>();
    List<Gate> now = gates;
    for (int attempt = 0; !now.isEmpty(); attempt++) {
      if (attempt > 0) {
        for (Gate gate : now) {
          listener.retried(gate, attempt, gate.retries());
        }
        pause();
        if (cancelled()) {
          break;
        }
      }
      List<Gate> again = new ArrayList<>();
      for (Attempt one : once(now, attempt)) {
        GateResult result = one.result;
        List<String> before = failedAtFirst.getOrDefault(result.gate().id(), List.of());
        if (result.status() == Status.PASSED && !before.isEmpty()) {
          result = result.withFlaky(before);
        }
        results.put(result.gate().id(), result);
        if (retries(one, attempt)) {
          List<String> failed = new ArrayList<>(before);
          for (String test : one.failedTests) {
            if (!failed.contains(test)) {
              failed.add(test);
            }
          }
          failedAtFirst.put(result.gate().id(), failed);
          again.add(result.gate());
        } else if (attempt > 0) {
          listener.finished(result);
        }
      }
      now = again;
    }
    List<GateResult> ordered = new ArrayList<>();
    for (Gate gate : gates) {
      GateResult result = results.get(gate.id());
      ordered.add(result == null ? GateResult.without(gate, Status.SKIPPED, "cancelled") : result);
    }
    return ordered;
  }

  private boolean retries(Attempt attempt, int number) {
    return attempt.result.status() == Status.FAILED
        && !attempt.failedTests.isEmpty()
        && number < attempt.result.gate().retries()
        && !cancelled();
  }

  private synchronized void pause() throws InterruptedException {
    long end = System.currentTimeMillis() + retryDelayMs;
    long left = retryDelayMs;
    while (left > 0 && !cancelled) {
      wait(left);
      left = end - System.currentTimeMillis();
    }
  }

  /** Runs gates once each. */
  private List<Attempt> once(List<Gate> gates, int attempt)
      throws IOException, InterruptedException {
    GateWorkflow workflow = new GateWorkflow(gates);
    Path own = Files.createDirectories(folder.made().file("runs"));
    Path run = Files.createTempDirectory(own, "run");
    Path reports = Files.createDirectories(folder.file("reports"));
    for (Gate gate : gates) {
      // What an earlier run reported must not be taken for what this one did.
      Files.deleteIfExists(GateWorkflow.report(reports, gate));
      Files.deleteIfExists(GateWorkflow.version(reports, gate));
    }
    Path file = run.resolve("check.yml");
    Files.writeString(file, workflow.text(reports, slipway));
    Listening listening = new Listening(workflow, reports, attempt);
    try {
      LocalEngine made =
          LocalEngine.create(project, request(file, attempt), ContainerEngine.NONE, Homes.OF_USER);
      if (made.refusal() != null) {
        throw new IOException(
            "the workflow of the gates is not right: " + made.problems().getFirst().text());
      }
      synchronized (this) {
        engine = made;
        if (cancelled) {
          made.cancel();
        }
      }
      made.run(listening);
    } finally {
      synchronized (this) {
        engine = null;
      }
      delete(run);
    }
    return listening.attempts();
  }

  private RunRequest request(Path file, int attempt) {
    return new RunRequest(
        "push",
        null,
        List.of(file),
        java.util.Set.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(GateWorkflow.LABEL, "host"),
        Map.of(),
        "https://github.com",
        null,
        slots,
        true,
        false,
        true,
        false,
        false,
        // What passes only when it is tried again is not to be spared the next time.
        attempt == 0 ? cache : StepCaching.OFF,
        CacheRules.NONE,
        Map.of(),
        List.of(),
        dev.slipway.plan.RunKeys.PLAIN);
  }

  private static void delete(Path folder) throws IOException {
    String[] names = folder.toFile().list();
    if (names != null) {
      for (String name : names) {
        Path path = folder.resolve(name);
        if (Files.isDirectory(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
          delete(path);
        } else {
          Files.deleteIfExists(path);
        }
      }
    }
    Files.deleteIfExists(folder);
  }

  /** How a gate ended once. */
  private record Attempt(GateResult result, List<String> failedTests) {}

  /** Turns the events of a run into what gates did. */
  private final class Listening implements RunListener {
    private final GateWorkflow workflow;
    private final Path reports;
    private final int attempt;
    private final Map<String, List<String>> logs = new HashMap<>();
    private final Map<String, Long> begun = new HashMap<>();
    private final Map<String, RunEvent.StepFinished> steps = new HashMap<>();
    private final Map<String, Attempt> ended = new HashMap<>();

    Listening(GateWorkflow workflow, Path reports, int attempt) {
      this.workflow = workflow;
      this.reports = reports;
      this.attempt = attempt;
    }

    synchronized List<Attempt> attempts() {
      List<Attempt> attempts = new ArrayList<>();
      for (Gate gate : workflow.gates()) {
        Attempt one = ended.get(gate.id());
        attempts.add(
            one == null
                ? new Attempt(GateResult.without(gate, Status.SKIPPED, "cancelled"), List.of())
                : one);
      }
      return attempts;
    }

    @Override
    public void event(RunEvent event) {
      String job = event.job();
      Gate gate = job == null ? null : workflow.gate(job);
      if (gate == null) {
        return;
      }
      if (event instanceof RunEvent.JobStarted started) {
        begin(gate, started.at().toEpochMilli());
      } else if (event instanceof RunEvent.StepFinished step && step.exitCode() != null) {
        finishStep(gate, step);
      } else if (event instanceof RunEvent.JobFinished finished) {
        end(gate, finished);
      } else if (event instanceof RunEvent.JobSkipped) {
        end(gate, new Attempt(GateResult.unmet(gate, needed(gate)), List.of()));
      }
    }

    /** What kept a gate from running: the first that it needs and that did not pass. */
    private synchronized String needed(Gate gate) {
      for (String need : gate.needs()) {
        Attempt one = ended.get(need);
        if (one != null && one.result.status() != Status.PASSED) {
          return need;
        }
      }
      return "what it needs";
    }

    private synchronized void begin(Gate gate, long at) {
      begun.put(gate.id(), at);
      logs.put(gate.id(), new ArrayList<>());
      if (attempt == 0) {
        listener.started(gate);
      }
    }

    private synchronized void finishStep(Gate gate, RunEvent.StepFinished step) {
      steps.put(gate.id(), step);
    }

    @Override
    public synchronized void log(
        String run,
        String job,
        int step,
        RunEvent.Stream stream,
        byte[] line,
        int offset,
        int length) {
      Gate gate = workflow.gate(job);
      List<String> log = gate == null ? null : logs.get(gate.id());
      if (gate == null || log == null || stream == RunEvent.Stream.SYSTEM) {
        return;
      }
      String text = Plain.text(new String(line, offset, length, StandardCharsets.UTF_8));
      if (log.size() < LINES) {
        log.add(text);
      }
      listener.printed(gate, text);
    }

    private void end(Gate gate, RunEvent.JobFinished finished) {
      List<String> log;
      RunEvent.StepFinished step;
      long since;
      synchronized (this) {
        log = logs.getOrDefault(gate.id(), List.of());
        step = steps.get(gate.id());
        since = begun.getOrDefault(gate.id(), 0L);
      }
      end(gate, read(gate, finished, step, log, since));
    }

    private void end(Gate gate, Attempt one) {
      boolean cancels;
      synchronized (this) {
        ended.put(gate.id(), one);
        cancels = ending == Ending.FAIL_FAST && one.result.blocks() && !retries(one, attempt);
        if (attempt == 0 && !retries(one, attempt)) {
          listener.finished(one.result);
        }
      }
      if (cancels) {
        // The engine waits for listeners, so that nobody may wait for it here.
        Thread.ofPlatform().daemon().name("fail-fast").start(GateRuns.this::cancel);
      }
    }

    private Attempt read(
        Gate gate,
        RunEvent.JobFinished finished,
        RunEvent.@Nullable StepFinished step,
        List<String> log,
        long since) {
      if (finished.conclusion() == Conclusion.CANCELLED) {
        return new Attempt(GateResult.without(gate, Status.SKIPPED, "cancelled"), List.of());
      }
      boolean ok = finished.conclusion() == Conclusion.SUCCESS;
      Integer exit = step == null ? null : step.exitCode();
      Printed printed =
          new Printed(
              project.root(), gate.directory(), log, ok, GateWorkflow.report(reports, gate), since);
      Told told = gate.report().read(printed);
      boolean broken = !ok && (exit == null || exit == 126 || exit == 127);
      Status status = ok ? Status.PASSED : broken ? Status.ERROR : Status.FAILED;
      String summary =
          broken && exit != null
              ? gate.tool() + " cannot be started: " + told.summary()
              : told.summary();
      return new Attempt(
          new GateResult(
              gate,
              status,
              step != null && step.cached(),
              step == null ? finished.durationMs() : step.durationMs(),
              version(gate),
              summary,
              told.findings(),
              told.count(),
              List.of()),
          told.failedTests());
    }

    private String version(Gate gate) {
      try {
        Path file = GateWorkflow.version(reports, gate);
        if (!Files.isRegularFile(file)) {
          return "";
        }
        return Plain.version(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      } catch (IOException unreadable) {
        return "";
      }
    }
  }
}
