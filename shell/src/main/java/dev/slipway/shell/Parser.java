package dev.slipway.shell;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A parser by recursive descent that reads characters, since what a character means in the shell
 * depends on where it stands. It looks ahead by a bounded number of characters and never goes back
 * further, so time is linear in the text; nesting is bounded, so the stack is too. The inside of
 * backquotes is another text, without the backslashes that protect it from the outside, and is read
 * by another parser that knows where each of its characters came from.
 */
final class Parser {
  private static final int DEEPEST = 150;
  private static final int LOOK_AHEAD = 4096;

  /** Commands and parts of words; a script with more was made to use up memory. */
  private static final int MOST_NODES = 200_000;

  private static final Set<String> ENDS =
      Set.of("then", "else", "elif", "fi", "do", "done", "esac", "}");
  private static final Set<String> COMPARING =
      Set.of(
          "=", "==", "!=", "=~", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot",
          "-ef");

  private final String text;
  private final int @Nullable [] places;
  private final Dialect dialect;
  private final List<Directive> directives;
  private final Deque<Waiting> documents = new ArrayDeque<>();
  private List<String> disabled = new ArrayList<>();
  private final int limit;
  private int pos;
  private int depth;
  private int nodes;

  private record Waiting(Syntax.Document document, String delimiter, boolean tabs) {}

  private Parser(
      String text,
      int limit,
      int @Nullable [] places,
      Dialect dialect,
      List<Directive> directives,
      int depth) {
    this.text = text;
    this.limit = limit;
    this.places = places;
    this.dialect = dialect;
    this.directives = directives;
    this.depth = depth;
  }

  /**
   * Reads a script.
   *
   * @param directives gets what comments in the script turn off
   * @throws SyntaxStop where it is none
   */
  static Syntax.Sequence parse(String text, Dialect dialect, List<Directive> directives) {
    Parser parser = new Parser(text, text.length(), null, dialect, directives, 0);
    parser.wholeFile();
    return parser.script();
  }

  private void wholeFile() {
    gap();
    if (!disabled.isEmpty()) {
      directives.add(new Directive(0, Integer.MAX_VALUE, List.copyOf(disabled)));
      disabled = new ArrayList<>();
    }
  }

  private Syntax.Sequence script() {
    Syntax.Sequence script = sequence();
    if (pos < limit) {
      String word = reserved();
      throw stop(
          pos, "'" + (word.isEmpty() ? String.valueOf(at(pos)) : word) + "' is not expected");
    }
    if (!documents.isEmpty()) {
      documents();
    }
    return script;
  }

  private Syntax.Sequence sequence() {
    enter();
    List<Syntax.Command> commands = new ArrayList<>();
    gap();
    int start = pos;
    int end = pos;
    while (!ended()) {
      List<String> off = disabled;
      disabled = new ArrayList<>();
      int from = pos;
      Syntax.Command command = chain();
      end = pos;
      if (!off.isEmpty()) {
        directives.add(new Directive(place(from), place(end), off));
      }
      blanks();
      if (at(pos) == '&' && at(pos + 1) != '&') {
        pos++;
        command = new Syntax.Background(command.start(), place(pos), command);
      } else if (at(pos) == ';' && at(pos + 1) != ';' && at(pos + 1) != '&') {
        pos++;
      } else if (pos < limit && at(pos) != '\n' && !closes()) {
        throw stop(pos, "'" + at(pos) + "' is not expected");
      }
      commands.add(command);
      gap();
    }
    leave();
    return new Syntax.Sequence(place(start), place(Math.max(start, end)), commands);
  }

  private boolean closes() {
    char c = at(pos);
    return c == ')' || (c == ';' && (at(pos + 1) == ';' || at(pos + 1) == '&'));
  }

  private boolean ended() {
    return pos >= limit || closes() || ENDS.contains(reserved());
  }

  private Syntax.Sequence body(String what, int opened) {
    Syntax.Sequence body = sequence();
    if (body.commands().isEmpty()) {
      throw stop(pos < limit ? pos : opened, "there is no command in this '" + what + "'");
    }
    return body;
  }

  private Syntax.Command chain() {
    int start = pos;
    Syntax.Command first = pipeline();
    List<Syntax.Command> commands = null;
    List<String> operators = List.of();
    while (true) {
      blanks();
      String operator;
      if (at(pos) == '&' && at(pos + 1) == '&') {
        operator = "&&";
      } else if (at(pos) == '|' && at(pos + 1) == '|') {
        operator = "||";
      } else {
        break;
      }
      pos += 2;
      gap();
      if (commands == null) {
        commands = new ArrayList<>();
        operators = new ArrayList<>();
        commands.add(first);
      }
      operators.add(operator);
      if (ended()) {
        throw stop(pos, "there is no command after '" + operator + "'");
      }
      commands.add(pipeline());
    }
    if (commands == null) {
      return first;
    }
    return new Syntax.Chain(place(start), commands.getLast().end(), commands, operators);
  }

  private Syntax.Command pipeline() {
    int start = pos;
    boolean negated = false;
    boolean timed = false;
    while (true) {
      String word = reserved();
      if (word.equals("!")) {
        negated = !negated;
        pos++;
      } else if (word.equals("time")) {
        timed = true;
        pos += 4;
        blanks();
        if (reserved().equals("-p")) {
          pos += 2;
        }
      } else {
        break;
      }
      blanks();
    }
    if ((negated || timed) && (pos >= limit || at(pos) == '\n' || at(pos) == ';')) {
      return new Syntax.Pipeline(place(start), place(pos), negated, timed, List.of());
    }
    Syntax.Command first = command();
    blanks();
    if (!pipes() && !negated && !timed) {
      return first;
    }
    List<Syntax.Command> commands = new ArrayList<>();
    commands.add(first);
    while (pipes()) {
      pos += at(pos + 1) == '&' ? 2 : 1;
      gap();
      if (ended()) {
        throw stop(pos, "there is no command after '|'");
      }
      commands.add(command());
      blanks();
    }
    return new Syntax.Pipeline(place(start), commands.getLast().end(), negated, timed, commands);
  }

  private boolean pipes() {
    return at(pos) == '|' && at(pos + 1) != '|';
  }

  private Syntax.Command command() {
    enter();
    Syntax.Command command = bare();
    leave();
    if (command instanceof Syntax.Simple || command instanceof Syntax.Function) {
      return command;
    }
    blanks();
    if (!redirects()) {
      return command;
    }
    List<Syntax.Redirect> redirects = new ArrayList<>();
    while (redirects()) {
      redirects.add(redirect());
      blanks();
    }
    return new Syntax.Redirected(command.start(), redirects.getLast().end(), command, redirects);
  }

  private Syntax.Command bare() {
    int start = pos;
    if (at(pos) == '(') {
      if (at(pos + 1) == '(' && calculates(pos + 2)) {
        pos += 2;
        Syntax.Word expression = arithmetic(start);
        return new Syntax.Calculation(place(start), place(pos), expression);
      }
      pos++;
      Syntax.Sequence body = body("(", start);
      expect(')', start, "(");
      return new Syntax.Subshell(place(start), place(pos), body);
    }
    String word = reserved();
    switch (word) {
      case "{" -> {
        pos++;
        Syntax.Sequence body = body("{", start);
        close("}", start, "{");
        return new Syntax.Group(place(start), place(pos), body);
      }
      case "if" -> {
        return conditional(start);
      }
      case "while", "until" -> {
        pos += 5;
        Syntax.Sequence condition = body(word, start);
        Syntax.Sequence body = loopBody(start, word);
        return new Syntax.While(place(start), place(pos), word.equals("until"), condition, body);
      }
      case "for", "select" -> {
        return loop(start, word);
      }
      case "case" -> {
        return choice(start);
      }
      case "function" -> {
        pos += 8;
        blanks();
        int from = pos;
        while (pos < limit && !blank(at(pos)) && "\n(){};&|<>".indexOf(at(pos)) < 0) {
          pos++;
        }
        String name = text.substring(from, pos);
        blanks();
        if (at(pos) == '(') {
          pos++;
          blanks();
          expect(')', start, "(");
        }
        gap();
        Syntax.Command body = command();
        return new Syntax.Function(place(start), body.end(), name, true, body);
      }
      case "[[" -> {
        if (dialect == Dialect.BASH || blank(at(pos + 2))) {
          return condition(start);
        }
      }
      case "coproc" -> {
        pos += 6;
        blanks();
        Syntax.Command body = command();
        return new Syntax.Background(place(start), body.end(), body);
      }
      default -> {
        if (ENDS.contains(word)) {
          throw stop(pos, "'" + word + "' is not expected");
        }
      }
    }
    return simple();
  }

  private Syntax.Command conditional(int start) {
    List<Syntax.Branch> branches = new ArrayList<>();
    int from = pos;
    pos += 2;
    while (true) {
      Syntax.Sequence condition = body("if", start);
      close("then", start, "if");
      Syntax.Sequence body = body("then", start);
      branches.add(new Syntax.Branch(place(from), place(pos), condition, body));
      if (!reserved().equals("elif")) {
        break;
      }
      from = pos;
      pos += 4;
    }
    Syntax.Sequence otherwise = null;
    if (reserved().equals("else")) {
      pos += 4;
      otherwise = body("else", start);
    }
    close("fi", start, "if");
    return new Syntax.If(place(start), place(pos), branches, otherwise);
  }

  private Syntax.Sequence loopBody(int start, String what) {
    if (reserved().equals("{")) {
      pos++;
      Syntax.Sequence body = body("{", start);
      close("}", start, "{");
      return body;
    }
    close("do", start, what);
    Syntax.Sequence body = body("do", start);
    close("done", start, "do");
    return body;
  }

  private Syntax.Command loop(int start, String word) {
    pos += word.length();
    blanks();
    if (at(pos) == '(' && at(pos + 1) == '(') {
      int opened = pos;
      pos += 2;
      Syntax.Word expression = arithmetic(opened);
      blanks();
      if (at(pos) == ';') {
        pos++;
      }
      gap();
      Syntax.Sequence body = loopBody(start, word);
      return new Syntax.Counting(place(start), place(pos), expression, body);
    }
    int from = pos;
    while (name(at(pos))) {
      pos++;
    }
    Syntax.Text variable = new Syntax.Text(place(from), place(pos), text.substring(from, pos));
    if (from == pos && unknown()) {
      skipUnknown();
    } else if (from == pos) {
      throw stop(pos, "'" + word + "' needs the name of a variable");
    }
    gap();
    List<Syntax.Word> words = null;
    if (reserved().equals("in")) {
      pos += 2;
      words = new ArrayList<>();
      blanks();
      while (pos < limit && at(pos) != ';' && at(pos) != '\n') {
        words.add(word());
        blanks();
      }
    }
    if (at(pos) == ';') {
      pos++;
    }
    gap();
    Syntax.Sequence body = loopBody(start, word);
    return new Syntax.For(place(start), place(pos), word.equals("select"), variable, words, body);
  }

  private Syntax.Command choice(int start) {
    pos += 4;
    blanks();
    Syntax.Word subject = word();
    gap();
    close("in", start, "case");
    List<Syntax.Arm> arms = new ArrayList<>();
    gap();
    while (!reserved().equals("esac")) {
      if (pos >= limit) {
        throw stop(start, "this 'case' has no 'esac'");
      }
      int from = pos;
      if (at(pos) == '(') {
        pos++;
        blanks();
      }
      List<Syntax.Word> patterns = new ArrayList<>();
      patterns.add(word());
      blanks();
      while (at(pos) == '|') {
        pos++;
        blanks();
        patterns.add(word());
        blanks();
      }
      expect(')', from, "pattern");
      Syntax.Sequence body = sequence();
      String terminator = "";
      if (at(pos) == ';') {
        int to = pos;
        while (pos < to + 3 && (at(pos) == ';' || at(pos) == '&')) {
          pos++;
        }
        terminator = text.substring(to, pos);
      } else if (pos >= limit) {
        throw stop(start, "this 'case' has no 'esac'");
      } else if (!reserved().equals("esac")) {
        throw stop(pos, "this branch of the 'case' does not end with ';;'");
      }
      arms.add(new Syntax.Arm(place(from), place(pos), patterns, body, terminator));
      gap();
    }
    pos += 4;
    return new Syntax.Case(place(start), place(pos), subject, arms);
  }

  private Syntax.Command condition(int start) {
    pos += 2;
    List<Syntax.Clause> clauses = new ArrayList<>();
    int open = 0;
    boolean negated = false;
    while (true) {
      gap();
      if (pos >= limit) {
        throw stop(start, "this '[[' has no ']]'");
      }
      char c = at(pos);
      if (c == ']' && at(pos + 1) == ']' && delimits(at(pos + 2))) {
        pos += 2;
        break;
      }
      if (c == '(') {
        negated = false;
        open++;
        pos++;
      } else if (c == ')' && open > 0) {
        open--;
        pos++;
      } else if ((c == '&' || c == '|') && at(pos + 1) == c) {
        pos += 2;
      } else if (c == '!' && delimits(at(pos + 1))) {
        negated = !negated;
        pos++;
      } else {
        clauses.add(clause(negated));
        negated = false;
      }
    }
    if (clauses.isEmpty() || open > 0) {
      throw stop(start, "the test between '[[' and ']]' is not complete");
    }
    return new Syntax.Condition(place(start), place(pos), clauses);
  }

  private Syntax.Clause clause(boolean negated) {
    Syntax.Word first = word();
    blanks();
    boolean over = clauseOver();
    String literal = Words.literal(first);
    if (!over
        && literal != null
        && literal.length() == 2
        && literal.charAt(0) == '-'
        && !COMPARING.contains(operator())) {
      Syntax.Word operand = word();
      return new Syntax.Clause(first.start(), operand.end(), negated, null, literal, operand);
    }
    String operator = over ? "" : operator();
    if (operator.isEmpty()) {
      return new Syntax.Clause(first.start(), first.end(), negated, first, "", null);
    }
    pos += operator.length();
    blanks();
    Syntax.Word second = operator.equals("=~") ? pattern() : word();
    return new Syntax.Clause(first.start(), second.end(), negated, first, operator, second);
  }

  private boolean clauseOver() {
    char c = at(pos);
    return pos >= limit
        || c == '\n'
        || c == ')'
        || ((c == '&' || c == '|') && at(pos + 1) == c)
        || (c == ']' && at(pos + 1) == ']');
  }

  private String operator() {
    int to = pos;
    if (at(to) == '<' || at(to) == '>') {
      return at(to) == '<' ? "<" : ">";
    }
    while (to < pos + 4 && !delimits(at(to))) {
      to++;
    }
    String word = text.substring(pos, Math.min(to, limit));
    return COMPARING.contains(word) ? word : "";
  }

  private Syntax.Command simple() {
    int start = pos;
    List<Syntax.Assignment> assignments = new ArrayList<>();
    List<Syntax.Word> words = new ArrayList<>();
    List<Syntax.Redirect> redirects = new ArrayList<>();
    boolean declaring = false;
    int end = pos;
    while (true) {
      blanks();
      char c = at(pos);
      if (redirects()) {
        redirects.add(redirect());
      } else if (pos >= limit || c == '\n' || c == ';' || c == '&' || c == '|' || c == ')') {
        break;
      } else if (c == '(') {
        if (words.size() == 1 && assignments.isEmpty() && redirects.isEmpty()) {
          String name = Words.literal(words.getFirst());
          pos++;
          blanks();
          if (name != null && at(pos) == ')') {
            pos++;
            gap();
            Syntax.Command body = command();
            return new Syntax.Function(place(start), body.end(), name, false, body);
          }
        }
        throw stop(pos, "'(' is not expected");
      } else if (words.isEmpty() && assignmentAhead() > 0) {
        assignments.add(assignment());
      } else {
        words.add(declaring && assignmentAhead() > 0 ? declared() : word());
        if (words.size() == 1) {
          String name = Words.literal(words.getFirst());
          declaring = name != null && Walk.DECLARING.contains(name);
        }
      }
      end = pos;
    }
    if (end == start) {
      throw stop(pos, pos >= limit ? "the script ends here" : "'" + at(pos) + "' is not expected");
    }
    count(1);
    return new Syntax.Simple(place(start), place(end), assignments, words, redirects);
  }

  /** How many characters of the name, subscript and sign of an assignment are ahead; 0 for none. */
  private int assignmentAhead() {
    int to = pos;
    while (name(at(to))) {
      to++;
    }
    if (to == pos || digit(at(pos))) {
      return 0;
    }
    if (at(to) == '[') {
      int open = 0;
      int last = Math.min(limit, to + 512);
      do {
        char c = at(to);
        if (c == '[') {
          open++;
        } else if (c == ']') {
          open--;
        } else if (c == '\n') {
          return 0;
        }
        to++;
      } while (open > 0 && to < last);
      if (open > 0) {
        return 0;
      }
    }
    if (at(to) == '+') {
      to++;
    }
    return at(to) == '=' ? to + 1 - pos : 0;
  }

  private Syntax.Assignment assignment() {
    int start = pos;
    int sign = pos + assignmentAhead() - 1;
    while (name(at(pos))) {
      pos++;
    }
    String name = text.substring(start, pos);
    Syntax.Word subscript = null;
    if (at(pos) == '[') {
      int open = pos;
      pos++;
      subscript = pieces(End.BRACKET, open);
    }
    boolean append = at(sign - 1) == '+';
    pos = Math.max(pos, sign + 1);
    Syntax.Word value = value();
    return new Syntax.Assignment(place(start), place(pos), name, subscript, append, value);
  }

  private Syntax.Word value() {
    int start = pos;
    if (at(pos) == '(') {
      Syntax.Piece array = array();
      return new Syntax.Word(place(start), place(pos), List.of(array));
    }
    if (delimits(at(pos)) && !((at(pos) == '<' || at(pos) == '>') && at(pos + 1) == '(')) {
      return new Syntax.Word(place(pos), place(pos), List.of());
    }
    return word();
  }

  private Syntax.Word declared() {
    int start = pos;
    int length = assignmentAhead();
    String head = text.substring(start, start + length);
    pos += length;
    List<Syntax.Piece> pieces = new ArrayList<>();
    pieces.add(new Syntax.Text(place(start), place(pos), head));
    pieces.addAll(value().pieces());
    return new Syntax.Word(place(start), place(pos), pieces);
  }

  private Syntax.Piece array() {
    enter();
    int start = pos;
    pos++;
    List<Syntax.Word> elements = new ArrayList<>();
    gap();
    while (at(pos) != ')') {
      if (pos >= limit) {
        throw stop(start, "this '(' has no ')'");
      }
      elements.add(word());
      gap();
    }
    pos++;
    leave();
    return new Syntax.ArrayValue(place(start), place(pos), elements);
  }

  private boolean redirects() {
    char c = at(pos);
    if (c == '<' || c == '>') {
      return at(pos + 1) != '(';
    }
    if (c == '&') {
      return at(pos + 1) == '>';
    }
    int to = pos;
    if (digit(c)) {
      while (to < pos + 8 && digit(at(to))) {
        to++;
      }
    } else if (c == '{' && dialect == Dialect.BASH) {
      to++;
      while (to < pos + 64 && name(at(to))) {
        to++;
      }
      if (to == pos + 1 || at(to) != '}') {
        return false;
      }
      to++;
    } else {
      return false;
    }
    return (at(to) == '<' || at(to) == '>') && at(to + 1) != '(';
  }

  private Syntax.Redirect redirect() {
    int start = pos;
    while (at(pos) != '<' && at(pos) != '>' && at(pos) != '&') {
      pos++;
    }
    String descriptor = text.substring(start, pos);
    int from = pos;
    for (String operator :
        List.of("&>>", "<<<", "<<-", "&>", "<<", ">>", "<&", ">&", "<>", ">|", "<", ">")) {
      if (text.startsWith(operator, pos)) {
        pos += operator.length();
        break;
      }
    }
    String operator = text.substring(from, pos);
    blanks();
    if (pos >= limit || (delimits(at(pos)) && at(pos + 1) != '(')) {
      throw stop(from, "there is nothing after '" + operator + "'");
    }
    Syntax.Word target = word();
    Syntax.Document document = null;
    if (operator.equals("<<") || operator.equals("<<-")) {
      boolean quoted = false;
      for (Syntax.Piece piece : target.pieces()) {
        quoted |= !(piece instanceof Syntax.Text);
      }
      document = new Syntax.Document(quoted);
      documents.add(new Waiting(document, delimiter(target), operator.equals("<<-")));
    }
    return new Syntax.Redirect(place(start), place(pos), descriptor, operator, target, document);
  }

  private String delimiter(Syntax.Word word) {
    StringBuilder delimiter = new StringBuilder();
    unquote(word.pieces(), delimiter);
    return delimiter.toString();
  }

  private static void unquote(List<Syntax.Piece> pieces, StringBuilder to) {
    for (Syntax.Piece piece : pieces) {
      if (piece instanceof Syntax.Text text) {
        to.append(text.value());
      } else if (piece instanceof Syntax.SingleQuoted quoted) {
        to.append(quoted.value());
      } else if (piece instanceof Syntax.Escaped escaped) {
        to.append(escaped.value());
      } else if (piece instanceof Syntax.DoubleQuoted quoted) {
        unquote(quoted.pieces(), to);
      }
    }
  }

  /** Reads the here-documents that begin after the line that has just ended. */
  private void documents() {
    while (!documents.isEmpty()) {
      Waiting waiting = documents.poll();
      int start = pos;
      int end = -1;
      while (pos < limit) {
        int line = pos;
        int to = text.indexOf('\n', pos, limit);
        if (to < 0) {
          to = limit;
        }
        int from = line;
        while (waiting.tabs() && from < to && text.charAt(from) == '\t') {
          from++;
        }
        int last = to > from && text.charAt(to - 1) == '\r' ? to - 1 : to;
        pos = Math.min(limit, to + 1);
        if (last - from == waiting.delimiter().length()
            && text.startsWith(waiting.delimiter(), from)) {
          end = line;
          break;
        }
      }
      if (end < 0) {
        throw stop(start, "the here-document has no line '" + waiting.delimiter() + "' at its end");
      }
      int after = pos;
      List<Syntax.Piece> pieces;
      if (waiting.document().quoted()) {
        pieces = List.of(new Syntax.Text(place(start), place(end), text.substring(start, end)));
      } else {
        Parser inner = new Parser(text, end, places, dialect, directives, depth);
        inner.pos = start;
        inner.nodes = nodes;
        pieces = inner.pieces(End.DOCUMENT, start).pieces();
        nodes = inner.nodes;
      }
      waiting.document().fill(place(start), place(end), pieces);
      pos = after;
    }
  }

  /** Where the pieces of a word end. */
  private enum End {
    WORD,
    PATTERN,
    QUOTE,
    BRACE,
    QUOTED_BRACE,
    BRACKET,
    ARITHMETIC,
    OLD_ARITHMETIC,
    DOCUMENT
  }

  private Syntax.Word word() {
    int start = pos;
    Syntax.Word word = pieces(End.WORD, pos);
    if (pos == start) {
      throw stop(pos, pos >= limit ? "the script ends here" : "'" + at(pos) + "' is not expected");
    }
    return word;
  }

  private Syntax.Word pattern() {
    int start = pos;
    Syntax.Word word = pieces(End.PATTERN, pos);
    if (pos == start) {
      throw stop(pos, "there is no pattern");
    }
    return word;
  }

  private Syntax.Word arithmetic(int opened) {
    return pieces(End.ARITHMETIC, opened);
  }

  /** Reads pieces up to the end, and the closing characters too unless they are a word's. */
  private Syntax.Word pieces(End end, int opened) {
    enter();
    List<Syntax.Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int start = pos;
    int from = pos;
    int open = 0;
    int close = -1;
    boolean quoting = end == End.QUOTE || end == End.DOCUMENT || end == End.QUOTED_BRACE;
    while (close < 0) {
      if (pos >= limit) {
        if (end == End.WORD || end == End.PATTERN || end == End.DOCUMENT) {
          close = pos;
          break;
        }
        throw stop(opened, "what begins here has no end");
      }
      char c = at(pos);
      Syntax.Piece piece = null;
      int before = pos;
      switch (c) {
        case '\\' -> {
          if (pos + 1 >= limit) {
            literal.append(c);
            pos++;
          } else if (at(pos + 1) == '\n') {
            pos += 2;
          } else if (at(pos + 1) == '\r' && at(pos + 2) == '\n') {
            pos += 3;
          } else if (quoting && "$`\"\\}".indexOf(at(pos + 1)) < 0) {
            literal.append(c);
            pos++;
          } else if (end == End.QUOTE || !quoting || at(pos + 1) != '"') {
            piece = new Syntax.Escaped(place(pos), place(pos + 2), at(pos + 1));
            pos += 2;
          } else {
            literal.append(c);
            pos++;
          }
        }
        case '\'' -> {
          if (quoting || end == End.ARITHMETIC || end == End.OLD_ARITHMETIC) {
            literal.append(c);
            pos++;
          } else {
            piece = single();
          }
        }
        case '"' -> {
          if (end == End.QUOTE) {
            close = pos;
            pos++;
          } else if (end == End.DOCUMENT) {
            literal.append(c);
            pos++;
          } else {
            piece = quoted(false, pos);
          }
        }
        case '`' -> piece = backquoted(quoting);
        case '$' -> {
          piece = dollar(quoting);
          if (piece == null) {
            literal.append(c);
            pos++;
          }
        }
        case '}' -> {
          if (end == End.BRACE || end == End.QUOTED_BRACE) {
            close = pos;
          } else {
            literal.append(c);
          }
          pos++;
        }
        case '[', ']' -> {
          if (end == End.BRACKET || end == End.OLD_ARITHMETIC) {
            if (c == '[') {
              open++;
            } else if (open == 0) {
              close = pos;
            } else {
              open--;
            }
          } else if (c == '[' && (end == End.WORD || end == End.BRACE)) {
            piece = bracket();
          }
          if (piece == null) {
            if (close < 0) {
              literal.append(c);
            }
            pos++;
          }
        }
        case '*', '?', '+', '@', '!' -> {
          if (end == End.WORD && at(pos + 1) == '(' && dialect == Dialect.BASH) {
            piece = extended();
          } else if ((c == '*' || c == '?')
              && (end == End.WORD || end == End.PATTERN || end == End.BRACE)) {
            piece = new Syntax.Glob(place(pos), place(pos + 1), String.valueOf(c));
            pos++;
          } else {
            literal.append(c);
            pos++;
          }
        }
        case '(' -> {
          if (end == End.WORD) {
            close = pos;
          } else {
            if (end == End.ARITHMETIC || end == End.PATTERN) {
              open++;
            }
            literal.append(c);
            pos++;
          }
        }
        case ')' -> {
          if (end == End.WORD || (end == End.PATTERN && open == 0)) {
            close = pos;
          } else if (end == End.ARITHMETIC && open == 0) {
            if (at(pos + 1) != ')') {
              throw stop(opened, "what begins here does not end with '))'");
            }
            close = pos;
            pos += 2;
          } else {
            if (end == End.ARITHMETIC || end == End.PATTERN) {
              open--;
            }
            literal.append(c);
            pos++;
          }
        }
        case '<', '>' -> {
          if (end == End.WORD && at(pos + 1) == '(') {
            piece = process();
          } else if (end == End.WORD) {
            close = pos;
          } else {
            literal.append(c);
            pos++;
          }
        }
        case ' ', '\t', '\n', '\r', ';', '&', '|' -> {
          boolean over =
              end == End.WORD
                  ? c != '\r' || at(pos + 1) == '\n'
                  : end == End.PATTERN && (open == 0 ? c != '|' || at(pos + 1) == '|' : c == '\n');
          if (over) {
            close = pos;
          } else {
            literal.append(c);
            pos++;
          }
        }
        default -> {
          literal.append(c);
          pos++;
        }
      }
      if (piece != null || close >= 0) {
        int to = piece != null ? before : close;
        if (!literal.isEmpty()) {
          pieces.add(new Syntax.Text(place(from), place(to), literal.toString()));
          literal.setLength(0);
        }
        if (piece != null) {
          pieces.add(piece);
          count(1);
        }
        from = pos;
      } else if (literal.isEmpty()) {
        from = pos;
      }
    }
    if (!literal.isEmpty()) {
      pieces.add(new Syntax.Text(place(from), place(close), literal.toString()));
    }
    count(2);
    leave();
    return new Syntax.Word(place(start), place(close), pieces);
  }

  private Syntax.Piece single() {
    int start = pos;
    int end = text.indexOf('\'', Math.min(pos + 1, limit), limit);
    if (end < 0) {
      throw stop(start, "this quote has no end");
    }
    pos = end + 1;
    return new Syntax.SingleQuoted(place(start), place(pos), text.substring(start + 1, end));
  }

  private Syntax.Piece quoted(boolean translated, int start) {
    pos++;
    Syntax.Word inner = pieces(End.QUOTE, start);
    return new Syntax.DoubleQuoted(place(start), place(pos), inner.pieces(), translated);
  }

  private Syntax.Piece backquoted(boolean quoting) {
    enter();
    int start = pos;
    pos++;
    StringBuilder inner = new StringBuilder();
    int[] from = new int[16];
    while (true) {
      if (pos >= limit) {
        throw stop(start, "this backquote has no end");
      }
      char c = at(pos);
      if (c == '`') {
        break;
      }
      int origin = pos;
      if (c == '\\') {
        char next = at(pos + 1);
        if (next == '`' || next == '$' || next == '\\' || (quoting && next == '"')) {
          pos++;
          c = next;
        }
      }
      if (inner.length() + 2 > from.length) {
        from = Arrays.copyOf(from, from.length * 2);
      }
      from[inner.length()] = place(origin);
      inner.append(c);
      pos++;
    }
    from[inner.length()] = place(pos);
    pos++;
    Parser parser = new Parser(inner.toString(), inner.length(), from, dialect, directives, depth);
    parser.nodes = nodes;
    Syntax.Sequence body = parser.script();
    nodes = parser.nodes;
    leave();
    return new Syntax.CommandSubstitution(place(start), place(pos), body, true);
  }

  private Syntax.@Nullable Piece dollar(boolean quoting) {
    int start = pos;
    char next = at(pos + 1);
    if (next == '{' && at(pos + 2) == '{') {
      skipUnknown();
      return new Syntax.Unknown(place(start), place(pos));
    }
    if (next == '(') {
      if (at(pos + 2) == '(' && calculates(pos + 3)) {
        pos += 3;
        Syntax.Word expression = arithmetic(start);
        return new Syntax.Arithmetic(place(start), place(pos), expression, false);
      }
      pos += 2;
      Syntax.Sequence body = sequence();
      expect(')', start, "$(");
      return new Syntax.CommandSubstitution(place(start), place(pos), body, false);
    }
    if (next == '{') {
      return braced(quoting);
    }
    if (next == '[' && dialect == Dialect.BASH && !quoting) {
      pos += 2;
      Syntax.Word expression = pieces(End.OLD_ARITHMETIC, start);
      return new Syntax.Arithmetic(place(start), place(pos), expression, true);
    }
    if (next == '\'' && !quoting) {
      pos += 2;
      while (at(pos) != '\'') {
        if (pos >= limit) {
          throw stop(start, "this quote has no end");
        }
        pos += at(pos) == '\\' ? 2 : 1;
      }
      String raw = text.substring(start + 2, Math.min(pos, limit));
      pos++;
      return new Syntax.AnsiQuoted(place(start), place(pos), raw);
    }
    if (next == '"' && !quoting) {
      pos++;
      return quoted(true, start);
    }
    int to = pos + 1;
    if (name(next) && !digit(next)) {
      while (name(at(to))) {
        to++;
      }
    } else if (special(next)) {
      to++;
    } else {
      return null;
    }
    pos = to;
    return new Syntax.Parameter(
        place(start), place(to), false, "", text.substring(start + 1, to), null, "", null);
  }

  private Syntax.Piece braced(boolean quoting) {
    enter();
    int start = pos;
    pos += 2;
    String prefix = "";
    char c = at(pos);
    if (c == '#' && at(pos + 1) != '}' && (name(at(pos + 1)) || special(at(pos + 1)))) {
      prefix = "#";
      pos++;
    } else if (c == '!' && (name(at(pos + 1)) || special(at(pos + 1)))) {
      prefix = "!";
      pos++;
    }
    int from = pos;
    if (name(at(pos)) && !digit(at(pos))) {
      while (name(at(pos))) {
        pos++;
      }
    } else if (digit(at(pos))) {
      while (digit(at(pos))) {
        pos++;
      }
    } else if (special(at(pos))) {
      pos++;
    } else {
      throw stop(start, "this is not the name of a variable");
    }
    String name = text.substring(from, pos);
    Syntax.Word subscript = null;
    if (at(pos) == '[') {
      int open = pos;
      pos++;
      subscript = pieces(End.BRACKET, open);
    }
    String operator = "";
    Syntax.Word argument = null;
    if (at(pos) != '}') {
      int sign = pos;
      if (at(pos) == ':' && "-=?+".indexOf(at(pos + 1)) >= 0 && pos + 1 < limit) {
        pos += 2;
      } else if ("#%/^,".indexOf(at(pos)) >= 0 && at(pos + 1) == at(pos) && pos < limit) {
        pos += 2;
      } else if (":-=?+#%/^,@*".indexOf(at(pos)) >= 0 && pos < limit) {
        pos++;
      } else if (pos >= limit) {
        throw stop(start, "this expansion has no '}'");
      } else {
        throw stop(pos, "'" + at(pos) + "' is not expected in this expansion");
      }
      operator = text.substring(sign, pos);
      boolean literalQuotes =
          quoting && "+-=?".indexOf(operator.charAt(operator.length() - 1)) >= 0;
      argument = pieces(literalQuotes ? End.QUOTED_BRACE : End.BRACE, start);
    } else {
      pos++;
    }
    leave();
    return new Syntax.Parameter(
        place(start), place(pos), true, prefix, name, subscript, operator, argument);
  }

  private Syntax.Piece process() {
    int start = pos;
    pos += 2;
    Syntax.Sequence body = sequence();
    expect(')', start, "<(");
    return new Syntax.ProcessSubstitution(place(start), place(pos), body);
  }

  private Syntax.@Nullable Piece bracket() {
    int to = pos + 1;
    if (at(to) == '!' || at(to) == '^') {
      to++;
    }
    if (at(to) == ']') {
      to++;
    }
    int last = Math.min(limit, pos + 64);
    while (to < last) {
      char c = at(to);
      if (c == ']') {
        int start = pos;
        pos = to + 1;
        return new Syntax.Glob(place(start), place(pos), text.substring(start, pos));
      }
      if (c == '[' && at(to + 1) == ':') {
        int end = text.indexOf(":]", to, last);
        if (end < 0) {
          return null;
        }
        to = end + 1;
      } else if (delimits(c) || c == '$' || c == '`' || c == '"' || c == '\'' || c == '\\') {
        return null;
      }
      to++;
    }
    return null;
  }

  private Syntax.Piece extended() {
    int start = pos;
    int open = 0;
    pos++;
    do {
      if (pos >= limit || at(pos) == '\n') {
        throw stop(start, "this pattern has no ')'");
      }
      char c = at(pos);
      if (c == '(') {
        open++;
      } else if (c == ')') {
        open--;
      } else if (c == '\\') {
        pos++;
      }
      pos++;
    } while (open > 0);
    pos = Math.min(pos, limit);
    return new Syntax.Glob(place(start), place(pos), text.substring(start, pos));
  }

  /** Whether what begins after two parentheses ends with two, as arithmetic does. */
  private boolean calculates(int from) {
    int open = 2;
    int last = Math.min(limit, from + LOOK_AHEAD);
    for (int i = from; i < last; i++) {
      char c = text.charAt(i);
      if (c == '(') {
        open++;
      } else if (c == ')') {
        open--;
        if (open == 1) {
          return at(i + 1) == ')';
        }
      } else if (c == '\\') {
        i++;
      } else if (c == '\'' || c == '"') {
        int end = text.indexOf(c, Math.min(i + 1, last), last);
        if (end < 0) {
          return true;
        }
        i = end;
      }
    }
    return true;
  }

  private boolean unknown() {
    return text.startsWith("${{", pos);
  }

  /** Passes an expression, in whose strings braces mean nothing. */
  private void skipUnknown() {
    int start = pos;
    pos += 3;
    boolean string = false;
    while (pos < limit) {
      char c = at(pos);
      if (c == '\'') {
        string = !string;
      } else if (c == '}' && at(pos + 1) == '}' && !string) {
        pos += 2;
        return;
      }
      pos++;
    }
    throw stop(start, "this expression has no '}}'");
  }

  /** The plain word ahead, as far as one that the shell reserves could be long. */
  private String reserved() {
    int to = pos;
    while (to < pos + 9) {
      char c = at(to);
      if (c == '$' || c == '`' || c == '"' || c == '\'' || c == '\\') {
        return "";
      }
      if (delimits(c)) {
        break;
      }
      to++;
    }
    if (to == pos || (to == pos + 9)) {
      return "";
    }
    return text.substring(pos, Math.min(to, limit));
  }

  /** Passes blanks, joined lines and a comment. */
  private void blanks() {
    while (pos < limit) {
      char c = text.charAt(pos);
      if (blank(c) || (c == '\r' && (at(pos + 1) == '\n' || pos + 1 == limit))) {
        pos++;
      } else if (c == '\\' && at(pos + 1) == '\n') {
        pos += 2;
      } else if (c == '\\' && at(pos + 1) == '\r' && at(pos + 2) == '\n') {
        pos += 3;
      } else if (c == '#' && (pos == 0 || delimits(text.charAt(pos - 1)))) {
        int end = text.indexOf('\n', pos, limit);
        end = end < 0 ? limit : end;
        comment(pos + 1, end);
        pos = end;
      } else {
        return;
      }
    }
  }

  /** Passes blanks, comments and ends of lines. */
  private void gap() {
    blanks();
    while (at(pos) == '\n' && pos < limit) {
      pos++;
      documents();
      blanks();
    }
  }

  private void comment(int from, int to) {
    int at = from;
    while (at < to && (blank(text.charAt(at)) || text.charAt(at) == '#')) {
      at++;
    }
    if (!text.startsWith("shellcheck ", at)) {
      return;
    }
    for (String setting : text.substring(at + 11, to).strip().split("[ \t]+")) {
      if (setting.startsWith("#")) {
        return;
      }
      if (setting.startsWith("disable=")) {
        for (String code : setting.substring(8).split(",")) {
          disabled.add(code.startsWith("SC") || code.equals("all") ? code : "SC" + code);
        }
      }
    }
  }

  private void close(String word, int opened, String what) {
    if (!reserved().equals(word)) {
      if (pos >= limit) {
        throw stop(opened, "this '" + what + "' has no '" + word + "'");
      }
      throw stop(pos, "'" + word + "' is expected here, for the '" + what + "' before");
    }
    pos += word.length();
  }

  private void expect(char c, int opened, String what) {
    if (at(pos) != c || pos >= limit) {
      if (pos >= limit) {
        throw stop(opened, "this '" + what + "' has no '" + c + "'");
      }
      throw stop(pos, "'" + c + "' is expected here, for the '" + what + "' before");
    }
    pos++;
  }

  private void enter() {
    depth++;
    if (depth > DEEPEST) {
      throw stop(pos, "this is nested too deeply to be looked at");
    }
  }

  private void leave() {
    depth--;
  }

  private void count(int more) {
    nodes += more;
    if (nodes > MOST_NODES) {
      throw stop(pos, "the script is too large to be looked at");
    }
  }

  private SyntaxStop stop(int at, String problem) {
    return new SyntaxStop(place(Math.min(at, limit)), problem);
  }

  private int place(int at) {
    int[] origin = places;
    return origin == null ? at : origin[Math.min(at, limit)];
  }

  private char at(int index) {
    return index < limit ? text.charAt(index) : '\0';
  }

  private boolean delimits(char c) {
    return c == '\0' || c == '\n' || c == '\r' || blank(c) || ";&|<>()".indexOf(c) >= 0;
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean name(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || digit(c);
  }

  private static boolean special(char c) {
    return digit(c) || (c != '\0' && "@*#?-$!".indexOf(c) >= 0);
  }
}
