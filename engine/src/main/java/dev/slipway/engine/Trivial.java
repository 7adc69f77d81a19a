package dev.slipway.engine;

import org.jspecify.annotations.Nullable;

/** Scripts that take less time to run than to spare: they only print or set variables. */
final class Trivial {
  private Trivial() {}

  /** Why a script is not worth the trouble; null when it may be. */
  static @Nullable String reason(String script) {
    int from = 0;
    while (from < script.length()) {
      int end = script.indexOf('\n', from);
      if (end < 0) {
        end = script.length();
      }
      if (!trivial(script, from, end)) {
        return null;
      }
      from = end + 1;
    }
    return "it only prints";
  }

  private static boolean trivial(String script, int from, int end) {
    int at = from;
    while (at < end && script.charAt(at) <= ' ') {
      at++;
    }
    if (at == end || script.charAt(at) == '#') {
      return true;
    }
    if (!script.startsWith("echo", at)
        && !script.startsWith("true", at)
        && !script.startsWith("exit", at)
        && !script.startsWith("false", at)) {
      return false;
    }
    for (int i = at; i < end; i++) {
      char c = script.charAt(i);
      boolean more =
          c == '`'
              || c == '|'
              || c == '&'
              || c == ';'
              || c == '<'
              || c == '>'
              || c == '*'
              || c == '?'
              || c == '['
              || c == '\\'
              || (c == '$' && i + 1 < end && script.charAt(i + 1) == '(');
      if (more && !(c == '>' && intoRunnerFile(script, i, end))) {
        return false;
      }
    }
    return true;
  }

  /** Whether output goes to a file that the runner reads, and nowhere else. */
  private static boolean intoRunnerFile(String script, int at, int end) {
    int i = at;
    while (i < end
        && (script.charAt(i) == '>'
            || script.charAt(i) == ' '
            || script.charAt(i) == '"'
            || script.charAt(i) == '$'
            || script.charAt(i) == '{')) {
      i++;
    }
    return script.startsWith("GITHUB_OUTPUT", i)
        || script.startsWith("GITHUB_ENV", i)
        || script.startsWith("GITHUB_PATH", i)
        || script.startsWith("GITHUB_STEP_SUMMARY", i);
  }
}
