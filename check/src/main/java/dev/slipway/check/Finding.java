package dev.slipway.check;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a gate found.
 *
 * @param file from the project's root, or null
 * @param line from 1 on; 0 when there is none
 * @param column from 1 on; 0 when there is none
 * @param rule what found it, or null
 */
public record Finding(
    @Nullable String file, int line, int column, String message, @Nullable String rule) {
  /** A finding without a place. */
  static Finding of(String message) {
    return new Finding(null, 0, 0, message, null);
  }
}
