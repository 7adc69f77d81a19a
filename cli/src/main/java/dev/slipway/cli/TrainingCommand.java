package dev.slipway.cli;

import dev.slipway.lint.Rule;
import dev.slipway.lint.Rules;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Walks the usual paths once, so that the start-up cache holds what they load. Run by the build,
 * with an empty directory to work in.
 */
final class TrainingCommand implements Command {
  static final String NAME = "train";

  private static final String WORKFLOW =
      """
      name: Training
      on: push
      env:
        GREETING: hello
      jobs:
        first:
          runs-on: ubuntu-latest
          outputs:
            word: ${{ steps.say.outputs.word }}
          steps:
            - uses: actions/checkout@v4
            - id: say
              run: |
                echo "$GREETING"
                echo "::group::more"
                echo "::warning file=a.txt,line=1::mind this"
                echo "::endgroup::"
                echo "word=$GREETING" >> "$GITHUB_OUTPUT"
                echo "LATER=yes" >> "$GITHUB_ENV"
                echo "# Summary" >> "$GITHUB_STEP_SUMMARY"
            - if: env.LATER == 'yes' && success()
              run: |
                ls > names.txt
                cat names.txt
              shell: bash
        second:
          needs: first
          strategy:
            matrix:
              number: [1, 2]
          runs-on: ubuntu-latest
          steps:
            - run: echo ${{ matrix.number }} ${{ needs.first.outputs.word }}
      """;

  @Override
  public Usage usage() {
    return Usage.of(NAME, "Walk the usual paths for the start-up cache")
        .operand("DIRECTORY", "Where to work");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings)
      throws IOException, InterruptedException {
    Path directory = surroundings.path(arguments.required(0));
    Files.createDirectories(directory.resolve(".github/workflows"));
    Files.writeString(directory.resolve(".github/workflows/training.yml"), WORKFLOW);
    mixed(directory);
    Path examples = examples(directory.resolve("examples"));
    commit(directory);
    String here = directory.toString();
    List<List<String>> lines =
        List.of(
            List.of("--version"),
            List.of("help"),
            List.of("help", "run"),
            List.of("eval", "format('{0} {1}', 'a', 1 + 1)"),
            List.of("eval", "contains(fromJSON('[\"a\"]'), 'a') && !false"),
            List.of("eval", "--json"),
            List.of("run", "--no-such-option"),
            List.of("lint", "-C", here),
            List.of("lint", "-C", examples.toString(), "--profile", "audit"),
            List.of("lint", "-C", examples.toString(), "--profile", "audit", "--json"),
            List.of("plan", "-C", here),
            List.of("plan", "-C", here, "--json"),
            List.of("run", "-C", here),
            List.of("run", "-C", here, "--json"),
            List.of("run", "-C", here, "--cache", "off"),
            List.of("cache", "why", "-C", here),
            List.of("check", "-C", here, "--list", "--tier", "promax"),
            List.of("check", "-C", here, "--gate", "own"),
            List.of("check", "-C", here, "--gate", "own"),
            List.of("check", "-C", here, "--gate", "own", "--json"),
            List.of("hook", "-C", here),
            List.of("runs", "-C", here),
            List.of("logs", "-C", here, "latest"));
    for (List<String> line : lines) {
      new Slipway(silent(surroundings, directory)).run(line);
    }
    return Exit.SUCCESS;
  }

  /** Files of every language that gates are found in. */
  private static void mixed(Path directory) throws IOException {
    List<List<String>> files =
        List.of(
            List.of("pyproject.toml", "[tool.ruff]\n[tool.mypy]\n[tool.pytest.ini_options]\n"),
            List.of("a.py", "a = 1\n"),
            List.of(
                "package.json", "{\"scripts\": {\"lint\": \"eslint .\", \"test\": \"jest\"}}\n"),
            List.of("go.mod", "module a\n"),
            List.of("a.go", "package a\n"),
            List.of("Cargo.toml", "[package]\nname = \"a\"\n"),
            List.of("a.rs", ""),
            List.of("pom.xml", "<project/>\n"),
            List.of("a.sh", "true\n"),
            List.of(".gitignore", "*.class\n"),
            List.of("slipway.yml", "gates:\n  own: {run: cat a.py a.go}\nslo: {warm: 9s}\n"));
    for (List<String> file : files) {
      Files.writeString(directory.resolve(file.getFirst()), file.getLast());
    }
  }

  /** A project with all examples of all rules, so that whatever lint does is done once. */
  private static Path examples(Path directory) throws IOException {
    int number = 0;
    for (Rule rule : Rules.all()) {
      for (String text : List.of(rule.bad(), rule.good())) {
        Path file = directory.resolve(rule.exampleFile());
        String name = file.getFileName().toString();
        if (name.equals("ci.yml")) {
          file = file.resolveSibling(number++ + ".yml");
        }
        Path folder = file.getParent();
        Files.createDirectories(folder == null ? directory : folder);
        Files.writeString(file, text);
      }
    }
    return directory;
  }

  private static void commit(Path directory) throws IOException, InterruptedException {
    List<List<String>> commands =
        List.of(
            List.of("git", "init", "-q", "-b", "main", "."),
            List.of("git", "add", "-A"),
            List.of(
                "git",
                "-c",
                "user.name=train",
                "-c",
                "user.email=train@localhost",
                "commit",
                "-q",
                "-m",
                "train"));
    for (List<String> command : commands) {
      Process process =
          new ProcessBuilder(command).directory(directory.toFile()).inheritIO().start();
      if (process.waitFor() != 0) {
        throw new IOException("failed: " + String.join(" ", command));
      }
    }
  }

  private static Surroundings silent(Surroundings surroundings, Path directory) {
    return new Surroundings(
        directory,
        Map.copyOf(surroundings.environment()),
        new ByteArrayInputStream(
            "{\"expr\": \"1 == 1.0\", \"contexts\": {}}\n".getBytes(StandardCharsets.UTF_8)),
        new Sink(OutputStream.nullOutputStream()),
        new Sink(OutputStream.nullOutputStream()),
        false,
        false,
        false,
        false);
  }
}
