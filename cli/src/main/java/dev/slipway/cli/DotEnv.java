package dev.slipway.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads files of {@code NAME=VALUE} lines. Blank lines and lines from {@code #} on are skipped,
 * {@code export} before a name too. A value in single quotes is taken as it is, one in double
 * quotes knows {@code \n \r \t \" \\ \$}; both may run over several lines. A bare value ends at the
 * line's end or at {@code #} after a blank.
 */
final class DotEnv {
  private final String text;
  private final String file;
  private int at;

  private DotEnv(String text, String file) {
    this.text = text;
    this.file = file;
  }

  static Map<String, String> parse(String text, String file) {
    return new DotEnv(text.startsWith("\ufeff") ? text.substring(1) : text, file).read();
  }

  private Map<String, String> read() {
    Map<String, String> values = new LinkedHashMap<>();
    while (skipToEntry()) {
      int start = at;
      while (at < text.length() && isName(text.charAt(at))) {
        at++;
      }
      String name = text.substring(start, at);
      if (name.equals("export") && at < text.length() && isBlank(text.charAt(at))) {
        continue;
      }
      skipBlanks();
      if (name.isEmpty() || at == text.length() || text.charAt(at) != '=') {
        throw wrong(start, "a line is NAME=VALUE, not '" + line(start) + "'");
      }
      at++;
      skipBlanks();
      values.put(name, value());
    }
    return values;
  }

  /** Moves to the next line's first character that is neither blank nor in a comment. */
  private boolean skipToEntry() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        skipLine();
      } else if (isBlank(c) || c == '\n') {
        at++;
      } else {
        return true;
      }
    }
    return false;
  }

  private String value() {
    if (at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\'')) {
      int start = at;
      char quote = text.charAt(at++);
      StringBuilder value = new StringBuilder();
      while (at < text.length() && text.charAt(at) != quote) {
        char c = text.charAt(at++);
        if (c == '\\' && quote == '"' && at < text.length()) {
          value.append(escaped(text.charAt(at++)));
        } else {
          value.append(c);
        }
      }
      if (at == text.length()) {
        throw wrong(start, "the quote that begins here never ends");
      }
      at++;
      skipBlanks();
      if (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '#') {
        throw wrong(at, "nothing may follow the closing quote but a comment");
      }
      skipLine();
      return value.toString();
    }
    int start = at;
    while (at < text.length() && text.charAt(at) != '\n') {
      if (text.charAt(at) == '#' && at > start && isBlank(text.charAt(at - 1))) {
        break;
      }
      at++;
    }
    String value = text.substring(start, at).strip();
    skipLine();
    return value;
  }

  private static String escaped(char c) {
    return switch (c) {
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case '"', '\\', '$' -> String.valueOf(c);
      default -> "\\" + c;
    };
  }

  private void skipBlanks() {
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
  }

  private void skipLine() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end + 1;
  }

  private String line(int start) {
    int end = text.indexOf('\n', start);
    String line = text.substring(start, end < 0 ? text.length() : end).strip();
    int equals = line.indexOf('=');
    String shown = equals < 0 ? line : line.substring(0, equals) + "=…";
    return shown.length() > 40 ? shown.substring(0, 40) + "…" : shown;
  }

  private CommandException wrong(int index, String message) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < index; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    int column = text.codePointCount(lineStart, index) + 1;
    return CommandException.usage(file + ":" + line + ":" + column + ": " + message, null);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
  }

  private static boolean isName(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-'
        || c == '.';
  }
}
