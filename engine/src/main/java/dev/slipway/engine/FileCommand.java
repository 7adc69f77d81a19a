package dev.slipway.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The files that steps write for the runner: {@code NAME=value} and {@code NAME<<DELIMITER} pairs
 * (actions/runner, FileCommandManager).
 */
final class FileCommand {
  private FileCommand() {}

  /** Thrown with a message for the user when a file does not follow the format. */
  static final class FormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FormatException(String message) {
      super(message);
    }
  }

  /** The pairs in a file, in order; a name may occur again. */
  static List<Map.Entry<String, String>> pairs(String text) {
    List<Map.Entry<String, String>> pairs = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int lineEnd = text.indexOf('\n', at);
      int end = lineEnd < 0 ? text.length() : lineEnd;
      String line = text.substring(at, end);
      at = lineEnd < 0 ? text.length() : lineEnd + 1;
      if (line.isEmpty()) {
        continue;
      }
      int equals = line.indexOf('=');
      int heredoc = line.indexOf("<<");
      if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
        if (equals == 0) {
          throw new FormatException("Invalid format '" + line + "'. Name must not be empty");
        }
        pairs.add(Map.entry(line.substring(0, equals), line.substring(equals + 1)));
      } else if (heredoc >= 0) {
        String name = line.substring(0, heredoc);
        String delimiter = line.substring(heredoc + 2);
        if (name.isEmpty() || delimiter.isEmpty()) {
          throw new FormatException(
              "Invalid format '" + line + "'. Name must not be empty and delimiter must not be empty");
        }
        int valueStart = at;
        int valueEnd = -1;
        while (true) {
          if (at >= text.length()) {
            throw new FormatException(
                "Invalid value. Matching delimiter not found '" + delimiter + "'");
          }
          int newline = text.indexOf('\n', at);
          String candidate = text.substring(at, newline < 0 ? text.length() : newline);
          if (candidate.equals(delimiter)) {
            valueEnd = at;
            at = newline < 0 ? text.length() : newline + 1;
            break;
          }
          if (newline < 0) {
            throw new FormatException(
                "Invalid value. EOF marker missing new line: matching delimiter not found '"
                    + delimiter
                    + "'");
          }
          at = newline + 1;
        }
        pairs.add(
            Map.entry(
                name, valueEnd == valueStart ? "" : text.substring(valueStart, valueEnd - 1)));
      } else {
        throw new FormatException("Invalid format '" + line + "'");
      }
    }
    return pairs;
  }
}
