package dev.slipway.cli;

import dev.slipway.check.Catalogue;
import dev.slipway.check.CheckSettings;
import dev.slipway.check.Gate;
import dev.slipway.check.GateMemory;
import dev.slipway.check.GateResult;
import dev.slipway.check.InstalledTools;
import dev.slipway.check.Status;
import dev.slipway.check.Tier;
import dev.slipway.check.TracedMemory;
import dev.slipway.check.WorkTree;
import dev.slipway.engine.Project;
import dev.slipway.workflow.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The gates of a project, from its files to an exit code. */
final class ProjectChecks {
  private final Surroundings surroundings;
  private final Project project;
  private final CheckSettings settings;
  private final List<Gate> gates;
  private final int files;
  private final FutureTask<GateMemory> memory;

  private ProjectChecks(
      Surroundings surroundings,
      Project project,
      CheckSettings settings,
      List<Gate> gates,
      int files,
      FutureTask<GateMemory> memory) {
    this.surroundings = surroundings;
    this.project = project;
    this.settings = settings;
    this.gates = gates;
    this.files = files;
    this.memory = memory;
  }

  /** Those of the project around the working directory. */
  static ProjectChecks of(Surroundings surroundings) throws IOException, InterruptedException {
    Project project = LocalRun.project(surroundings.directory());
    FutureTask<GateMemory> memory = ahead(surroundings, project);
    WorkTree files = WorkTree.read(project.root(), project.git(), home(surroundings));
    int size = files.tree().size();
    InstalledTools tools = new InstalledTools(project.root(), path(surroundings), launcher());
    CheckSettings settings = settings(project.root());
    List<Gate> detected = Catalogue.gates(files.tree(), tools);
    for (String unknown : settings.unknown(detected)) {
      surroundings
          .err()
          .line(
              surroundings.errorColors().yellow("warning")
                  + ": slipway.yml is about a gate '"
                  + Text.plain(unknown)
                  + "' that this project does not have here; give it a 'run' to make it one");
    }
    return new ProjectChecks(
        surroundings, project, settings, settings.applied(detected), size, memory);
  }

  /** Begins, while gates are found, what takes its time and does not depend on them. */
  private static FutureTask<GateMemory> ahead(Surroundings surroundings, Project project) {
    FutureTask<GateMemory> memory =
        new FutureTask<>(() -> {
          if (project.root().resolve("package.json").toFile().isFile()) {
            Catalogue.prepare();
          }
          return TracedMemory.open(
              project.root(),
              project.slug(),
              Wiring.steps(surroundings),
              home(surroundings),
              surroundings.environment());
        });
    Thread.ofPlatform().daemon().start(memory);
    return memory;
  }

  private GateMemory memory() throws IOException, InterruptedException {
    try {
      return memory.get();
    } catch (ExecutionException e) {
      throw new IOException("what gates did before cannot be known: " + e.getCause(), e);
    }
  }

  private static CheckSettings settings(Path root) throws IOException {
    Path file = root.resolve("slipway.yml");
    if (!file.toFile().isFile()) {
      return CheckSettings.NONE;
    }
    Reading<CheckSettings> reading = CheckSettings.read("slipway.yml", Files.readString(file));
    CheckSettings settings = reading.value();
    if (settings == null) {
      throw CommandException.usage(reading.problems().getFirst().text(), null);
    }
    return settings;
  }

  private static Path home(Surroundings surroundings) {
    String home = surroundings.variable("HOME");
    return Path.of(home == null || home.isEmpty() ? "/" : home);
  }

  private static String path(Surroundings surroundings) {
    String path = surroundings.variable("PATH");
    return path == null ? "/usr/bin:/bin" : path;
  }

  /** How Slipway was started; null when not by its launcher. */
  private static @Nullable String launcher() {
    return System.getProperty("slipway.launcher");
  }

  List<Gate> gates() {
    return gates;
  }

  /** The gate that a user named. */
  Gate gate(String id) {
    List<String> ids = new ArrayList<>();
    for (Gate gate : gates) {
      if (gate.id().equals(id)) {
        return gate;
      }
      ids.add(gate.id());
    }
    String nearest = Nearest.of(id, ids);
    throw CommandException.usage(
        "this project has no gate '" + id + "'",
        nearest == null
            ? "see: slipway check --list --tier promax"
            : "did you mean '" + nearest + "'?");
  }

  /** Runs what is not remembered, and tells everything. */
  int run(List<Gate> chosen, Tier tier, Arguments arguments, long start)
      throws IOException, InterruptedException {
    String mode = arguments.has("no-cache") ? "off" : arguments.value("cache", "on");
    GateMemory memory = memory();
    List<GateResult> results = new ArrayList<>();
    List<Gate> unknown = new ArrayList<>();
    @Nullable GateResult[] remembered = remembered(chosen, mode, memory);
    for (int i = 0; i < remembered.length; i++) {
      Gate gate = chosen.get(i);
      GateResult known = remembered[i];
      results.add(known == null ? GateResult.pending(gate) : known);
      if (known == null) {
        unknown.add(gate);
      }
    }
    boolean interrupted = false;
    List<Gate> ready = ready(unknown, results);
    if (!ready.isEmpty()) {
      CheckRun run = new CheckRun(surroundings, project, arguments);
      Duration delay = settings.retryDelay();
      for (GateResult result : run.run(ready, delay, CheckSummary.width(chosen))) {
        GateResult judged = judged(result, arguments);
        replace(results, judged);
        if (mode.equals("on")) {
          memory.keep(judged);
        }
      }
      interrupted = run.interrupted();
    }
    if (mode.equals("on")) {
      memory.save();
    }
    long tookMs = (System.nanoTime() - start) / 1_000_000;
    Duration most = settings.warm();
    if (most != null && !results.isEmpty()) {
      results.add(GateResult.slo(most, warm(results), tookMs));
    }
    CheckSummary summary = new CheckSummary(tier, results, tookMs);
    surroundings
        .out()
        .print(arguments.has("json") ? summary.json() : summary.text(surroundings.colors()));
    if (interrupted) {
      return Exit.INTERRUPTED;
    }
    return summary.failed() ? Exit.FAILED : Exit.SUCCESS;
  }

  /** What is known of each gate without running it, looked up by two threads. */
  private @Nullable GateResult[] remembered(List<Gate> gates, String mode, GateMemory memory)
      throws InterruptedException {
    @Nullable GateResult[] known = new @Nullable GateResult[gates.size()];
    AtomicInteger next = new AtomicInteger();
    Runnable lookUp =
        () -> {
          GateMemory.Look look = memory.look(files);
          for (int i = next.getAndIncrement(); i < known.length; i = next.getAndIncrement()) {
            GateResult unable = GateResult.unable(gates.get(i));
            known[i] = unable != null || mode.equals("off") ? unable : look.find(gates.get(i));
          }
        };
    if (known.length < 2) {
      lookUp.run();
      return known;
    }
    Thread second = Thread.ofPlatform().daemon().start(lookUp);
    lookUp.run();
    second.join();
    return known;
  }

  /** Those that can run: gates that need one that is known to have failed do not. */
  private static List<Gate> ready(List<Gate> unknown, List<GateResult> results) {
    List<Gate> ready = new ArrayList<>();
    for (Gate gate : unknown) {
      String failed = null;
      for (GateResult result : results) {
        boolean bad = result.status() == Status.FAILED || result.status() == Status.ERROR;
        failed = bad && gate.needs().contains(result.gate().id()) ? result.gate().id() : failed;
      }
      if (failed == null) {
        ready.add(gate);
      } else {
        replace(results, GateResult.unmet(gate, failed));
      }
    }
    return ready;
  }

  /** What flaky tests make of a result. */
  private GateResult judged(GateResult result, Arguments arguments) {
    boolean named = settings.flaky() == CheckSettings.Flaky.NAMED || arguments.has("allow-flaky");
    return result.flaky().isEmpty() || named ? result : result.failedByFlaky();
  }

  /** Whether everything that can run was remembered. */
  private static boolean warm(List<GateResult> results) {
    boolean warm = true;
    for (GateResult result : results) {
      warm &= result.cached() || GateResult.unable(result.gate()) != null;
    }
    return warm;
  }

  private static void replace(List<GateResult> results, GateResult result) {
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).gate().id().equals(result.gate().id())) {
        results.set(i, result);
      }
    }
  }
}
