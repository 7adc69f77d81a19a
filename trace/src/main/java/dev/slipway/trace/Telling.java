package dev.slipway.trace;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the thread that follows processes shares with the one that asked for it: whether calls are
 * still to be told, how far the watch has come, and the account of it.
 */
final class Telling {
  // Guarded by this.
  private @Nullable Account account;
  private boolean begun;
  private boolean ended;
  private boolean wanted = true;

  /** The one who follows is ready to. */
  synchronized void prepare(Account account) {
    this.account = account;
    notifyAll();
  }

  /** From here on calls are told. */
  synchronized void begin() {
    begun = true;
    notifyAll();
  }

  /** Nothing is left to be followed, or never will be. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Waits until it can begin; whether it can. */
  synchronized boolean awaitPrepared() {
    await(() -> account != null);
    return account != null;
  }

  /** Waits until it has begun; whether it has. */
  synchronized boolean awaitBegun() {
    await(() -> begun);
    return begun;
  }

  /** Calls are not to be told any more. */
  synchronized void stop() {
    wanted = false;
  }

  /** A task is about to make a call. */
  synchronized void call(int task, int machine, int number, long[] arguments) {
    Account told = account;
    if (!wanted || told == null) {
      return;
    }
    try {
      if (task == 0) {
        told.gap("a process was in a namespace of its own");
      } else {
        told.call(task, machine, number, arguments);
      }
    } catch (Throwable e) {
      // Whatever went wrong with telling, the process waits for its answer.
      told.gap("what processes did could not be told: " + e);
      wanted = false;
    }
  }

  synchronized void gap(String why) {
    Account told = account;
    if (told != null) {
      told.gap(why);
    }
  }

  synchronized Ending ending(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    boolean interrupted = false;
    while (!ended && !interrupted) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      try {
        wait(left / 1_000_000, (int) (left % 1_000_000));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    wanted = false;
    Account told = account;
    if (told == null) {
      throw new IllegalStateException("the watch did not begin");
    }
    return new Ending(told.gaps(), !ended, told.contacts(), told.accesses());
  }

  /** Waits for a state that comes soon, or for the end. */
  private synchronized void await(BooleanSupplier state) {
    boolean interrupted = false;
    while (!state.getAsBoolean() && !ended) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
