package dev.slipway.check;

/** Sees gates begin and end; called by several threads, one at a time. */
public interface CheckListener {
  /** A gate begins to run. */
  void started(Gate gate);

  /** A running gate printed a line. */
  default void printed(Gate gate, String line) {}

  /** A gate failed and is about to be tried again. */
  default void retried(Gate gate, int attempt, int of) {}

  /** A gate ended, or did not run at all. */
  void finished(GateResult result);
}
