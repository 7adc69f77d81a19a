package dev.slipway.trace;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tells which other file the kernel loads to run a file: the interpreter that a script names in its
 * first line, or the loader that a program names in its headers. The kernel opens both without a
 * system call of their own. What was found is kept as long as the file's status stays the same.
 */
final class Programs {
  private static final int SLOTS = 128;
  private static final int HEAD = 4096;
  private static final int SCRIPT_LINE = 256;
  private static final int REGULAR = 0100000;
  private static final byte[] NONE = {};

  private final Libc c;
  private final Outlook outlook;
  private final MemorySegment name;
  private final MemorySegment status;
  private final MemorySegment head;
  private final byte[] bytes = new byte[HEAD];
  private final @Nullable Known[] known = new Known[SLOTS];
  private boolean refused;

  Programs(Libc c, Arena arena, Outlook outlook) {
    this.c = c;
    this.outlook = outlook;
    name = arena.allocate(2 * Peek.PATH_MAX + 1, 16);
    status = arena.allocate(256, 16);
    head = arena.allocate(HEAD, 16);
  }

  /**
   * The path of the file that is loaded for this one, as it is written there; empty for none.
   *
   * @param path absolute
   */
  byte[] loadedFor(byte[] path, int length) {
    MemorySegment.copy(path, 0, name, ValueLayout.JAVA_BYTE, 0, length);
    name.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
    if (outlook.status(name.address(), status) != 0) {
      return NONE;
    }
    if ((status.get(ValueLayout.JAVA_SHORT, 28) & 0170000) != REGULAR) {
      return NONE;
    }
    long inode = status.get(ValueLayout.JAVA_LONG, 32);
    long size = status.get(ValueLayout.JAVA_LONG, 40);
    long changed =
        status.get(ValueLayout.JAVA_LONG, 96) * 1_000_000_000
            + status.get(ValueLayout.JAVA_INT, 104);
    int slot = (int) (inode & (SLOTS - 1));
    Known found = known[slot];
    if (found != null && found.is(path, length, inode, size, changed)) {
      return found.loaded;
    }
    byte[] loaded = read();
    known[slot] = new Known(Arrays.copyOf(path, length), inode, size, changed, loaded);
    return loaded;
  }

  /** Whether some file could be run but not read, so that what it loads was not found. */
  boolean refused() {
    return refused;
  }

  private byte[] read() {
    long fd = outlook.open(name.address(), Libc.O_CLOEXEC | Libc.O_NONBLOCK);
    if (fd < 0) {
      refused |= fd == -Libc.EACCES || fd == -Libc.EPERM;
      return NONE;
    }
    int count = pread(fd, 0, HEAD);
    byte[] loaded = NONE;
    if (count > 2 && bytes[0] == '#' && bytes[1] == '!') {
      loaded = interpreter(Math.min(count, SCRIPT_LINE));
    } else if (count > 64 && bytes[0] == 0x7f && bytes[1] == 'E' && bytes[2] == 'L') {
      loaded = loader(fd, count);
    }
    c.call(Libc.CLOSE, fd);
    return loaded;
  }

  private byte[] interpreter(int count) {
    int start = 2;
    while (start < count && (bytes[start] == ' ' || bytes[start] == '\t')) {
      start++;
    }
    int end = start;
    while (end < count
        && bytes[end] != ' '
        && bytes[end] != '\t'
        && bytes[end] != '\n'
        && bytes[end] != 0) {
      end++;
    }
    return Arrays.copyOfRange(bytes, start, end);
  }

  private byte[] loader(long fd, int count) {
    boolean wide = bytes[4] == 2;
    long headers = wide ? number(32, 8) : number(28, 4);
    int size = (int) number(wide ? 54 : 42, 2);
    int headerCount = (int) number(wide ? 56 : 44, 2);
    int have = count;
    int first = (int) headers;
    if (headers + (long) size * headerCount > count) {
      have = pread(fd, headers, Math.min(HEAD, size * headerCount));
      first = 0;
    }
    for (int i = 0; i < headerCount; i++) {
      int at = first + i * size;
      if (at + size > have || size < 32) {
        break;
      }
      if (number(at, 4) == 3 /* PT_INTERP */) {
        long offset = wide ? number(at + 8, 8) : number(at + 4, 4);
        long length = wide ? number(at + 32, 8) : number(at + 16, 4);
        if (length < 2 || length > HEAD) {
          return NONE;
        }
        int got = pread(fd, offset, (int) length);
        int end = 0;
        while (end < got && bytes[end] != 0) {
          end++;
        }
        return Arrays.copyOf(bytes, end);
      }
    }
    return NONE;
  }

  private int pread(long fd, long offset, int length) {
    int count = (int) c.call(Libc.PREAD, fd, head.address(), length, offset);
    if (count > 0) {
      MemorySegment.copy(head, ValueLayout.JAVA_BYTE, 0, bytes, 0, count);
    }
    return count;
  }

  private long number(int at, int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = (value << 8) | (bytes[at + i] & 0xff);
    }
    return value;
  }

  /** What a file was found to load, and how to tell that it is still that file. */
  private static final class Known {
    private final byte[] path;
    private final long inode;
    private final long size;
    private final long changed;
    private final byte[] loaded;

    Known(byte[] path, long inode, long size, long changed, byte[] loaded) {
      this.path = path;
      this.inode = inode;
      this.size = size;
      this.changed = changed;
      this.loaded = loaded;
    }

    boolean is(byte[] other, int length, long inode, long size, long changed) {
      return this.inode == inode
          && this.size == size
          && this.changed == changed
          && Arrays.equals(path, 0, path.length, other, 0, length);
    }
  }
}
