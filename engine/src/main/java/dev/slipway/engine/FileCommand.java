package dev.slipway.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a step wrote into one of its files for the runner: {@code NAME=value} and {@code
 * NAME<<DELIMITER} pairs (actions/runner, FileCommandManager). Reading ends at the first line that
 * follows neither; what stands before it holds.
 *
 * @param pairs in order; a name may occur again
 * @param problem what is wrong with the line that ended the reading, for the user
 */
record FileCommand(List<Map.Entry<String, String>> pairs, @Nullable String problem) {
  /** Reads a file. */
  static FileCommand parse(String text) {
    List<Map.Entry<String, String>> pairs = new ArrayList<>();
    String problem = null;
    int at = 0;
    while (at < text.length() && problem == null) {
      int end = lineEnd(text, at);
      String line = text.substring(at, end);
      at = end + 1;
      int equals = line.indexOf('=');
      int heredoc = line.indexOf("<<");
      if (equals > 0 && (heredoc < 0 || equals < heredoc)) {
        pairs.add(Map.entry(line.substring(0, equals), line.substring(equals + 1)));
      } else if (heredoc > 0 && (equals < 0 || heredoc < equals) && heredoc + 2 < line.length()) {
        String delimiter = line.substring(heredoc + 2);
        int value = at;
        int close = delimiter(text, value, delimiter);
        if (close < 0) {
          problem =
              (text.endsWith("\n") || value >= text.length()
                      ? "Invalid value. "
                      : "Invalid value. EOF marker missing new line. ")
                  + "Matching delimiter not found '"
                  + delimiter
                  + "'";
        } else {
          pairs.add(
              Map.entry(
                  line.substring(0, heredoc),
                  close == value ? "" : text.substring(value, close - 1)));
          at = lineEnd(text, close) + 1;
        }
      } else if (!line.isEmpty()) {
        problem = "Invalid format '" + line + "'" + missing(equals, heredoc);
      }
    }
    return new FileCommand(pairs, problem);
  }

  private static int lineEnd(String text, int at) {
    int newline = text.indexOf('\n', at);
    return newline < 0 ? text.length() : newline;
  }

  /** Where the line begins that is nothing but the delimiter, or -1. */
  private static int delimiter(String text, int from, String delimiter) {
    for (int at = from; at < text.length(); at = lineEnd(text, at) + 1) {
      if (lineEnd(text, at) - at == delimiter.length() && text.startsWith(delimiter, at)) {
        return at;
      }
    }
    return -1;
  }

  private static String missing(int equals, int heredoc) {
    if (equals < 0 && heredoc < 0) {
      return "";
    }
    return equals >= 0 && (heredoc < 0 || equals < heredoc)
        ? ". Name must not be empty"
        : ". Name must not be empty and delimiter must not be empty";
  }
}
