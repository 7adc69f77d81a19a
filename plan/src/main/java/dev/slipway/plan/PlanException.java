package dev.slipway.plan;

/** Something a user wrote cannot be planned; the message is for the user. */
public final class PlanException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public PlanException(String message) {
    super(message);
  }
}
