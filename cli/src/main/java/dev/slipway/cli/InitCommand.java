package dev.slipway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code slipway init}. */
final class InitCommand implements Command {
  private static final Path FILE = Path.of(".github", "workflows", "ci.yml");

  @Override
  public Usage usage() {
    return Usage.of("init", "Write a first workflow for this project")
        .details(
            "Writes `.github/workflows/ci.yml` with a lint and a test job, pinned action versions,"
                + " least permissions, cancelling of outdated runs and time limits. The language is"
                + " told by the project's files.")
        .option(
            Option.value(
                    "language", "LANGUAGE", "The project's language instead of what its files say")
                .choices("python", "node", "java", "go", "rust"))
        .option(Option.flag("force", "Replace a workflow that is there"))
        .option(Option.flag("print", "Print the workflow and write nothing"))
        .example("slipway init", "For the language of this project")
        .example("slipway init --language go --print", "Only look");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    Path directory = surroundings.directory();
    String given = arguments.value("language");
    String language = given == null ? detect(directory) : given;
    if (language == null) {
      throw CommandException.usage(
          "cannot tell the project's language from its files",
          "name it: slipway init --language python (or node, java, go, rust)");
    }
    String workflow = FirstWorkflow.of(language, directory);
    if (arguments.has("print")) {
      surroundings.out().print(workflow);
      return Exit.SUCCESS;
    }
    Path file = directory.resolve(FILE);
    if (Files.exists(file) && !arguments.has("force")) {
      throw CommandException.failed(
          FILE + " is there already and stays as it is", "to replace it: slipway init --force");
    }
    Files.createDirectories(directory.resolve(".github/workflows"));
    Files.writeString(file, workflow);
    if (arguments.has("json")) {
      surroundings
          .out()
          .line(
              new Json()
                  .object()
                  .member("language", language)
                  .member("file", FILE.toString())
                  .end()
                  .text());
    } else {
      surroundings
          .out()
          .line("wrote " + FILE + " for " + language + "; see what it does: slipway plan");
    }
    return Exit.SUCCESS;
  }

  private static @Nullable String detect(Path directory) {
    List<String[]> signs =
        List.of(
            new String[] {"go", "go.mod"},
            new String[] {"rust", "Cargo.toml"},
            new String[] {"java", "pom.xml", "build.gradle", "build.gradle.kts"},
            new String[] {"python", "pyproject.toml", "requirements.txt", "setup.py", "setup.cfg"},
            new String[] {"node", "package.json"});
    for (String[] sign : signs) {
      for (int i = 1; i < sign.length; i++) {
        if (Files.isRegularFile(directory.resolve(sign[i]))) {
          return sign[0];
        }
      }
    }
    return null;
  }
}
