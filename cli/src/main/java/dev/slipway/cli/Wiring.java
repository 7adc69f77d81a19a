package dev.slipway.cli;

import dev.slipway.cache.ActionsCache;
import dev.slipway.cache.CacheSettings;
import dev.slipway.engine.Conclusion;
import dev.slipway.engine.LocalEngine;
import dev.slipway.engine.Project;
import dev.slipway.engine.RunEvent;
import dev.slipway.engine.RunRequest;
import dev.slipway.engine.RunStore;
import dev.slipway.plan.Plan;
import dev.slipway.plan.PlanJson;
import dev.slipway.plan.PlanMermaid;
import dev.slipway.plan.PlanSvg;
import dev.slipway.plan.PlanText;
import dev.slipway.runtime.ArtifactStore;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.ProjectFile;
import dev.slipway.workflow.expression.ObjectValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the commands meet the engine: the one place that makes its parts and puts them together.
 */
final class Wiring {
  private Wiring() {}

  static int run(RunOptions options, RunOutput output, Surroundings surroundings)
      throws IOException, InterruptedException {
    if (options.dryRun()) {
      return plan(options, output == RunOutput.JSON ? "json" : "text", null, surroundings);
    }
    Project project = LocalRun.project(options.directory());
    ProjectFile settings = LocalRun.projectFile(project);
    RunRequest request = LocalRun.request(settings, options);
    try (Containers containers = new Containers(surroundings)) {
      LocalEngine engine = LocalRun.engine(project, settings, request, containers);
      return new LocalRun(surroundings).run(engine, output);
    }
  }

  static int plan(
      RunOptions options, String format, @Nullable String file, Surroundings surroundings)
      throws IOException {
    Project project = LocalRun.project(options.directory());
    Plan plan = LocalRun.plan(project, LocalRun.request(LocalRun.projectFile(project), options));
    List<Problem> problems = new ArrayList<>();
    plan.workflows().forEach(workflow -> problems.addAll(workflow.problems()));
    boolean errors = new LocalRun(surroundings).problems(problems);
    String text =
        switch (format) {
          case "json" -> PlanJson.write(plan) + "\n";
          case "mermaid" -> PlanMermaid.write(plan);
          case "svg" -> PlanSvg.write(plan);
          default -> PlanText.write(plan);
        };
    if (file == null) {
      surroundings.out().print(text);
    } else {
      Files.writeString(surroundings.path(file), text);
    }
    return errors ? Exit.FAILED : Exit.SUCCESS;
  }

  static int rerun(String run, Arguments arguments, RunOutput output, Surroundings surroundings)
      throws IOException, InterruptedException {
    RunOptions now = RunArguments.read(arguments, surroundings);
    Project project = LocalRun.project(now.directory());
    RunStore store = RunStore.open(project.root());
    RunRecord.Entry entry = new StoredRuns(store).find(run);
    ObjectValue request =
        store
            .request(entry.id())
            .orElseThrow(() ->
                CommandException.usage(
                    "the record of run " + entry.id() + " does not say what was asked for", null));
    Map<String, RunRequest.JobOutcome> known = new HashMap<>();
    if (arguments.has("failed")) {
      store.readWithoutLog(
          entry.id(),
          event -> {
            if (event instanceof RunEvent.JobFinished job
                && job.conclusion() == Conclusion.SUCCESS) {
              known.put(job.job(), new RunRequest.JobOutcome(job.conclusion(), job.outputs()));
            }
          });
    }
    ProjectFile settings = LocalRun.projectFile(project);
    RunRequest asked =
        LocalRun.request(settings, LocalRun.again(request, now))
            .after(known, LocalRun.earlierRuns(entry.id(), request), LocalRun.keys(request));
    RunRequest again =
        request.get("payload") instanceof ObjectValue payload ? asked.withPayload(payload) : asked;
    try (Containers containers = new Containers(surroundings)) {
      LocalEngine engine = LocalRun.engine(project, settings, again, containers);
      return new LocalRun(surroundings).run(engine, output);
    }
  }

  /** The record of the project around the working directory. */
  static RunRecord record(Surroundings surroundings) {
    RunStore store = RunStore.open(ProjectRoot.of(surroundings.directory()));
    store.recover();
    return new StoredRuns(store);
  }

  /** The artifacts of the project at this root. */
  static ArtifactStore artifacts(Path root) {
    return ArtifactStore.in(root.resolve(".slipway").resolve("artifacts"));
  }

  /** The folder of what is kept of steps. */
  static Path steps(Surroundings surroundings) {
    return surroundings.cache().resolve("steps");
  }

  /** The caches that actions saved for the project around the working directory. */
  static ActionsCache caches(Surroundings surroundings) {
    Project project = LocalRun.project(ProjectRoot.of(surroundings.directory()));
    CacheSettings settings;
    try {
      settings =
          CacheSettings.configured(
              surroundings.cache().resolve("actions-cache"), surroundings.environment());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()), null);
    }
    return ActionsCache.of(
        settings.withWarnings(warning -> surroundings.err().line("slipway: " + warning)),
        project.slug());
  }
}
