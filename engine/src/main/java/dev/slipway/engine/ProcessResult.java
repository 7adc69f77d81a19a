package dev.slipway.engine;

/**
 * How a process ended.
 *
 * @param exitCode 128 + signal for one that a signal ended; the errno of one that could not be
 *     started
 */
public record ProcessResult(End end, int exitCode) {
  /** Why it is over. */
  public enum End {
    /** By itself; the exit code tells. */
    EXITED,
    /** It was asked to stop. */
    STOPPED,
    /** Its time was up. */
    TIMED_OUT,
    /** It could not be started. */
    NOT_STARTED
  }
}
