package dev.slipway.runtime;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The services that actions reach over HTTP while a job runs. Costs nothing until the first job is
 * given access: no socket, no thread.
 */
public final class RuntimeServices implements AutoCloseable {
  private final RuntimeSettings settings;
  private @Nullable FutureTask<Services> services;
  private boolean closed;

  private RuntimeServices(RuntimeSettings settings) {
    this.settings = settings;
  }

  /** Services that keep what they are given as these settings say. */
  public static RuntimeServices create(RuntimeSettings settings) {
    return new RuntimeServices(requireNonNull(settings, "settings is null"));
  }

  /** Starts the services without waiting for them, when a job that can need them is near. */
  public synchronized void prepare() {
    if (services == null && !closed) {
      services = new FutureTask<>(() -> Services.start(settings));
      Thread.ofPlatform().daemon().name("services-start").start(services);
    }
  }

  /**
   * Gives a job access until it is closed. The services start with the first.
   *
   * @throws IOException when they cannot be started
   */
  public synchronized JobAccess open(JobIdentity job) throws IOException {
    if (closed) {
      throw new IllegalStateException("the services are closed");
    }
    prepare();
    return started().open(job);
  }

  /** Ends the access of all jobs, and the services. */
  @Override
  public synchronized void close() {
    closed = true;
    if (services != null) {
      try {
        started().close();
      } catch (IOException neverStarted) {
        return;
      } finally {
        services = null;
      }
    }
  }

  private Services started() throws IOException {
    FutureTask<Services> starting = requireNonNull(services);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return starting.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw new IOException(failed.getMessage(), failed);
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
