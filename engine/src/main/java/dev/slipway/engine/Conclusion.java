package dev.slipway.engine;

import java.util.Locale;

/** How a step, a job or a run ended. */
public enum Conclusion {
  SUCCESS,
  FAILURE,
  CANCELLED,
  SKIPPED;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** As expressions and records spell it: {@code success}. */
  public String text() {
    return text;
  }

  /** The conclusion spelled so; {@code FAILURE} for a word that is none. */
  public static Conclusion of(String text) {
    for (Conclusion conclusion : values()) {
      if (conclusion.text.equals(text)) {
        return conclusion;
      }
    }
    return FAILURE;
  }
}
