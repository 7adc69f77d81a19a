package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Supplier;

/** Does the same to many things on all cores. */
final class Workers {
  private static final long STACK = 16L * 1024 * 1024;

  private Workers() {}

  /**
   * What becomes of each input, in the order of the inputs. What a worker throws is thrown here,
   * once all have stopped.
   *
   * @param workers makes what one thread works with, so that threads need share nothing
   */
  static <I, O> List<O> map(List<I> inputs, Supplier<Function<I, O>> workers) {
    int count = Math.min(Runtime.getRuntime().availableProcessors(), inputs.size());
    AtomicReferenceArray<O> outputs = new AtomicReferenceArray<>(inputs.size());
    AtomicInteger next = new AtomicInteger();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Runnable work =
        () -> {
          try {
            Function<I, O> worker = workers.get();
            for (int i = next.getAndIncrement();
                i < inputs.size() && thrown.get() == null;
                i = next.getAndIncrement()) {
              outputs.set(i, worker.apply(inputs.get(i)));
            }
          } catch (RuntimeException | Error e) {
            thrown.compareAndSet(null, e);
          }
        };
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i < count; i++) {
      Thread thread = new Thread(null, work, "worker-" + i, STACK);
      thread.start();
      threads.add(thread);
    }
    work.run();
    for (Thread thread : threads) {
      join(thread);
    }
    if (thrown.get() instanceof Error error) {
      throw error;
    }
    if (thrown.get() instanceof RuntimeException exception) {
      throw exception;
    }
    List<O> all = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      all.add(outputs.get(i));
    }
    return all;
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
}
