package dev.slipway.cache.step;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Searches contents in parts that overlap, so that what is looked for is found however large they
 * are. Belongs to one thread.
 */
final class Parts implements Posix.Sink {
  /** Longer than any secret, also when it is encoded, and than any path. */
  private static final int OVERLAP = 256 * 1024;

  private static final int LENGTH = 2 * 1024 * 1024;

  private final Predicate<byte[]> search;
  private byte[] part = new byte[64 * 1024];
  private int filled;
  private boolean fresh;
  private boolean found;

  /**
   * A search.
   *
   * @param search whether a part holds what is looked for
   */
  Parts(Predicate<byte[]> search) {
    this.search = search;
  }

  /** Begins with another content. */
  void begin() {
    filled = 0;
    fresh = false;
    found = false;
  }

  @Override
  public void bytes(byte[] bytes, int length) {
    int from = 0;
    while (from < length) {
      if (filled == LENGTH) {
        found |= search.test(part);
        System.arraycopy(part, LENGTH - OVERLAP, part, 0, OVERLAP);
        filled = OVERLAP;
      }
      int count = Math.min(length - from, LENGTH - filled);
      if (part.length < filled + count) {
        part = Arrays.copyOf(part, Math.min(LENGTH, Math.max(filled + count, part.length * 4)));
      }
      System.arraycopy(bytes, from, part, filled, count);
      filled += count;
      from += count;
      fresh = true;
    }
  }

  /** Ends with this content; whether it held what is looked for. */
  boolean end() {
    if (fresh) {
      found |= search.test(Arrays.copyOf(part, filled));
      fresh = false;
    }
    return found;
  }
}
