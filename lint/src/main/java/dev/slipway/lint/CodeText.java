package dev.slipway.lint;

import org.jspecify.annotations.Nullable;

/**
 * A program in Python, PowerShell or JavaScript without its strings and comments, which are blanks
 * of the same length. Tells where a bracket or a string is not closed.
 */
final class CodeText {
  private final String code;
  private final int broken;
  private final String problem;

  /** The language, as far as strings, comments and brackets go. */
  enum Kind {
    PYTHON,
    POWERSHELL,
    JAVASCRIPT
  }

  private CodeText(String code, int broken, String problem) {
    this.code = code;
    this.broken = broken;
    this.problem = problem;
  }

  static CodeText of(String text, Kind kind) {
    return new Reader(text, kind).read();
  }

  /** The text with blanks instead of strings and comments. */
  String code() {
    return code;
  }

  /** Where it stops being a program; -1 when nothing is known to be wrong. */
  int broken() {
    return broken;
  }

  /** What is wrong there. */
  String problem() {
    return problem;
  }

  /** Whether a name stands at an index, and not a part of a longer one. */
  boolean name(int at, String name) {
    return code.startsWith(name, at)
        && (at == 0 || !part(code.charAt(at - 1)))
        && (at + name.length() >= code.length() || !part(code.charAt(at + name.length())));
  }

  /** The index of a name, and not of a part of a longer one, from an index on; -1 without one. */
  int find(String name, int from) {
    int at = code.indexOf(name, from);
    while (at >= 0 && !name(at, name)) {
      at = code.indexOf(name, at + 1);
    }
    return at;
  }

  /** The bracket that closes the one at an index; -1 when none does. */
  int closing(int open) {
    int depth = 0;
    for (int i = open; i < code.length(); i++) {
      char c = code.charAt(i);
      if (c == '(' || c == '[' || c == '{') {
        depth++;
      } else if (c == ')' || c == ']' || c == '}') {
        depth--;
        if (depth == 0) {
          return i;
        }
      }
    }
    return -1;
  }

  static boolean part(char c) {
    return c == '_' || c == '$' || Character.isLetterOrDigit(c);
  }

  /** Goes through a text once. */
  private static final class Reader {
    private static final int DEEPEST = 1_000;
    private final String text;
    private final Kind kind;
    private final StringBuilder code;
    private final int[] open = new int[DEEPEST];
    private int depth;
    private int at;
    private @Nullable String problem;
    private int broken = -1;

    /** Something in it can be read in more than one way, so nothing is said about its brackets. */
    private boolean doubtful;

    Reader(String text, Kind kind) {
      this.text = text;
      this.kind = kind;
      this.code = new StringBuilder(text);
    }

    CodeText read() {
      while (at < text.length() && problem == null) {
        char c = text.charAt(at);
        if (text.startsWith("${{", at)) {
          int end = text.indexOf("}}", at);
          blank(at, end < 0 ? text.length() : end + 2, 'x');
        } else if (comment(c) || string(c)) {
          continue;
        } else {
          bracket(c);
          at++;
        }
      }
      if (problem == null && depth > 0) {
        stop(open[depth - 1], "this '" + text.charAt(open[depth - 1]) + "' is never closed");
      }
      String found = problem;
      return found == null || doubtful
          ? new CodeText(code.toString(), -1, "")
          : new CodeText(code.toString(), broken, found);
    }

    private void stop(int where, String what) {
      broken = where;
      problem = what;
    }

    private void blank(int from, int to, char with) {
      for (int i = from; i < to; i++) {
        if (text.charAt(i) != '\n') {
          code.setCharAt(i, with);
        }
      }
      at = to;
    }

    private boolean comment(char c) {
      boolean line =
          kind == Kind.JAVASCRIPT
              ? text.startsWith("//", at)
              : c == '#' && (kind == Kind.PYTHON || at == 0 || !part(text.charAt(at - 1)));
      if (line) {
        int end = text.indexOf('\n', at);
        blank(at, end < 0 ? text.length() : end, ' ');
        return true;
      }
      String opening = kind == Kind.JAVASCRIPT ? "/*" : kind == Kind.POWERSHELL ? "<#" : "\0";
      if (text.startsWith(opening, at)) {
        int end = text.indexOf(kind == Kind.JAVASCRIPT ? "*/" : "#>", at + 2);
        blank(at, end < 0 ? text.length() : end + 2, ' ');
        return true;
      }
      if (c == '/' && kind == Kind.JAVASCRIPT) {
        doubtful |= regex();
      }
      return false;
    }

    /** Whether a slash begins a regular expression, whose brackets need not be even. */
    private boolean regex() {
      int i = at - 1;
      while (i >= 0 && (text.charAt(i) == ' ' || text.charAt(i) == '\n')) {
        i--;
      }
      return i < 0 || "(,=:[!&|?{};+n".indexOf(text.charAt(i)) >= 0;
    }

    private boolean string(char c) {
      if (c == '`' && kind == Kind.POWERSHELL) {
        blank(at, Math.min(at + 2, text.length()), ' ');
        return true;
      }
      if (c != '"' && c != '\'' && !(c == '`' && kind == Kind.JAVASCRIPT)) {
        return false;
      }
      int start = at;
      if (kind == Kind.POWERSHELL && at > 0 && text.charAt(at - 1) == '@') {
        int end = text.indexOf("\n" + c + "@", at);
        if (end < 0) {
          stop(start, "this text is never closed");
          return true;
        }
        blank(at, end + 3, ' ');
        return true;
      }
      String triple = String.valueOf(c).repeat(3);
      if (kind == Kind.PYTHON && text.startsWith(triple, at)) {
        int end = closingTriple(triple, at + 3);
        if (end < 0) {
          stop(start, "this text is never closed");
          return true;
        }
        blank(at, end + 3, ' ');
        return true;
      }
      return plain(c, start);
    }

    private int closingTriple(String triple, int from) {
      for (int i = from; i < text.length(); i++) {
        if (text.charAt(i) == '\\') {
          i++;
        } else if (text.startsWith(triple, i)) {
          return i;
        }
      }
      return -1;
    }

    private boolean plain(char c, int start) {
      boolean lines = c == '`' || kind == Kind.POWERSHELL;
      char escape = kind == Kind.POWERSHELL ? '`' : '\\';
      int i = at + 1;
      int nested = 0;
      while (i < text.length()) {
        char d = text.charAt(i);
        if (text.startsWith("${{", i)) {
          int end = text.indexOf("}}", i);
          i = end < 0 ? text.length() : end + 2;
          continue;
        }
        if (d == escape && !(kind == Kind.POWERSHELL && c == '\'')) {
          i += 2;
          continue;
        }
        if (d == '$' && i + 1 < text.length() && (c == '`' || kind == Kind.POWERSHELL)) {
          // Code in a text may hold quotes of its own.
          doubtful |= text.charAt(i + 1) == '{' || text.charAt(i + 1) == '(';
        }
        if (d == c && nested == 0) {
          blank(start, i + 1, ' ');
          return true;
        }
        if (d == '\n' && !lines) {
          stop(start, "this text is not closed in its line");
          return true;
        }
        i++;
      }
      stop(start, "this text is never closed");
      return true;
    }

    private void bracket(char c) {
      if (c == '(' || c == '[' || c == '{') {
        if (depth == DEEPEST) {
          doubtful = true;
          return;
        }
        open[depth++] = at;
      } else if (c == ')' || c == ']' || c == '}') {
        if (depth == 0) {
          stop(at, "nothing is open that this '" + c + "' could close");
          return;
        }
        char opened = text.charAt(open[depth - 1]);
        char fits = opened == '(' ? ')' : opened == '[' ? ']' : '}';
        if (c != fits) {
          stop(at, "'" + fits + "' is expected here, for the '" + opened + "' before");
          return;
        }
        depth--;
      }
    }
  }
}
