package dev.slipway.runtime;

/** What a job may do with caches. */
public enum CacheMode {
  /** Neither restore nor save. */
  NONE("none"),
  /** Only restore. */
  READ("read"),
  /** Restore and save. */
  WRITE("write"),
  /** Only save. */
  WRITE_ONLY("write-only");

  private final String text;

  CacheMode(String text) {
    this.text = text;
  }

  /** As {@code ACTIONS_CACHE_MODE} has it. */
  public String text() {
    return text;
  }

  boolean reads() {
    return this == READ || this == WRITE;
  }

  boolean writes() {
    return this == WRITE || this == WRITE_ONLY;
  }
}
