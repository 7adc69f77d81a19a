package dev.slipway.check;

import org.jspecify.annotations.Nullable;

/** What a gate's failure means. */
public enum Kind {
  /** It fails the check; so does a gate that cannot run. */
  REQUIRED("required"),

  /** It is shown like any failure, and fails nothing. */
  OPTIONAL("optional"),

  /** It is a hint of one line. */
  ADVISORY("advisory"),

  /** Numbers to know, neither good nor bad. */
  INFORMATIONAL("informational");

  private final String text;

  Kind(String text) {
    this.text = text;
  }

  /** As users write it. */
  public String text() {
    return text;
  }

  /** The kind of this name, or null. */
  public static @Nullable Kind named(String name) {
    for (Kind kind : values()) {
      if (kind.text.equals(name)) {
        return kind;
      }
    }
    return null;
  }
}
