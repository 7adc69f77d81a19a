package dev.slipway.trace;

/**
 * Is told what watched processes do. Called by one thread at a time, not always the same; it must
 * not start processes and should take microseconds, as processes wait for it.
 */
public interface Observer {
  /**
   * A process accesses a path.
   *
   * @param path absolute, as the process named it: its current directory or the directory it named
   *     put in front, links not followed, {@code .} and {@code ..} not resolved; no zero byte.
   *     Belongs to the caller and is written over afterwards
   * @param length how many bytes of {@code path} count
   * @param age how long ago it did, in nanoseconds; 0 when it has not yet, and waits until this
   *     returns. What changes anything is never told late, nor before all that led to it: so what
   *     watched processes change at the path has not been changed since, but by others it may have
   *     been
   */
  void access(Access access, byte[] path, int length, long age);
}
