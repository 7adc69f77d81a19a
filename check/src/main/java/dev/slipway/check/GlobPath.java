package dev.slipway.check;

/**
 * A pattern for paths: {@code *} and {@code ?} stay in one folder, {@code **} does not. A pattern
 * without either, or one that ends in a slash, has all that is below it, too.
 */
final class GlobPath {
  private final String pattern;

  private GlobPath(String pattern) {
    this.pattern = pattern;
  }

  static GlobPath of(String text) {
    String pattern = text.startsWith("./") ? text.substring(2) : text;
    return new GlobPath(pattern.endsWith("/") ? pattern + "**" : pattern);
  }

  String text() {
    return pattern;
  }

  boolean matches(String path) {
    return matches(0, path, 0) || path.startsWith(pattern + "/");
  }

  private boolean matches(int at, String path, int from) {
    int i = from;
    for (int p = at; p < pattern.length(); p++) {
      char c = pattern.charAt(p);
      if (c == '*') {
        boolean deep = pattern.startsWith("**", p);
        int next = p + (deep ? 2 : 1);
        if (deep && next < pattern.length() && pattern.charAt(next) == '/') {
          // Between slashes two stars may stand for no folder at all.
          if (matches(next + 1, path, i)) {
            return true;
          }
        }
        for (int end = i; end <= path.length(); end++) {
          if (matches(next, path, end)) {
            return true;
          }
          if (end < path.length() && !deep && path.charAt(end) == '/') {
            return false;
          }
        }
        return false;
      }
      if (i >= path.length() || (c == '?' ? path.charAt(i) == '/' : path.charAt(i) != c)) {
        return false;
      }
      i++;
    }
    return i == path.length();
  }
}
