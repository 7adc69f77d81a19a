package dev.slipway.lint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Applies edits to a text. What no edit names stays as it is, to the last line end. */
public final class Edits {
  private Edits() {}

  /**
   * The text after the edits, whose stretches count in the text before.
   *
   * @throws IllegalArgumentException when two overlap or one lies outside the text
   */
  public static String apply(String text, List<Edit> edits) {
    List<Edit> sorted = new ArrayList<>(edits);
    sorted.sort(Comparator.comparingInt(Edit::start).thenComparingInt(Edit::end));
    StringBuilder result = new StringBuilder(text.length());
    int at = 0;
    for (Edit edit : sorted) {
      if (edit.start() < at || edit.end() > text.length()) {
        throw new IllegalArgumentException("edits overlap or lie outside the text");
      }
      result.append(text, at, edit.start()).append(edit.replacement());
      at = edit.end();
    }
    return result.append(text, at, text.length()).toString();
  }
}
