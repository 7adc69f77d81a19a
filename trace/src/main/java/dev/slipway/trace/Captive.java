package dev.slipway.trace;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of somebody else's that is made to lay the filter on itself, on x86-64.
 *
 * <p>It is seized while it waits in a call of its own, and let run to the entry of that call, which
 * the kernel begins anew. There the registers are set for another call; when that has returned, the
 * program counter goes back to before the call, which is then made as if for the first time. So
 * nothing is put into the process but the filter's steps, in the unused part of its stack, and its
 * own instruction makes the calls.
 *
 * <p>Belongs to the thread that took it; when that ends, the kernel lets the process go.
 */
final class Captive {
  private static final Arch ARCH = Arch.X86_64;

  private static final int PTRACE_POKEDATA = 5;
  private static final int PTRACE_GETREGS = 12;
  private static final int PTRACE_SETREGS = 13;
  private static final int PTRACE_DETACH = 17;
  private static final int PTRACE_SYSCALL = 24;
  private static final int PTRACE_SEIZE = 0x4206;
  private static final int PTRACE_INTERRUPT = 0x4207;
  private static final int PTRACE_GET_SYSCALL_INFO = 0x420e;
  private static final int TRACESYSGOOD = 1;
  private static final int WNOHANG = 1;
  private static final int WALL = 0x40000000;

  private static final int STANDARD_OUTPUT = 1;
  private static final int SYS_CLOSE = 3;
  private static final int SYS_PRCTL = 157;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int SET_MODE_FILTER = 1;
  private static final int SPEC_ALLOW = 4;
  private static final int NEW_LISTENER = 8;
  private static final int WAIT_KILLABLE_RECV = 32;

  // Words of struct user_regs_struct.
  private static final int REGISTERS = 27;
  private static final int R10 = 7;
  private static final int R8 = 9;
  private static final int RAX = 10;
  private static final int RDX = 12;
  private static final int RSI = 13;
  private static final int RDI = 14;
  private static final int ORIG_RAX = 15;
  private static final int RIP = 16;
  private static final int RSP = 19;
  private static final int SYSCALL_INSTRUCTION = 2;
  // Below all that compilers keep below the stack pointer.
  private static final int BELOW_STACK = 8192;

  // struct ptrace_syscall_info
  private static final int INFO = 96;
  private static final int INFO_ARCH = 4;
  private static final int OP_ENTRY = 1;

  private static final long LOOK_AGAIN_NANOS = 50_000;
  private static final long PATIENCE_NANOS = 2_000_000_000L;

  private final Libc c;
  private final Arena arena;
  private final int process;
  private final MemorySegment info;
  private final MemorySegment registers;
  private final MemorySegment status;
  private final long[] saved = new long[REGISTERS];

  private Captive(int process, Libc c, Arena arena) {
    this.process = process;
    this.c = c;
    this.arena = arena;
    info = arena.allocate(INFO, 16);
    registers = arena.allocate(REGISTERS * 8L, 16);
    status = arena.allocate(8, 8);
  }

  /**
   * Lays the filter on a process that waits in a call, and lets it go on.
   *
   * @return a descriptor of the end at which its calls are answered
   * @throws IOException when that cannot be done; the process goes on all the same
   */
  static int filter(int process, Libc c, Arena arena) throws IOException {
    Captive captive = new Captive(process, c, arena);
    captive.ptrace(PTRACE_SEIZE, 0, TRACESYSGOOD, "be traced");
    boolean stopped = false;
    try {
      captive.ptrace(PTRACE_INTERRUPT, 0, 0, "be interrupted");
      captive.awaitStop();
      stopped = true;
      return captive.listener();
    } finally {
      if (stopped) {
        c.call(Libc.PTRACE, PTRACE_DETACH, process, 0, 0);
      }
    }
  }

  private int listener() throws IOException {
    toEntry();
    if (info.get(ValueLayout.JAVA_INT, INFO_ARCH) != ARCH.audit) {
      throw new IOException("the process is of another machine");
    }
    ptrace(PTRACE_GETREGS, 0, registers.address(), "be looked into");
    MemorySegment.copy(registers, ValueLayout.JAVA_LONG, 0, saved, 0, REGISTERS);
    // Were the filter laid and could not be taken, every call that it picks would fail.
    c.call(Libc.CLOSE, take(STANDARD_OUTPUT));
    long at = (saved[RSP] - BELOW_STACK) & ~15L;
    poke(at, Filter.program(ARCH, Filter.NOTIFY, at + Filter.HEAD, arena));
    long result = lay(at);
    if (result == -Libc.EACCES) {
      make(SYS_PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0);
      result = lay(at);
    }
    if (result < 0) {
      throw new IOException(
          result == -Libc.EBUSY
              ? "the process is watched in the same way already"
              : "the process took no filter: error " + -result);
    }
    int listener = take((int) result);
    make(SYS_CLOSE, result, 0, 0);
    return listener;
  }

  private long lay(long filter) throws IOException {
    int flags = NEW_LISTENER | SPEC_ALLOW;
    long result = make(ARCH.seccomp, SET_MODE_FILTER, flags | WAIT_KILLABLE_RECV, filter);
    return result == -Libc.EINVAL ? make(ARCH.seccomp, SET_MODE_FILTER, flags, filter) : result;
  }

  /** Another descriptor, of this program, for one of the process's. */
  private int take(int theirs) throws IOException {
    long handle = c.call(Libc.SYSCALL, ARCH.pidfdOpen, process, 0);
    long ours = handle < 0 ? handle : c.call(Libc.SYSCALL, ARCH.pidfdGetfd, handle, theirs, 0);
    if (handle >= 0) {
      c.call(Libc.CLOSE, handle);
    }
    if (ours < 0) {
      throw new IOException("the process's descriptors could not be taken: error " + -ours);
    }
    return (int) ours;
  }

  /** Makes the process, which is about to make a call, make this one before. */
  private long make(long number, long a, long b, long c) throws IOException {
    restore();
    set(ORIG_RAX, number);
    set(RDI, a);
    set(RSI, b);
    set(RDX, c);
    set(R10, 0);
    set(R8, 0);
    ptrace(PTRACE_SETREGS, 0, registers.address(), "be set");
    toCallStop();
    ptrace(PTRACE_GETREGS, 0, registers.address(), "be looked into");
    long result = registers.getAtIndex(ValueLayout.JAVA_LONG, RAX);
    restore();
    set(RIP, saved[RIP] - SYSCALL_INSTRUCTION);
    set(RAX, saved[ORIG_RAX]);
    ptrace(PTRACE_SETREGS, 0, registers.address(), "be set");
    toEntry();
    return result;
  }

  private void restore() {
    MemorySegment.copy(saved, 0, registers, ValueLayout.JAVA_LONG, 0, REGISTERS);
  }

  private void set(int register, long value) {
    registers.setAtIndex(ValueLayout.JAVA_LONG, register, value);
  }

  private void poke(long address, MemorySegment words) throws IOException {
    for (long at = 0; at < words.byteSize(); at += 8) {
      ptrace(
          PTRACE_POKEDATA, address + at, words.get(ValueLayout.JAVA_LONG, at), "be written into");
    }
  }

  private void toEntry() throws IOException {
    while (true) {
      toCallStop();
      ptrace(PTRACE_GET_SYSCALL_INFO, INFO, info.address(), "be looked into");
      if (info.get(ValueLayout.JAVA_BYTE, 0) == OP_ENTRY) {
        return;
      }
    }
  }

  /** Lets it run to the next beginning or end of a call. */
  private void toCallStop() throws IOException {
    int signal = 0;
    while (true) {
      ptrace(PTRACE_SYSCALL, 0, signal, "go on");
      int how = awaitStop();
      signal = (how >> 8) & 0xff;
      if (signal == (Libc.SIGTRAP | 0x80)) {
        return;
      }
      if (how >> 16 != 0) {
        // A stop of the tracer's making, not a signal to be handed on.
        signal = 0;
      }
    }
  }

  private int awaitStop() throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      // Looks time and again: one who only waits would for ever, should the process never stop.
      long waited = c.call(Libc.WAITPID, process, status.address(), WALL | WNOHANG);
      if (waited == process) {
        int how = status.get(ValueLayout.JAVA_INT, 0);
        if ((how & 0xff) != 0x7f) {
          throw new IOException("the process ended");
        }
        return how;
      }
      if (waited < 0 && waited != -Libc.EINTR) {
        throw new IOException("the process could not be waited for: error " + -waited);
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("the process did not stop");
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  private void ptrace(int request, long address, long data, String what) throws IOException {
    long result = c.call(Libc.PTRACE, request, process, address, data);
    if (result < 0) {
      throw new IOException("the process could not " + what + ": error " + -result);
    }
  }
}
