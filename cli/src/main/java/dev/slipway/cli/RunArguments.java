package dev.slipway.cli;

import dev.slipway.engine.StepCaching;
import dev.slipway.workflow.Dotenv;
import dev.slipway.workflow.Reading;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options that {@code run}, {@code plan} and {@code rerun} share, and how they become {@link
 * RunOptions}.
 */
final class RunArguments {
  private RunArguments() {}

  /** Which event, which workflows, which jobs. */
  static Usage selection(Usage usage) {
    return usage
        .optionalOperand(
            "EVENT",
            "The event, such as push, pull_request or workflow_dispatch; push when left out")
        .option(
            Option.value(
                    "workflow",
                    "FILE|DIR",
                    "Workflows to use instead of .github/workflows; a directory is read without"
                        + " those below it")
                .letter("W")
                .repeated()
                .file())
        .option(
            Option.value("job", "JOB", "Only this job and what it needs, by its id or FILE:ID")
                .letter("j")
                .repeated())
        .option(
            Option.value(
                    "matrix",
                    "K:V",
                    "Only combinations of a matrix where K is V; values of one key are"
                        + " alternatives")
                .repeated())
        .option(Option.value("event-file", "FILE", "The event's payload, as JSON").file())
        .option(
            Option.value("actor", "NAME", "Who triggers the event; your Git user when left out"));
  }

  /** What the workflows are given. */
  static Usage values(Usage usage) {
    return usage
        .option(Option.value("input", "N=V", "An input of workflow_dispatch").repeated())
        .option(
            Option.value("input-file", "FILE", "Inputs as lines of NAME=VALUE").repeated().file())
        .option(Option.value("var", "N=V", "A variable, for the context vars").repeated())
        .option(
            Option.value("var-file", "FILE", "Variables as lines of NAME=VALUE").repeated().file())
        .option(
            Option.value(
                    "env", "N=V", "An environment variable of every step, also in the context env")
                .repeated())
        .option(
            Option.value("env-file", "FILE", "Environment variables as lines of NAME=VALUE")
                .repeated()
                .file())
        .option(
            Option.value(
                    "secret",
                    "N[=V]",
                    "A secret, masked in all output; without V from the environment, else asked"
                        + " for")
                .repeated())
        .option(
            Option.value("secret-file", "FILE", "Secrets as lines of NAME=VALUE").repeated().file())
        .option(
            Option.value(
                    "platform",
                    "LABEL=MACHINE",
                    "Where jobs with this label of runs-on run: host, sandbox, docker:IMAGE or"
                        + " skip")
                .letter("P")
                .repeated())
        .option(
            Option.value(
                    "action-source",
                    "OWNER/REPO=PATH",
                    "A local clone, bare or not, that holds an action's repository")
                .repeated()
                .directory())
        .option(
            Option.value(
                "action-url",
                "URL",
                "Where repositories of actions are, when it is not https://github.com"));
  }

  /** How a run is carried out. */
  static Usage execution(Usage usage) {
    return usage
        .option(
            Option.value(
                "jobs", "N", "Run at most N jobs at a time; the machine's cores when left out"))
        .option(Option.flag("in-place", "Work in your tree itself instead of a copy"))
        .option(
            Option.flag(
                "real-checkout",
                "Run actions/checkout as the real action instead of serving it from your tree"))
        .option(
            Option.value(
                "cache",
                "on|read|off",
                "Spare steps what they did before: on (the default), read: use what is known and"
                    + " learn nothing, off"))
        .option(Option.flag("debug", "Show debug messages of steps"))
        .option(Option.flag("keep", "Leave the jobs' workspaces for a look"))
        .option(Option.flag("require-all", "Fail when a job cannot run on this machine"))
        .option(Option.flag("plain", "Print lines instead of drawing a tree, also on a terminal"));
  }

  static RunOptions read(Arguments arguments, Surroundings surroundings) throws IOException {
    Map<String, List<String>> matrix = new LinkedHashMap<>();
    for (String given : arguments.values("matrix")) {
      int colon = given.indexOf(':');
      if (colon < 1) {
        throw malformed("matrix", "K:V", given);
      }
      matrix
          .computeIfAbsent(given.substring(0, colon), key -> new ArrayList<>())
          .add(given.substring(colon + 1));
    }
    Map<String, Path> sources = sources(arguments, surroundings);
    List<Path> workflows = new ArrayList<>();
    for (String given : arguments.values("workflow")) {
      Path path = surroundings.path(given);
      if (!Files.isReadable(path)) {
        throw CommandException.usage(
            "the workflow '"
                + given
                + "' "
                + (Files.exists(path) ? "cannot be read" : "does not exist"),
            null);
      }
      workflows.add(path);
    }
    String eventFile = arguments.value("event-file");
    Path event = eventFile == null ? null : surroundings.path(eventFile);
    if (event != null && (!Files.isReadable(event) || Files.isDirectory(event))) {
      throw CommandException.usage("the event file '" + eventFile + "' cannot be read", null);
    }
    String name = arguments.operand(0);
    return new RunOptions(
        surroundings.directory(),
        name == null ? "push" : name,
        event,
        workflows,
        arguments.values("job"),
        matrix,
        named("input", arguments, surroundings),
        named("var", arguments, surroundings),
        secrets(arguments, surroundings),
        named("env", arguments, surroundings),
        pairs("platform", "LABEL=MACHINE", arguments),
        sources,
        arguments.value("actor"),
        arguments.number("jobs", 1, 0),
        arguments.has("in-place"),
        arguments.has("keep"),
        arguments.has("dry-run"),
        arguments.has("require-all"),
        arguments.has("real-checkout"),
        arguments.has("debug"),
        cacheMode(arguments),
        arguments.value("action-url", "https://github.com"));
  }

  /** As asked for; on where nothing is said. */
  static StepCaching cacheMode(Arguments arguments) {
    String given = arguments.value("cache", StepCaching.ON.text());
    StepCaching mode = StepCaching.of(given);
    if (mode == null) {
      throw CommandException.usage("--cache is '" + given + "', not on, read or off", null);
    }
    return mode;
  }

  private static Map<String, Path> sources(Arguments arguments, Surroundings surroundings) {
    Map<String, Path> sources = new LinkedHashMap<>();
    for (String given : arguments.values("action-source")) {
      int equals = given.indexOf('=');
      int slash = given.indexOf('/');
      if (equals < 0
          || slash < 1
          || slash > equals - 2
          || given.substring(slash + 1, equals).contains("/")
          || equals + 1 == given.length()) {
        throw malformed("action-source", "OWNER/REPO=PATH", given);
      }
      Path path = surroundings.path(given.substring(equals + 1));
      if (!Files.isDirectory(path)) {
        throw CommandException.usage(
            "--action-source " + given + ": '" + path + "' is not a directory", null);
      }
      sources.put(given.substring(0, equals), path);
    }
    return sources;
  }

  /** The options of a command that only asks where called workflows come from. */
  static RunOptions forCalls(Arguments arguments, Surroundings surroundings) {
    return new RunOptions(
        surroundings.directory(),
        "push",
        null,
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        sources(arguments, surroundings),
        null,
        0,
        false,
        false,
        false,
        false,
        false,
        false,
        StepCaching.OFF,
        "https://github.com");
  }

  /**
   * Values from files, then from {@code --NAME N=V}; a bare {@code N} takes the environment's
   * value.
   */
  private static Map<String, String> named(
      String option, Arguments arguments, Surroundings surroundings) throws IOException {
    Map<String, String> values = files(option + "-file", arguments, surroundings);
    for (String given : arguments.values(option)) {
      int equals = given.indexOf('=');
      if (equals > 0) {
        values.put(given.substring(0, equals), given.substring(equals + 1));
        continue;
      }
      String value = equals == 0 || given.isEmpty() ? null : surroundings.variable(given);
      if (value == null) {
        throw malformed(option, "N=V", given);
      }
      values.put(given, value);
    }
    return values;
  }

  private static Map<String, String> secrets(Arguments arguments, Surroundings surroundings)
      throws IOException {
    Map<String, String> values = files("secret-file", arguments, surroundings);
    for (String given : arguments.values("secret")) {
      int equals = given.indexOf('=');
      if (equals == 0 || given.isEmpty()) {
        throw CommandException.usage("--secret needs N=V or N", null);
      }
      if (equals > 0) {
        values.put(given.substring(0, equals), given.substring(equals + 1));
      } else {
        String value = surroundings.variable(given);
        values.put(given, value == null ? ask(given, surroundings) : value);
      }
    }
    return values;
  }

  private static String ask(String name, Surroundings surroundings) {
    @Nullable Console console = surroundings.inTerminal() ? System.console() : null;
    if (console == null) {
      throw CommandException.usage(
          "no value for the secret " + name,
          "set the environment variable " + name + ", or use --secret-file");
    }
    char[] value = console.readPassword("%s", "Secret " + name + ": ");
    if (value == null) {
      throw CommandException.usage("no value for the secret " + name, null);
    }
    return new String(value);
  }

  private static Map<String, String> files(
      String option, Arguments arguments, Surroundings surroundings) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String given : arguments.values(option)) {
      Path path = surroundings.path(given);
      if (!Files.isReadable(path) || Files.isDirectory(path)) {
        throw CommandException.usage("--" + option + ": '" + given + "' cannot be read", null);
      }
      try {
        values.putAll(lines(given, Files.readString(path)));
      } catch (MalformedInputException e) {
        throw CommandException.usage("--" + option + ": '" + given + "' is not UTF-8 text", null);
      }
    }
    return values;
  }

  private static Map<String, String> lines(String file, String text) {
    Reading<Map<String, String>> reading = Dotenv.read(file, text);
    Map<String, String> values = reading.value();
    if (values == null) {
      List<String> problems = new ArrayList<>();
      reading.problems().forEach(problem -> problems.add(problem.text()));
      throw CommandException.usage(String.join("\n", problems), null);
    }
    return values;
  }

  private static Map<String, String> pairs(String option, String form, Arguments arguments) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String given : arguments.values(option)) {
      int equals = given.indexOf('=');
      if (equals < 1 || equals + 1 == given.length()) {
        throw malformed(option, form, given);
      }
      values.put(given.substring(0, equals), given.substring(equals + 1));
    }
    return values;
  }

  private static CommandException malformed(String option, String form, String given) {
    return CommandException.usage("--" + option + " needs " + form + ", not '" + given + "'", null);
  }
}
