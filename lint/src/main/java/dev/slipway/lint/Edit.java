package dev.slipway.lint;

/**
 * Replaces a stretch of a text.
 *
 * @param start index of its first character
 * @param end index behind its last
 */
public record Edit(int start, int end, String replacement) {
  public Edit {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("no stretch: " + start + " to " + end);
    }
  }
}
