package dev.slipway.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the workflow commands that a step prints (actions/runner, ActionCommandManager and
 * OutputManager). Belongs to the thread that runs the step; what it shares with the job is locked
 * there.
 */
final class StepCommands implements LogSink.LineInspector {
  private static final Set<String> NAMES =
      Set.of(
          "set-env",
          "add-path",
          "set-output",
          "save-state",
          "add-mask",
          "debug",
          "notice",
          "warning",
          "error",
          "group",
          "endgroup",
          "echo",
          "add-matcher",
          "remove-matcher",
          "stop-commands");
  private static final String ALLOW_UNSECURE = "ACTIONS_ALLOW_UNSECURE_COMMANDS";
  private static final int ANNOTATIONS_PER_LEVEL = 10;
  private static final int MAX_MESSAGE = 4096;

  private final JobOutput job;
  private final int step;
  private final Effects effects;
  private final Map<String, String> env;
  private @Nullable LogSink sink;
  private @Nullable String resumeToken;
  private boolean failed;
  private boolean echo;
  private final Set<String> deprecationsShown = new HashSet<>();

  /**
   * The commands of one step.
   *
   * @param env the step's own, which may allow commands that are off
   */
  StepCommands(JobOutput job, int step, Effects effects, Map<String, String> env) {
    this.job = job;
    this.step = step;
    this.effects = effects;
    this.env = env;
  }

  void attach(LogSink sink) {
    this.sink = sink;
  }

  /** Whether a command could not be carried out, which fails the step. */
  boolean failed() {
    return failed;
  }

  @Override
  public boolean wantsAll() {
    return job.hasMatchers();
  }

  @Override
  public boolean handle(String line) {
    CommandLine command =
        CommandLine.parse(line, resumeToken == null ? NAMES : Set.of(resumeToken));
    if (resumeToken != null) {
      if (command != null) {
        resumeToken = null;
        return true;
      }
      command = null;
    }
    if (command != null) {
      try {
        boolean handled = execute(command);
        if (echo && handled && !command.name().equals("echo")) {
          say(line);
        }
      } catch (CommandException | ProblemMatcher.InvalidMatcherException e) {
        failed = true;
        say("##[error]Unable to process command '" + line.strip() + "' successfully.");
        say("##[error]" + e.getMessage());
      }
      return true;
    }
    if (job.hasMatchers()) {
      match(line);
    }
    return false;
  }

  private static final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CommandException(String message) {
      super(message);
    }
  }

  private void say(String text) {
    if (sink != null) {
      sink.system(text);
    }
  }

  private boolean execute(CommandLine command) {
    switch (command.name()) {
      case "add-mask" -> {
        if (command.data().isBlank()) {
          say("##[warning]Can't add secret mask for empty string in ##[add-mask] command.");
        } else {
          job.masker().add(command.data());
        }
        return false;
      }
      case "set-output" -> {
        effects.outputs.put(required(command, "name"), command.data());
        deprecated(command.name());
      }
      case "save-state" -> {
        effects.state.put(required(command, "name"), command.data());
        deprecated(command.name());
      }
      case "set-env" -> {
        secure(command.name());
        String name = required(command, "name");
        if (name.equalsIgnoreCase("NODE_OPTIONS")) {
          throw new CommandException(
              "Can't update NODE_OPTIONS environment variable using ::set-env:: command.");
        }
        effects.env.put(name, command.data());
      }
      case "add-path" -> {
        secure(command.name());
        if (command.data().isEmpty()) {
          throw new CommandException("A path is required in ##[add-path] command.");
        }
        effects.path.add(command.data());
      }
      case "debug" -> {
        if (job.debug()) {
          say("##[debug]" + command.data());
        }
        return false;
      }
      case "notice", "warning", "error" -> {
        annotate(command);
        return false;
      }
      case "group" -> {
        job.groupStarted(step, command.data());
        return false;
      }
      case "endgroup" -> {
        job.groupFinished(step);
        return false;
      }
      case "echo" -> {
        switch (command.data().strip().toLowerCase(java.util.Locale.ROOT)) {
          case "on" -> echo = true;
          case "off" -> echo = false;
          default ->
              throw new CommandException(
                  "Invalid echo command value. Possible values can be: 'on', 'off'. Current value"
                      + " is: '"
                      + command.data()
                      + "'.");
        }
      }
      case "add-matcher" -> job.addMatcher(command.data(), this::say);
      case "remove-matcher" -> {
        String owner = command.property("owner");
        if (owner.isEmpty() == command.data().isEmpty()) {
          say(
              "##[warning]Either specify an owner name or a file path in ##[remove-matcher]"
                  + " command.");
        } else {
          job.removeMatcher(owner, command.data(), this::say);
        }
      }
      case "stop-commands" -> {
        String token = command.data();
        if (token.isEmpty()
            || NAMES.contains(token.toLowerCase(java.util.Locale.ROOT))
            || token.equalsIgnoreCase("pause-logging")) {
          throw new CommandException(
              "Invalid ##[stop-commands] token '"
                  + token
                  + "': it must not be empty, the name of a command, or 'pause-logging'.");
        }
        if (token.length() > 6) {
          job.masker().add(token);
        }
        resumeToken = token.toLowerCase(java.util.Locale.ROOT);
      }
      default -> throw new CommandException("Unknown command " + command.name());
    }
    return true;
  }

  private void deprecated(String name) {
    if (deprecationsShown.add(name)) {
      say("##[warning]The `" + name + "` command is deprecated. Use Environment Files instead.");
    }
  }

  private void secure(String name) {
    if (!"true".equalsIgnoreCase(env.get(ALLOW_UNSECURE))
        && !"true".equalsIgnoreCase(System.getenv(ALLOW_UNSECURE))) {
      throw new CommandException(
          "The `"
              + name
              + "` command is disabled. Use Environment Files instead, or set"
              + " ACTIONS_ALLOW_UNSECURE_COMMANDS=true.");
    }
  }

  private static String required(CommandLine command, String property) {
    String value = command.property(property);
    if (value.isEmpty()) {
      throw new CommandException(
          "Required field '" + property + "' is missing in ##[" + command.name() + "] command.");
    }
    return value;
  }

  /**
   * Removes the combinations of lines and columns that GitHub removes (ValidateLinesAndColumns).
   */
  private void annotate(CommandLine command) {
    Integer line = number(command.property("line"));
    Integer endLine = number(command.property("endline"));
    Integer column = number(command.property("col"));
    Integer endColumn = number(command.property("endcolumn"));
    boolean columns = column != null || endColumn != null;
    if (endLine != null && line == null) {
      line = endLine;
    }
    if (endColumn != null && column == null) {
      column = endColumn;
    }
    if (line == null && columns) {
      column = null;
      endColumn = null;
    }
    if (line != null && endLine != null && !line.equals(endLine) && columns) {
      column = null;
      endColumn = null;
    }
    if (line != null && endLine != null && endLine < line) {
      line = null;
      endLine = null;
    }
    if (column != null && endColumn != null && endColumn < column) {
      column = null;
      endColumn = null;
    }
    String file = command.property("file");
    annotation(
        command.name(),
        command.data(),
        blankToNull(command.property("title")),
        file.isEmpty() ? null : job.repositoryPath(file),
        line,
        endLine,
        column,
        endColumn,
        null,
        "command");
  }

  private static @Nullable String blankToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static @Nullable Integer number(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      return Integer.valueOf(text.strip());
    } catch (NumberFormatException none) {
      return null;
    }
  }

  /** An annotation of level error that belongs to no place. */
  void error(String message) {
    annotation("error", message, null, null, null, null, null, null, null, "command");
  }

  private void annotation(
      String level,
      String message,
      @Nullable String title,
      @Nullable String file,
      @Nullable Integer line,
      @Nullable Integer endLine,
      @Nullable Integer column,
      @Nullable Integer endColumn,
      @Nullable String code,
      String source) {
    if (job.countAnnotation(step, level) > ANNOTATIONS_PER_LEVEL) {
      say("##[" + level + "]" + message);
      return;
    }
    String text = job.masker().mask(message);
    String shown = text.length() > MAX_MESSAGE ? text.substring(0, MAX_MESSAGE) : text;
    String maskedTitle = title == null ? null : job.masker().mask(title);
    String maskedFile = file == null ? null : job.masker().mask(file);
    String maskedCode = code == null ? null : job.masker().mask(code);
    job.recorder()
        .emit((seq, at) ->
            new RunEvent.Annotation(
                seq,
                at,
                job.recorder().run(),
                job.key(),
                step,
                level,
                shown,
                maskedTitle,
                maskedFile,
                line,
                endLine,
                column,
                endColumn,
                maskedCode,
                source));
  }

  private void match(String raw) {
    String line = ProblemMatcher.plain(raw);
    List<String> removed = new ArrayList<>();
    ProblemMatcher.Problem problem = job.match(line, removed);
    for (String owner : removed) {
      say("##[warning]Removed matcher '" + owner + "': its pattern takes too long.");
    }
    if (problem == null || problem.message() == null || problem.message().isBlank()) {
      return;
    }
    String severity = problem.severity();
    String level =
        severity == null || severity.isEmpty()
            ? "error"
            : severity.toLowerCase(java.util.Locale.ROOT);
    if (!level.equals("error") && !level.equals("warning") && !level.equals("notice")) {
      return;
    }
    String file =
        problem.file() == null ? null : job.matchedFile(problem.file(), problem.fromPath());
    annotation(
        level,
        problem.message(),
        null,
        file,
        number(problem.line()),
        null,
        number(problem.column()),
        null,
        problem.code(),
        "matcher");
  }
}
