package dev.slipway.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** When files last changed, to the nanosecond (statx(2)). */
final class FileTimes {
  static final MemorySegment STATX = Native.function("statx");
  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int STATX_BASIC = 0x7ff;
  static final int STAT_SIZE = 256;

  /** The kind of a file, and who may write or run it. */
  private static final int REGULAR_MODE = 0xf000 | 0333;

  /** A regular file, writable by its owner. */
  private static final int EMPTY_MODE = 0x8000 | 0200;

  private FileTimes() {}

  /**
   * Nanoseconds since the epoch of the last modification, links not followed; 0 without such a
   * file.
   */
  static long modified(Native c, Path path) {
    c.reset();
    MemorySegment stat = c.allocate(STAT_SIZE);
    MemorySegment name = c.string(path.toString());
    long result =
        c.call(
            STATX, AT_FDCWD, name.address(), AT_SYMLINK_NOFOLLOW, STATX_BASIC, stat.address(), 0);
    return result == 0 ? time(stat, 112) : 0;
  }

  /**
   * Whether this is a file without content that has one name, and that only its owner may write.
   */
  static boolean emptyFile(Native c, Path path) {
    c.reset();
    MemorySegment stat = c.allocate(STAT_SIZE);
    MemorySegment name = c.string(path.toString());
    long result =
        c.call(
            STATX, AT_FDCWD, name.address(), AT_SYMLINK_NOFOLLOW, STATX_BASIC, stat.address(), 0);
    return result == 0
        && stat.get(ValueLayout.JAVA_INT, 16) == 1
        && (stat.get(ValueLayout.JAVA_SHORT, 28) & REGULAR_MODE) == EMPTY_MODE
        && stat.get(ValueLayout.JAVA_LONG, 40) == 0;
  }

  /** The change time in a {@code struct statx}. */
  static long changed(MemorySegment stat) {
    return time(stat, 96);
  }

  private static long time(MemorySegment stat, long offset) {
    return stat.get(ValueLayout.JAVA_LONG, offset) * 1_000_000_000L
        + Integer.toUnsignedLong(stat.get(ValueLayout.JAVA_INT, offset + 8));
  }
}
