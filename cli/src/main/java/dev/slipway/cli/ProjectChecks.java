package dev.slipway.cli;

import dev.slipway.check.Catalogue;
import dev.slipway.check.FileMemory;
import dev.slipway.check.Gate;
import dev.slipway.check.GateResult;
import dev.slipway.check.InstalledTools;
import dev.slipway.check.Tier;
import dev.slipway.check.WorkTree;
import dev.slipway.engine.Project;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gates of a project, from its files to an exit code. */
final class ProjectChecks {
  private final Surroundings surroundings;
  private final Project project;
  private final WorkTree files;
  private final List<Gate> gates;

  private ProjectChecks(
      Surroundings surroundings, Project project, WorkTree files, List<Gate> gates) {
    this.surroundings = surroundings;
    this.project = project;
    this.files = files;
    this.gates = gates;
  }

  /** Those of the project around the working directory. */
  static ProjectChecks of(Surroundings surroundings) throws InterruptedException {
    Project project = LocalRun.project(surroundings.directory());
    String home = surroundings.variable("HOME");
    WorkTree files =
        WorkTree.read(
            project.root(), project.git(), Path.of(home == null || home.isEmpty() ? "/" : home));
    InstalledTools tools = new InstalledTools(project.root(), path(surroundings), launcher());
    return new ProjectChecks(surroundings, project, files, Catalogue.gates(files.tree(), tools));
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
    boolean json = arguments.has("json");
    FileMemory memory = FileMemory.open(project.root(), files);
    List<GateResult> results = new ArrayList<>();
    List<Gate> missing = new ArrayList<>();
    for (Gate gate : chosen) {
      GateResult known = GateResult.unable(gate);
      if (known == null && !mode.equals("off")) {
        known = memory.find(gate);
      }
      results.add(known == null ? GateResult.pending(gate) : known);
      if (known == null) {
        missing.add(gate);
      }
    }
    boolean interrupted = false;
    if (!missing.isEmpty()) {
      CheckRun run = new CheckRun(surroundings, project, arguments);
      List<GateResult> ran = run.run(missing, Duration.ofSeconds(5), CheckSummary.width(chosen));
      interrupted = run.interrupted();
      for (GateResult result : ran) {
        replace(results, result);
        if (mode.equals("on")) {
          memory.keep(result);
        }
      }
      memory.save();
    }
    long tookMs = (System.nanoTime() - start) / 1_000_000;
    CheckSummary summary = new CheckSummary(tier, results, tookMs);
    surroundings.out().print(json ? summary.json() : summary.text(surroundings.colors()));
    if (interrupted) {
      return Exit.INTERRUPTED;
    }
    return summary.failed() ? Exit.FAILED : Exit.SUCCESS;
  }

  private static void replace(List<GateResult> results, GateResult result) {
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).gate().id().equals(result.gate().id())) {
        results.set(i, result);
      }
    }
  }
}
