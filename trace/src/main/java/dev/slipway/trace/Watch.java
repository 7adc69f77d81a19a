package dev.slipway.trace;

import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;

/** One watch over processes and what they start. Used by one thread. */
public interface Watch extends AutoCloseable {
  /**
   * Words to put before the command that {@link #start} starts, which end by running it in their
   * place; mostly none.
   */
  default List<String> prefix() {
    return List.of();
  }

  /**
   * Starts a process so that it is watched from its first instruction on. Once per watch. It has to
   * be waited for by who starts it, but only once it has ended (as {@code poll} tells of a pidfd):
   * whoever waits earlier may be told what is meant for the one who traces. The thread that starts
   * it may end at once; the kernel then counts the process among the children of this program's
   * main thread.
   *
   * @param start starts one process by {@code posix_spawn} or the like and gives what that
   *     returned; runs in another thread and must neither start threads nor load classes
   */
  int start(IntSupplier start);

  /**
   * Waits until all watched processes have ended, or as long as asked; the one that was started has
   * ended only when it has been waited for by who started it. What is alive then goes on
   * unhindered, but nothing of it is told any more.
   */
  Ending ending(Duration patience);

  /** Gives up watching; what is alive goes on unhindered. */
  @Override
  void close();
}
