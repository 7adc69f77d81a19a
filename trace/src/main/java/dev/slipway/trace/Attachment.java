package dev.slipway.trace;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A watch over a process that another program started, in a container perhaps, and over what it
 * starts from now on. Paths are told as the process sees them. The kernel asks before each call, as
 * in a {@link Watch}; nothing is put beside the process, and nothing of it remains when it ends.
 *
 * <p>Used by one thread.
 */
public final class Attachment implements AutoCloseable {
  private static final int O_PATH = 0x200000;

  private final Telling telling = new Telling();
  private final CompletableFuture<Integer> attached = new CompletableFuture<>();

  private Attachment() {}

  /** Why no process can be attached to here; empty when it can. */
  public static Optional<String> obstacle() {
    if (!"Linux".equals(System.getProperty("os.name"))) {
      return Optional.of("it takes Linux");
    }
    if (!"amd64".equals(System.getProperty("os.arch"))) {
      return Optional.of("it takes an x86-64 processor");
    }
    return Privileges.isRoot() ? Optional.empty() : Optional.of("it takes root");
  }

  /**
   * Whether a process that is attached to can still become another user as before: one that may not
   * administer its system can only be filtered when that is given up.
   */
  public static boolean keepsSetuid(int process) {
    return Privileges.of(Integer.toString(process));
  }

  /**
   * Watches a process.
   *
   * @param process which waits in a call, as in reading from a pipe, has one thread and a standard
   *     output, and is no child of this program: whoever waits for those would be told what is
   *     meant for this
   * @throws IOException when it cannot be attached to; it goes on unhindered
   */
  public static Attachment to(int process, Observer observer) throws IOException {
    Attachment attachment = new Attachment();
    Thread.ofPlatform()
        .daemon()
        .name("watch")
        .inheritInheritableThreadLocals(false)
        .start(() -> attachment.supervise(process, observer));
    boolean interrupted = false;
    try {
      while (true) {
        try {
          attachment.attached.get();
          return attachment;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          Throwable cause = e.getCause();
          throw new IOException(cause == null ? "" : cause.getMessage(), e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Waits until all watched processes have ended, or as long as asked. What is alive then goes on
   * unhindered, but nothing of it is told any more.
   */
  public Ending ending(Duration patience) {
    return telling.ending(patience);
  }

  /** Gives up watching; what is alive goes on unhindered. */
  @Override
  public void close() {
    telling.stop();
  }

  private void supervise(int process, Observer observer) {
    try (Arena arena = Arena.ofConfined()) {
      Libc c = new Libc(arena);
      long root = -Libc.ENOENT;
      int listener = -1;
      try {
        root =
            c.call(
                Libc.OPEN,
                arena
                    .allocateFrom("/proc/" + process + "/root", StandardCharsets.US_ASCII)
                    .address(),
                O_PATH | Libc.O_CLOEXEC,
                0);
        if (root < 0) {
          throw new IOException("the process's root could not be opened: error " + -root);
        }
        Outlook outlook = Outlook.below((int) root, c, arena);
        telling.prepare(new Account(Arch.X86_64, c, arena, observer, true, outlook));
        NotifyWatch.Questions questions = new NotifyWatch.Questions(c, arena);
        listener = Captive.filter(process, c, arena);
        telling.begin();
        attached.complete(process);
        questions.listenTo(listener);
        while (questions.next()) {
          telling.call(questions.task, questions.machine, questions.number, questions.arguments);
          questions.goOn();
        }
      } finally {
        if (listener >= 0) {
          c.call(Libc.CLOSE, listener);
        }
        if (root >= 0) {
          c.call(Libc.CLOSE, root);
        }
      }
    } catch (Throwable e) {
      if (!attached.completeExceptionally(e)) {
        telling.gap("what processes did could not be followed: " + e);
      }
    } finally {
      telling.end();
    }
  }
}
