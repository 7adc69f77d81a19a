package dev.slipway.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** What the system knows of a file, links not followed (statx(2)). */
final class FileStatus {
  static final MemorySegment STATX = Native.function("statx");
  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int STATX_BASIC = 0x7ff;

  /** The size of a {@code struct statx}. */
  static final int SIZE = 256;

  private static final int KIND = 0xf000;
  private static final int FOLDER = 0x4000;
  private static final int FILE = 0x8000;

  private final boolean exists;
  private final int links;
  private final int owner;
  private final int mode;
  private final long size;
  private final long changed;

  private FileStatus(boolean exists, MemorySegment stat) {
    this.exists = exists;
    this.links = stat.get(ValueLayout.JAVA_INT, 16);
    this.owner = stat.get(ValueLayout.JAVA_INT, 20);
    this.mode = stat.get(ValueLayout.JAVA_SHORT, 28);
    this.size = stat.get(ValueLayout.JAVA_LONG, 40);
    this.changed = changed(stat);
  }

  /** Asks; a file that is not there, or cannot be seen, has nothing but zeros. */
  static FileStatus of(Native c, Path path) {
    c.reset();
    MemorySegment stat = c.allocate(SIZE);
    MemorySegment name = c.string(path.toString());
    long result =
        c.call(
            STATX, AT_FDCWD, name.address(), AT_SYMLINK_NOFOLLOW, STATX_BASIC, stat.address(), 0);
    return new FileStatus(result == 0, stat);
  }

  boolean isFolder() {
    return exists && (mode & KIND) == FOLDER;
  }

  boolean isFile() {
    return exists && (mode & KIND) == FILE;
  }

  /** How many names it has. */
  int links() {
    return links;
  }

  /** The number of the user it belongs to. */
  int owner() {
    return owner;
  }

  /** Who may read, write and run it. */
  int permissions() {
    return mode & 0777;
  }

  long size() {
    return size;
  }

  /**
   * When anything about it last changed, nanoseconds since the epoch. Nobody can set it, and
   * everything done to a file, or to the names in a folder, does.
   */
  long changed() {
    return changed;
  }

  /** The change time in a {@code struct statx}. */
  static long changed(MemorySegment stat) {
    return stat.get(ValueLayout.JAVA_LONG, 96) * 1_000_000_000L
        + Integer.toUnsignedLong(stat.get(ValueLayout.JAVA_INT, 104));
  }
}
