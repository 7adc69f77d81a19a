package dev.slipway.trace;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Looks into another process: its memory, its current directory, its file descriptors. Nothing is
 * allocated from one look to the next.
 *
 * <p><b>Current directories.</b> A path is mostly relative, and asking the kernel each time for
 * what to costs as much as all else; but threads may share a current directory, directories are
 * renamed, and numbers of tasks are used again. So an answer is kept for a task under three
 * conditions. It is younger than {@link #FRESH_NANOS}, far less than it takes to start as many
 * tasks as there are numbers. No task of the watch has begun to change directory or rename anything
 * since ({@link #unsettle}). And none was in the midst of that when it was asked for: such a task
 * is known to be through when it makes its next call or is gone, and until then nothing is kept.
 */
final class Peek {
  /** As long as paths may be, with their final zero. */
  static final int PATH_MAX = 4096;

  /** The process has ended, or the address is nowhere: the call will fail as well. */
  static final int NOTHING = -1;

  /** There is something, but it may not be read. */
  static final int REFUSED = -2;

  /** There is no end to it within what the kernel takes. */
  static final int TOO_LONG = -3;

  private static final int O_PATH = 0x200000;
  private static final int PAGE = 4096;
  private static final int FIRST = 256;
  private static final long FRESH_NANOS = 10_000_000;
  private static final int SLOTS = 64;
  private static final int UNSETTLED = 32;

  private final Libc c;
  private final Outlook outlook;
  private final MemorySegment memory;
  private final MemorySegment vectors;
  private final MemorySegment name;
  private final MemorySegment link;
  private final MemorySegment whole;
  private final byte[] nameBytes = new byte[64];
  private boolean memoryByFile;

  private final int[] tasks = new int[SLOTS];
  private final long[] asked = new long[SLOTS];
  private final int[] lengths = new int[SLOTS];
  private final byte[][] directories = new byte[SLOTS][256];

  private final int[] unsettled = new int[UNSETTLED];
  private int unsettledCount;
  private long unsettledChecked;
  private boolean neverSettled;

  Peek(Libc c, Arena arena, Outlook outlook) {
    this.c = c;
    this.outlook = outlook;
    memory = arena.allocate(PATH_MAX, 16);
    vectors = arena.allocate(3 * 16, 16);
    name = arena.allocate(nameBytes.length, 16);
    link = arena.allocate(PATH_MAX, 16);
    whole = arena.allocate(2 * PATH_MAX + 1, 16);
    vectors.set(ValueLayout.JAVA_LONG, 0, memory.address());
  }

  /**
   * Reads a string.
   *
   * @return how many bytes before the zero, or {@link #NOTHING}, {@link #REFUSED}, {@link
   *     #TOO_LONG}
   */
  int string(int task, long address, byte[] into) {
    int have = 0;
    int want = FIRST;
    while (have < PATH_MAX) {
      int count = read(task, address + have, Math.min(want, PATH_MAX - have));
      if (count <= 0) {
        return count == 0 ? NOTHING : count;
      }
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, into, have, count);
      for (int i = have; i < have + count; i++) {
        if (into[i] == 0) {
          return i;
        }
      }
      have += count;
      want = PATH_MAX;
    }
    return TOO_LONG;
  }

  /** Reads bytes; how many, or {@link #NOTHING} or {@link #REFUSED} when not all are there. */
  int bytes(int task, long address, byte[] into, int length) {
    int have = 0;
    while (have < length) {
      int count = read(task, address + have, length - have);
      if (count <= 0) {
        return count == 0 ? NOTHING : count;
      }
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, into, have, count);
      have += count;
    }
    return have;
  }

  /** Reads up to a page; fewer bytes when what follows is not there. */
  private int read(int task, long address, int length) {
    if (!memoryByFile) {
      // A part that is not there makes the whole vector fail, so vectors end where pages do.
      int inPage = (int) Math.min(length, PAGE - (address & (PAGE - 1)));
      vectors.set(ValueLayout.JAVA_LONG, 8, length);
      vectors.set(ValueLayout.JAVA_LONG, 16, address);
      vectors.set(ValueLayout.JAVA_LONG, 24, inPage);
      vectors.set(ValueLayout.JAVA_LONG, 32, address + inPage);
      vectors.set(ValueLayout.JAVA_LONG, 40, length - inPage);
      long base = vectors.address();
      long count =
          c.call(Libc.PROCESS_VM_READV, task, base, 1, base + 16, length > inPage ? 2 : 1, 0);
      if (count >= 0) {
        return (int) count;
      }
      if (count != -Libc.EPERM && count != -Libc.ENOSYS) {
        return NOTHING;
      }
    }
    // Some containers forbid the call but not the file.
    long fd = c.call(Libc.OPEN, named(task, "/mem", -1), Libc.O_CLOEXEC, 0);
    if (fd < 0) {
      return fd == -Libc.EPERM || fd == -Libc.EACCES ? REFUSED : NOTHING;
    }
    long count = c.call(Libc.PREAD, fd, memory.address(), length, address);
    c.call(Libc.CLOSE, fd);
    if (count > 0) {
      memoryByFile = true;
      return (int) count;
    }
    return count == -Libc.EPERM || count == -Libc.EACCES ? REFUSED : NOTHING;
  }

  /** Where a file descriptor leads, as the kernel words it; or less than 0 as above. */
  int descriptor(int task, int fd, byte[] into) {
    return link(named(task, "/fd/", fd), into);
  }

  /** The current directory of a task; or less than 0 as above. */
  int directory(int task, byte[] into) {
    int slot = task & (SLOTS - 1);
    long now = System.nanoTime();
    if (tasks[slot] == task && now - asked[slot] < FRESH_NANOS) {
      System.arraycopy(directories[slot], 0, into, 0, lengths[slot]);
      return lengths[slot];
    }
    int length = link(named(task, "/cwd", -1), into);
    if (length > 0 && settled(now)) {
      if (directories[slot].length < length) {
        directories[slot] = new byte[PATH_MAX];
      }
      System.arraycopy(into, 0, directories[slot], 0, length);
      tasks[slot] = task;
      lengths[slot] = length;
      asked[slot] = now;
    }
    return length;
  }

  /** Whether there is anything at an absolute path; links are followed. */
  boolean exists(byte[] path, int length) {
    MemorySegment.copy(path, 0, whole, ValueLayout.JAVA_BYTE, 0, length);
    whole.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
    long fd = outlook.open(whole.address(), O_PATH | Libc.O_CLOEXEC);
    if (fd < 0) {
      return false;
    }
    c.call(Libc.CLOSE, fd);
    return true;
  }

  /** A task makes a call: whatever it did before is done. */
  void settle(int task) {
    for (int i = 0; i < unsettledCount; i++) {
      if (unsettled[i] == task) {
        unsettled[i] = unsettled[--unsettledCount];
        return;
      }
    }
  }

  /** A task is about to change its current directory or to rename what may be one. */
  void unsettle(int task) {
    for (int i = 0; i < SLOTS; i++) {
      tasks[i] = 0;
    }
    if (unsettledCount == UNSETTLED) {
      dropEnded();
    }
    if (unsettledCount < UNSETTLED) {
      unsettled[unsettledCount++] = task;
    } else {
      neverSettled = true;
    }
  }

  private boolean settled(long now) {
    if (unsettledCount > 0 && now - unsettledChecked > FRESH_NANOS) {
      unsettledChecked = now;
      dropEnded();
    }
    return unsettledCount == 0 && !neverSettled;
  }

  private void dropEnded() {
    for (int i = unsettledCount - 1; i >= 0; i--) {
      if (c.call(Libc.KILL, unsettled[i], 0, 0) == -Libc.ESRCH) {
        unsettled[i] = unsettled[--unsettledCount];
      }
    }
  }

  private int link(long path, byte[] into) {
    long length = c.call(Libc.READLINK, path, link.address(), PATH_MAX);
    if (length < 0) {
      return length == -Libc.EPERM || length == -Libc.EACCES ? REFUSED : NOTHING;
    }
    if (length == PATH_MAX) {
      return TOO_LONG;
    }
    MemorySegment.copy(link, ValueLayout.JAVA_BYTE, 0, into, 0, (int) length);
    return (int) length;
  }

  /** The address of the name of a file of a task in {@code /proc}. */
  private long named(int task, String what, int number) {
    int at = put(0, "/proc/");
    at = put(at, task);
    at = put(at, what);
    if (number >= 0) {
      at = put(at, number);
    }
    nameBytes[at++] = 0;
    MemorySegment.copy(nameBytes, 0, name, ValueLayout.JAVA_BYTE, 0, at);
    return name.address();
  }

  private int put(int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      nameBytes[at++] = (byte) text.charAt(i);
    }
    return at;
  }

  private int put(int at, int number) {
    int end = at + 1;
    for (int rest = number; rest >= 10; rest /= 10) {
      end++;
    }
    int rest = number;
    for (int i = end - 1; i >= at; i--) {
      nameBytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return end;
  }
}
