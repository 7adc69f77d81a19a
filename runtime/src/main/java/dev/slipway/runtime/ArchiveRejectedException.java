package dev.slipway.runtime;

import java.io.IOException;

/** An archive that is damaged, or would do more than give back files. */
public final class ArchiveRejectedException extends IOException {
  private static final long serialVersionUID = 1;

  ArchiveRejectedException(String message) {
    super(message);
  }
}
