package dev.slipway.engine;

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

  /** Those that {@code echo} does not show as they were printed. */
  private static final Set<String> UNSHOWN =
      Set.of("add-mask", "debug", "notice", "warning", "error", "stop-commands");

  /** What only the runner may print after {@code ##[}. */
  private static final List<String> MARKERS = List.of("start-action", "end-action");

  private static final String ALLOW_UNSECURE = "ACTIONS_ALLOW_UNSECURE_COMMANDS";
  private static final int ANNOTATIONS_PER_LEVEL = 10;
  private static final int MAX_MESSAGE = 4096;

  private final JobOutput job;
  private final int step;
  private final RunEvent.Phase phase;
  private final Effects effects;
  private final Map<String, String> env;
  private @Nullable LogSink sink;
  private final StreamMatchers outMatchers;
  private final StreamMatchers errMatchers;
  private Set<String> known = NAMES;
  private @Nullable String resumeToken;
  private boolean failed;
  private boolean echo;
  private final Set<String> deprecationsShown = new HashSet<>();

  /**
   * The commands of one phase of a step.
   *
   * @param env the step's own, which may allow commands that are off
   */
  StepCommands(
      JobOutput job, int step, RunEvent.Phase phase, Effects effects, Map<String, String> env) {
    this.job = job;
    this.step = step;
    this.phase = phase;
    this.effects = effects;
    this.env = env;
    this.echo = job.debug();
    this.outMatchers = new StreamMatchers(job);
    this.errMatchers = new StreamMatchers(job);
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
    return !job.matchers().all().isEmpty();
  }

  @Override
  public @Nullable String inspect(RunEvent.Stream stream, String line) {
    CommandLine command = CommandLine.parse(line, known);
    if (command != null && (resumeToken == null || command.name().equals(resumeToken))) {
      perform(command, line);
      return null;
    }
    String shown = line;
    for (String marker : MARKERS) {
      shown = shown.replace("##[" + marker, "##[\\" + marker);
    }
    if (wantsAll()) {
      (stream == RunEvent.Stream.STDERR ? errMatchers : outMatchers)
          .look(ProblemMatcher.plain(shown), this::found, this::tooSlow);
    }
    return shown;
  }

  private void perform(CommandLine command, String line) {
    if (resumeToken != null) {
      known = NAMES;
      resumeToken = null;
      say(line);
      return;
    }
    boolean unshown = UNSHOWN.contains(command.name());
    if (echo && !unshown) {
      say(line);
    }
    try {
      execute(command, line);
    } catch (CommandException | ProblemMatcher.InvalidMatcherException e) {
      failed = true;
      String shown = unshown && !command.name().equals("stop-commands") ? command.name() : line;
      say("##[error]Unable to process command '" + shown + "' successfully.");
      say("##[error]" + e.getMessage());
    }
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

  private void execute(CommandLine command, String line) {
    switch (command.name()) {
      case "add-mask" -> {
        if (command.data().isBlank()) {
          say("##[warning]Can't add secret mask for empty string in ##[add-mask] command.");
        } else {
          if (echo) {
            say("::add-mask::***");
          }
          job.masker().add(command.data());
        }
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
          // GitHub's runner says so and goes on.
          say("##[error]Can't update NODE_OPTIONS environment variable using ::set-env:: command.");
        } else {
          effects.env.put(name, command.data());
        }
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
          command.data().lines().forEach(text -> say("##[debug]" + text));
        }
      }
      case "notice", "warning", "error" -> annotate(command);
      case "group" -> job.groupStarted(step, command.data());
      case "endgroup" -> job.groupFinished(step);
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
      case "add-matcher" -> {
        if (command.data().isEmpty()) {
          say("##[warning]File path must be specified.");
        } else {
          job.addMatchers(command.data());
        }
      }
      case "remove-matcher" -> {
        String owner = command.property("owner");
        if (owner.isEmpty() == command.data().isEmpty()) {
          say(
              "##[warning]Either specify an owner name or a file path in ##[remove-matcher]"
                  + " command.");
        } else if (owner.isEmpty()) {
          job.removeMatchers(command.data());
        } else {
          job.removeMatcher(owner);
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
        String resume = token.toLowerCase(java.util.Locale.ROOT);
        Set<String> withToken = new HashSet<>(NAMES);
        withToken.add(resume);
        known = withToken;
        resumeToken = resume;
        say(line);
      }
      default -> throw new CommandException("Unknown command " + command.name());
    }
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
    String line = command.property("line");
    String endLine = command.property("endline");
    String column = command.property("col");
    String endColumn = command.property("endcolumn");
    boolean columns = number(column) != null || number(endColumn) != null;
    if (number(endLine) != null && number(line) == null) {
      line = endLine;
    }
    if (number(endColumn) != null && number(column) == null) {
      column = endColumn;
    }
    // Lines are compared as they are written.
    boolean linesDiffer = number(endLine) != null && !line.equals(endLine);
    if (columns && (number(line) == null || linesDiffer)) {
      column = "";
      endColumn = "";
    }
    if (backwards(line, endLine)) {
      line = "";
      endLine = "";
    }
    if (backwards(column, endColumn)) {
      column = "";
      endColumn = "";
    }
    String file = command.property("file");
    annotation(
        command.name(),
        command.data(),
        blankToNull(command.property("title")),
        file.isEmpty() ? null : job.repositoryPath(file),
        number(line),
        number(endLine),
        number(column),
        number(endColumn),
        null,
        "command");
  }

  private static boolean backwards(String from, String to) {
    Integer first = number(from);
    Integer last = number(to);
    return first != null && last != null && last < first;
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
    if (job.countAnnotation(step, phase, level) > ANNOTATIONS_PER_LEVEL) {
      say("##[" + level + "]" + message);
      return;
    }
    if (message.isBlank()) {
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

  private void tooSlow(String owner) {
    say("##[warning]Removed matcher '" + owner + "': its pattern takes too long.");
  }

  /** Records what a matcher found; false when it is no problem. */
  private boolean found(ProblemMatcher.Problem problem) {
    if (problem.message() == null || problem.message().isBlank()) {
      return false;
    }
    String severity = problem.severity();
    String level =
        severity == null || severity.isEmpty()
            ? "error"
            : severity.toLowerCase(java.util.Locale.ROOT);
    if (!level.equals("error") && !level.equals("warning") && !level.equals("notice")) {
      return false;
    }
    String file = problem.file();
    String code = problem.code();
    annotation(
        level,
        problem.message(),
        null,
        file == null || file.isBlank() ? null : job.matchedFile(file, problem.fromPath()),
        digits(problem.line()),
        null,
        digits(problem.column()),
        null,
        code == null || code.isBlank() ? null : code.strip(),
        "matcher");
    return true;
  }

  /** A number that is nothing but digits. */
  private static @Nullable Integer digits(@Nullable String text) {
    return text != null && text.chars().allMatch(c -> c >= '0' && c <= '9') ? number(text) : null;
  }
}
