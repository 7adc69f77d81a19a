package dev.slipway.lint;

/** How much a user wants to hear; each profile holds those before it. */
public enum Profile {
  /** What nearly everybody will want to mend. */
  DEFAULT("default"),
  /** What a team that keeps its pipelines in order holds itself to. */
  STRICT("strict"),
  /** Matters of habit. */
  PEDANTIC("pedantic"),
  /** Everything that an auditor should look at, right or wrong. */
  AUDIT("audit");

  private final String text;

  Profile(String text) {
    this.text = text;
  }

  /** As people and programs read it. */
  public String text() {
    return text;
  }
}
