package dev.slipway.engine;

import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * How problems are found in lines of output (actions/runner, IssueMatcher): patterns for
 * consecutive lines, of which the last may loop. {@link #begin} starts looking.
 *
 * <p>Immutable.
 */
final class ProblemMatcher {
  private static final long PATIENCE_NANOS = 1_000_000_000L;
  private static final int TRIES = 3;
  private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*m?");

  private final String owner;
  private final String severity;
  private final String fromPath;
  private final List<Line> lines;

  /** What a matcher finds; null where it says nothing. */
  record Problem(
      @Nullable String severity,
      @Nullable String file,
      @Nullable String line,
      @Nullable String column,
      @Nullable String code,
      @Nullable String message,
      @Nullable String fromPath) {}

  /** One pattern; the other members are groups, negative where it has none for them. */
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

  /** Thrown when a pattern takes too long for a line, however often it is tried. */
  static final class TooSlowException extends Exception {
    private static final long serialVersionUID = 1;

    TooSlowException() {
      super(null, null, false, false);
    }
  }

  private ProblemMatcher(String owner, String severity, String fromPath, List<Line> lines) {
    this.owner = owner;
    this.severity = severity;
    this.fromPath = fromPath;
    this.lines = lines;
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
    if (!(parsed instanceof ObjectValue file)) {
      throw new InvalidMatcherException("The problem matcher file is no JSON object");
    }
    List<ProblemMatcher> matchers = new ArrayList<>();
    Set<String> owners = new HashSet<>();
    for (ObjectValue matcher : objects(file, "problemMatcher")) {
      ProblemMatcher read = matcher(matcher);
      if (!owners.add(read.owner().toLowerCase(Locale.ROOT))) {
        throw new InvalidMatcherException("Duplicate owner name '" + read.owner() + "'");
      }
      matchers.add(read);
    }
    return matchers;
  }

  private static List<ObjectValue> objects(ObjectValue in, String name) {
    Value list = in.get(name);
    if (list == null || list.kind() == Value.Kind.NULL) {
      return List.of();
    }
    if (!(list instanceof ArrayValue array)) {
      throw new InvalidMatcherException("'" + name + "' is no list");
    }
    List<ObjectValue> objects = new ArrayList<>();
    for (Value item : array.items()) {
      if (!(item instanceof ObjectValue object)) {
        throw new InvalidMatcherException("'" + name + "' must be a list of objects");
      }
      objects.add(object);
    }
    return objects;
  }

  private static ProblemMatcher matcher(ObjectValue matcher) {
    String owner = text(matcher, "owner");
    if (owner.isEmpty()) {
      throw new InvalidMatcherException("A problem matcher's 'owner' is missing");
    }
    String severity = text(matcher, "severity");
    if (!List.of("", "error", "warning", "notice").contains(severity.toLowerCase(Locale.ROOT))) {
      throw new InvalidMatcherException(
          "Matcher '" + owner + "' contains unexpected default severity '" + severity + "'");
    }
    List<ObjectValue> patterns = objects(matcher, "pattern");
    if (patterns.isEmpty()) {
      throw new InvalidMatcherException("Matcher '" + owner + "' does not contain any patterns");
    }
    Groups groups = new Groups(owner);
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < patterns.size(); i++) {
      Line line = groups.line(patterns.get(i));
      if (line.loop() && (i == 0 || i != patterns.size() - 1 || line.message() < 0)) {
        throw new InvalidMatcherException(
            "Matcher '"
                + owner
                + "': only the last of several patterns, setting 'message', may set 'loop'");
      }
      lines.add(line);
    }
    if (!groups.has("message")) {
      throw new InvalidMatcherException("Matcher '" + owner + "': no pattern sets 'message'");
    }
    return new ProblemMatcher(owner, severity, text(matcher, "fromPath"), lines);
  }

  private static String text(ObjectValue object, String name) {
    Value value = object.get(name);
    return value == null ? "" : value.toText();
  }

  /** Reads the patterns of one matcher, of which each property may be set by one alone. */
  private static final class Groups {
    private final String owner;
    private final Set<String> set = new HashSet<>();

    Groups(String owner) {
      this.owner = owner;
    }

    boolean has(String property) {
      return set.contains(property);
    }

    Line line(ObjectValue pattern) {
      String regexp = text(pattern, "regexp");
      Pattern compiled;
      try {
        compiled = EcmaPattern.compile(regexp);
      } catch (PatternSyntaxException e) {
        throw new InvalidMatcherException(
            "Matcher '" + owner + "': '" + regexp + "' is no valid regular expression");
      }
      Value loop = pattern.get("loop");
      return new Line(
          compiled,
          group(pattern, "severity", compiled),
          group(pattern, "file", compiled),
          group(pattern, "line", compiled),
          group(pattern, "column", compiled),
          group(pattern, "code", compiled),
          group(pattern, "message", compiled),
          group(pattern, "fromPath", compiled),
          loop != null && loop.truthy());
    }

    private int group(ObjectValue pattern, String property, Pattern regexp) {
      Value value = pattern.get(property);
      if (value == null || value.kind() == Value.Kind.NULL) {
        return -1;
      }
      if (!set.add(property)) {
        throw new InvalidMatcherException(
            "Matcher '" + owner + "': the property '" + property + "' is set twice");
      }
      double group = value.toNumber();
      if (group != Math.rint(group) || group < 0 || group > regexp.matcher("").groupCount()) {
        throw new InvalidMatcherException(
            "Matcher '"
                + owner
                + "': the property '"
                + property
                + "' is set to "
                + value.toText()
                + ", which is no group of the pattern");
      }
      return (int) group;
    }
  }

  /** A line without its colours. */
  static String plain(String line) {
    return line.indexOf('\u001b') < 0 ? line : COLOURS.matcher(line).replaceAll("");
  }

  /** Starts looking, at the first pattern. */
  Search begin() {
    return new Search();
  }

  /** How far the patterns have matched the lines of one stream. Not thread-safe. */
  final class Search {
    /** What the patterns but the last have matched so far. */
    private final @Nullable Problem[] running = new @Nullable Problem[lines.size() - 1];

    ProblemMatcher matcher() {
      return ProblemMatcher.this;
    }

    /** Forgets what the lines so far matched. */
    void reset() {
      Arrays.fill(running, null);
    }

    /** The problem that this line completes, or null. */
    @Nullable Problem match(String line) throws TooSlowException {
      int last = lines.size() - 1;
      // From the last pattern to the first: a line continues what began before it, and may begin
      // anew as well.
      for (int i = last; i >= 0; i--) {
        Problem before = i == 0 ? null : running[i - 1];
        if (i > 0 && before == null) {
          continue;
        }
        Line pattern = lines.get(i);
        Matcher matcher = find(pattern.regexp(), line);
        if (i < last) {
          running[i] = matcher == null ? null : merge(before, pattern, matcher);
        } else if (matcher != null) {
          reset();
          if (pattern.loop()) {
            running[i - 1] = before;
          }
          return withDefaults(merge(before, pattern, matcher));
        } else if (i > 0) {
          running[i - 1] = null;
        }
      }
      return null;
    }
  }

  private Problem withDefaults(Problem found) {
    return new Problem(
        orDefault(found.severity(), severity),
        found.file(),
        found.line(),
        found.column(),
        found.code(),
        found.message(),
        orDefault(found.fromPath(), fromPath));
  }

  private static @Nullable String orDefault(@Nullable String found, String otherwise) {
    return found == null || found.isEmpty() ? otherwise : found;
  }

  private static @Nullable Matcher find(Pattern pattern, String line) throws TooSlowException {
    for (int i = 0; i < TRIES; i++) {
      try {
        Matcher matcher = pattern.matcher(new Impatient(line, System.nanoTime() + PATIENCE_NANOS));
        return matcher.find() ? matcher : null;
      } catch (OutOfTimeException again) {
        continue;
      }
    }
    throw new TooSlowException();
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
    return text == null ? "" : text;
  }

  private static final class OutOfTimeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutOfTimeException() {
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
        throw new OutOfTimeException();
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
