package dev.slipway.workflow.expression;

/**
 * How large what a function builds may get: 10 MiB, where a piece of text counts two bytes a
 * character and a little for itself (actions/runner, MemoryCounter).
 */
final class Budget {
  private static final long MAX_BYTES = 10L * 1024 * 1024;
  private static final int PIECE = 26;
  private static final int MAX_CHARACTERS = (int) ((MAX_BYTES - PIECE) / 2);

  private long bytes;

  void add(int characters) {
    bytes += PIECE + 2L * characters;
    if (bytes > MAX_BYTES) {
      throw ExpressionException.memory();
    }
  }

  /** Hands on a value that is not too large a text. */
  static Value checked(Value value) {
    if (value instanceof ScalarValue scalar && scalar.length() > MAX_CHARACTERS) {
      throw ExpressionException.memory();
    }
    return value;
  }
}
