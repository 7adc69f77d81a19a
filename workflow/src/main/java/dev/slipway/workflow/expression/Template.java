package dev.slipway.workflow.expression;

import java.util.ArrayList;
import java.util.List;

/**
 * A scalar of a file: a literal, or text with {@code ${{ }}} in it, compiled. Text that is exactly one expression keeps
 * the type of its value; anything else becomes text. Immutable.
 */
public final class Template {
  private static final String OPEN = "${{";
  private static final String CLOSE = "}}";

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
    while (open >= 0) {
      if (open > at) {
        parts.add(new Term.Literal(Value.of(text.substring(at, open))));
      }
      int close = closing(text, open + OPEN.length());
      if (close < 0) {
        throw new ExpressionException(
            ExpressionException.Kind.LEXING,
            "The expression is not closed. An unescaped ${{ sequence was found, but the closing }} sequence was not found.",
            0,
            open);
      }
      String inner = text.substring(open + OPEN.length(), close);
      int leading = inner.length() - inner.stripLeading().length();
      String expression = inner.strip();
      if (expression.equals("insert") && open == 0 && close + CLOSE.length() == text.length()) {
        return new Template(text, new Term.Literal(Value.EMPTY), false, true, List.of());
      }
      Term compiled;
      if (expression.isEmpty()) {
        throw new ExpressionException(
            ExpressionException.Kind.PARSING, "An expression was expected", 0, open);
      }
      try {
        compiled = Parser.parse(expression, vocabulary);
      } catch (ExpressionException e) {
        throw e.within(open + OPEN.length() + leading);
      }
      alone = open == 0 && close + CLOSE.length() == text.length();
      parts.add(compiled);
      expressions.add(new Expression(expression, compiled));
      at = close + CLOSE.length();
      open = text.indexOf(OPEN, at);
    }
    if (at < text.length()) {
      parts.add(new Term.Literal(Value.of(text.substring(at))));
    }
    Term term = alone ? parts.getFirst() : new Term.Text(parts);
    return new Template(text, term, false, false, expressions);
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

  Term term() {
    return term;
  }

  /** Whether no expression occurs in it. */
  public boolean literal() {
    return literal;
  }

  /** Whether it is exactly {@code ${{ insert }}}. */
  public boolean insert() {
    return insert;
  }

  /** As written. */
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
    return term.evaluate(scope);
  }
}
