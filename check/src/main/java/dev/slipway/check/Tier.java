package dev.slipway.check;

import org.jspecify.annotations.Nullable;

/** How much is checked; each tier has all of those before it. */
public enum Tier {
  /** Formatters and linters: seconds. */
  LITE("lite"),

  /** Types and tests as well. */
  PRO("pro"),

  /** Security, dependencies and coverage as well; audits may ask the network. */
  STRICT("strict"),

  /** Everything, also what only informs: dead code, duplicates, licences. */
  PROMAX("promax");

  private final String text;

  Tier(String text) {
    this.text = text;
  }

  /** As users write it. */
  public String text() {
    return text;
  }

  /** Whether a gate of another tier belongs to this one. */
  public boolean has(Tier other) {
    return other.compareTo(this) <= 0;
  }

  /** The tier of this name, or null. */
  public static @Nullable Tier named(String name) {
    for (Tier tier : values()) {
      if (tier.text.equals(name)) {
        return tier;
      }
    }
    return null;
  }
}
