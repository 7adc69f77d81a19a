package dev.slipway.lint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A cursor in an expression, which need not be complete: the name it is in, and the names that lead
 * there.
 *
 * @param names the names before, of contexts in lower case; {@code *} for indexes
 * @param word the whole name that the cursor is in or behind
 * @param start index of the word
 * @param end index behind it
 * @param call whether the word is a function's
 */
record ExpressionCursor(List<String> names, String word, int start, int end, boolean call) {
  private static final int FARTHEST = 4000;

  ExpressionCursor {
    names = List.copyOf(names);
  }

  /**
   * The expression around an index.
   *
   * @param from where the value begins that holds it
   * @param condition whether the value is an expression without brackets
   */
  static @Nullable ExpressionCursor of(String text, int from, int offset, boolean condition) {
    int least = Math.max(from, offset - FARTHEST);
    int open = text.lastIndexOf("${{", offset - 3);
    int close = text.lastIndexOf("}}", offset - 2);
    int start = open + 3;
    if (open < least || close > open) {
      if (!condition || open >= least) {
        return null;
      }
      start = from;
    }
    if (quoted(text, start, offset)) {
      return null;
    }
    int left = offset;
    while (left > start && name(text.charAt(left - 1))) {
      left--;
    }
    int right = offset;
    while (right < text.length() && name(text.charAt(right))) {
      right++;
    }
    List<String> names = new ArrayList<>();
    int at = left;
    while (at > start && text.charAt(at - 1) == '.') {
      at = before(text, start, at - 1, names);
      if (at < 0) {
        return null;
      }
    }
    Collections.reverse(names);
    if (!names.isEmpty()) {
      names.set(0, names.getFirst().toLowerCase(Locale.ROOT));
    }
    boolean call = right < text.length() && text.charAt(right) == '(';
    return new ExpressionCursor(names, text.substring(left, right), left, right, call);
  }

  /** Adds the name that ends before an index, with the indexes behind it; returns its start. */
  private static int before(String text, int start, int end, List<String> names) {
    int at = end;
    while (at > start && text.charAt(at - 1) == ']') {
      int open = text.lastIndexOf('[', at - 1);
      if (open < start) {
        return -1;
      }
      String index = text.substring(open + 1, at - 1).strip();
      boolean named = index.length() > 2 && index.startsWith("'") && index.endsWith("'");
      names.add(named ? index.substring(1, index.length() - 1) : "*");
      at = open;
    }
    if (at > start && text.charAt(at - 1) == '*') {
      names.add("*");
      return at - 1;
    }
    int left = at;
    while (left > start && name(text.charAt(left - 1))) {
      left--;
    }
    if (left == at) {
      return -1;
    }
    names.add(text.substring(left, at));
    return left;
  }

  /** The names, and the word behind them. */
  List<String> path() {
    List<String> path = new ArrayList<>(names);
    path.add(names.isEmpty() ? word.toLowerCase(Locale.ROOT) : word);
    return path;
  }

  private static boolean quoted(String text, int start, int end) {
    boolean quoted = false;
    for (int i = start; i < end; i++) {
      quoted ^= text.charAt(i) == '\'';
    }
    return quoted;
  }

  private static boolean name(char c) {
    return c == '_' || c == '-' || (c < 128 && Character.isLetterOrDigit(c));
  }
}
