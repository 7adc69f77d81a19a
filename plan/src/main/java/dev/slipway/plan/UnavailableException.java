package dev.slipway.plan;

/**
 * A called workflow cannot be fetched, which says nothing about whether it exists; the message is
 * for the user.
 */
public final class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnavailableException(String message) {
    super(message);
  }
}
