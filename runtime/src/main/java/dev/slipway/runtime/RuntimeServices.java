package dev.slipway.runtime;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The services that actions reach over HTTP while a job runs. Costs nothing until the first job is
 * given access: no socket, no thread.
 */
public final class RuntimeServices implements AutoCloseable {
  private final RuntimeSettings settings;
  private @Nullable Services services;
  private boolean closed;

  private RuntimeServices(RuntimeSettings settings) {
    this.settings = settings;
  }

  /** Services that keep what they are given as these settings say. */
  public static RuntimeServices create(RuntimeSettings settings) {
    return new RuntimeServices(requireNonNull(settings, "settings is null"));
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
    if (services == null) {
      services = Services.start(settings);
    }
    return services.open(job);
  }

  /** Ends the access of all jobs, and the services. */
  @Override
  public synchronized void close() {
    closed = true;
    if (services != null) {
      services.close();
      services = null;
    }
  }
}
