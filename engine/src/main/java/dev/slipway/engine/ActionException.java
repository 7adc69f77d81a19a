package dev.slipway.engine;

/** An action that cannot be had or is not right; the message is for the user. */
final class ActionException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ActionException(String message) {
    super(message);
  }
}
