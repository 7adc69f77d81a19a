package dev.slipway.trace;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The files that watched processes see, for what this program has to look at itself: its own, or
 * those below another root, where links lead no way out of it. Belongs to one thread.
 */
class Outlook {
  private static final int STATX_BASIC = 0x7ff;

  private final Libc c;

  /** What this program sees. */
  Outlook(Libc c) {
    this.c = c;
  }

  /**
   * What a process sees.
   *
   * @param root a descriptor of its root
   */
  static Outlook below(int root, Libc c, Arena arena) {
    return new Below(root, c, arena);
  }

  /** Opens the file of a name, a C string; its descriptor, or the negative {@code errno}. */
  long open(long name, int flags) {
    return c.call(Libc.OPEN, name, flags, 0);
  }

  /** Fills in a {@code struct statx}, links followed; 0, or the negative {@code errno}. */
  long status(long name, MemorySegment into) {
    return c.call(Libc.STATX, Call.AT_FDCWD, name, 0, STATX_BASIC, into.address(), 0);
  }

  private static final class Below extends Outlook {
    private static final int OPENAT2 = 437;
    private static final long IN_ROOT = 0x10;
    private static final int HOW = 24;
    private static final int O_PATH = 0x200000;

    private final Libc c;
    private final int root;
    private final MemorySegment how;
    private final MemorySegment empty;

    Below(int root, Libc c, Arena arena) {
      super(c);
      this.c = c;
      this.root = root;
      how = arena.allocate(HOW, 8);
      how.set(ValueLayout.JAVA_LONG, 16, IN_ROOT);
      empty = arena.allocate(1);
    }

    @Override
    long open(long name, int flags) {
      how.set(ValueLayout.JAVA_LONG, 0, flags);
      return c.call(Libc.SYSCALL, OPENAT2, root, name, how.address(), HOW, 0);
    }

    @Override
    long status(long name, MemorySegment into) {
      long fd = open(name, O_PATH | Libc.O_CLOEXEC);
      if (fd < 0) {
        return fd;
      }
      long result =
          c.call(
              Libc.STATX, fd, empty.address(), Call.AT_EMPTY_PATH, STATX_BASIC, into.address(), 0);
      c.call(Libc.CLOSE, fd);
      return result;
    }
  }
}
