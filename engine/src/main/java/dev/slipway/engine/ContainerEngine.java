package dev.slipway.engine;

/**
 * Runs containers for jobs; implemented outside this module. Thread-safe.
 *
 * <p>Whatever it makes carries the owner's marks, so that what a dead process left is found and
 * removed at the next start.
 */
public interface ContainerEngine extends AutoCloseable {
  /** As users know it: {@code docker}. */
  String name();

  /**
   * Containers for one job; nothing is made yet, and nobody asked.
   *
   * @throws ContainerException when the engine cannot be had
   */
  JobContainers open(Owner owner);

  @Override
  void close();

  /**
   * Whose the containers are.
   *
   * @param project the project's folder
   * @param token of the run; unlike that of every other run on this machine
   * @param job the job's key in the run
   */
  record Owner(String project, String token, String job) {}
}
