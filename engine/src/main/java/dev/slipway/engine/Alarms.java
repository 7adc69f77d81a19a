package dev.slipway.engine;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Runs tasks at a later time in one thread of its own. Thread-safe. */
final class Alarms implements AutoCloseable {
  private final PriorityQueue<Alarm> queue =
      new PriorityQueue<>((a, b) -> Long.compare(a.due - b.due, 0));
  private @Nullable Thread thread;
  private boolean closed;

  /** A task to come. */
  final class Alarm {
    private final long due;
    private final Runnable task;

    private Alarm(long due, Runnable task) {
      this.due = due;
      this.task = task;
    }

    /** Forgets the task unless it runs already. */
    void cancel() {
      synchronized (Alarms.this) {
        queue.remove(this);
      }
    }
  }

  /** Runs the task after so many nanoseconds. */
  synchronized Alarm after(long nanos, Runnable task) {
    Alarm alarm = new Alarm(System.nanoTime() + Math.min(Math.max(nanos, 0), Long.MAX_VALUE / 4), task);
    queue.add(alarm);
    if (thread == null && !closed) {
      thread = Thread.ofPlatform().daemon().name("alarms").start(this::serve);
    } else if (queue.peek() == alarm) {
      notifyAll();
    }
    return alarm;
  }

  private void serve() {
    while (true) {
      Runnable task;
      synchronized (this) {
        if (closed) {
          return;
        }
        Alarm next = queue.peek();
        try {
          if (next == null) {
            wait();
            continue;
          }
          long left = next.due - System.nanoTime();
          if (left > 0) {
            wait(left / 1_000_000 + 1);
            continue;
          }
        } catch (InterruptedException e) {
          return;
        }
        queue.poll();
        task = next.task;
      }
      task.run();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    queue.clear();
    notifyAll();
  }
}
