package dev.slipway.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Runs tasks in a fixed number of threads, first come first; threads are made as they are needed.
 * Thread-safe.
 */
final class JobPool implements AutoCloseable {
  private final int size;
  private final Deque<Runnable> queue = new ArrayDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private int idle;
  private boolean closed;

  JobPool(int size) {
    this.size = size;
  }

  synchronized void submit(Runnable task) {
    queue.add(task);
    if (idle > 0) {
      notify();
    } else if (threads.size() < size) {
      threads.add(Thread.ofPlatform().name("job-" + threads.size()).start(this::serve));
    }
  }

  /** Takes a task back that no thread has begun. @return whether there was one */
  synchronized boolean withdraw(Runnable task) {
    return queue.remove(task);
  }

  private void serve() {
    while (true) {
      Runnable task;
      synchronized (this) {
        while (queue.isEmpty()) {
          if (closed) {
            return;
          }
          idle++;
          try {
            wait();
          } catch (InterruptedException e) {
            return;
          } finally {
            idle--;
          }
        }
        task = queue.poll();
      }
      boolean ended = false;
      try {
        task.run();
        ended = true;
      } finally {
        if (!ended) {
          replace();
        }
      }
    }
  }

  /** A task broke the current thread: another takes its place. */
  private synchronized void replace() {
    threads.remove(Thread.currentThread());
    if (!queue.isEmpty()) {
      threads.add(Thread.ofPlatform().name("job-" + threads.size()).start(this::serve));
    }
  }

  /** Lets what is queued end, and waits for it. */
  @Override
  public void close() {
    List<Thread> all;
    synchronized (this) {
      closed = true;
      notifyAll();
      all = List.copyOf(threads);
    }
    for (Thread thread : all) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
