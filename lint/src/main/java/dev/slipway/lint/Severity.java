package dev.slipway.lint;

/** How bad a finding is, worst first. */
public enum Severity {
  /** Refused by GitHub, or a hole that an outsider can use, or a check that checks nothing. */
  ERROR("error"),
  /** Very likely not what was meant. */
  WARNING("warning"),
  /** Worth knowing. */
  INFO("info"),
  /** A matter of taste and habit. */
  STYLE("style");

  private final String text;

  Severity(String text) {
    this.text = text;
  }

  /** As people and programs read it. */
  public String text() {
    return text;
  }

  /** Whether this is as bad as another, or worse. */
  public boolean atLeast(Severity other) {
    return compareTo(other) <= 0;
  }
}
