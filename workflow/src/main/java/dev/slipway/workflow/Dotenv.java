package dev.slipway.workflow;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of {@code NAME=value} lines. Blank lines and lines that begin with {@code #} are
 * skipped, {@code export} before a name is allowed, and so is {@code #} after a blank behind a
 * value without quotes. Text in single quotes is taken as it is; in double quotes {@code \n},
 * {@code \r}, {@code \t}, {@code \"}, {@code \$} and {@code \\} are escapes. Both may go over
 * several lines. A name given twice has its last value.
 */
public final class Dotenv {
  private final String text;
  private final Source source;
  private final Problems problems;
  private final Map<String, String> values = new LinkedHashMap<>();
  private int at;

  private Dotenv(String text, Source source, Problems problems) {
    this.text = text;
    this.source = source;
    this.problems = problems;
  }

  /** Reads a file: its values by name, in the order written. */
  public static Reading<Map<String, String>> read(String file, String text) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Problems problems = new Problems(file);
    Dotenv reader = new Dotenv(content, new Source(content), problems);
    reader.lines();
    return problems.reading(reader.values);
  }

  private void lines() {
    while (at < text.length()) {
      skipBlanks();
      if (at == text.length()) {
        return;
      }
      char c = text.charAt(at);
      if (c == '#' || c == '\n' || c == '\r') {
        skipLine();
      } else {
        line();
      }
    }
  }

  private void line() {
    if (text.startsWith("export ", at) || text.startsWith("export\t", at)) {
      at += "export".length();
      skipBlanks();
    }
    int start = at;
    while (at < text.length() && nameCharacter(text.charAt(at), at == start)) {
      at++;
    }
    String name = text.substring(start, at);
    int end = at;
    skipBlanks();
    if (name.isEmpty() || at == text.length() || text.charAt(at) != '=') {
      report(name.isEmpty() ? start : end, start);
      skipLine();
      return;
    }
    at++;
    skipBlanks();
    String value = value();
    if (value != null) {
      values.put(name, value);
    }
  }

  private void report(int place, int start) {
    int end = lineEnd(start);
    String line = text.substring(start, end);
    boolean assignment = line.indexOf('=') >= 0;
    // What follows '=' may be a secret and is not shown.
    String shown = assignment ? line.substring(0, line.indexOf('=')).strip() : line.strip();
    problems.error(
        source.position(assignment ? place : start),
        assignment
            ? "'" + shown + "' is no name"
            : "'"
                + (shown.length() > 20 ? shown.substring(0, 20) + "…" : shown)
                + "' is no NAME=value line",
        assignment
            ? "a name holds letters, digits, '_', '-' and '.' and does not begin with a digit"
            : "write NAME=value; put a value of several lines in quotes");
  }

  private @Nullable String value() {
    char quote = at < text.length() ? text.charAt(at) : '\n';
    if (quote != '\'' && quote != '"') {
      return bare();
    }
    int start = at;
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == quote) {
        at++;
        rest();
        return value.toString();
      }
      if (c == '\\' && quote == '"' && at + 1 < text.length()) {
        at++;
        escape(text.charAt(at), value);
      } else {
        value.append(c);
      }
    }
    problems.error(
        source.position(start), "The quoted value that begins here never ends", "close the quote");
    return null;
  }

  private static void escape(char c, StringBuilder value) {
    switch (c) {
      case 'n' -> value.append('\n');
      case 'r' -> value.append('\r');
      case 't' -> value.append('\t');
      case '"', '\\', '$' -> value.append(c);
      default -> value.append('\\').append(c);
    }
  }

  /** Only a comment may follow a quoted value on its line. */
  private void rest() {
    skipBlanks();
    if (at < text.length()
        && text.charAt(at) != '#'
        && text.charAt(at) != '\n'
        && text.charAt(at) != '\r') {
      problems.error(
          source.position(at), "Text follows the closing quote", "put the whole value in quotes");
    }
    skipLine();
  }

  private String bare() {
    int end = lineEnd(at);
    int stop = end;
    for (int i = at; i < end; i++) {
      boolean blank = i == at || text.charAt(i - 1) == ' ' || text.charAt(i - 1) == '\t';
      if (text.charAt(i) == '#' && blank) {
        stop = i;
        break;
      }
    }
    String value = text.substring(at, stop).strip();
    skipLine();
    return value;
  }

  private static boolean nameCharacter(char c, boolean first) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    return letter || (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.'));
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private int lineEnd(int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
      end++;
    }
    return end;
  }

  private void skipLine() {
    at = Math.min(lineEnd(at) + 1, text.length());
  }
}
