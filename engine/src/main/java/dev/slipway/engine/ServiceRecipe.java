package dev.slipway.engine;

/** How a service runs as a process. */
interface ServiceRecipe {
  /** Where it listens in its container; 0 when the job's port mapping has to tell. */
  int port();

  /**
   * Starts it, and comes back when it can be used.
   *
   * @throws ContainerException when it cannot be started or does not become ready
   */
  void start(LocalService service);
}
