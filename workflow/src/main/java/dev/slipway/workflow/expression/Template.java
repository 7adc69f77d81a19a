package dev.slipway.workflow.expression;

import java.util.ArrayList;
import java.util.List;

/**
 * A scalar of a file: a literal, or text with {@code ${{ }}} in it, compiled. Text that is exactly
 * one expression keeps the type of its value; anything else becomes text. Immutable.
 */
public final class Template {
  private static final String OPEN = "${{";
  private static final String CLOSE = "}}";
  private static final String INSERT = "insert";
  private static final int MAX_EXPRESSIONS = 254;

  private final String source;
  private final Term term;
  private final boolean literal;
  private final boolean insert;
  private final List<Expression> expressions;

  private Template(
      String source, Term term, boolean literal, boolean insert, List<Expression> expressions) {
    this.source = source;
    this.term = term;
    this.literal = literal;
    this.insert = insert;
    this.expressions = List.copyOf(expressions);
  }

  /** What the values of a template must be. */
  public interface Check {
    /**
     * The value as it is to be used.
     *
     * @throws ExpressionException of kind evaluation when it will not do
     */
    Value accept(Value value);
  }

  /** A value without expressions. */
  public static Template literal(Value value, String source) {
    return new Template(source, new Term.Literal(value), true, false, List.of());
  }

  /**
   * Compiles a text.
   *
   * @throws ExpressionException whose {@code offset} counts in the text
   */
  public static Template compile(String text, Vocabulary vocabulary) {
    int open = text.indexOf(OPEN);
    if (open < 0) {
      return literal(Value.of(text), text);
    }
    List<Term> parts = new ArrayList<>();
    List<Expression> expressions = new ArrayList<>();
    int at = 0;
    boolean alone = false;
    long length = "format('')".length();
    while (open >= 0) {
      length += addText(text.substring(at, open), parts);
      int close = closing(text, open + OPEN.length());
      if (close < 0) {
        throw new ExpressionException(
            ExpressionException.Kind.LEXING,
            "The expression is not closed. An unescaped ${{ sequence was found, but the closing }}"
                + " sequence was not found.",
            0,
            open);
      }
      at = close + CLOSE.length();
      alone = open == 0 && at == text.length();
      String inner = text.substring(open + OPEN.length(), close);
      String expression = Characters.strip(inner);
      try {
        if (directive(expression, alone)) {
          return new Template(text, new Term.Literal(Value.EMPTY), false, true, List.of());
        }
        Term compiled = Parser.parse(expression, vocabulary);
        parts.add(compiled);
        expressions.add(new Expression(expression, compiled));
      } catch (ExpressionException e) {
        throw e.within(open + OPEN.length() + inner.indexOf(expression));
      }
      length +=
          ", {}".length() + expression.length() + Integer.toString(expressions.size()).length();
      open = text.indexOf(OPEN, at);
    }
    length += addText(text.substring(at), parts);
    if (!alone) {
      if (length > Parser.MAX_LENGTH) {
        throw Parser.tooLong();
      }
      if (expressions.size() > MAX_EXPRESSIONS) {
        throw new ExpressionException(
            ExpressionException.Kind.PARSING, "Too many parameters supplied: '('", 0, 0);
      }
      return new Template(text, Parser.checkDepth(new Term.Text(parts)), false, false, expressions);
    }
    Term only = parts.getFirst();
    return only instanceof Term.Literal string && string.value.kind() == Value.Kind.STRING
        ? literal(string.value, string.value.toText())
        : new Template(text, only, false, false, expressions);
  }

  /** Adds a text; how long it is as part of a format. */
  private static long addText(String text, List<Term> parts) {
    if (text.isEmpty()) {
      return 0;
    }
    parts.add(new Term.Literal(Value.of(text)));
    long length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'' || c == '{' || c == '}') {
        length++;
      }
    }
    return length;
  }

  /** Whether this is {@code insert}, where it may be. */
  private static boolean directive(String expression, boolean alone) {
    if (!expression.startsWith(INSERT)
        || (expression.length() > INSERT.length()
            && !Characters.white(expression.charAt(INSERT.length())))) {
      return false;
    }
    String problem = "";
    if (expression.length() > INSERT.length()) {
      int words = expression.substring(INSERT.length()).strip().split("\\s+").length;
      problem =
          "Exactly 0 parameter(s) were expected following the directive 'insert'. Actual parameter"
              + " count: "
              + words;
    } else if (!alone) {
      problem =
          "The directive 'insert' is not allowed in this context. Directives are not supported for"
              + " expressions that are embedded within a string. Directives are only supported"
              + " when the entire value is an expression.";
    }
    if (!problem.isEmpty()) {
      throw new ExpressionException(ExpressionException.Kind.PARSING, problem, 0, 0);
    }
    return true;
  }

  /** Where the expression ends; {@code }}} in a string does not end it. */
  private static int closing(String text, int from) {
    boolean quoted = false;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      } else if (!quoted && c == '}' && i + 1 < text.length() && text.charAt(i + 1) == '}') {
        return i;
      }
    }
    return -1;
  }

  /** The same, its values checked; what is {@link Unknown} is let pass. */
  public Template checked(Check check) {
    return new Template(source, new Term.Checked(term, check), literal, insert, expressions);
  }

  /** The template whose value is a member of this one's, or another value when there is none. */
  public Template member(String name, Value otherwise) {
    return new Template(source, new Term.Member(term, name, otherwise), false, false, expressions);
  }

  Term term() {
    return term;
  }

  /** Whether it always has the same value: no expression occurs in it, or only a string. */
  public boolean literal() {
    return literal;
  }

  /** Whether it is exactly {@code ${{ insert }}}. */
  public boolean insert() {
    return insert;
  }

  /** As written; of a lone string in {@code ${{ }}} that string, as if it had been written so. */
  public String source() {
    return source;
  }

  /** The expressions in it, in order. */
  public List<Expression> expressions() {
    return expressions;
  }

  /**
   * Its value.
   *
   * @throws ExpressionException of kind evaluation
   */
  public Value evaluate(Scope scope) {
    try {
      return term.evaluate(scope);
    } catch (ExpressionException e) {
      throw e.of(source);
    }
  }

  /**
   * Its value if what the scope gives as {@link Unknown} does not matter, else {@link
   * Unknown#VALUE}.
   *
   * @throws ExpressionException of kind evaluation
   */
  public Value foresee(Scope scope) {
    try {
      return term.foresee(scope);
    } catch (ExpressionException e) {
      throw e.of(source);
    }
  }
}
