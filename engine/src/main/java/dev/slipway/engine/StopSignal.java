package dev.slipway.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Asks work to stop: set by one thread, seen by others. It only gets harder. Stopping a parent
 * stops its children; each level of run, job and step has one of its own.
 *
 * <p>Thread-safe.
 */
public final class StopSignal {
  private final List<Runnable> wakers = new ArrayList<>();
  private final List<StopSignal> children = new ArrayList<>();
  private Stop stop = Stop.NONE;

  /** How hard it is asked to stop now. */
  public synchronized Stop stop() {
    return stop;
  }

  /** Whether it is asked to stop at all. */
  public boolean stopped() {
    return stop() != Stop.NONE;
  }

  /** Asks to stop this hard, if not asked harder already. */
  public void request(Stop harder) {
    List<Runnable> toWake;
    List<StopSignal> toStop;
    synchronized (this) {
      if (harder.compareTo(stop) <= 0) {
        return;
      }
      stop = harder;
      toWake = List.copyOf(wakers);
      toStop = List.copyOf(children);
    }
    for (StopSignal child : toStop) {
      child.request(harder);
    }
    for (Runnable waker : toWake) {
      waker.run();
    }
  }

  /** A signal that this one stops too; {@link #release} it when its work has ended. */
  public StopSignal child() {
    StopSignal child = new StopSignal();
    synchronized (this) {
      children.add(child);
      child.stop = stop;
    }
    return child;
  }

  /** Forgets a child. */
  public synchronized void release(StopSignal child) {
    children.remove(child);
  }

  /** Runs {@code waker} when asked to stop, at once if asked already. */
  public void onStop(Runnable waker) {
    boolean already;
    synchronized (this) {
      wakers.add(waker);
      already = stop != Stop.NONE;
    }
    if (already) {
      waker.run();
    }
  }

  /** Forgets a waker. */
  public synchronized void removeWaker(Runnable waker) {
    wakers.remove(waker);
  }
}
