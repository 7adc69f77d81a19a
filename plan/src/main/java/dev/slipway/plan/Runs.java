package dev.slipway.plan;

/** Whether a job or a step runs. */
public enum Runs {
  YES("yes"),
  NO("no"),
  /** That is known only when what comes before it has run. */
  DEPENDS("depends");

  private final String text;

  Runs(String text) {
    this.text = text;
  }

  /** {@code yes}, {@code no} or {@code depends}. */
  public String text() {
    return text;
  }
}
