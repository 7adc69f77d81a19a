package dev.slipway.trace;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A watch by ptrace, on x86-64. One thread does all of it, as the kernel takes a tracee's requests
 * from the thread that traces it only.
 *
 * <p><b>The beginning.</b> A shell is started that stops itself and will run the command in its
 * place. Stopped, it is seized, made to lay the filter on itself, and let go; from then on it stops
 * at the calls the filter picks, and so does all that it starts. Being made to means: at the entry
 * of its next call the registers are set for another one; when that has returned, the program
 * counter goes back to before the call, which is then made as if for the first time.
 *
 * <p><b>Under other filters.</b> Where this program is under a filter itself, another one may have
 * a say before this one's is heard: a process that is asked about elsewhere and may go on does not
 * stop here any more. There no filter is laid, and processes stop at every call, before all
 * filters.
 *
 * <p><b>The end.</b> The first process is a child of this program, and whoever started it waits for
 * it. A thread that waits for its tracees could take its exit away. So each event is only looked at
 * before it is taken, and that exit never is. Until it has been taken by the other, it is all there
 * is to look at whenever nothing else is, so this thread looks again after a while.
 */
final class PtraceWatch implements Watch {
  private static final Arch ARCH = Arch.X86_64;

  private static final int PTRACE_POKEDATA = 5;
  private static final int PTRACE_CONT = 7;
  private static final int PTRACE_GETREGS = 12;
  private static final int PTRACE_SETREGS = 13;
  private static final int PTRACE_SYSCALL = 24;
  private static final int PTRACE_SEIZE = 0x4206;
  private static final int PTRACE_LISTEN = 0x4208;
  private static final int PTRACE_GET_SYSCALL_INFO = 0x420e;
  private static final int EVENT_SECCOMP = 7;
  private static final int EVENT_STOP = 128;

  // TRACESYSGOOD, TRACEFORK, TRACEVFORK, TRACECLONE, TRACESECCOMP, EXITKILL: without a tracer the
  // calls that the filter picks would fail.
  private static final int OPTIONS = 0x1 | 0x2 | 0x4 | 0x8 | 0x80 | 0x100000;

  private static final int WNOHANG = 1;
  private static final int WSTOPPED = 2;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x01000000;
  private static final int WNOTHREAD = 0x20000000;
  private static final int WALL = 0x40000000;
  private static final int CLD_DUMPED = 3;

  private static final int SYS_PRCTL = 157;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int SET_MODE_FILTER = 1;
  private static final int SPEC_ALLOW = 4;

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
  private static final int INFO_NUMBER = 24;
  private static final int INFO_ARGUMENTS = 32;
  private static final int OP_ENTRY = 1;
  private static final int OP_EXIT = 2;

  // siginfo_t of a child
  private static final int SIGINFO = 128;
  private static final int SIGINFO_CODE = 8;
  private static final int SIGINFO_PID = 16;

  private static final long LOOK_AGAIN_NANOS = 200_000;

  private final Telling telling = new Telling();
  private final CompletableFuture<Integer> started = new CompletableFuture<>();
  private final Thread tracer;
  private volatile @Nullable IntSupplier start;
  private volatile boolean abandoned;

  private PtraceWatch(Observer observer) {
    tracer =
        Thread.ofPlatform()
            .daemon()
            .name("watch")
            .inheritInheritableThreadLocals(false)
            .unstarted(() -> run(observer));
  }

  static PtraceWatch begin(Observer observer) throws IOException {
    PtraceWatch watch = new PtraceWatch(observer);
    watch.tracer.start();
    if (!watch.telling.awaitPrepared()) {
      throw new IOException("the thread that watches could not begin");
    }
    return watch;
  }

  @Override
  public List<String> prefix() {
    return List.of("/bin/sh", "-c", "kill -STOP $$; exec \"$@\"", "sh");
  }

  @Override
  public int start(IntSupplier start) {
    if (this.start != null) {
      throw new IllegalStateException("a watch starts one process");
    }
    this.start = start;
    LockSupport.unpark(tracer);
    return started.join();
  }

  @Override
  public Ending ending(Duration patience) {
    abandon();
    return telling.ending(patience);
  }

  @Override
  public void close() {
    abandon();
    telling.stop();
  }

  private void abandon() {
    if (start == null) {
      abandoned = true;
      LockSupport.unpark(tracer);
    }
  }

  private void run(Observer observer) {
    try (Arena arena = Arena.ofConfined()) {
      Libc c = new Libc(arena);
      telling.prepare(new Account(ARCH, c, arena, observer, true));
      IntSupplier process = start;
      while (process == null && !abandoned) {
        LockSupport.park(this);
        process = start;
      }
      if (process == null) {
        return;
      }
      int error = process.getAsInt();
      if (error == 0) {
        Tracees tracees = new Tracees(c, arena, telling);
        int root = tracees.takeRoot();
        started.complete(0);
        if (root != 0) {
          tracees.follow(root);
        }
      } else {
        started.complete(error);
      }
    } catch (Throwable e) {
      if (!started.completeExceptionally(e)) {
        telling.gap("what processes did could not be followed: " + e);
      }
    } finally {
      telling.end();
    }
  }

  /** The processes that are traced, seen from the thread that traces them. */
  private static final class Tracees {
    private final Libc c;
    private final Arena arena;
    private final Telling telling;
    private final MemorySegment info;
    private final MemorySegment registers;
    private final MemorySegment status;
    private final long[] saved = new long[REGISTERS];
    private final long[] arguments = new long[6];
    private final boolean everyCall = filteredItself();
    private final int next = everyCall ? PTRACE_SYSCALL : PTRACE_CONT;

    Tracees(Libc c, Arena arena, Telling telling) {
      this.c = c;
      this.arena = arena;
      this.telling = telling;
      info = arena.allocate(SIGINFO, 16);
      registers = arena.allocate(REGISTERS * 8L, 16);
      status = arena.allocate(8, 8);
    }

    /**
     * Waits for the shell to stop and lays the filter on it; its number, or 0 when it ended
     * instead.
     */
    int takeRoot() {
      // Looks time and again: where this program is traced itself, and with it the shell, the
      // kernel
      // wakes nobody who waits for his own children only.
      do {
        LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        if (look(WSTOPPED | WEXITED | WNOHANG) < 0) {
          return 0;
        }
      } while (info.get(ValueLayout.JAVA_INT, SIGINFO_PID) == 0);
      int root = info.get(ValueLayout.JAVA_INT, SIGINFO_PID);
      if (ended()) {
        telling.gap("the process ended before it could be traced");
        return 0;
      }
      if (ptrace(PTRACE_SEIZE, root, OPTIONS) < 0) {
        telling.gap("the process could not be traced");
        c.call(Libc.KILL, root, Libc.SIGCONT, 0);
        return 0;
      }
      c.call(Libc.KILL, root, Libc.SIGCONT, 0);
      if (everyCall) {
        toEntry(root);
        tell(root);
      } else if (!filter(root)) {
        telling.gap("the process took no filter");
      }
      resume(next, root, 0);
      return root;
    }

    private static boolean filteredItself() {
      try {
        return Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)
            .contains("Seccomp:\t2");
      } catch (IOException e) {
        return true;
      }
    }

    /** Follows all until none is left. */
    void follow(int root) {
      while (true) {
        long looked = look(WSTOPPED | WEXITED);
        if (looked == -Libc.EINTR) {
          continue;
        }
        if (looked < 0) {
          return;
        }
        int task = info.get(ValueLayout.JAVA_INT, SIGINFO_PID);
        if (task == root && ended()) {
          LockSupport.parkNanos(LOOK_AGAIN_NANOS);
          continue;
        }
        if (c.call(Libc.WAITPID, task, status.address(), WALL | WNOHANG) == task) {
          stopped(task, status.get(ValueLayout.JAVA_INT, 0));
        }
      }
    }

    private void stopped(int task, int how) {
      if ((how & 0xff) != 0x7f) {
        return;
      }
      int signal = (how >> 8) & 0xff;
      int event = how >> 16;
      if (event == EVENT_SECCOMP || (everyCall && signal == (Libc.SIGTRAP | 0x80))) {
        tell(task);
        resume(next, task, 0);
      } else if (event == EVENT_STOP && stops(signal)) {
        // A stop of the whole group, until it is told to go on.
        resume(PTRACE_LISTEN, task, 0);
      } else if (event != 0 || signal == (Libc.SIGTRAP | 0x80)) {
        resume(next, task, 0);
      } else {
        resume(next, task, signal);
      }
    }

    private void tell(int task) {
      if (ptrace(PTRACE_GET_SYSCALL_INFO, task, INFO, info.address()) < 0
          || info.get(ValueLayout.JAVA_BYTE, 0) == OP_EXIT) {
        return;
      }
      MemorySegment.copy(info, ValueLayout.JAVA_LONG, INFO_ARGUMENTS, arguments, 0, 6);
      telling.call(
          task,
          info.get(ValueLayout.JAVA_INT, INFO_ARCH),
          (int) info.get(ValueLayout.JAVA_LONG, INFO_NUMBER),
          arguments);
    }

    // --- making a process call

    private boolean filter(int task) {
      if (!toEntry(task)) {
        return false;
      }
      ptrace(PTRACE_GETREGS, task, 0, registers.address());
      MemorySegment.copy(registers, ValueLayout.JAVA_LONG, 0, saved, 0, REGISTERS);
      long at = (saved[RSP] - BELOW_STACK) & ~15L;
      poke(task, at, Filter.program(ARCH, Filter.TRACE, at + Filter.HEAD, arena));
      long result = make(task, ARCH.seccomp, SET_MODE_FILTER, SPEC_ALLOW, at);
      if (result == -Libc.EACCES) {
        make(task, SYS_PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0);
        result = make(task, ARCH.seccomp, SET_MODE_FILTER, SPEC_ALLOW, at);
      }
      return result == 0;
    }

    /** Makes a task that is about to make a call make this one before. */
    private long make(int task, long number, long a, long b, long c) {
      restore();
      set(ORIG_RAX, number);
      set(RDI, a);
      set(RSI, b);
      set(RDX, c);
      set(R10, 0);
      set(R8, 0);
      ptrace(PTRACE_SETREGS, task, 0, registers.address());
      if (!toSyscallStop(task)) {
        return -Libc.ESRCH;
      }
      ptrace(PTRACE_GETREGS, task, 0, registers.address());
      long result = registers.getAtIndex(ValueLayout.JAVA_LONG, RAX);
      restore();
      set(RIP, saved[RIP] - SYSCALL_INSTRUCTION);
      set(RAX, saved[ORIG_RAX]);
      ptrace(PTRACE_SETREGS, task, 0, registers.address());
      return toEntry(task) ? result : -Libc.ESRCH;
    }

    private void restore() {
      MemorySegment.copy(saved, 0, registers, ValueLayout.JAVA_LONG, 0, REGISTERS);
    }

    private void set(int register, long value) {
      registers.setAtIndex(ValueLayout.JAVA_LONG, register, value);
    }

    private void poke(int task, long address, MemorySegment words) {
      for (long at = 0; at < words.byteSize(); at += 8) {
        c.call(
            Libc.PTRACE, PTRACE_POKEDATA, task, address + at, words.get(ValueLayout.JAVA_LONG, at));
      }
    }

    private boolean toEntry(int task) {
      while (toSyscallStop(task)) {
        if (ptrace(PTRACE_GET_SYSCALL_INFO, task, INFO, info.address()) > 0
            && info.get(ValueLayout.JAVA_BYTE, 0) == OP_ENTRY) {
          return true;
        }
      }
      return false;
    }

    /** Lets a task run to the next end of a call's; false when it ended instead. */
    private boolean toSyscallStop(int task) {
      // A task that was only just seized runs, or is about to stop for other reasons.
      ptrace(PTRACE_SYSCALL, task, 0);
      while (true) {
        long waited = c.call(Libc.WAITPID, task, status.address(), WALL);
        if (waited == -Libc.EINTR) {
          continue;
        }
        int how = status.get(ValueLayout.JAVA_INT, 0);
        if (waited != task || (how & 0xff) != 0x7f) {
          return false;
        }
        int signal = (how >> 8) & 0xff;
        if (signal == (Libc.SIGTRAP | 0x80)) {
          return true;
        }
        boolean ours = how >> 16 != 0 || signal == Libc.SIGSTOP || signal == Libc.SIGCONT;
        resume(PTRACE_SYSCALL, task, ours ? 0 : signal);
      }
    }

    // --- plain calls

    private long look(int states) {
      info.fill((byte) 0);
      return c.call(
          Libc.WAITID, 0 /* P_ALL */, 0, info.address(), states | WNOWAIT | WNOTHREAD | WALL, 0, 0);
    }

    private boolean ended() {
      return info.get(ValueLayout.JAVA_INT, SIGINFO_CODE) <= CLD_DUMPED;
    }

    private static boolean stops(int signal) {
      return signal == Libc.SIGSTOP
          || signal == Libc.SIGTSTP
          || signal == Libc.SIGTTIN
          || signal == Libc.SIGTTOU;
    }

    private void resume(int request, int task, int signal) {
      c.call(Libc.PTRACE, request, task, 0, signal);
    }

    private long ptrace(int request, int task, long data) {
      return c.call(Libc.PTRACE, request, task, 0, data);
    }

    private long ptrace(int request, int task, long address, long data) {
      return c.call(Libc.PTRACE, request, task, address, data);
    }
  }
}
