package dev.slipway.workflow.expression;

import java.util.Locale;

/**
 * An expression that cannot be read or evaluated. The message is for the user, in the words of
 * GitHub's own evaluator.
 */
public final class ExpressionException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final String MEMORY = "The maximum allowed memory size was exceeded";

  /** What went wrong. */
  public enum Kind {
    LEXING,
    PARSING,
    EVALUATION;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** {@code lexing}, {@code parsing} or {@code evaluation}. */
    public String text() {
      return text;
    }
  }

  private final Kind kind;
  private final int position;
  private final int offset;

  ExpressionException(Kind kind, String message, int position, int offset) {
    super(message, null, false, false);
    this.kind = kind;
    this.position = position;
    this.offset = offset;
  }

  /** An expression that could not be evaluated. */
  public static ExpressionException evaluation(String message) {
    return new ExpressionException(Kind.EVALUATION, message, 0, 0);
  }

  /** A value that got too large; {@link #of} says where. */
  static ExpressionException memory() {
    return new ExpressionException(Kind.EVALUATION, MEMORY, 0, 0);
  }

  /** The same, and where the memory was exceeded also in which expression. */
  ExpressionException of(String expression) {
    return MEMORY.equals(getMessage())
        ? new ExpressionException(
            kind,
            MEMORY + " while evaluating the following expression: " + expression,
            position,
            offset)
        : this;
  }

  /** The same, found at this offset of a larger text. */
  ExpressionException within(int start) {
    return new ExpressionException(
        kind, String.valueOf(getMessage()), position, start + Math.max(0, position - 1));
  }

  public Kind kind() {
    return kind;
  }

  /** Where in the expression, counted from 1; 0 when no place is known. */
  public int position() {
    return position;
  }

  /** Where in the text that holds the expression, counted from 0. */
  public int offset() {
    return offset;
  }
}
