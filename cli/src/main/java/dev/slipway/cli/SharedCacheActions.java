package dev.slipway.cli;

import dev.slipway.cache.step.Remote;
import dev.slipway.cache.step.SharedSteps;
import dev.slipway.cache.step.StepCache;
import dev.slipway.engine.Project;
import dev.slipway.workflow.CacheRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code slipway cache} does with what machines share of steps. */
final class SharedCacheActions {
  private static final long PATIENCE_MS = 10 * 60 * 1000;

  private SharedCacheActions() {}

  static int run(String action, Arguments arguments, Surroundings surroundings) throws IOException {
    Project project = LocalRun.project(ProjectRoot.of(surroundings.directory()));
    String usual = "refs/heads/" + project.git().defaultBranch();
    List<String> scopes = new ArrayList<>();
    scopes.add(
        arguments.value("ref", project.git().head().isEmpty() ? usual : project.git().head()));
    if (!scopes.contains(usual)) {
      scopes.add(usual);
    }
    CacheRules rules = LocalRun.projectFile(project).cache();
    Remote remote;
    try {
      remote =
          SharedSteps.configured(
              project.slug(),
              scopes,
              SharedSteps.withRules(
                  surroundings.environment(),
                  rules.s3(),
                  rules.endpoint(),
                  rules.region(),
                  rules.trust()),
              configuration(surroundings),
              warning -> surroundings.err().line("slipway: " + warning));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()), null);
    }
    if (remote == null) {
      throw CommandException.usage(
          "no bucket is named",
          "set SLIPWAY_CACHE_S3=s3://BUCKET/PREFIX, and SLIPWAY_CACHE_S3_ENDPOINT where it is not"
              + " Amazon's");
    }
    try (remote) {
      StepCache cache = StepCache.in(Wiring.steps(surroundings), remote);
      return switch (action) {
        case "push" -> push(cache, arguments, surroundings);
        case "pull" -> pull(cache, arguments, surroundings);
        default -> doctor(remote, arguments, surroundings);
      };
    }
  }

  private static Path configuration(Surroundings surroundings) {
    String set = surroundings.variable("XDG_CONFIG_HOME");
    String home = surroundings.variable("HOME");
    Path folder =
        set != null && set.startsWith("/")
            ? Path.of(set)
            : Path.of(home == null || home.isEmpty() ? "/" : home, ".config");
    return folder.resolve("slipway");
  }

  private static int push(StepCache cache, Arguments arguments, Surroundings surroundings) {
    Remote.Pushed pushed = cache.push(PATIENCE_MS);
    surroundings
        .out()
        .line(
            arguments.has("json")
                ? new Json()
                    .object()
                    .member("pushed", pushed.done())
                    .member("left", pushed.left())
                    .end()
                    .text()
                : "uploaded " + pushed.done() + ", still waiting " + pushed.left());
    return pushed.left() == 0 ? Exit.SUCCESS : Exit.FAILED;
  }

  private static int pull(StepCache cache, Arguments arguments, Surroundings surroundings) {
    try {
      int pulled = cache.pull();
      surroundings
          .out()
          .line(
              arguments.has("json")
                  ? new Json().object().member("pulled", pulled).end().text()
                  : "fetched " + pulled + " runs of steps");
      return Exit.SUCCESS;
    } catch (IOException e) {
      surroundings.err().line("slipway: the bucket cannot be used: " + e.getMessage());
      return Exit.FAILED;
    }
  }

  private static int doctor(Remote remote, Arguments arguments, Surroundings surroundings) {
    List<String> lines = remote.examine();
    boolean right = lines.stream().allMatch(line -> line.startsWith("ok"));
    if (arguments.has("json")) {
      Json json = new Json().object().member("ok", right).array("checks");
      lines.forEach(json::value);
      surroundings.out().line(json.end().end().text());
    } else {
      for (String line : lines) {
        surroundings
            .out()
            .line(
                line.startsWith("ok")
                    ? surroundings.colors().green("✓ ") + line.substring(8)
                    : surroundings.colors().red("✗ ") + line.substring(8));
      }
    }
    return right ? Exit.SUCCESS : Exit.FAILED;
  }
}
