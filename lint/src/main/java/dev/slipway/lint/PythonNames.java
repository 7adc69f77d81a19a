package dev.slipway.lint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names of a script in Python: which it uses and nothing gives, which it imports and never
 * uses.
 *
 * <p>Scopes are not followed. A name counts as given when anything anywhere in the script may bind
 * it, and as used when it stands anywhere else, in a text too; so what is said is certain, and some
 * things are not said. Nothing is said of scripts that make names while they run.
 */
final class PythonNames {
  private static final Set<String> KEYWORDS =
      words(
          "False None True and as assert async await break class continue def del elif else except"
              + " finally for from global if import in is lambda nonlocal not or pass raise return"
              + " try while with yield print exec match case type");
  private static final Set<String> BUILTINS =
      words(
          "abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr"
              + " classmethod compile complex copyright credits delattr dict dir divmod enumerate"
              + " exit filter float format frozenset getattr hasattr hash help hex id input int"
              + " isinstance issubclass iter len license list map max memoryview min next object"
              + " oct open ord pow print property quit range repr reversed round set setattr slice"
              + " sorted staticmethod str sum super tuple type zip Ellipsis NotImplemented"
              + " ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup"
              + " BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError"
              + " ConnectionAbortedError ConnectionError ConnectionRefusedError"
              + " ConnectionResetError DeprecationWarning EOFError EncodingWarning EnvironmentError"
              + " Exception ExceptionGroup FileExistsError FileNotFoundError FloatingPointError"
              + " FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError"
              + " IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt"
              + " LookupError MemoryError ModuleNotFoundError NotADirectoryError"
              + " NotImplementedError OSError OverflowError PendingDeprecationWarning"
              + " PermissionError ProcessLookupError PythonFinalizationError RecursionError"
              + " ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration"
              + " StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError"
              + " TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError"
              + " UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning"
              + " WindowsError ZeroDivisionError"
              // Those of Python 2, which a container may still have.
              + " apply basestring buffer cmp coerce execfile file intern long raw_input reduce"
              + " reload unichr unicode xrange StandardError");

  /** What makes names while the script runs, or asks whether one is there. */
  private static final Set<String> DYNAMIC =
      words("exec eval globals locals vars builtins __builtins__ NameError __future__ execfile");

  /** Nobody writes a longer script into a workflow by hand. */
  private static final int LONGEST = 100_000;

  private final String text;
  private final String code;
  private final List<Token> tokens = new ArrayList<>();
  private final Set<String> bound = new HashSet<>();
  private final Map<String, Integer> used = new LinkedHashMap<>();
  private final Map<String, Integer> imported = new LinkedHashMap<>();
  private boolean doubtful;

  /**
   * A name, a sign, or the end of a line that is one statement.
   *
   * @param depth how many brackets it is in
   */
  private record Token(int start, String word, int depth) {
    boolean name() {
      char c = word.charAt(0);
      return c == '_' || Character.isLetter(c);
    }
  }

  private PythonNames(String text, String code) {
    this.text = text;
    this.code = code;
  }

  private static Set<String> words(String list) {
    return Set.of(list.split(" "));
  }

  static PythonNames of(String text) {
    CodeText read = CodeText.of(text, CodeText.Kind.PYTHON);
    PythonNames names = new PythonNames(text, read.code());
    names.doubtful =
        text.length() > LONGEST
            || read.broken() >= 0
            || names.expressions()
            || text.contains("noqa");
    if (!names.doubtful) {
      names.tokens();
      names.statements();
    }
    return names;
  }

  /** Whether GitHub puts in something that may be code. */
  private boolean expressions() {
    for (int at = text.indexOf("${{"); at >= 0; at = text.indexOf("${{", at + 3)) {
      if (code.charAt(at) != ' ') {
        return true;
      }
    }
    return false;
  }

  /** Names that are used and given nowhere, with the index of their first use. */
  Map<String, Integer> undefined() {
    Map<String, Integer> undefined = new LinkedHashMap<>();
    if (!doubtful) {
      for (Map.Entry<String, Integer> use : used.entrySet()) {
        String name = use.getKey();
        boolean known =
            bound.contains(name)
                || BUILTINS.contains(name)
                || KEYWORDS.contains(name)
                || name.startsWith("__")
                || name.equals("_");
        if (!known) {
          undefined.put(name, use.getValue());
        }
      }
    }
    return undefined;
  }

  /** Names that are imported at the beginning of a line and stand nowhere else. */
  Map<String, Integer> unused() {
    Map<String, Integer> unused = new LinkedHashMap<>();
    if (doubtful) {
      return unused;
    }
    Map<String, Integer> counts = new HashMap<>();
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && CodeText.part(text.charAt(end))) {
        end++;
      }
      if (end > at) {
        counts.merge(text.substring(at, end), 1, Integer::sum);
      }
      at = end + 1;
    }
    for (Map.Entry<String, Integer> one : imported.entrySet()) {
      if (counts.getOrDefault(one.getKey(), 0) == 1) {
        unused.put(one.getKey(), one.getValue());
      }
    }
    return unused;
  }

  private void tokens() {
    int depth = 0;
    int at = 0;
    while (at < code.length()) {
      char c = code.charAt(at);
      if (Character.isDigit(c)) {
        while (at < code.length() && (CodeText.part(code.charAt(at)) || code.charAt(at) == '.')) {
          at++;
        }
      } else if (CodeText.part(c)) {
        int start = at;
        while (at < code.length() && CodeText.part(code.charAt(at))) {
          at++;
        }
        boolean prefix =
            at - start <= 2
                && at < text.length()
                && (text.charAt(at) == '"' || text.charAt(at) == '\'');
        if (!prefix) {
          tokens.add(new Token(start, code.substring(start, at), depth));
        }
      } else {
        if (c == '(' || c == '[' || c == '{') {
          depth++;
        }
        boolean joined = c == '\n' && at > 0 && code.charAt(at - 1) == '\\';
        if (c != ' ' && c != '\t' && c != '\r' && c != '\\' && !joined) {
          if (c != '\n' || depth == 0) {
            tokens.add(new Token(at, String.valueOf(c), depth));
          }
        }
        if (c == ')' || c == ']' || c == '}') {
          depth--;
        }
        at++;
      }
    }
  }

  private String word(int index) {
    return index >= 0 && index < tokens.size() ? tokens.get(index).word() : "\n";
  }

  private void statements() {
    int from = 0;
    for (int i = 0; i <= tokens.size() && !doubtful; i++) {
      boolean ends =
          i == tokens.size()
              || word(i).equals("\n")
              || (word(i).equals(";") && tokens.get(i).depth() == 0);
      if (ends) {
        statement(from, i);
        from = i + 1;
      }
    }
  }

  private void statement(int from, int to) {
    if (from >= to) {
      return;
    }
    String first = word(from);
    boolean soft = (first.equals("match") || first.equals("case")) && word(to - 1).equals(":");
    if (soft || first.equals("type")) {
      doubtful = true;
      return;
    }
    if (first.equals("import") || first.equals("from")) {
      int start = tokens.get(from).start();
      imports(from, to, start == 0 || text.charAt(start - 1) == '\n');
      return;
    }
    int targets = targets(from, to);
    for (int i = from; i < to; i++) {
      Token token = tokens.get(i);
      if (DYNAMIC.contains(token.word())) {
        doubtful = true;
        return;
      }
      if (!token.name() || word(i - 1).equals(".")) {
        continue;
      }
      switch (token.word()) {
        case "import" -> {
          // Behind a colon, in the same line as what it belongs to.
          imports(i, to, false);
          return;
        }
        case "def", "class", "lambda", "for", "as", "global", "nonlocal" -> i = binder(i, to);
        default -> name(i, i < targets);
      }
    }
  }

  private void name(int i, boolean target) {
    Token token = tokens.get(i);
    boolean assigns = word(i + 1).equals("=") && !word(i + 2).equals("=");
    boolean walrus = word(i + 1).equals(":") && word(i + 2).equals("=");
    if (walrus || target) {
      bound.add(token.word());
    } else if (!assigns || token.depth() == 0) {
      used.putIfAbsent(token.word(), token.start());
    }
  }

  /** The index behind the targets of an assignment or annotation; where it begins for none. */
  private int targets(int from, int to) {
    int targets = from;
    for (int i = from; i < to; i++) {
      boolean plain =
          tokens.get(i).depth() == 0
              && word(i).equals("=")
              && !word(i + 1).equals("=")
              && "=!<>+-*/%&|^@".indexOf(word(i - 1).charAt(0)) < 0;
      if (plain) {
        targets = i;
      }
    }
    boolean annotated = word(from + 1).equals(":") && from + 2 < to;
    return annotated ? Math.max(targets, from + 1) : targets;
  }

  /** Binds what stands behind a keyword that binds; gives the index of the last of it. */
  private int binder(int i, int to) {
    String keyword = word(i);
    int depth = tokens.get(i).depth();
    int at = i + 1;
    while (at < to) {
      String word = word(at);
      boolean level = tokens.get(at).depth() == depth;
      boolean ends =
          switch (keyword) {
            case "for" -> level && word.equals("in");
            case "as" -> level && (word.equals(":") || word.equals(","));
            case "global", "nonlocal" -> false;
            default -> level && word.equals(":");
          };
      if (ends) {
        break;
      }
      if (tokens.get(at).name()) {
        bound.add(word);
        if (DYNAMIC.contains(word)) {
          doubtful = true;
        }
      }
      at++;
    }
    return at - 1;
  }

  private void imports(int from, int to, boolean top) {
    boolean listed = word(from).equals("from");
    boolean names = !listed;
    for (int i = from + 1; i < to; i++) {
      Token token = tokens.get(i);
      if (token.word().equals("import")) {
        names = true;
      } else if (token.word().equals("*") || token.word().equals("__future__")) {
        doubtful = true;
      } else if (token.name() && names && !token.word().equals("as")) {
        bound.add(token.word());
        boolean renamed = word(i + 1).equals("as") || word(i - 1).equals("as");
        boolean part = word(i - 1).equals(".") || word(i + 1).equals(".");
        if (top && !renamed && !part) {
          imported.put(token.word(), token.start());
        }
      }
    }
  }
}
