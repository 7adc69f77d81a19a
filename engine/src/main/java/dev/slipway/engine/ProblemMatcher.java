package dev.slipway.engine;

import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Finds problems in lines of output by one matcher's patterns (actions/runner, IssueMatcher). Several patterns
 * match consecutive lines; the last may loop. A pattern that takes too long three times takes its matcher out.
 *
 * <p>Not thread-safe: belongs to a job.
 */
final class ProblemMatcher {
  private static final long PATIENCE_NANOS = 1_000_000_000L;
  private static final int TRIES = 3;
  private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*m?");

  private final String owner;
  private final String severity;
  private final @Nullable String fromPath;
  private final List<Line> lines;
  private final @Nullable Problem[] state;
  private int timeouts;

  /** What a matcher finds; null where it says nothing. */
  record Problem(
      @Nullable String severity,
      @Nullable String file,
      @Nullable String line,
      @Nullable String column,
      @Nullable String code,
      @Nullable String message,
      @Nullable String fromPath) {}

  private record Line(
      Pattern regexp,
      int severity,
      int file,
      int line,
      int column,
      int code,
      int message,
      int fromPath,
      boolean loop) {}

  /** Thrown with a message for the user when a matcher file is not right. */
  static final class InvalidMatcherException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidMatcherException(String message) {
      super(message);
    }
  }

  private ProblemMatcher(
      String owner, String severity, @Nullable String fromPath, List<Line> lines) {
    this.owner = owner;
    this.severity = severity;
    this.fromPath = fromPath;
    this.lines = lines;
    this.state = new @Nullable Problem[lines.size()];
  }

  String owner() {
    return owner;
  }

  /** The matchers in the JSON text of a matcher file. */
  static List<ProblemMatcher> parse(String json) {
    Value parsed;
    try {
      parsed = Json.parse(json);
    } catch (ExpressionException e) {
      throw new InvalidMatcherException("The problem matcher file is no valid JSON");
    }
    List<ProblemMatcher> matchers = new ArrayList<>();
    if (!(parsed instanceof ObjectValue file)
        || !(file.get("problemMatcher") instanceof ArrayValue list)) {
      throw new InvalidMatcherException("The problem matcher file has no 'problemMatcher' list");
    }
    for (Value item : list.items()) {
      if (item instanceof ObjectValue matcher) {
        matchers.add(matcher(matcher));
      }
    }
    return matchers;
  }

  private static ProblemMatcher matcher(ObjectValue matcher) {
    String owner = text(matcher, "owner");
    if (owner == null || owner.isEmpty()) {
      throw new InvalidMatcherException("A problem matcher's 'owner' is missing");
    }
    String severity = text(matcher, "severity");
    if (severity != null && !List.of("", "error", "warning", "notice").contains(severity.toLowerCase(Locale.ROOT))) {
      throw new InvalidMatcherException(
          "Matcher '" + owner + "' contains unexpected default severity '" + severity + "'");
    }
    if (!(matcher.get("pattern") instanceof ArrayValue patterns) || patterns.items().isEmpty()) {
      throw new InvalidMatcherException("Matcher '" + owner + "' does not contain any patterns");
    }
    List<Line> lines = new ArrayList<>();
    int count = patterns.items().size();
    boolean message = false;
    for (int i = 0; i < count; i++) {
      ObjectValue pattern = (ObjectValue) patterns.items().get(i);
      Value loopValue = pattern.get("loop");
      boolean loop = loopValue != null && loopValue.truthy();
      String regexp = text(pattern, "regexp");
      if (regexp == null || regexp.isEmpty()) {
        throw new InvalidMatcherException("Matcher '" + owner + "': a pattern has no 'regexp'");
      }
      Pattern compiled;
      try {
        compiled = Pattern.compile(regexp);
      } catch (PatternSyntaxException e) {
        throw new InvalidMatcherException(
            "Matcher '" + owner + "': '" + regexp + "' is no valid regular expression");
      }
      Line line =
          new Line(
              compiled,
              group(pattern, "severity", compiled, owner),
              group(pattern, "file", compiled, owner),
              group(pattern, "line", compiled, owner),
              group(pattern, "column", compiled, owner),
              group(pattern, "code", compiled, owner),
              group(pattern, "message", compiled, owner),
              group(pattern, "fromPath", compiled, owner),
              loop);
      if (loop && (i != count - 1 || line.message() < 0)) {
        throw new InvalidMatcherException(
            "Matcher '" + owner + "': only the last pattern, setting 'message', may set 'loop'");
      }
      message |= line.message() >= 0;
      lines.add(line);
    }
    if (!message) {
      throw new InvalidMatcherException("Matcher '" + owner + "': no pattern sets 'message'");
    }
    return new ProblemMatcher(owner, severity == null ? "" : severity, text(matcher, "fromPath"), lines);
  }

  private static @Nullable String text(ObjectValue object, String name) {
    Value value = object.get(name);
    return value == null || value.kind() == Value.Kind.NULL ? null : value.toText();
  }

  private static int group(ObjectValue pattern, String name, Pattern regexp, String owner) {
    Value value = pattern.get(name);
    if (value == null || value.kind() == Value.Kind.NULL) {
      return -1;
    }
    int group = (int) value.toNumber();
    if (group < 0 || group > regexp.matcher("").groupCount()) {
      throw new InvalidMatcherException(
          "Matcher '" + owner + "': '" + name + "' names group " + group + ", which the pattern lacks");
    }
    return group;
  }

  /** A line without its colours. */
  static String plain(String line) {
    return line.indexOf('\u001b') < 0 ? line : COLOURS.matcher(line).replaceAll("");
  }

  /** Whether the matcher was taken out for being too slow. */
  boolean removed() {
    return timeouts >= TRIES;
  }

  /** Forgets what the lines so far matched. */
  void reset() {
    java.util.Arrays.fill(state, null);
  }

  /** The problem that this line completes, or null. */
  @Nullable Problem match(String line) {
    int last = lines.size() - 1;
    // From the last pattern to the first: a line continues what began before it rather than begin anew.
    for (int i = last; i >= 0; i--) {
      Line pattern = lines.get(i);
      Problem running = i == 0 ? null : state[i - 1];
      boolean looping = pattern.loop() && state[i] != null;
      if (i > 0 && running == null && !looping) {
        continue;
      }
      Matcher matcher = find(pattern.regexp(), line);
      if (matcher == null) {
        if (looping) {
          state[i] = null;
        }
        if (i > 0) {
          state[i - 1] = null;
        }
        continue;
      }
      Problem base = looping ? state[i] : running;
      Problem merged = merge(base, pattern, matcher);
      if (i > 0) {
        state[i - 1] = null;
      }
      if (i < last) {
        state[i] = merged;
        return null;
      }
      if (pattern.loop()) {
        state[i] = base == null ? merged : base;
      } else {
        reset();
      }
      return new Problem(
          merged.severity() == null || merged.severity().isEmpty() ? severity : merged.severity(),
          merged.file(),
          merged.line(),
          merged.column(),
          merged.code(),
          merged.message(),
          merged.fromPath() == null ? fromPath : merged.fromPath());
    }
    return null;
  }

  private @Nullable Matcher find(Pattern pattern, String line) {
    if (removed()) {
      return null;
    }
    try {
      Matcher matcher = pattern.matcher(new Impatient(line, System.nanoTime() + PATIENCE_NANOS));
      return matcher.find() ? matcher : null;
    } catch (TooSlowException e) {
      timeouts++;
      return null;
    }
  }

  private static Problem merge(@Nullable Problem base, Line pattern, Matcher matcher) {
    return new Problem(
        take(matcher, pattern.severity(), base == null ? null : base.severity()),
        take(matcher, pattern.file(), base == null ? null : base.file()),
        take(matcher, pattern.line(), base == null ? null : base.line()),
        take(matcher, pattern.column(), base == null ? null : base.column()),
        take(matcher, pattern.code(), base == null ? null : base.code()),
        take(matcher, pattern.message(), base == null ? null : base.message()),
        take(matcher, pattern.fromPath(), base == null ? null : base.fromPath()));
  }

  private static @Nullable String take(Matcher matcher, int group, @Nullable String otherwise) {
    if (group < 0) {
      return otherwise;
    }
    String text = matcher.group(group);
    return text == null ? otherwise : text;
  }

  private static final class TooSlowException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooSlowException() {
      super(null, null, false, false);
    }
  }

  /** Text whose reading ends when the time is up: how a regular expression is given a limit. */
  private static final class Impatient implements CharSequence {
    private final String text;
    private final long until;
    private int reads;

    Impatient(String text, long until) {
      this.text = text;
      this.until = until;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if ((++reads & 0xffff) == 0 && System.nanoTime() - until > 0) {
        throw new TooSlowException();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
