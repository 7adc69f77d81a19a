package dev.slipway.trace;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C library, as far as watching needs it. Every function is called through one shape, six longs
 * to a long, which the JDK links once for all of them; both supported ABIs pass integers and
 * pointers alike in registers, and a callee ignores arguments it does not take.
 *
 * <p>A {@code Libc} belongs to the thread that made its arena.
 */
@SuppressWarnings("restricted")
final class Libc {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int ESRCH = 3;
  static final int EINTR = 4;
  static final int ECHILD = 10;
  static final int EACCES = 13;
  static final int EFAULT = 14;
  static final int EBUSY = 16;
  static final int EINVAL = 22;
  static final int ENOSYS = 38;

  static final int SIGTRAP = 5;
  static final int SIGCONT = 18;
  static final int SIGSTOP = 19;
  static final int SIGTSTP = 20;
  static final int SIGTTIN = 21;
  static final int SIGTTOU = 22;

  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

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

  static final MemorySegment SYSCALL = LIBC.findOrThrow("syscall");
  static final MemorySegment IOCTL = LIBC.findOrThrow("ioctl");
  static final MemorySegment POLL = LIBC.findOrThrow("poll");
  static final MemorySegment PRCTL = LIBC.findOrThrow("prctl");
  static final MemorySegment KILL = LIBC.findOrThrow("kill");
  static final MemorySegment OPEN = LIBC.findOrThrow("open");
  static final MemorySegment CLOSE = LIBC.findOrThrow("close");
  static final MemorySegment PREAD = LIBC.findOrThrow("pread");
  static final MemorySegment STATX = LIBC.findOrThrow("statx");
  static final MemorySegment READLINK = LIBC.findOrThrow("readlink");
  static final MemorySegment PTRACE = LIBC.findOrThrow("ptrace");
  static final MemorySegment WAITID = LIBC.findOrThrow("waitid");
  static final MemorySegment WAITPID = LIBC.findOrThrow("waitpid");
  static final MemorySegment PROCESS_VM_READV = LIBC.findOrThrow("process_vm_readv");

  private final MemorySegment state;

  Libc(Arena arena) {
    state = arena.allocate(16, 8);
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

  long call(MemorySegment function, long a, long b, long c) {
    return call(function, a, b, c, 0, 0, 0);
  }

  long call(MemorySegment function, long a, long b, long c, long d) {
    return call(function, a, b, c, d, 0, 0);
  }
}
