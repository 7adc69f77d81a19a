package dev.slipway.cache.step;

/**
 * What the file system says about a file without reading it: a file whose status is the same was
 * not changed, unless it was changed within one tick of the file system's clock ({@link #settled}).
 * Mutable, so that looking at tens of thousands of files makes no garbage.
 */
final class Status {
  private static final long TICK_NANOS = 50_000_000L;
  private static final long COARSE_TICK_NANOS = 2_100_000_000L;
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** How many longs {@link #save} needs. */
  static final int LONGS = 6;

  /** Type and permissions; 0 where there is nothing. */
  int mode;

  long device;
  long inode;
  long size;

  /** When the content changed, in nanoseconds since 1970. */
  long modified;

  /** When anything changed; programs cannot set it. */
  long changed;

  /** The user and the group that it is of, as {@link View#owner(long, long)} puts them. */
  long owner;

  void clear() {
    mode = 0;
    owner = 0;
    device = 0;
    inode = 0;
    size = 0;
    modified = 0;
    changed = 0;
  }

  boolean absent() {
    return mode == 0;
  }

  int type() {
    return mode & Posix.TYPE;
  }

  boolean isFile() {
    return type() == Posix.FILE;
  }

  boolean isFolder() {
    return type() == Posix.FOLDER;
  }

  boolean isLink() {
    return type() == Posix.LINK;
  }

  void set(Status other) {
    mode = other.mode;
    owner = other.owner;
    device = other.device;
    inode = other.inode;
    size = other.size;
    modified = other.modified;
    changed = other.changed;
  }

  Status copy() {
    Status copy = new Status();
    copy.set(this);
    return copy;
  }

  boolean same(Status other) {
    return mode == other.mode
        && inode == other.inode
        && device == other.device
        && size == other.size
        && modified == other.modified
        && changed == other.changed;
  }

  /**
   * Whether a change after this moment will show: the last one is longer ago than the file system's
   * clock ticks. Kernels before 6.13 tick every 1 to 10 ms; some file systems every one or two
   * seconds, which shows by times without a fraction.
   */
  boolean settled(long nowNanos) {
    long tick = changed % SECOND_NANOS == 0 ? COARSE_TICK_NANOS : TICK_NANOS;
    return nowNanos - changed > tick;
  }

  void save(long[] to, int at) {
    to[at] = mode;
    to[at + 1] = device;
    to[at + 2] = inode;
    to[at + 3] = size;
    to[at + 4] = modified;
    to[at + 5] = changed;
  }

  void load(long[] from, int at) {
    mode = (int) from[at];
    device = from[at + 1];
    inode = from[at + 2];
    size = from[at + 3];
    modified = from[at + 4];
    changed = from[at + 5];
  }

  /** The time now, as file systems count it. */
  static long now() {
    long millis = System.currentTimeMillis();
    return millis * 1_000_000L;
  }
}
