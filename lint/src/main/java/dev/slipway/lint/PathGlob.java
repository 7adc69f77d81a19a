package dev.slipway.lint;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A pattern for paths: {@code *} and {@code ?} stay within a folder, {@code **} does not, {@code
 * {a,b}} is either, {@code [ab]} one of these. One without a slash is about the file's name.
 */
final class PathGlob {
  private final String text;
  private final Pattern pattern;

  private PathGlob(String text, Pattern pattern) {
    this.text = text;
    this.pattern = pattern;
  }

  /** The pattern; null when it is none. */
  static @Nullable PathGlob of(String text) {
    String plain = text.startsWith("./") ? text.substring(2) : text;
    if (plain.isBlank() || plain.length() > 500) {
      return null;
    }
    try {
      return new PathGlob(text, Pattern.compile(expression(plain), Pattern.DOTALL));
    } catch (PatternSyntaxException e) {
      return null;
    }
  }

  private static String expression(String text) {
    StringBuilder expression = new StringBuilder(text.indexOf('/') < 0 ? "(?:.*/)?" : "");
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (text.startsWith("**/", i)) {
        expression.append("(?:.*/)?");
        i += 2;
      } else if (text.startsWith("**", i)) {
        expression.append(".*");
        i++;
      } else if (c == '*') {
        expression.append("[^/]*");
      } else if (c == '?') {
        expression.append("[^/]");
      } else if (c == '{') {
        expression.append("(?:");
        depth++;
      } else if (c == '}' && depth > 0) {
        expression.append(')');
        depth--;
      } else if (c == ',' && depth > 0) {
        expression.append('|');
      } else if (c == '[' && text.indexOf(']', i) > i + 1) {
        int close = text.indexOf(']', i);
        String set = text.substring(i + 1, close).replace("\\", "\\\\").replace("[", "\\[");
        expression.append('[').append(set.startsWith("!") ? "^" + set.substring(1) : set);
        expression.append(']');
        i = close;
      } else {
        expression.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return expression.toString();
  }

  boolean matches(String path) {
    return pattern.matcher(path).matches();
  }

  @Override
  public String toString() {
    return text;
  }
}
