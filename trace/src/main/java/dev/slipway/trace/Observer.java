package dev.slipway.trace;

/**
 * Is told what watched processes do. Called by one thread at a time, not always the same; it must
 * not start processes and should take microseconds, as processes wait for it.
 */
public interface Observer {
  /**
   * A process is about to access a path.
   *
   * @param path absolute, as the process named it: its current directory or the directory it named
   *     put in front, links not followed, {@code .} and {@code ..} not resolved; no zero byte.
   *     Belongs to the caller and is written over afterwards
   * @param length how many bytes of {@code path} count
   * @param held whether the process waits until this returns, so that what is at the path is still
   *     as it was before
   */
  void access(Access access, byte[] path, int length, boolean held);
}
