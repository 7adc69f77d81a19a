package dev.slipway.engine;

import java.util.regex.Pattern;

/**
 * Regular expressions in the grammar of ECMAScript, as those of problem matchers are: compiled for
 * Java, whose grammar gives a meaning to characters that stand for themselves there.
 */
final class EcmaPattern {
  private static final Pattern QUANTIFIER = Pattern.compile("\\{\\d+(?:,\\d*)?}");

  private EcmaPattern() {}

  /**
   * Compiles an expression; a dot matches all but a line feed.
   *
   * @throws java.util.regex.PatternSyntaxException when it is none
   */
  static Pattern compile(String expression) {
    return Pattern.compile(forJava(expression), Pattern.UNIX_LINES);
  }

  private static String forJava(String expression) {
    StringBuilder java = new StringBuilder(expression.length() + 8);
    boolean inSet = false;
    for (int i = 0; i < expression.length(); i++) {
      char c = expression.charAt(i);
      if (c == '\\' && i + 1 < expression.length()) {
        i++;
        java.append(escape(expression.charAt(i), inSet));
      } else if (inSet) {
        inSet = c != ']';
        // Java nests and intersects sets.
        java.append(c == '[' || c == '&' ? "\\" : "").append(c);
      } else if (c == '[') {
        inSet = true;
        java.append(c);
        if (expression.startsWith("^", i + 1)) {
          i++;
          java.append('^');
        }
        if (expression.startsWith("]", i + 1)) {
          i++;
          java.append("\\]");
        }
      } else {
        boolean brace =
            c == '{' && !QUANTIFIER.matcher(expression).region(i, expression.length()).lookingAt();
        java.append(brace ? "\\" : "").append(c);
      }
    }
    return java.toString();
  }

  private static String escape(char c, boolean inSet) {
    if (c == 'v') {
      return "\\x0B";
    }
    return c == 'b' && inSet ? "\\x08" : "\\" + c;
  }
}
