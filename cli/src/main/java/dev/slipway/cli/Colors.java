package dev.slipway.cli;

import dev.slipway.engine.Conclusion;

/** Puts colours around text, or leaves it alone. */
enum Colors {
  ON,
  OFF;

  String bold(String text) {
    return around("1", text);
  }

  String dim(String text) {
    return around("2", text);
  }

  String red(String text) {
    return around("31", text);
  }

  String green(String text) {
    return around("32", text);
  }

  String yellow(String text) {
    return around("33", text);
  }

  String cyan(String text) {
    return around("36", text);
  }

  /** In the colour of how something ended. */
  String of(Conclusion conclusion, String text) {
    if (conclusion == Conclusion.SUCCESS) {
      return green(text);
    }
    if (conclusion == Conclusion.FAILURE) {
      return red(text);
    }
    return conclusion == Conclusion.CANCELLED ? yellow(text) : dim(text);
  }

  /** A log line that is safe to print; one in which the runner reports a problem stands out. */
  String ofLog(String line) {
    if (line.startsWith("##[error]")) {
      return red(line);
    }
    return line.startsWith("##[warning]") ? yellow(line) : line;
  }

  private String around(String code, String text) {
    return this == OFF || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
