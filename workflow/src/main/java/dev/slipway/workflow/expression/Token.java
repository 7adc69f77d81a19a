package dev.slipway.workflow.expression;

/** A word of an expression; {@code start} counts from 0. */
record Token(Type type, String text, int start, double number) {
  enum Type {
    STRING,
    NUMBER,
    NULL,
    TRUE,
    FALSE,
    NAME,
    PROPERTY,
    FUNCTION,
    WILDCARD,
    DOT,
    COMMA,
    OPEN,
    CLOSE,
    OPEN_INDEX,
    CLOSE_INDEX,
    NOT,
    LESS,
    LESS_EQUAL,
    GREATER,
    GREATER_EQUAL,
    EQUAL,
    NOT_EQUAL,
    AND,
    OR,
    END
  }
}
