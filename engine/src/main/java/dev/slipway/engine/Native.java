package dev.slipway.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * The C library, as far as processes and files need it on Linux.
 *
 * <p>Every function is called through one shape, six longs to a long: linking one shape costs a
 * tenth of linking each function's own, and start-up counts. Both supported ABIs (x86-64 and
 * AArch64 on Linux) pass integers and pointers alike in registers, and a callee ignores arguments
 * it does not take.
 *
 * <p>A {@code Native} is a calling context with scratch memory and belongs to one thread.
 */
@SuppressWarnings("restricted")
final class Native implements AutoCloseable {
  static final int EINTR = 4;
  static final int EEXIST = 17;
  static final int ENOENT = 2;
  static final int ECHILD = 10;
  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_TRUNC = 0x200;
  static final int O_CLOEXEC = 0x80000;
  static final int SIGINT = 2;
  static final int SIGKILL = 9;
  static final int SIGTERM = 15;
  static final int SYS_PIDFD_OPEN = 434;
  static final int F_SETPIPE_SZ = 1031;
  static final short POLLIN = 1;

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

  static final MemorySegment OPEN = function("open");
  static final MemorySegment CLOSE = function("close");
  static final MemorySegment READ = function("read");
  static final MemorySegment WRITE = function("write");
  static final MemorySegment UNLINK = function("unlink");
  static final MemorySegment PIPE2 = function("pipe2");
  static final MemorySegment FCNTL = function("fcntl");
  static final MemorySegment POLL = function("poll");
  static final MemorySegment KILL = function("kill");
  static final MemorySegment WAITPID = function("waitpid");
  static final MemorySegment SYSCALL = function("syscall");
  static final MemorySegment PRCTL = function("prctl");
  static final MemorySegment POSIX_SPAWN = function("posix_spawn");
  static final MemorySegment FILE_ACTIONS_INIT = function("posix_spawn_file_actions_init");
  static final MemorySegment FILE_ACTIONS_DESTROY = function("posix_spawn_file_actions_destroy");
  static final MemorySegment FILE_ACTIONS_DUP2 = function("posix_spawn_file_actions_adddup2");
  static final MemorySegment FILE_ACTIONS_OPEN = function("posix_spawn_file_actions_addopen");
  static final MemorySegment FILE_ACTIONS_CHDIR = function("posix_spawn_file_actions_addchdir_np");
  static final MemorySegment FILE_ACTIONS_CLOSEFROM =
      LIBC.find("posix_spawn_file_actions_addclosefrom_np").orElse(MemorySegment.NULL);

  private final Arena arena;
  private final boolean closeable;
  private final MemorySegment state;
  private MemorySegment scratch;
  private long used;

  /** For one thread, until closed. */
  Native() {
    this(Arena.ofConfined(), true);
  }

  private Native(Arena arena, boolean closeable) {
    this.arena = arena;
    this.closeable = closeable;
    this.state = arena.allocate(16, 8);
    this.scratch = arena.allocate(32 * 1024, 16);
  }

  /** One that may pass from thread to thread, and is freed when nothing refers to it any more. */
  static Native lasting() {
    return new Native(Arena.ofAuto(), false);
  }

  static MemorySegment function(String name) {
    return LIBC.findOrThrow(name);
  }

  /** Calls a function; a result of -1 comes back as the negative {@code errno}. */
  long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
    long result;
    try {
      result = (long) CALL.invokeExact(function, state, a, b, c, d, e, f);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
    // Functions that return an int leave the upper half of the register undefined.
    if (result == -1 || result == 0xffffffffL) {
      return -state.get(ValueLayout.JAVA_INT, 0);
    }
    return result;
  }

  long call(MemorySegment function, long a) {
    return call(function, a, 0, 0, 0, 0, 0);
  }

  long call(MemorySegment function, long a, long b) {
    return call(function, a, b, 0, 0, 0, 0);
  }

  long call(MemorySegment function, long a, long b, long c) {
    return call(function, a, b, c, 0, 0, 0);
  }

  /** Memory that lives as long as this context. */
  MemorySegment permanent(long size) {
    return arena.allocate(size, 16);
  }

  /** Forgets all scratch memory handed out so far. */
  void reset() {
    used = 0;
  }

  /** Scratch memory, zeroed, until the next {@link #reset}. */
  MemorySegment allocate(long size) {
    long start = (used + 15) & ~15L;
    if (start + size > scratch.byteSize()) {
      // Blocks in use stay alive with the arena; a context sees few growths in its life.
      scratch = arena.allocate(Math.max(scratch.byteSize() * 2, size + 4096), 16);
      start = 0;
    }
    used = start + size;
    return scratch.asSlice(start, size).fill((byte) 0);
  }

  /** A C string in scratch memory. */
  MemorySegment string(String text) {
    return string(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A C string in scratch memory. */
  MemorySegment string(byte[] bytes) {
    MemorySegment segment = allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  /** Creates an empty file. @return 0, or the negative errno */
  long createFile(String path) {
    long fd = call(OPEN, string(path).address(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) {
      return fd;
    }
    return closeFd((int) fd);
  }

  long closeFd(int fd) {
    return call(CLOSE, fd);
  }

  /** Sends a signal; a process that is gone is no error. */
  void kill(int pid, int signal) {
    call(KILL, pid, signal);
  }

  @Override
  public void close() {
    if (closeable) {
      arena.close();
    }
  }
}
