package dev.slipway.lint;

import java.util.List;

/**
 * How a finding can be mended.
 *
 * @param title what it does, in the imperative
 * @param edits stretches of the original text, none of which overlap
 */
public record Fix(String title, Safety safety, List<Edit> edits) {
  /** Whether a fix may be applied unasked. */
  public enum Safety {
    /** The workflow does what it did, or only what it plainly was to do. */
    SAFE("safe"),
    /** Right as a rule, and somebody should look at it. */
    UNSAFE("unsafe");

    private final String text;

    Safety(String text) {
      this.text = text;
    }

    /** As people and programs read it. */
    public String text() {
      return text;
    }
  }

  public Fix {
    edits = List.copyOf(edits);
  }
}
