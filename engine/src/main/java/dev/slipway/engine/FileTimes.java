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

  private FileTimes() {}

  /**
   * Nanoseconds since the epoch of the change time, links not followed; 0 when there is no such
   * file.
   */
  static long changed(Native c, Path path) {
    c.reset();
    MemorySegment stat = c.allocate(STAT_SIZE);
    MemorySegment name = c.string(path.toString());
    long result =
        c.call(
            STATX, AT_FDCWD, name.address(), AT_SYMLINK_NOFOLLOW, STATX_BASIC, stat.address(), 0);
    return result == 0 ? changed(stat) : 0;
  }

  /** The change time in a {@code struct statx}. */
  static long changed(MemorySegment stat) {
    return stat.get(ValueLayout.JAVA_LONG, 96) * 1_000_000_000L
        + Integer.toUnsignedLong(stat.get(ValueLayout.JAVA_INT, 104));
  }
}
