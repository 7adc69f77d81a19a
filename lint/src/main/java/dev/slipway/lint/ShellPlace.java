package dev.slipway.lint;

import java.util.ArrayDeque;
import java.util.Deque;

/** What quotes a place in a script lies in. */
enum ShellPlace {
  PLAIN,
  DOUBLE,
  SINGLE,
  /** A here-document in which variables are replaced. */
  DOCUMENT,
  /** A comment, a quoted here-document, arithmetic and all else. */
  OTHER;

  /** Where an index of a script of sh or bash lies. */
  static ShellPlace of(String text, int index) {
    Deque<Character> open = new ArrayDeque<>();
    String document = "";
    boolean literal = false;
    int i = 0;
    while (i < index) {
      char c = text.charAt(i);
      char in = open.isEmpty() ? ' ' : open.peek();
      if (text.startsWith("${{", i)) {
        int close = text.indexOf("}}", i);
        i = close < 0 ? text.length() : close + 2;
        continue;
      }
      if (in == '\'') {
        if (c == '\'') {
          open.pop();
        }
        i++;
      } else if (c == '\\') {
        i += 2;
      } else if (c == '`') {
        return OTHER;
      } else if (text.startsWith("$((", i) || text.startsWith("((", i)) {
        int close = text.indexOf("))", i);
        if (close < 0 || close >= index) {
          return OTHER;
        }
        i = close + 2;
      } else if (text.startsWith("$(", i)) {
        open.push('(');
        i += 2;
      } else if (text.startsWith("${", i)) {
        open.push('{');
        i += 2;
      } else if (in == '"') {
        if (c == '"') {
          open.pop();
        }
        i++;
      } else if (in == '{' && c == '}') {
        open.pop();
        i++;
      } else if (c == '(') {
        open.push('(');
        i++;
      } else if (c == ')') {
        if (in == '(') {
          open.pop();
        }
        i++;
      } else if (c == '"' || c == '\'') {
        open.push(c);
        i++;
      } else if (c == '#' && (i == 0 || Character.isWhitespace(text.charAt(i - 1)))) {
        int end = text.indexOf('\n', i);
        if (end < 0 || end >= index) {
          return OTHER;
        }
        i = end;
      } else if (text.startsWith("<<<", i)) {
        i += 3;
      } else if (text.startsWith("<<", i)) {
        int from = i + 2;
        while (from < text.length() && (text.charAt(from) == '-' || text.charAt(from) == ' ')) {
          from++;
        }
        int to = from;
        while (to < text.length() && " \t\n;|&>)".indexOf(text.charAt(to)) < 0) {
          to++;
        }
        String word = text.substring(from, to);
        document = word.replace("'", "").replace("\"", "").replace("\\", "");
        literal = !document.equals(word);
        i = to;
      } else if (c == '\n' && !document.isEmpty()) {
        int end = end(text, i + 1, document);
        if (index < end) {
          return literal ? OTHER : DOCUMENT;
        }
        i = end;
        document = "";
      } else {
        i++;
      }
    }
    char in = open.isEmpty() ? ' ' : open.peek();
    return switch (in) {
      case '"' -> DOUBLE;
      case '\'' -> SINGLE;
      case '{' -> OTHER;
      default -> PLAIN;
    };
  }

  /** Where the line that ends a here-document begins. */
  private static int end(String text, int from, String word) {
    int at = from;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      int stop = end < 0 ? text.length() : end;
      if (text.substring(at, stop).strip().equals(word)) {
        return at;
      }
      at = stop + 1;
    }
    return text.length();
  }

  /** Where an index of a script of PowerShell lies. */
  static ShellPlace ofPowerShell(String text, int index) {
    if (text.contains("@'") || text.contains("@\"") || text.contains("<#")) {
      return OTHER;
    }
    char in = ' ';
    for (int i = 0; i < index; i++) {
      char c = text.charAt(i);
      if (text.startsWith("${{", i)) {
        int close = text.indexOf("}}", i);
        i = close < 0 ? text.length() : close + 1;
      } else if (c == '`' && in != '\'') {
        i++;
      } else if (in == ' ' && c == '#') {
        int end = text.indexOf('\n', i);
        if (end < 0 || end >= index) {
          return OTHER;
        }
        i = end;
      } else if (in == ' ' && (c == '"' || c == '\'')) {
        in = c;
      } else if (c == in) {
        in = ' ';
      }
    }
    return in == '"' ? DOUBLE : in == '\'' ? OTHER : PLAIN;
  }
}
