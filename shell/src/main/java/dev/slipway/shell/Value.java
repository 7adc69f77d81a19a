package dev.slipway.shell;

import org.jspecify.annotations.Nullable;

/** What is known of the value of a variable. */
enum Value {
  /** Digits only. */
  NUMBER,
  /** A text without blanks and pattern characters. */
  PLAIN,
  EMPTY,
  /** Anything. */
  ANY;

  /** What is known when the value is one of two. */
  static Value join(@Nullable Value one, @Nullable Value other) {
    if (one == null || other == null) {
      return ANY;
    }
    if (one == other) {
      return one;
    }
    if (one == ANY || other == ANY) {
      return ANY;
    }
    return PLAIN;
  }

  /** Whether an expansion without quotes is as good as one with quotes. */
  boolean splits() {
    return this == ANY || this == EMPTY;
  }
}
