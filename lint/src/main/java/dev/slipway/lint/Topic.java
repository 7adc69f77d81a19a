package dev.slipway.lint;

/** What a rule is about. */
public enum Topic {
  CORRECTNESS("correctness"),
  HONESTY("honesty"),
  SECURITY("security"),
  SPEED("speed"),
  HOUSEKEEPING("housekeeping");

  private final String text;

  Topic(String text) {
    this.text = text;
  }

  /** As people and programs read it. */
  public String text() {
    return text;
  }
}
