package dev.slipway.engine;

/**
 * Sees a run's events as they are recorded, in order of {@code seq}. Calls come from one thread at
 * a time for one run, from several threads for several runs; a listener of several runs does its
 * own locking.
 */
public interface RunListener {
  /** An event other than a log line. */
  void event(RunEvent event);

  /**
   * One log line, masked, valid UTF-8, without its end. The bytes are the caller's and change after
   * the call.
   */
  void log(
      String run,
      String job,
      int step,
      RunEvent.Stream stream,
      byte[] line,
      int offset,
      int length);

  /**
   * Something that concerns no job and that nothing fails for, such as a bucket for caches that
   * cannot be reached; from any thread.
   */
  default void warning(String message) {}

  /**
   * Stored lines, whole ones, as they are written to disk: what {@code --json} prints. The bytes
   * change after the call.
   */
  default void stored(byte[] lines, int length) {}
}
