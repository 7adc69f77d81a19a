package dev.slipway.cli;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C while something runs: the first cancels, the second ends at once. Also for SIGTERM and
 * SIGHUP, so that a closed terminal or a service manager leaves nothing running. The JDK has no
 * other way to see a signal without ending.
 */
final class Interrupts implements AutoCloseable {
  private static final String[] SIGNALS = {"INT", "TERM", "HUP"};

  private final Runnable first;
  private final Runnable second;
  private final SignalHandler[] before = new SignalHandler[SIGNALS.length];
  private int seen;

  private Interrupts(Runnable first, Runnable second) {
    this.first = first;
    this.second = second;
  }

  /** Handles the signals until closed. */
  static Interrupts handle(Runnable first, Runnable second) {
    Interrupts interrupts = new Interrupts(first, second);
    for (int i = 0; i < SIGNALS.length; i++) {
      interrupts.before[i] = Signal.handle(new Signal(SIGNALS[i]), signal -> interrupts.arrived());
    }
    return interrupts;
  }

  private void arrived() {
    int count;
    synchronized (this) {
      count = ++seen;
    }
    (count == 1 ? first : second).run();
  }

  /** Whether a signal came. */
  synchronized boolean interrupted() {
    return seen > 0;
  }

  @Override
  public void close() {
    for (int i = 0; i < SIGNALS.length; i++) {
      Signal.handle(new Signal(SIGNALS[i]), before[i]);
    }
  }
}
