package dev.slipway.cli;

import dev.slipway.runtime.ArchiveRejectedException;
import dev.slipway.runtime.Artifact;
import dev.slipway.runtime.ArtifactStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code slipway artifacts}. */
final class ArtifactsCommand implements Command {
  private static final String LIST = "list";
  private static final String GET = "get";

  @Override
  public Usage usage() {
    return Usage.of("artifacts", "List the files that runs keep, or get them back")
        .details(
            "`list` shows those of RUN, or of all runs. `get` puts what was uploaded as NAME into a"
                + " folder of its own; archives that would write anywhere else, or grow without"
                + " measure, are refused.")
        .optionalOperand("ACTION", "What to do; list when left out", LIST, GET)
        .optionalOperand("RUN", "The run's id or 'latest'")
        .optionalOperand("NAME", "The artifact to get")
        .option(
            Option.value(
                    "output",
                    "DIR",
                    "Where it goes, a folder that is new or empty; ./NAME when left out")
                .letter("o")
                .directory())
        .example("slipway artifacts", "Those of all runs")
        .example("slipway artifacts list latest --json", "Those of the last run, for programs")
        .example("slipway artifacts get latest dist -o out", "What was uploaded as dist");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    Path root = ProjectRoot.of(surroundings.directory());
    ArtifactStore store = Wiring.artifacts(root);
    String run = run(arguments.operand(1), surroundings);
    if (GET.equals(arguments.operand(0))) {
      return get(store, run, arguments, surroundings);
    }
    if (arguments.operand(2) != null || arguments.has("output")) {
      throw CommandException.usage("only 'get' takes a NAME and --output", null);
    }
    List<Artifact> artifacts = new ArrayList<>();
    if (run.isEmpty()) {
      for (String each : store.runs()) {
        artifacts.addAll(store.list(each));
      }
    } else {
      artifacts.addAll(store.list(run));
    }
    print(artifacts, arguments, surroundings);
    return Exit.SUCCESS;
  }

  /** The id of the run that was named; the empty string when none was. */
  private static String run(@Nullable String named, Surroundings surroundings) throws IOException {
    if (named == null) {
      return "";
    }
    return Wiring.record(surroundings).find(named).id();
  }

  private static int get(
      ArtifactStore store, String run, Arguments arguments, Surroundings surroundings)
      throws IOException {
    String name = arguments.operand(2);
    if (run.isEmpty() || name == null) {
      throw CommandException.usage(
          "'get' needs a run and a name", "see what there is: slipway artifacts");
    }
    Artifact artifact = store.find(run, name).orElse(null);
    if (artifact == null) {
      List<String> names = store.list(run).stream().map(Artifact::name).toList();
      String nearest = Nearest.of(name, names);
      throw CommandException.usage(
          "run " + run + " has no artifact '" + Text.plain(name) + "'",
          nearest != null
              ? "did you mean '" + nearest + "'?"
              : names.isEmpty() ? "it has none" : "it has: " + String.join(", ", names));
    }
    String output = arguments.value("output", artifact.name());
    Path target = surroundings.path(output);
    try {
      store.extract(artifact, target);
    } catch (ArchiveRejectedException e) {
      throw CommandException.failed(Text.plain(String.valueOf(e.getMessage())), null);
    } catch (FileAlreadyExistsException e) {
      throw CommandException.usage(
          "'" + output + "' is not empty", "name a new folder: --output DIR");
    }
    if (arguments.has("json")) {
      surroundings
          .out()
          .line(
              new Json()
                  .object()
                  .member("run", run)
                  .member("name", artifact.name())
                  .member("directory", target.toString())
                  .end()
                  .text());
    } else {
      surroundings.out().line(output);
    }
    return Exit.SUCCESS;
  }

  private static void print(
      List<Artifact> artifacts, Arguments arguments, Surroundings surroundings) {
    Sink out = surroundings.out();
    if (arguments.has("json")) {
      for (Artifact artifact : artifacts) {
        out.line(json(artifact));
      }
      return;
    }
    if (artifacts.isEmpty()) {
      surroundings.err().line("no artifacts here");
      return;
    }
    int runs = 3;
    int names = 4;
    for (Artifact artifact : artifacts) {
      runs = Math.max(runs, artifact.run().length());
      names = Math.max(names, Text.width(Text.plain(artifact.name())));
    }
    out.line(
        surroundings
            .colors()
            .dim(
                Text.padded("RUN", runs)
                    + "  "
                    + Text.padded("NAME", names)
                    + "  "
                    + Text.padded("SIZE", 8)
                    + "  "
                    + Text.padded("MADE (UTC)", 16)
                    + "  KEPT UNTIL"));
    for (Artifact artifact : artifacts) {
      out.line(
          Text.padded(artifact.run(), runs)
              + "  "
              + Text.padded(Text.plain(artifact.name()), names)
              + "  "
              + Text.padded(Sizes.text(artifact.size()), 8)
              + "  "
              + Json.time(artifact.createdAt()).substring(0, 16).replace('T', ' ')
              + "  "
              + Json.time(artifact.expiresAt()).substring(0, 10));
    }
  }

  private static String json(Artifact artifact) {
    return new Json()
        .object()
        .member("run", artifact.run())
        .member("job", artifact.job())
        .member("name", artifact.name())
        .member("id", artifact.id())
        .member("size", artifact.size())
        .member("sha256", artifact.sha256())
        .member("mimeType", artifact.mimeType())
        .member("createdAt", artifact.createdAt())
        .member("expiresAt", artifact.expiresAt())
        .end()
        .text();
  }
}
