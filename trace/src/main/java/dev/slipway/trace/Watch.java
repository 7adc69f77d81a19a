package dev.slipway.trace;

import java.time.Duration;
import java.util.function.IntSupplier;

/** One watch over processes and what they start. Used by one thread. */
public interface Watch extends AutoCloseable {
  /**
   * Starts a process so that it is watched from its first instruction on. Once per watch.
   *
   * @param start starts one process by {@code posix_spawn} or the like and gives what that
   *     returned; runs in another thread and must neither start threads nor load classes
   */
  int start(IntSupplier start);

  /**
   * Waits until all watched processes have ended, or as long as asked. What is alive then goes on
   * unhindered, but nothing of it is told any more.
   */
  Ending ending(Duration patience);

  /** Gives up watching; what is alive goes on unhindered. */
  @Override
  void close();
}
