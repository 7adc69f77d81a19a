package dev.slipway.plan;

import org.jspecify.annotations.Nullable;

/** Something a user wrote cannot be planned; the message is for the user. */
public final class PlanException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final @Nullable String hint;

  public PlanException(String message) {
    this(message, null);
  }

  PlanException(String message, @Nullable String hint) {
    super(message);
    this.hint = hint;
  }

  /** What would mend it; null where nothing helpful is known. */
  public @Nullable String hint() {
    return hint;
  }
}
