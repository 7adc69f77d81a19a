package dev.slipway.cache.step;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files by names that are bytes, as Linux has them: a step may use names that are no text, and
 * these must be told apart too. Used by one thread at a time.
 *
 * <p>Every function is called through one shape, six longs to a long, because linking a shape is
 * what costs at start.
 */
@SuppressWarnings("restricted")
final class Posix implements AutoCloseable {
  static final int ENOENT = 2;
  static final int EACCES = 13;
  static final int ENOTDIR = 20;
  static final int ELOOP = 40;

  /** The types of files, as in the upper bits of a mode. */
  static final int TYPE = 0170000;

  static final int FILE = 0100000;
  static final int FOLDER = 0040000;
  static final int LINK = 0120000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBC = LINKER.defaultLookup();
  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.captureCallState("errno"));

  private static final MemorySegment STATX = LIBC.findOrThrow("statx");
  private static final MemorySegment OPEN = LIBC.findOrThrow("open");
  private static final MemorySegment CLOSE = LIBC.findOrThrow("close");
  private static final MemorySegment READ = LIBC.findOrThrow("read");
  private static final MemorySegment WRITE = LIBC.findOrThrow("write");
  private static final MemorySegment READLINK = LIBC.findOrThrow("readlink");
  private static final MemorySegment SYSCALL = LIBC.findOrThrow("syscall");

  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int STATX_BASIC = 0x7ff;
  private static final int O_WRONLY = 1;
  private static final int O_CREAT = 0x40;
  private static final int O_EXCL = 0x80;
  private static final int O_CLOEXEC = 0x80000;
  private static final int BUFFER = 256 * 1024;
  private static final int PATH = 8 * 1024;
  private static final boolean AARCH64 = System.getProperty("os.arch", "").equals("aarch64");
  private static final int O_PATH = 0x200000;
  private static final int SYS_OPENAT2 = 437;
  private static final int RESOLVE_IN_ROOT = 0x10;
  private static final int HOW = 24;
  private static final int SYS_GETDENTS64 = AARCH64 ? 61 : 217;
  private static final int O_DIRECTORY = AARCH64 ? 0x4000 : 0x10000;
  private static final int O_NOFOLLOW = AARCH64 ? 0x8000 : 0x20000;

  private final byte[] root;
  private final long[] folders = {-1, -1};
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment state = arena.allocate(16, 8);
  private final MemorySegment path = arena.allocate(PATH);
  private final MemorySegment status = arena.allocate(256, 8);
  private final MemorySegment buffer = arena.allocate(BUFFER, 16);
  private final byte[] bytes = new byte[BUFFER];

  /** Files as a step sees them: names are those that it knows. */
  Posix(View view) {
    root = Names.bytes(view.root());
  }

  private long call(MemorySegment function, long a, long b, long c, long d, long e) {
    long result;
    try {
      result = (long) CALL.invokeExact(function, state, a, b, c, d, e, 0L);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
    if (result == -1 || result == 0xffffffffL) {
      return -state.get(ValueLayout.JAVA_INT, 0);
    }
    return result;
  }

  private long put(byte[] name) {
    return put(name, 0);
  }

  /** Puts one of two names where C finds it; what uses it is {@link #done} afterwards. */
  private long put(byte[] name, int which) {
    long at = which * (PATH / 2L);
    if (root.length > 0) {
      return putBelow(name, which, at);
    }
    int length = (int) Math.min(name.length, PATH - 1 - at);
    MemorySegment.copy(name, 0, path, ValueLayout.JAVA_BYTE, at, length);
    path.set(ValueLayout.JAVA_BYTE, at + length, (byte) 0);
    return path.address() + at;
  }

  /**
   * The same below another root, by way of the folder that it is in: on the way there links lead
   * within that root, which they would not if the name were only put behind the root's.
   */
  private long putBelow(byte[] name, int which, long at) {
    byte[] parent = Names.parent(name);
    byte[] folder = parent == null ? name : parent;
    long fd = openBelow(folder);
    folders[which] = fd;
    byte[] start = fd < 0 ? new byte[0] : Names.bytes("/proc/self/fd/" + fd + "/");
    int from = parent == null ? name.length : parent.length == 1 ? 1 : parent.length + 1;
    int length = fd < 0 ? 0 : (int) Math.min(name.length - from, PATH / 2L - 1 - start.length);
    // Where the folder is not, no name is put: nothing is found by that.
    MemorySegment.copy(start, 0, path, ValueLayout.JAVA_BYTE, at, start.length);
    MemorySegment.copy(name, from, path, ValueLayout.JAVA_BYTE, at + start.length, length);
    path.set(ValueLayout.JAVA_BYTE, at + start.length + length, (byte) 0);
    return path.address() + at;
  }

  private long openBelow(byte[] folder) {
    MemorySegment.copy(root, 0, buffer, ValueLayout.JAVA_BYTE, 0, root.length);
    buffer.set(ValueLayout.JAVA_BYTE, root.length, (byte) 0);
    int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    long top = call(OPEN, buffer.address(), flags, 0, 0, 0);
    if (top < 0) {
      return top;
    }
    int length = Math.min(folder.length, PATH - 1);
    MemorySegment.copy(folder, 0, buffer, ValueLayout.JAVA_BYTE, 0, length);
    buffer.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
    // struct open_how
    status.set(ValueLayout.JAVA_LONG, 0, flags);
    status.set(ValueLayout.JAVA_LONG, 8, 0);
    status.set(ValueLayout.JAVA_LONG, 16, RESOLVE_IN_ROOT);
    long fd = call(SYSCALL, SYS_OPENAT2, top, buffer.address(), status.address(), HOW);
    call(CLOSE, top, 0, 0, 0, 0);
    return fd;
  }

  /** Ends the use of names that were put. */
  private long done(long result) {
    if (root.length > 0) {
      for (int i = 0; i < folders.length; i++) {
        if (folders[i] >= 0) {
          call(CLOSE, folders[i], 0, 0, 0, 0);
          folders[i] = -1;
        }
      }
    }
    return result;
  }

  /**
   * What is at a path; a last link is not followed.
   *
   * @return 0, or the errno
   */
  int status(byte[] name, Status into) {
    long result =
        done(call(STATX, AT_FDCWD, put(name), AT_SYMLINK_NOFOLLOW, STATX_BASIC, status.address()));
    if (result < 0) {
      into.clear();
      return (int) -result;
    }
    into.mode = status.get(ValueLayout.JAVA_SHORT, 28) & 0xffff;
    into.owner =
        View.owner(
            status.get(ValueLayout.JAVA_INT, 20) & 0xffffffffL,
            status.get(ValueLayout.JAVA_INT, 24) & 0xffffffffL);
    into.inode = status.get(ValueLayout.JAVA_LONG, 32);
    into.size = status.get(ValueLayout.JAVA_LONG, 40);
    into.changed = nanos(96);
    into.modified = nanos(112);
    into.device =
        ((long) status.get(ValueLayout.JAVA_INT, 136) << 32)
            | (status.get(ValueLayout.JAVA_INT, 140) & 0xffffffffL);
    return 0;
  }

  private long nanos(long offset) {
    return status.get(ValueLayout.JAVA_LONG, offset) * 1_000_000_000L
        + status.get(ValueLayout.JAVA_INT, offset + 8);
  }

  /** Where a link leads; null when it is none. */
  byte @Nullable [] link(byte[] name) {
    long length = done(call(READLINK, put(name), buffer.address(), PATH, 0, 0));
    if (length < 0) {
      return null;
    }
    return buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Takes what is read of a file. */
  interface Sink {
    void bytes(byte[] bytes, int length) throws IOException;
  }

  /** Reads a regular file; links are not followed. */
  void read(byte[] name, Sink sink) throws IOException {
    long fd = done(call(OPEN, put(name), O_CLOEXEC | O_NOFOLLOW, 0, 0, 0));
    if (fd < 0) {
      throw failure(name, (int) -fd);
    }
    try {
      while (true) {
        long count = call(READ, fd, buffer.address(), BUFFER, 0, 0);
        if (count == -4) {
          continue;
        }
        if (count < 0) {
          throw failure(name, (int) -count);
        }
        if (count == 0) {
          return;
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, (int) count);
        sink.bytes(bytes, (int) count);
      }
    } finally {
      call(CLOSE, fd, 0, 0, 0, 0);
    }
  }

  /**
   * The names in a directory, but for {@code .} and {@code ..}, each with a first byte that is
   * {@code d}, {@code l} or {@code f} by what it is. In no order.
   */
  List<byte[]> names(byte[] folder) throws IOException {
    long fd = done(call(OPEN, put(folder), O_CLOEXEC | O_DIRECTORY, 0, 0, 0));
    if (fd < 0) {
      throw failure(folder, (int) -fd);
    }
    List<byte[]> names = new ArrayList<>();
    try {
      while (true) {
        long count = call(SYSCALL, SYS_GETDENTS64, fd, buffer.address(), BUFFER, 0);
        if (count < 0) {
          throw failure(folder, (int) -count);
        }
        if (count == 0) {
          return names;
        }
        long at = 0;
        while (at < count) {
          int record = buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 16) & 0xffff;
          byte type = buffer.get(ValueLayout.JAVA_BYTE, at + 18);
          int length = 0;
          while (buffer.get(ValueLayout.JAVA_BYTE, at + 19 + length) != 0) {
            length++;
          }
          boolean dots =
              buffer.get(ValueLayout.JAVA_BYTE, at + 19) == '.'
                  && (length == 1
                      || (length == 2 && buffer.get(ValueLayout.JAVA_BYTE, at + 20) == '.'));
          if (!dots) {
            byte[] name = new byte[length + 1];
            name[0] = (byte) (type == 4 ? 'd' : type == 10 ? 'l' : 'f');
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, at + 19, name, 1, length);
            names.add(name);
          }
          at += record;
        }
      }
    } finally {
      call(CLOSE, fd, 0, 0, 0, 0);
    }
  }

  /** A new file to write to. */
  int create(byte[] name, int mode) throws IOException {
    long fd = done(call(OPEN, put(name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode, 0, 0));
    if (fd < 0) {
      throw failure(name, (int) -fd);
    }
    return (int) fd;
  }

  void write(int fd, byte[] from, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int part = Math.min(BUFFER, length - done);
      MemorySegment.copy(from, done, buffer, ValueLayout.JAVA_BYTE, 0, part);
      long count = call(WRITE, fd, buffer.address(), part, 0, 0);
      if (count < 0) {
        throw new IOException("cannot write: " + text((int) -count));
      }
      done += (int) count;
    }
  }

  void close(int fd) {
    call(CLOSE, fd, 0, 0, 0, 0);
  }

  void permit(byte[] name, int mode) throws IOException {
    check("chmod", name, done(call(Functions.CHMOD, put(name), mode, 0, 0, 0)));
  }

  /** Gives a file, a folder or a link to a user and a group. */
  void give(byte[] name, long owner) throws IOException {
    check(
        "chown",
        name,
        done(call(Functions.LCHOWN, put(name), owner >>> 32, owner & 0xffffffffL, 0, 0)));
  }

  /** Whether a file has an extended attribute, whatever its value. */
  boolean hasAttribute(byte[] name, String attribute) {
    byte[] ascii = Names.bytes(attribute + "\0");
    MemorySegment.copy(ascii, 0, buffer, ValueLayout.JAVA_BYTE, 0, ascii.length);
    return done(call(Functions.LGETXATTR, put(name), buffer.address(), 0, 0, 0)) >= 0;
  }

  void folder(byte[] name, int mode) throws IOException {
    check("mkdir", name, done(call(Functions.MKDIR, put(name), mode, 0, 0, 0)));
  }

  void remove(byte[] name) throws IOException {
    check("unlink", name, done(call(Functions.UNLINK, put(name), 0, 0, 0, 0)));
  }

  void removeFolder(byte[] name) throws IOException {
    check("rmdir", name, done(call(Functions.RMDIR, put(name), 0, 0, 0, 0)));
  }

  void link(byte[] target, byte[] name) throws IOException {
    MemorySegment second = arena.allocate(target.length + 1L);
    MemorySegment.copy(target, 0, second, ValueLayout.JAVA_BYTE, 0, target.length);
    check("symlink", name, done(call(Functions.SYMLINK, second.address(), put(name), 0, 0, 0)));
  }

  void rename(byte[] from, byte[] to) throws IOException {
    if (Math.max(from.length, to.length) >= PATH / 2) {
      throw new IOException("the name is too long: " + Names.text(to));
    }
    long target = put(to, 1);
    check("rename", to, done(call(Functions.RENAME, put(from, 0), target, 0, 0, 0)));
  }

  private static void check(String what, byte[] name, long result) throws IOException {
    if (result < 0) {
      throw new IOException(what + " " + Names.text(name) + ": " + text((int) -result));
    }
  }

  private static IOException failure(byte[] name, int errno) {
    return new IOException(Names.text(name) + ": " + text(errno));
  }

  private static String text(int errno) {
    return switch (errno) {
      case ENOENT -> "no such file or directory";
      case EACCES -> "permission denied";
      case 17 -> "there already";
      case ENOTDIR -> "not a directory";
      case 28 -> "no space left on device";
      case 30 -> "read-only file system";
      default -> "error " + errno;
    };
  }

  @Override
  public void close() {
    // The memory is freed once nothing refers to it: closing it would stop all threads for a
    // moment.
  }

  /** Functions that a hit with everything in place does not need. */
  private static final class Functions {
    static final MemorySegment CHMOD = LIBC.findOrThrow("chmod");
    static final MemorySegment LCHOWN = LIBC.findOrThrow("lchown");
    static final MemorySegment LGETXATTR = LIBC.findOrThrow("lgetxattr");
    static final MemorySegment MKDIR = LIBC.findOrThrow("mkdir");
    static final MemorySegment UNLINK = LIBC.findOrThrow("unlink");
    static final MemorySegment RMDIR = LIBC.findOrThrow("rmdir");
    static final MemorySegment SYMLINK = LIBC.findOrThrow("symlink");
    static final MemorySegment RENAME = LIBC.findOrThrow("rename");

    private Functions() {}
  }
}
