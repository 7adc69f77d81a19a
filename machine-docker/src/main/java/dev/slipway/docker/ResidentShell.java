package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import dev.slipway.engine.ProcessOutput;
import dev.slipway.engine.ProcessResult;
import dev.slipway.engine.RunEvent;
import dev.slipway.engine.Stop;
import dev.slipway.engine.StopSignal;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A shell in a container that starts one process after the other, as it is told through pipes with
 * names in a folder that this machine and the container share.
 *
 * <p>{@code request} takes the number of a script; the shell runs it in a subshell whose output
 * goes to two pipes of its own, and tells on {@code status} the subshell's number ({@code p}), why
 * its program cannot start ({@code n} and the errno) and its exit code ({@code x}). The script
 * becomes the program (exec), in a session of its own, with exactly the given variables; one that
 * is to be held tells so ({@code t}) and reads a line of {@code request} before it does. The
 * program runs in the foreground of the shell, because what a shell starts in the background
 * ignores SIGINT for ever (POSIX, 2.12); so each shell runs one process at a time. Nothing of it
 * passes through the engine, and a pipe that is not read makes the process wait.
 *
 * <p>The shell ends when nobody holds the other end of {@code request}. Belongs to one thread at a
 * time.
 */
final class ResidentShell {
  /** Runs in the container, with the shared folder as its argument. */
  static final String SCRIPT =
      """
      exec 2>/dev/null 3<"$1/request" 4>"$1/status"
      echo "e$(command -v env)" >&4
      echo "s$(command -v setsid)" >&4
      printf 'h%s\\n' "$HOME" >&4
      echo r >&4
      while read -r n <&3; do
        ( . "$1/$n.go" ) </dev/null >"$1/$n.out" 2>"$1/$n.err"
        echo "x$?" >&4
      done
      """;

  private static final long DRAIN_NANOS = 5_000_000_000L;
  private static final int BUFFER = 256 * 1024;
  private static final int PIPE = 64 * 1024;
  private static final int LARGE_PIPE = 1024 * 1024;
  private static final long HELLO_STEP_MILLIS = 250;

  private static final byte[] GO_ON = {'g', '\n'};

  private static final int OUT = 0;
  private static final int ERR = 1;
  private static final int STATUS = 2;
  private static final int WAKE = 3;

  private final Path folder;
  private final String inside;
  private final int request;
  private final int status;
  private final byte[] buffer = new byte[BUFFER];
  private final MemorySegment nativeBuffer = Arena.ofAuto().allocate(BUFFER);
  private final MemorySegment polls = Arena.ofAuto().allocate(32, 8);
  private final StringBuilder told = new StringBuilder();
  private String env = "";
  private String setsid = "";
  private String home = "";
  private int serial;
  private boolean gone;

  private ResidentShell(Path folder, String inside, int request, int status) {
    this.folder = folder;
    this.inside = inside;
    this.request = request;
    this.status = status;
  }

  /**
   * Makes the pipes for a shell that is to be started.
   *
   * @param inside the folder as the container sees it
   */
  static ResidentShell prepare(Path folder, String inside) {
    Path requests = folder.resolve("request");
    Path answers = folder.resolve("status");
    makePipe(requests);
    makePipe(answers);
    int status = open(answers, Libc.O_RDONLY | Libc.O_NONBLOCK);
    int request = open(requests, Libc.O_RDWR | Libc.O_NONBLOCK);
    return new ResidentShell(folder, inside, request, status);
  }

  private static void makePipe(Path path) {
    int result = Libc.mkfifo(path);
    if (result < 0) {
      throw new ContainerException("cannot make the pipe " + path + ": error " + -result);
    }
  }

  private static int open(Path path, int flags) {
    int fd = Libc.open(path, flags);
    if (fd < 0) {
      throw new ContainerException("cannot open the pipe " + path + ": error " + -fd);
    }
    return fd;
  }

  /** The folder as the container sees it, the shell's argument. */
  String inside() {
    return inside;
  }

  /** What is {@code HOME} for the container's user. */
  String home() {
    return home;
  }

  /**
   * Waits until the shell is ready.
   *
   * @param alive asked now and then; when it is not, there is nothing to wait for
   * @return whether it can be used
   */
  boolean ready(long timeoutMillis, BooleanSupplier alive, StopSignal stop) {
    long until = System.nanoTime() + timeoutMillis * 1_000_000;
    while (System.nanoTime() - until < 0 && !stop.stopped()) {
      watch(OUT, status);
      if (Libc.poll(polls, 1, HELLO_STEP_MILLIS) > 0) {
        listen();
        for (String line = line(); !line.isEmpty(); line = line()) {
          String of = line.substring(1);
          switch (line.charAt(0)) {
            case 'e' -> env = of;
            case 's' -> setsid = of;
            case 'h' -> home = of;
            default -> {
              return !env.isEmpty();
            }
          }
        }
        if (gone) {
          return false;
        }
      } else if (!alive.getAsBoolean()) {
        return false;
      }
    }
    return false;
  }

  /** Whether the shell has ended, and its container perhaps too. */
  boolean gone() {
    return gone;
  }

  /**
   * Runs a process to its end.
   *
   * @param environment all of it
   * @param held is told of it before it becomes the program, by the number that the container
   *     knows; null when it need not be held
   * @param signals sends a signal to a process of the container, or to its group
   */
  ProcessResult run(
      List<String> command,
      String directory,
      Map<String, String> environment,
      ProcessOutput output,
      StopSignal stop,
      long deadlineNanos,
      @Nullable IntConsumer held,
      Signals signals) {
    String number = Integer.toString(++serial);
    Path script = folder.resolve(number + ".go");
    Path outPipe = folder.resolve(number + ".out");
    Path errPipe = folder.resolve(number + ".err");
    makePipe(outPipe);
    makePipe(errPipe);
    write(script, script(command, directory, environment, held != null));
    int out = open(outPipe, Libc.O_RDONLY | Libc.O_NONBLOCK);
    int err = open(errPipe, Libc.O_RDONLY | Libc.O_NONBLOCK);
    Waker waker = new Waker();
    stop.onStop(waker);
    boolean attended = false;
    try {
      Libc.write(request, (number + "\n").getBytes(StandardCharsets.US_ASCII));
      StopSequence sequence = new StopSequence(stop, deadlineNanos);
      ProcessResult result =
          attend(out, err, waker.fd, output, stop, sequence, held, signals, setsid.isEmpty());
      attended = true;
      return result;
    } finally {
      stop.removeWaker(waker);
      waker.close();
      if (!attended) {
        Libc.close(out);
        Libc.close(err);
      }
      delete(script);
      delete(outPipe);
      delete(errPipe);
    }
  }

  /** Sends a signal to a process of the container. */
  interface Signals {
    /**
     * Sends it.
     *
     * @param pid as the container numbers processes; negative for a group
     */
    void send(StopSequence.Signal signal, int pid);
  }

  private String script(
      List<String> command, String directory, Map<String, String> environment, boolean held) {
    StringBuilder script = new StringBuilder(1024);
    script.append("read -r p _ </proc/self/stat; echo \"p$p\" >&4\n");
    script
        .append("cd ")
        .append(word(directory))
        .append(" 2>/dev/null || { echo n2 >&4; exit 127; }\n");
    String path = environment.getOrDefault("PATH", "");
    if (!path.isEmpty()) {
      script.append("PATH=").append(word(path)).append('\n');
    }
    script
        .append("command -v ")
        .append(word(command.get(0)))
        .append(" >/dev/null || { echo n2 >&4; exit 127; }\n");
    if (held) {
      script.append("echo t0 >&4; read -r p <&3\n");
    }
    script.append("exec 3<&- 4>&-\nexec ");
    if (!setsid.isEmpty()) {
      script.append(setsid).append(' ');
    }
    script.append(env).append(" -i");
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      script.append(' ').append(word(variable.getKey() + "=" + variable.getValue()));
    }
    for (String part : command) {
      script.append(' ').append(word(part));
    }
    return script.append('\n').toString();
  }

  /** A word for the shell; like every text of C it ends at the first NUL. */
  private static String word(String text) {
    int nul = text.indexOf('\0');
    return ShellWords.quote(nul < 0 ? text : text.substring(0, nul));
  }

  private static void write(Path path, String text) {
    try {
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new ContainerException("cannot write " + path + ": " + e.getMessage(), e);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException stays) {
      // It goes with the folder.
    }
  }

  private ProcessResult attend(
      int out,
      int err,
      int wake,
      ProcessOutput output,
      StopSignal stop,
      StopSequence sequence,
      @Nullable IntConsumer held,
      Signals signals,
      boolean alone) {
    boolean outOpen = true;
    boolean errOpen = true;
    boolean exited = false;
    boolean woken = false;
    int pid = 0;
    int exitCode = -1;
    int errno = 0;
    long drainUntil = Long.MAX_VALUE;
    while (outOpen || errOpen || !exited) {
      long now = System.nanoTime();
      if (exited && now - drainUntil >= 0) {
        break;
      }
      if (exited && stop.stop() == Stop.KILL) {
        if (!alone) {
          signals.send(StopSequence.Signal.KILL, -pid);
        }
        break;
      }
      if (!exited && pid > 0) {
        Optional<StopSequence.Signal> due = sequence.due(now);
        if (due.isPresent()) {
          boolean group = due.get() == StopSequence.Signal.KILL && !alone;
          signals.send(due.get(), group ? -pid : pid);
        }
      }
      watch(OUT, outOpen ? out : -1);
      watch(ERR, errOpen ? err : -1);
      watch(STATUS, exited ? -1 : status);
      watch(WAKE, woken && stop.stop() == Stop.KILL ? -1 : wake);
      int ready = Libc.poll(polls, 4, 0);
      if (ready == 0) {
        output.idle();
        now = System.nanoTime();
        long nanos =
            exited ? drainUntil - now : pid > 0 ? sequence.nanosUntilDue(now) : Long.MAX_VALUE;
        ready =
            Libc.poll(polls, 4, nanos == Long.MAX_VALUE ? -1 : Math.max(0, nanos / 1_000_000 + 1));
      }
      if (ready < 0) {
        continue;
      }
      if (outOpen && happened(OUT)) {
        outOpen = read(out, RunEvent.Stream.STDOUT, output);
      }
      if (errOpen && happened(ERR)) {
        errOpen = read(err, RunEvent.Stream.STDERR, output);
      }
      if (happened(WAKE)) {
        woken = true;
        Libc.read(wake, nativeBuffer);
      }
      if (!exited && happened(STATUS)) {
        listen();
        for (String line = line(); !line.isEmpty(); line = line()) {
          int value = Integer.parseInt(line.substring(1));
          switch (line.charAt(0)) {
            case 'p' -> pid = value;
            case 'n' -> errno = value;
            case 't' -> {
              if (held != null) {
                held.accept(pid);
              }
              Libc.write(request, GO_ON);
            }
            default -> {
              exited = true;
              exitCode = value;
            }
          }
        }
        if (gone && !exited) {
          // Whoever killed the shell killed the container: that is what SIGKILL's code says.
          exited = true;
          exitCode = 137;
          outOpen = pid > 0 && outOpen;
          errOpen = pid > 0 && errOpen;
        }
        if (exited) {
          drainUntil = System.nanoTime() + DRAIN_NANOS;
        }
      }
    }
    boolean killed = stop.stop() == Stop.KILL;
    release(out, outOpen && !killed);
    release(err, errOpen && !killed);
    return errno != 0
        ? new ProcessResult(ProcessResult.End.NOT_STARTED, errno)
        : new ProcessResult(sequence.end(), exitCode);
  }

  /**
   * Closes a pipe, or reads on without handing on when something still holds it: a server that a
   * step left running would die of its next line (SIGPIPE).
   */
  private static void release(int fd, boolean held) {
    if (!held) {
      Libc.close(fd);
      return;
    }
    Thread.ofPlatform()
        .daemon()
        .name("slipway-drain")
        .start(() -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment into = arena.allocate(PIPE);
            MemorySegment poll = arena.allocate(8, 4);
            poll.set(ValueLayout.JAVA_INT, 0, fd);
            poll.set(ValueLayout.JAVA_SHORT, 4, Libc.POLLIN);
            int count;
            do {
              Libc.poll(poll, 1, -1);
              count = Libc.read(fd, into);
            } while (count > 0 || count == -Libc.EINTR || count == -Libc.EAGAIN);
          }
          Libc.close(fd);
        });
  }

  private void watch(int index, int fd) {
    polls.set(ValueLayout.JAVA_INT, index * 8L, fd);
    polls.set(ValueLayout.JAVA_SHORT, index * 8L + 4, Libc.POLLIN);
    polls.set(ValueLayout.JAVA_SHORT, index * 8L + 6, (short) 0);
  }

  private boolean happened(int index) {
    return polls.get(ValueLayout.JAVA_SHORT, index * 8L + 6) != 0;
  }

  /** Hands on what is there. @return whether there may be more */
  private boolean read(int fd, RunEvent.Stream stream, ProcessOutput output) {
    int count = Libc.read(fd, nativeBuffer);
    if (count == -Libc.EINTR || count == -Libc.EAGAIN) {
      return true;
    }
    if (count <= 0) {
      return false;
    }
    if (count == PIPE) {
      // It printed as much as a pipe holds at first: let it print more before it has to wait.
      Libc.enlargePipe(fd, LARGE_PIPE);
    }
    MemorySegment.copy(nativeBuffer, ValueLayout.JAVA_BYTE, 0, buffer, 0, count);
    output.bytes(stream, buffer, count);
    return true;
  }

  /** Takes in what the shell told. */
  private void listen() {
    int count = Libc.read(status, nativeBuffer);
    if (count == -Libc.EINTR || count == -Libc.EAGAIN) {
      return;
    }
    if (count <= 0) {
      gone = true;
      return;
    }
    byte[] bytes = new byte[count];
    MemorySegment.copy(nativeBuffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, count);
    told.append(new String(bytes, StandardCharsets.UTF_8));
  }

  /** The next line that it told; empty when there is none yet. */
  private String line() {
    int end = told.indexOf("\n");
    if (end < 0) {
      return "";
    }
    String line = told.substring(0, end);
    told.delete(0, end + 1);
    return line;
  }

  /** Lets the shell end. */
  void close() {
    Libc.close(request);
    Libc.close(status);
  }

  /** Wakes the poll loop; never after it is closed. */
  private static final class Waker implements Runnable {
    final int fd = Libc.waker();
    private boolean closed;

    @Override
    public synchronized void run() {
      if (!closed) {
        Libc.wake(fd);
      }
    }

    synchronized void close() {
      closed = true;
      Libc.close(fd);
    }
  }
}
