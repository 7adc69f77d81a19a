package dev.slipway.check;

/** How a gate ended. */
public enum Status {
  PASSED("passed"),
  FAILED("failed"),
  /** It was not to run, or cannot and need not. */
  SKIPPED("skipped"),
  /** It could not run and should have. */
  ERROR("error");

  private final String text;

  Status(String text) {
    this.text = text;
  }

  /** As the JSON says it. */
  public String text() {
    return text;
  }
}
