package dev.slipway.workflow.expression;

/** How large a result may get: 10 MiB, a character counted as two bytes. */
final class Budget {
  private static final int MAX_CHARACTERS = 10 * 1024 * 1024 / 2;

  private Budget() {}

  static void check(long characters) {
    if (characters > MAX_CHARACTERS) {
      throw ExpressionException.evaluation("The maximum allowed memory size was exceeded");
    }
  }
}
