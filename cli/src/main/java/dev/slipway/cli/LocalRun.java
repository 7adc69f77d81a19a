package dev.slipway.cli;

import dev.slipway.engine.Conclusion;
import dev.slipway.engine.ContainerEngine;
import dev.slipway.engine.LocalEngine;
import dev.slipway.engine.LocalServices;
import dev.slipway.engine.Project;
import dev.slipway.engine.ProjectException;
import dev.slipway.engine.RunEvent;
import dev.slipway.engine.RunRequest;
import dev.slipway.plan.Plan;
import dev.slipway.plan.RunKeys;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.ProjectFile;
import dev.slipway.workflow.Reading;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From what a user asked for to an engine, and from an engine to an exit code. */
final class LocalRun {
  private final Surroundings surroundings;

  LocalRun(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** The project around a folder. */
  static Project project(Path directory) {
    try {
      return Project.open(directory);
    } catch (ProjectException e) {
      throw mistake(e);
    }
  }

  static CommandException mistake(ProjectException e) {
    return CommandException.usage(
        String.valueOf(e.getMessage()), e.hint().isEmpty() ? null : e.hint());
  }

  /** The engine for what was asked; problems of the files are its own to tell. */
  static LocalEngine engine(
      Project project, ProjectFile settings, RunRequest request, ContainerEngine engine) {
    ContainerEngine containers = LocalServices.before(engine, settings.services());
    try {
      return LocalEngine.create(project, request, containers);
    } catch (ProjectException e) {
      throw mistake(e);
    }
  }

  /** What the options ask of the engine. */
  static RunRequest request(ProjectFile settings, RunOptions options) throws IOException {
    Map<String, Set<String>> matrix = new HashMap<>();
    options.matrix().forEach((key, values) -> matrix.put(key, new HashSet<>(values)));
    Map<String, String> machines = new LinkedHashMap<>(settings.machines());
    machines.putAll(options.machines());
    return new RunRequest(
        options.event(),
        options.eventFile() == null ? null : payload(options.eventFile()),
        options.workflows(),
        new LinkedHashSet<>(options.jobs()),
        matrix,
        options.inputs(),
        options.variables(),
        options.secrets(),
        options.environment(),
        machines,
        options.actionSources(),
        options.actionUrl(),
        options.actor(),
        options.parallel() > 0 ? options.parallel() : Runtime.getRuntime().availableProcessors(),
        options.inPlace(),
        options.keep(),
        options.requireAll(),
        options.realCheckout(),
        options.debug(),
        options.cache(),
        settings.cache(),
        Map.of(),
        List.of(),
        RunKeys.PLAIN);
  }

  /** The project's settings; none where it has no file for them. */
  static ProjectFile projectFile(Project project) throws IOException {
    Path file = project.root().resolve("slipway.yml");
    if (!Files.isRegularFile(file)) {
      return ProjectFile.NONE;
    }
    Reading<ProjectFile> reading = ProjectFile.read("slipway.yml", Files.readString(file));
    ProjectFile value = reading.value();
    if (value == null) {
      throw CommandException.failed(reading.problems().getFirst().text(), null);
    }
    return value;
  }

  private static ObjectValue payload(Path file) throws IOException {
    Value value;
    try {
      value = Json.parse(Files.readString(file));
    } catch (ExpressionException e) {
      throw CommandException.usage(
          "the event file '" + file + "' is no JSON: " + e.getMessage(), null);
    }
    if (value instanceof ObjectValue object) {
      return object;
    }
    throw CommandException.usage("the event file '" + file + "' is no JSON object", null);
  }

  /** The plan for what was asked. */
  static Plan plan(Project project, RunRequest request) {
    try {
      return LocalEngine.plan(project, request);
    } catch (ProjectException e) {
      throw mistake(e);
    }
  }

  /**
   * Prints what is wrong with the files.
   *
   * @return whether an error is among it
   */
  boolean problems(List<Problem> problems) {
    boolean errors = false;
    Colors colors = surroundings.errorColors();
    for (Problem problem : problems) {
      boolean error = problem.severity() == Problem.Severity.ERROR;
      errors |= error;
      Sink err = surroundings.err();
      err.line(
          problem.file()
              + ":"
              + problem.at().line()
              + ":"
              + problem.at().column()
              + ": "
              + (error ? colors.red("error") : colors.yellow("warning"))
              + ": "
              + Text.plain(problem.message()));
      if (problem.hint() != null) {
        err.line(colors.dim("  " + Text.plain(problem.hint())));
      }
    }
    surroundings.err().flush();
    return errors;
  }

  private void missing(LocalEngine engine) {
    Colors colors = surroundings.errorColors();
    tellMissing("secrets", "--secret NAME", engine.missingSecrets(), colors);
    tellMissing("variables", "--var NAME=VALUE", engine.missingVars(), colors);
    surroundings.err().flush();
  }

  private void tellMissing(String what, String option, Set<String> names, Colors colors) {
    if (!names.isEmpty()) {
      surroundings
          .err()
          .line(
              colors.yellow("not given")
                  + ": "
                  + what
                  + " "
                  + String.join(", ", names)
                  + colors.dim("  (empty in this run; give them with " + option + ")"));
    }
  }

  /** Runs what the engine holds and shows it. */
  int run(LocalEngine engine, RunOutput output) throws IOException, InterruptedException {
    boolean errors = problems(engine.problems());
    boolean any = false;
    for (LocalEngine.Selected one : engine.selected()) {
      any |= one.tree() != null;
    }
    if (!any) {
      if (!errors) {
        nothing(engine);
      }
      return errors ? Exit.FAILED : Exit.SUCCESS;
    }
    missing(engine);
    List<LocalEngine.Ended> ended;
    List<String> warnings;
    boolean interrupted;
    try (RunView view =
            output == RunOutput.JSON
                ? new StoredLines(surroundings.out())
                : RunView.of(output, surroundings);
        Interrupts interrupts = Interrupts.handle(engine::cancel, engine::kill)) {
      WarnedView warned = new WarnedView(view);
      ended = engine.run(warned);
      interrupted = interrupts.interrupted();
      warnings = warned.warnings();
    }
    Colors colors = surroundings.errorColors();
    for (String warning : warnings) {
      surroundings.err().line(colors.yellow("warning") + ": " + Text.plain(warning));
    }
    engine
        .keptFolder()
        .ifPresent(folder ->
            surroundings.err().line("workspaces are left in " + folder + " until the next run"));
    if (interrupted) {
      return Exit.INTERRUPTED;
    }
    boolean failed = errors;
    for (LocalEngine.Ended one : ended) {
      failed |= one.conclusion() != Conclusion.SUCCESS && one.conclusion() != Conclusion.SKIPPED;
    }
    return failed ? Exit.FAILED : Exit.SUCCESS;
  }

  private void nothing(LocalEngine engine) {
    Sink err = surroundings.err();
    if (engine.selected().isEmpty()) {
      err.line("no workflows: there is no .github/workflows/*.yml in " + engine.project().root());
      err.line(surroundings.errorColors().dim("  write a first one with: slipway init"));
      return;
    }
    err.line("nothing to run: no workflow is triggered by " + engine.event().name());
    for (LocalEngine.Selected one : engine.selected()) {
      err.line("  " + one.file() + ": " + Text.plain(one.reason()));
    }
  }

  /** Prints events as they are stored. */
  private record StoredLines(Sink out) implements RunView {
    @Override
    public void event(RunEvent event) {}

    @Override
    public void log(
        String run,
        String job,
        int step,
        RunEvent.Stream stream,
        byte[] line,
        int offset,
        int length) {}

    @Override
    public void stored(byte[] lines, int length) {
      synchronized (out) {
        out.print(lines, 0, length);
        out.flush();
      }
    }

    @Override
    public void close() {
      out.flush();
    }
  }

  /** The options of an earlier run, with what was given now over them. */
  static RunOptions again(ObjectValue request, RunOptions now) {
    Map<String, List<String>> matrix = new LinkedHashMap<>();
    if (request.get("matrix") instanceof ObjectValue object) {
      object.forEach((key, values) -> matrix.put(key, strings(values)));
    }
    Map<String, Path> sources = new LinkedHashMap<>();
    map(request, "actionSources").forEach((slug, path) -> sources.put(slug, Path.of(path)));
    sources.putAll(now.actionSources());
    Value inPlace = request.get("inPlace");
    Value realCheckout = request.get("realCheckout");
    Value jobs = request.get("jobs");
    String actor = text(request, "actor");
    String url = text(request, "actionUrlBase");
    return new RunOptions(
        now.directory(),
        java.util.Objects.requireNonNullElse(text(request, "event"), "push"),
        null,
        List.of(Path.of(java.util.Objects.requireNonNullElse(text(request, "file"), ""))),
        jobs == null ? List.of() : strings(jobs),
        matrix,
        over(map(request, "inputs"), now.inputs()),
        over(map(request, "vars"), now.variables()),
        now.secrets(),
        over(map(request, "env"), now.environment()),
        over(map(request, "machines"), now.machines()),
        sources,
        actor,
        now.parallel(),
        now.inPlace() || (inPlace != null && inPlace.truthy()),
        now.keep(),
        false,
        now.requireAll(),
        now.realCheckout() || (realCheckout != null && realCheckout.truthy()),
        now.debug(),
        now.cache(),
        url == null ? now.actionUrl() : url);
  }

  /** An earlier run and those that it repeated itself, newest first. */
  static List<String> earlierRuns(String run, ObjectValue request) {
    List<String> runs = new java.util.ArrayList<>();
    runs.add(run);
    Value earlier = request.get("earlierRuns");
    if (earlier != null) {
      runs.addAll(strings(earlier));
    }
    return runs;
  }

  /** The keys that the jobs of an earlier run had beside those of other runs. */
  static RunKeys keys(ObjectValue request) {
    if (request.get("keys") instanceof ObjectValue keys) {
      Value ids = keys.get("ids");
      String prefix = text(keys, "prefix");
      if (ids != null && prefix != null) {
        return new RunKeys(prefix, new LinkedHashSet<>(strings(ids)));
      }
    }
    return RunKeys.PLAIN;
  }

  private static Map<String, String> over(Map<String, String> before, Map<String, String> now) {
    Map<String, String> all = new LinkedHashMap<>(before);
    all.putAll(now);
    return all;
  }

  private static Map<String, String> map(ObjectValue in, String name) {
    Map<String, String> map = new LinkedHashMap<>();
    if (in.get(name) instanceof ObjectValue object) {
      object.forEach((key, value) -> map.put(key, value.toText()));
    }
    return map;
  }

  private static List<String> strings(Value values) {
    List<String> strings = new java.util.ArrayList<>();
    if (values instanceof dev.slipway.workflow.expression.ArrayValue array) {
      array.items().forEach(item -> strings.add(item.toText()));
    }
    return strings;
  }

  private static @Nullable String text(ObjectValue in, String name) {
    Value value = in.get(name);
    return value == null || value.kind() == Value.Kind.NULL ? null : value.toText();
  }
}
