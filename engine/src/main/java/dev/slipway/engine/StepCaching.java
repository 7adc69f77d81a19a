package dev.slipway.engine;

import org.jspecify.annotations.Nullable;

/** Whether steps that ran before are spared. */
public enum StepCaching {
  /** Every step runs. */
  OFF("off"),

  /** What is known is used, and nothing is learnt. */
  READ("read"),

  /** What is known is used, and steps are watched so that more is known. */
  ON("on");

  private final String text;

  StepCaching(String text) {
    this.text = text;
  }

  /** As in options and records. */
  public String text() {
    return text;
  }

  /** The mode of this name, or null. */
  public static @Nullable StepCaching of(String text) {
    for (StepCaching mode : values()) {
      if (mode.text.equals(text)) {
        return mode;
      }
    }
    return null;
  }
}
