package dev.slipway.lint;

/** How sure a rule is of a finding. */
public enum Confidence {
  HIGH("high"),
  MEDIUM("medium"),
  LOW("low");

  private final String text;

  Confidence(String text) {
    this.text = text;
  }

  /** As people and programs read it. */
  public String text() {
    return text;
  }
}
