package dev.slipway.cache;

import java.io.IOException;

/** A part of a blob that cannot be taken, for a reason that its sender can do something about. */
public final class BlobRejectedException extends IOException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  BlobRejectedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** Why a part is not taken. */
  public enum Reason {
    TOO_LARGE,
    UNKNOWN_BLOCK,
    INCOMPLETE,
    CLOSED
  }
}
