package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The patterns of a {@code .dockerignore}: globs with {@code *}, {@code ?}, {@code [a-z]} and
 * {@code **}, each for a path with all below it; {@code !} takes back; the last that matches
 * counts.
 */
final class IgnorePatterns {
  private record Rule(Pattern pattern, boolean except) {}

  private final List<Rule> rules = new ArrayList<>();

  private IgnorePatterns() {}

  static IgnorePatterns of(List<String> lines) {
    IgnorePatterns patterns = new IgnorePatterns();
    for (String line : lines) {
      String text = line.strip();
      if (line.startsWith("#") || text.isEmpty()) {
        continue;
      }
      boolean except = text.startsWith("!");
      String glob = clean(except ? text.substring(1).strip() : text);
      if (!glob.isEmpty()) {
        patterns.rules.add(new Rule(compile(glob, line), except));
      }
    }
    return patterns;
  }

  /** The path without empty parts, {@code .} and {@code ..}. */
  private static String clean(String glob) {
    List<String> parts = new ArrayList<>();
    for (String part : glob.split("/")) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  private static Pattern compile(String glob, String line) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> {
          if (i + 1 < glob.length() && glob.charAt(i + 1) == '*') {
            i++;
            if (i + 1 < glob.length() && glob.charAt(i + 1) == '/') {
              i++;
              regex.append("(?:.*/)?");
            } else {
              regex.append(".*");
            }
          } else {
            regex.append("[^/]*");
          }
        }
        case '?' -> regex.append("[^/]");
        case '[', ']' -> regex.append(c);
        case '-', '^' -> regex.append(insideBrackets(glob, i) ? "" : "\\").append(c);
        case '\\' -> {
          if (i + 1 < glob.length()) {
            i++;
          }
          regex.append(Pattern.quote(String.valueOf(glob.charAt(i))));
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    try {
      return Pattern.compile(regex + "(?:/.*)?", Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new ContainerException(".dockerignore: '" + line + "' is no pattern", e);
    }
  }

  private static boolean insideBrackets(String glob, int at) {
    return glob.lastIndexOf('[', at) > glob.lastIndexOf(']', at);
  }

  /** Whether a path is left out. */
  boolean matches(String path) {
    boolean left = false;
    for (Rule rule : rules) {
      if (rule.except() == left && rule.pattern().matcher(path).matches()) {
        left = !rule.except();
      }
    }
    return left;
  }

  /** Whether something below a folder that is left out may be taken back. */
  boolean mayExceptBelow(String folder) {
    for (Rule rule : rules) {
      if (rule.except()) {
        return !folder.isEmpty();
      }
    }
    return false;
  }
}
