package dev.slipway.docker;

import dev.slipway.engine.ProcessOutput;
import dev.slipway.engine.ProcessResult;
import dev.slipway.engine.StopSignal;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A process that the engine started and whose output comes on a connection: read in the calling
 * thread, while another one sends the signals that stop it.
 */
final class Attended {
  private static final long DRAIN_NANOS = 5_000_000_000L;

  /** Sends a signal to the process. */
  interface Signals {
    void send(StopSequence.Signal signal);
  }

  private final Connection connection;
  private final Signals signals;
  private final StopSequence sequence;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean done;

  private Attended(Connection connection, Signals signals, StopSequence sequence) {
    this.connection = connection;
    this.signals = signals;
    this.sequence = sequence;
  }

  /** Hands on the output to its end, or until 5 s after SIGKILL. @return why it ended */
  static ProcessResult.End read(
      Connection connection,
      boolean terminal,
      ProcessOutput output,
      StopSignal stop,
      long deadlineNanos,
      Signals signals) {
    Attended attended = new Attended(connection, signals, new StopSequence(stop, deadlineNanos));
    Runnable waker = attended::wake;
    Thread watcher = Thread.ofVirtual().start(attended::watch);
    stop.onStop(waker);
    try {
      Frames.read(connection.stream(), terminal, output);
    } catch (IOException brokenOff) {
      // The container is gone, or its time is; its exit code is asked for elsewhere.
    } finally {
      stop.removeWaker(waker);
      attended.finish();
    }
    join(watcher);
    return attended.sequence.end();
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void finish() {
    lock.lock();
    try {
      done = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void watch() {
    lock.lock();
    try {
      while (!done) {
        long now = System.nanoTime();
        Optional<StopSequence.Signal> due = sequence.due(now);
        if (due.isPresent()) {
          lock.unlock();
          try {
            signals.send(due.get());
          } catch (DockerException goneOrDeaf) {
            // A process that has ended takes no signals; one that takes none gets the next.
          } finally {
            lock.lock();
          }
          continue;
        }
        if (sequence.killed()) {
          if (!awaitDone(DRAIN_NANOS)) {
            connection.close();
          }
          return;
        }
        long nanos = sequence.nanosUntilDue(now);
        if (nanos == Long.MAX_VALUE) {
          changed.await();
        } else {
          long left = changed.awaitNanos(nanos);
          assert left <= nanos;
        }
      }
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitDone(long nanos) throws InterruptedException {
    long left = nanos;
    while (!done && left > 0) {
      left = changed.awaitNanos(left);
    }
    return done;
  }
}
