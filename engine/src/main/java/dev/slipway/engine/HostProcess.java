package dev.slipway.engine;

import dev.slipway.trace.Watch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs one process on this machine and hands on what it prints, all in the calling thread: it waits
 * with {@code poll} for output, the process's end, and requests to stop.
 *
 * <p>The process leads a session of its own: it has no terminal, a Ctrl-C at Slipway's terminal
 * does not reach it, and what is left of its group can be ended as one. To stop it: SIGINT to the
 * process, after 7.5 s SIGTERM, after 2.5 s more SIGKILL to its whole group (actions/runner,
 * ProcessInvoker). Once it has ended, holders of its output have 5 s until they are no longer
 * waited for; what they print from then on is lost.
 */
final class HostProcess {
  private static final long TERM_AFTER_NANOS = 7_500_000_000L;
  private static final long KILL_AFTER_NANOS = 10_000_000_000L;
  private static final long DRAIN_NANOS = 5_000_000_000L;
  private static final int LOST = 255;
  private static final int BUFFER = 256 * 1024;
  private static final int PIPE = 64 * 1024;
  private static final int LARGE_PIPE = 1024 * 1024;
  private static final int SPAWN_FLAGS =
      0x80 /* SETSID */ | 0x08 /* SETSIGMASK */ | 0x04 /* SETSIGDEF */;

  /**
   * The processes that are being waited for, of this whole program as children are: they may be
   * children of its first thread, as what their orphans become, and must not be waited for there.
   */
  private static final Set<Integer> ATTENDED = ConcurrentHashMap.newKeySet();

  private final Native c;
  private final IntUnaryOperator signalled;
  private final byte[] buffer = new byte[BUFFER];
  private final MemorySegment nativeBuffer;
  private final MemorySegment signalsAll;

  /**
   * @param signalled the process that is to be asked to stop, by the one that was started
   */
  HostProcess(Native c, IntUnaryOperator signalled) {
    this.c = c;
    this.signalled = signalled;
    this.nativeBuffer = c.permanent(BUFFER);
    this.signalsAll = c.permanent(128).fill((byte) 0xff);
  }

  /**
   * Runs a process to its end.
   *
   * @param deadlineNanos {@link System#nanoTime} at which its time is up; {@link Long#MAX_VALUE}
   *     for never
   * @param watch watches it and what it starts; null for nothing
   */
  ProcessResult run(
      String executable,
      List<String> arguments,
      String directory,
      Map<String, String> environment,
      ProcessOutput output,
      StopSignal stop,
      long deadlineNanos,
      @Nullable Watch watch) {
    c.reset();
    MemorySegment fds = c.allocate(24);
    int[] pipes = new int[6];
    int opened = 0;
    for (; opened < 3; opened++) {
      if (c.call(Native.PIPE2, fds.address() + opened * 8L, Native.O_CLOEXEC) < 0) {
        break;
      }
      pipes[opened * 2] = fds.get(ValueLayout.JAVA_INT, opened * 8L);
      pipes[opened * 2 + 1] = fds.get(ValueLayout.JAVA_INT, opened * 8L + 4);
    }
    if (opened < 3) {
      for (int i = 0; i < opened * 2; i++) {
        c.closeFd(pipes[i]);
      }
      return new ProcessResult(ProcessResult.End.NOT_STARTED, 24);
    }
    int out = pipes[0];
    int err = pipes[2];
    int wake = pipes[4];
    int wakeEnd = pipes[5];
    MemorySegment pidCell = c.allocate(8);
    int error =
        spawn(executable, arguments, directory, environment, pipes[1], pipes[3], pidCell, watch);
    c.closeFd(pipes[1]);
    c.closeFd(pipes[3]);
    if (error != 0) {
      for (int fd : new int[] {out, err, wake, wakeEnd}) {
        c.closeFd(fd);
      }
      return new ProcessResult(ProcessResult.End.NOT_STARTED, error);
    }
    int pid = pidCell.get(ValueLayout.JAVA_INT, 0);
    ATTENDED.add(pid);
    Waker waker = new Waker(wakeEnd);
    stop.onStop(waker);
    try {
      return attend(pid, out, err, wake, output, stop, deadlineNanos);
    } finally {
      ATTENDED.remove(pid);
      stop.removeWaker(waker);
      waker.close(c);
      c.closeFd(wake);
    }
  }

  private int spawn(
      String executable,
      List<String> arguments,
      String directory,
      Map<String, String> environment,
      int out,
      int err,
      MemorySegment pidCell,
      @Nullable Watch watch) {
    MemorySegment actions = c.allocate(128);
    MemorySegment attributes = c.allocate(512);
    long fa = actions.address();
    c.call(Native.FILE_ACTIONS_INIT, fa);
    c.call(Native.FILE_ACTIONS_OPEN, fa, 0, c.string("/dev/null").address(), Native.O_RDONLY, 0, 0);
    c.call(Native.FILE_ACTIONS_DUP2, fa, out, 1);
    c.call(Native.FILE_ACTIONS_DUP2, fa, err, 2);
    c.call(Native.FILE_ACTIONS_CHDIR, fa, c.string(directory).address());
    if (Native.FILE_ACTIONS_CLOSEFROM.address() != 0) {
      c.call(Native.FILE_ACTIONS_CLOSEFROM, fa, 3);
    }
    // posix_spawnattr_t: short flags, pid_t pgrp, sigset_t default (all), sigset_t mask (none).
    attributes.set(ValueLayout.JAVA_SHORT, 0, (short) SPAWN_FLAGS);
    MemorySegment.copy(signalsAll, 0, attributes, 8, 128);

    MemorySegment argv = c.allocate(8L * (arguments.size() + 2));
    argv.setAtIndex(ValueLayout.JAVA_LONG, 0, c.string(executable).address());
    for (int i = 0; i < arguments.size(); i++) {
      argv.setAtIndex(ValueLayout.JAVA_LONG, i + 1L, c.string(arguments.get(i)).address());
    }
    MemorySegment envp = c.allocate(8L * (environment.size() + 1));
    int i = 0;
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      envp.setAtIndex(
          ValueLayout.JAVA_LONG,
          i++,
          c.string(variable.getKey() + "=" + variable.getValue()).address());
    }
    long program = argv.getAtIndex(ValueLayout.JAVA_LONG, 0);
    IntSupplier start =
        () ->
            (int)
                c.call(
                    Native.POSIX_SPAWN,
                    pidCell.address(),
                    program,
                    fa,
                    attributes.address(),
                    argv.address(),
                    envp.address());
    int result = watch == null ? start.getAsInt() : watch.start(start);
    c.call(Native.FILE_ACTIONS_DESTROY, fa);
    return result;
  }

  private ProcessResult attend(
      int pid,
      int out,
      int err,
      int wake,
      ProcessOutput output,
      StopSignal stop,
      long deadlineNanos) {
    int pidFd = (int) c.call(Native.SYSCALL, Native.SYS_PIDFD_OPEN, pid, 0);
    MemorySegment polls = c.allocate(32);
    MemorySegment status = c.allocate(8);
    boolean outOpen = true;
    boolean errOpen = true;
    boolean exited = false;
    ProcessResult.End end = ProcessResult.End.EXITED;
    int exitCode = -1;
    long stopBegan = 0;
    int lastSignal = 0;
    long drainUntil = Long.MAX_VALUE;
    boolean wakeSeen = false;
    while (outOpen || errOpen || !exited) {
      long now = System.nanoTime();
      if (exited && now - drainUntil >= 0) {
        break;
      }
      Stop asked = stop.stop();
      if (!exited) {
        if (stopBegan == 0) {
          boolean late = deadlineNanos != Long.MAX_VALUE && now - deadlineNanos >= 0;
          if (asked != Stop.NONE || late) {
            stopBegan = now == 0 ? 1 : now;
            end = asked != Stop.NONE ? ProcessResult.End.STOPPED : ProcessResult.End.TIMED_OUT;
            lastSignal = Native.SIGINT;
            c.kill(signalled.applyAsInt(pid), Native.SIGINT);
          }
        }
        if (stopBegan != 0) {
          long since = now - stopBegan;
          if (lastSignal == Native.SIGINT && since >= TERM_AFTER_NANOS) {
            lastSignal = Native.SIGTERM;
            c.kill(signalled.applyAsInt(pid), Native.SIGTERM);
          }
          if (lastSignal != Native.SIGKILL && (asked == Stop.KILL || since >= KILL_AFTER_NANOS)) {
            lastSignal = Native.SIGKILL;
            c.kill(-pid, Native.SIGKILL);
          }
        }
      } else if (asked == Stop.KILL) {
        c.kill(-pid, Native.SIGKILL);
        break;
      }
      long timeout = timeoutMs(now, exited, drainUntil, stopBegan, lastSignal, deadlineNanos);
      poll(polls, 0, outOpen ? out : -1);
      poll(polls, 1, errOpen ? err : -1);
      poll(polls, 2, exited ? -1 : pidFd);
      poll(polls, 3, wakeSeen && asked == Stop.KILL ? -1 : wake);
      long ready = c.call(Native.POLL, polls.address(), 4, 0);
      if (ready == 0) {
        output.idle();
        ready = c.call(Native.POLL, polls.address(), 4, timeout);
      }
      if (ready < 0) {
        continue;
      }
      if (outOpen && events(polls, 0)) {
        outOpen = read(out, RunEvent.Stream.STDOUT, output);
      }
      if (errOpen && events(polls, 1)) {
        errOpen = read(err, RunEvent.Stream.STDERR, output);
      }
      if (events(polls, 3)) {
        wakeSeen = true;
        c.call(Native.READ, wake, nativeBuffer.address(), 64);
      }
      if (!exited && (events(polls, 2) || pidFd < 0)) {
        int waited = (int) c.call(Native.WAITPID, pid, status.address(), 1 /* WNOHANG */);
        if (waited == pid || waited == -Native.ECHILD) {
          exited = true;
          exitCode = waited == pid ? exitCode(status.get(ValueLayout.JAVA_INT, 0)) : LOST;
          drainUntil = System.nanoTime() + DRAIN_NANOS;
        }
      }
    }
    if (pidFd >= 0) {
      c.closeFd(pidFd);
    }
    boolean killed = stop.stop() == Stop.KILL;
    release(out, outOpen && !killed);
    release(err, errOpen && !killed);
    return new ProcessResult(end, exitCode);
  }

  /**
   * Closes a pipe, or reads on without handing on when something still holds it: a server that a
   * step left running for later ones would die of its next line (SIGPIPE). It ends with the job.
   */
  private void release(int fd, boolean held) {
    if (!held) {
      c.closeFd(fd);
      return;
    }
    Thread.ofPlatform()
        .daemon()
        .name("drain")
        .start(() -> {
          try (Native own = new Native()) {
            long into = own.allocate(PIPE).address();
            long count;
            do {
              count = own.call(Native.READ, fd, into, PIPE);
            } while (count > 0 || count == -Native.EINTR);
            own.closeFd(fd);
          }
        });
  }

  private static long timeoutMs(
      long now,
      boolean exited,
      long drainUntil,
      long stopBegan,
      int lastSignal,
      long deadlineNanos) {
    long until = Long.MAX_VALUE;
    if (exited) {
      until = drainUntil - now;
    } else if (stopBegan != 0) {
      if (lastSignal == Native.SIGINT) {
        until = stopBegan + TERM_AFTER_NANOS - now;
      } else if (lastSignal == Native.SIGTERM) {
        until = stopBegan + KILL_AFTER_NANOS - now;
      }
    } else if (deadlineNanos != Long.MAX_VALUE) {
      until = deadlineNanos - now;
    }
    return until == Long.MAX_VALUE
        ? -1
        : Math.max(0, Math.min(Integer.MAX_VALUE, until / 1_000_000 + 1));
  }

  private static void poll(MemorySegment polls, int index, int fd) {
    polls.set(ValueLayout.JAVA_INT, index * 8L, fd);
    polls.set(ValueLayout.JAVA_SHORT, index * 8L + 4, Native.POLLIN);
    polls.set(ValueLayout.JAVA_SHORT, index * 8L + 6, (short) 0);
  }

  private static boolean events(MemorySegment polls, int index) {
    return polls.get(ValueLayout.JAVA_SHORT, index * 8L + 6) != 0;
  }

  private boolean read(int fd, RunEvent.Stream stream, ProcessOutput output) {
    long count = c.call(Native.READ, fd, nativeBuffer.address(), BUFFER);
    if (count == -Native.EINTR) {
      return true;
    }
    if (count <= 0) {
      return false;
    }
    if (count == PIPE) {
      // It printed as much as a pipe holds at first: let it print more before it has to wait.
      c.call(Native.FCNTL, fd, Native.F_SETPIPE_SZ, LARGE_PIPE);
    }
    MemorySegment.copy(nativeBuffer, ValueLayout.JAVA_BYTE, 0, buffer, 0, (int) count);
    output.bytes(stream, buffer, (int) count);
    return true;
  }

  private static int exitCode(int status) {
    int signal = status & 0x7f;
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
  }

  /** Writes to the pipe that wakes the poll loop; never after it is closed. */
  private static final class Waker implements Runnable {
    private final int fd;
    private boolean closed;

    Waker(int fd) {
      this.fd = fd;
    }

    @Override
    public synchronized void run() {
      if (!closed) {
        try (Native c = new Native()) {
          c.call(Native.WRITE, fd, c.string("!").address(), 1);
        }
      }
    }

    synchronized void close(Native c) {
      closed = true;
      c.closeFd(fd);
    }
  }

  /** The message for an errno, in the words of the C library. */
  static String errorText(int errno) {
    return switch (errno) {
      case 2 -> "No such file or directory";
      case 7 -> "Argument list too long";
      case 8 -> "Exec format error";
      case 12 -> "Cannot allocate memory";
      case 13 -> "Permission denied";
      case 20 -> "Not a directory";
      case 24 -> "Too many open files";
      case 28 -> "No space left on device";
      default -> "error " + errno;
    };
  }

  /** Whether a process is being waited for by whoever started it. */
  static boolean attended(int pid) {
    return ATTENDED.contains(pid);
  }

  /** Whether some process of this group is alive. */
  static boolean groupAlive(Native c, int group) {
    return c.call(Native.KILL, -group, 0) == 0;
  }
}
