package dev.slipway.shell;

import java.util.List;

/**
 * What a {@code # shellcheck disable=…} comment turns off, from {@code start} up to {@code end}.
 */
record Directive(int start, int end, List<String> codes) {
  boolean silences(ShellFinding finding) {
    if (finding.start() < start || finding.start() >= end) {
      return false;
    }
    for (String code : codes) {
      if (code.equals("all") || code.equals(finding.code()) || within(code, finding.code())) {
        return true;
      }
    }
    return false;
  }

  private static boolean within(String range, String code) {
    int dash = range.indexOf('-');
    if (dash < 0 || code.isEmpty()) {
      return false;
    }
    int number = number(code);
    return number(range.substring(0, dash)) <= number
        && number <= number(range.substring(dash + 1));
  }

  private static int number(String code) {
    int value = 0;
    for (int i = 0; i < code.length(); i++) {
      char c = code.charAt(i);
      if (c >= '0' && c <= '9' && value < 1_000_000) {
        value = value * 10 + (c - '0');
      }
    }
    return value;
  }
}
