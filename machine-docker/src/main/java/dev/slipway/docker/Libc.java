package dev.slipway.docker;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The C library, as far as pipes with names, signals and network namespaces need it on Linux. Every
 * function is called through one shape, four longs to a long, which both supported ABIs allow for
 * integers and pointers.
 */
@SuppressWarnings("restricted")
final class Libc {
  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;
  static final short POLLIN = 1;
  static final int EINTR = 4;
  static final int EAGAIN = 11;

  private static final int F_SETPIPE_SZ = 1031;
  private static final int CLONE_NEWNET = 0x40000000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBRARY = LINKER.defaultLookup();
  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.captureCallState("errno"));
  private static final MemorySegment OPEN = function("open");
  private static final MemorySegment CLOSE = function("close");
  private static final MemorySegment READ = function("read");
  private static final MemorySegment WRITE = function("write");
  private static final MemorySegment POLL = function("poll");
  private static final MemorySegment MKFIFO = function("mkfifo");
  private static final MemorySegment CHMOD = function("chmod");
  private static final MemorySegment FCNTL = function("fcntl");
  private static final MemorySegment KILL = function("kill");
  private static final MemorySegment EVENTFD = function("eventfd");
  private static final MemorySegment SETNS = function("setns");

  private Libc() {}

  /** Whether this is a machine that has what is called here. */
  static boolean supported() {
    return System.getProperty("os.name", "").equals("Linux");
  }

  private static MemorySegment function(String name) {
    return LIBRARY.find(name).orElse(MemorySegment.NULL);
  }

  /** Calls a function; a result of -1 comes back as the negative {@code errno}. */
  private static long call(MemorySegment function, long a, long b, long c, long d) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(16, 8);
      long result = (long) CALL.invokeExact(function, state, a, b, c, d);
      // Functions that return an int leave the upper half of the register undefined.
      return result == -1 || result == 0xffffffffL ? -state.get(ValueLayout.JAVA_INT, 0) : result;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Opens a file. @return its descriptor, or the negative errno */
  static int open(Path path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(path.toString()).address();
      return (int) call(OPEN, name, flags | O_CLOEXEC, 0, 0);
    }
  }

  static void close(int fd) {
    call(CLOSE, fd, 0, 0, 0);
  }

  /** Makes a pipe with a name that everybody who reaches it may use. @return 0 or -errno */
  static int mkfifo(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(path.toString()).address();
      int result = (int) call(MKFIFO, name, 0666, 0, 0);
      return result < 0 ? result : (int) call(CHMOD, name, 0666, 0, 0);
    }
  }

  /** Reads up to the segment's size. @return how much, or the negative errno */
  static int read(int fd, MemorySegment into) {
    return (int) call(READ, fd, into.address(), into.byteSize(), 0);
  }

  static int write(int fd, byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(Math.max(1, bytes.length));
      MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
      return (int) call(WRITE, fd, segment.address(), bytes.length, 0);
    }
  }

  /** Waits for one of {@code count} descriptors. @return how many are ready, or -errno */
  static int poll(MemorySegment polls, int count, long millis) {
    int timeout = millis < 0 ? -1 : (int) Math.min(Integer.MAX_VALUE, millis);
    return (int) call(POLL, polls.address(), count, timeout, 0);
  }

  static void enlargePipe(int fd, int size) {
    call(FCNTL, fd, F_SETPIPE_SZ, size, 0);
  }

  /** A descriptor that is ready to read once {@link #wake} was called. */
  static int waker() {
    return (int) call(EVENTFD, 0, O_CLOEXEC | O_NONBLOCK, 0, 0);
  }

  static void wake(int waker) {
    write(waker, new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
  }

  /** Sends a signal. @return whether that was possible */
  static boolean kill(int pid, StopSequence.Signal signal) {
    int number =
        switch (signal) {
          case INT -> 2;
          case TERM -> 15;
          case KILL -> 9;
        };
    return call(KILL, pid, number, 0, 0) == 0;
  }

  /** Takes the calling thread into another network. @return 0 or -errno */
  static int enterNetwork(int fd) {
    return (int) call(SETNS, fd, CLONE_NEWNET, 0, 0);
  }
}
