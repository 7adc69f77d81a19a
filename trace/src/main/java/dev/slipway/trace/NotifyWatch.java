package dev.slipway.trace;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A watch by seccomp's user notification, with two threads of its own.
 *
 * <p>The <b>starter</b> lays the filter on itself and then starts the process: filters are
 * inherited, so nothing has to be put into the process, and the end at which calls are answered is
 * in this program from the beginning. A filter never comes off, so the thread does that one thing
 * and ends.
 *
 * <p>The <b>supervisor</b> is asked about each call, tells the observer, and answers that the call
 * may go on. It does so until nothing under the filter is alive, be the watch over or not: were the
 * other end closed, the calls would fail.
 *
 * <p><b>Why nobody waits for nobody.</b> The starter's own calls are asked about as well, so while
 * it makes one, the supervisor must need nothing that the starter holds.
 *
 * <ul>
 *   <li>The supervisor is started, and has all its memory, before the filter is there. What it runs
 *       may load classes, collect garbage, open files: it is under no filter, and the locks for
 *       that are held by other threads only while they run freely.
 *   <li>The starter takes no lock under the filter. It hands over by volatile fields and {@code
 *       unpark}, to the supervisor only: waking a virtual thread could start a carrier thread,
 *       which would be under the filter for good. Who waits for the starter joins it; that is the
 *       JVM's doing.
 *   <li>A garbage collection waits for all threads that are in Java or in the JVM, but not for
 *       those in native code, and {@code posix_spawn} is called as native code. Under the filter
 *       the starter must therefore not open files from within the JVM, as loading a class might:
 *       the collection would wait for the starter, the starter for the supervisor, and the
 *       supervisor for the collection. This is why what it runs must be loaded before.
 *   <li>{@code posix_spawn} suspends the starter until the child has its program; it is the child's
 *       calls that are asked about then, and the supervisor waits for neither.
 * </ul>
 */
final class NotifyWatch implements Watch {
  private static final int SET_MODE_FILTER = 1;
  private static final int NEW_LISTENER = 8;
  private static final int SPEC_ALLOW = 4;
  private static final int WAIT_KILLABLE_RECV = 32;
  private static final int PR_SET_NO_NEW_PRIVS = 38;

  private static final long RECEIVE = 0xc0502100L;
  private static final long SEND = 0xc0182101L;
  private static final long SET_FLAGS = 0x40082104L;
  private static final int SYNC_WAKE_UP = 1;
  private static final int CONTINUE = 1;

  // struct seccomp_notif
  private static final int NOTIFICATION = 80;
  private static final int TASK = 8;
  private static final int NUMBER = 16;
  private static final int MACHINE = 20;
  private static final int ARGUMENTS = 32;
  // struct seccomp_notif_resp
  private static final int ANSWER = 24;
  private static final int ANSWER_FLAGS = 20;

  private static final short POLLIN = 1;
  private static final short POLLHUP = 16;

  private static final int NO_LISTENER = Integer.MIN_VALUE;

  private final Arch arch;
  private final Thread supervisor;
  private final Thread starter;

  // From the starter to the supervisor.
  private volatile int listener = NO_LISTENER;
  private volatile int starterTask;

  // To the starter and back; read when it has ended.
  private volatile @Nullable IntSupplier start;
  private volatile boolean abandoned;
  private volatile int started;
  private volatile @Nullable Throwable startFailure;

  private final Telling telling = new Telling();

  private NotifyWatch(Arch arch, Observer observer) {
    this.arch = arch;
    supervisor =
        Thread.ofPlatform()
            .daemon()
            .name("watch")
            .inheritInheritableThreadLocals(false)
            .unstarted(() -> supervise(observer));
    starter =
        Thread.ofPlatform()
            .daemon()
            .name("watch-start")
            .inheritInheritableThreadLocals(false)
            .unstarted(this::startProcess);
  }

  static NotifyWatch begin(Arch arch, Observer observer) throws IOException {
    NotifyWatch watch = new NotifyWatch(arch, observer);
    watch.supervisor.start();
    if (!watch.telling.awaitPrepared()) {
      throw new IOException("the thread that watches could not begin");
    }
    watch.starter.start();
    watch.awaitListener();
    return watch;
  }

  @Override
  public int start(IntSupplier start) {
    if (this.start != null) {
      throw new IllegalStateException("a watch starts one process");
    }
    this.start = start;
    LockSupport.unpark(starter);
    boolean interrupted = false;
    while (true) {
      try {
        starter.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    // The number may be another task's from now on.
    starterTask = 0;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable failure = startFailure;
    if (failure != null) {
      throw new IllegalStateException("the process could not be started", failure);
    }
    return started;
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

  /** Lets a starter go that has nothing to start. */
  private void abandon() {
    if (start == null) {
      abandoned = true;
      LockSupport.unpark(starter);
    }
  }

  private void awaitListener() throws IOException {
    if (telling.awaitBegun()) {
      return;
    }
    int error = -listener;
    throw new IOException(
        switch (error) {
          case Libc.EBUSY -> "this program is watched in the same way itself";
          case Libc.ENOSYS, Libc.EINVAL -> "the kernel cannot notify of system calls";
          default -> "the kernel refused a filter: error " + error;
        });
  }

  // --- the starter

  private void startProcess() {
    try {
      // Freed by the collector: under the filter nothing is to be done but what has to be.
      Arena arena = Arena.ofAuto();
      Libc c = new Libc(arena);
      MemorySegment filter = Filter.program(arch, Filter.NOTIFY, arena);
      starterTask = (int) c.call(Libc.SYSCALL, arch.gettid);
      LockSupport.unpark(starter);
      LockSupport.park(this);
      int result = install(c, filter.address());
      listener = result;
      LockSupport.unpark(supervisor);
      if (result < 0) {
        return;
      }
      IntSupplier process = start;
      while (process == null && !abandoned) {
        LockSupport.park(this);
        process = start;
      }
      if (process != null) {
        started = process.getAsInt();
      }
    } catch (Throwable e) {
      // For the one who waits in start; this thread has nobody to tell.
      startFailure = e;
    } finally {
      if (listener == NO_LISTENER) {
        // It got no further than its memory.
        listener = -Libc.EINVAL;
        LockSupport.unpark(supervisor);
      }
    }
  }

  private int install(Libc c, long filter) {
    int flags = NEW_LISTENER | SPEC_ALLOW | WAIT_KILLABLE_RECV;
    int result = install(c, filter, flags);
    if (result == -Libc.EINVAL) {
      flags = NEW_LISTENER | SPEC_ALLOW;
      result = install(c, filter, flags);
    }
    if (result == -Libc.EACCES) {
      // Only who administers the system may filter programs that change their user.
      c.call(Libc.PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0);
      result = install(c, filter, flags);
    }
    return result;
  }

  private int install(Libc c, long filter, int flags) {
    return (int) c.call(Libc.SYSCALL, arch.seccomp, SET_MODE_FILTER, flags, filter);
  }

  // --- the supervisor

  private void supervise(Observer observer) {
    try (Arena arena = Arena.ofConfined()) {
      Libc c = new Libc(arena);
      Questions questions = new Questions(c, arena);
      telling.prepare(new Account(arch, c, arena, observer, true));
      while (listener == NO_LISTENER) {
        LockSupport.park(this);
      }
      int fd = listener;
      if (fd < 0) {
        return;
      }
      telling.begin();
      try {
        answer(questions, fd);
      } finally {
        c.call(Libc.CLOSE, fd);
      }
    } finally {
      telling.end();
    }
  }

  private void answer(Questions questions, int fd) {
    questions.listenTo(fd);
    while (questions.next()) {
      if (questions.task != starterTask) {
        telling.call(questions.task, questions.machine, questions.number, questions.arguments);
      }
      questions.goOn();
    }
  }

  /** What the kernel asks, one call at a time. */
  static final class Questions {
    private final Libc c;
    private final MemorySegment question;
    private final MemorySegment answer;
    private final MemorySegment poll;
    private final boolean endIsTold;
    private int fd;

    int task;
    int machine;
    int number;
    final long[] arguments = new long[6];

    Questions(Libc c, Arena arena) {
      this.c = c;
      question = arena.allocate(NOTIFICATION, 16);
      answer = arena.allocate(ANSWER, 16);
      poll = arena.allocate(8, 8);
      answer.set(ValueLayout.JAVA_INT, ANSWER_FLAGS, CONTINUE);
      endIsTold = kernelIsAtLeast(6, 11);
    }

    void listenTo(int fd) {
      this.fd = fd;
      poll.set(ValueLayout.JAVA_INT, 0, fd);
      poll.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
      // Wakes processes and this thread on the processor where the other runs; without, on older
      // kernels, all works as well but slower.
      c.call(Libc.IOCTL, fd, SET_FLAGS, SYNC_WAKE_UP);
    }

    /** Waits for a question; false when there is nobody left to ask one. */
    boolean next() {
      while (true) {
        // Older kernels let one wait for questions from nobody.
        if (!endIsTold && nobodyLeft(-1)) {
          return false;
        }
        question.fill((byte) 0);
        long result = c.call(Libc.IOCTL, fd, RECEIVE, question.address());
        if (result == 0) {
          task = question.get(ValueLayout.JAVA_INT, TASK);
          number = question.get(ValueLayout.JAVA_INT, NUMBER);
          machine = question.get(ValueLayout.JAVA_INT, MACHINE);
          MemorySegment.copy(question, ValueLayout.JAVA_LONG, ARGUMENTS, arguments, 0, 6);
          return true;
        }
        // The process was killed meanwhile, or all have ended.
        if (result == -Libc.ENOENT ? nobodyLeft(0) : result != -Libc.EINTR) {
          return false;
        }
      }
    }

    /** Lets the process make its call. */
    void goOn() {
      answer.set(ValueLayout.JAVA_LONG, 0, question.get(ValueLayout.JAVA_LONG, 0));
      long result;
      do {
        result = c.call(Libc.IOCTL, fd, SEND, answer.address());
      } while (result == -Libc.EINTR);
    }

    private boolean nobodyLeft(int timeout) {
      poll.set(ValueLayout.JAVA_SHORT, 6, (short) 0);
      c.call(Libc.POLL, poll.address(), 1, timeout);
      short events = poll.get(ValueLayout.JAVA_SHORT, 6);
      return (events & POLLIN) == 0 && (events & POLLHUP) != 0;
    }

    private static boolean kernelIsAtLeast(int major, int minor) {
      String[] parts = System.getProperty("os.version", "0").split("[^0-9]+", 3);
      if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
        return false;
      }
      int have = Integer.parseInt(parts[0]);
      return have > major || (have == major && Integer.parseInt(parts[1]) >= minor);
    }
  }
}
