package dev.slipway.engine;

/**
 * Runs containers for jobs; implemented outside this module. Thread-safe.
 *
 * <p>Whatever it makes carries the owner's marks, so that what a dead process left is found and
 * removed at the next start.
 */
public interface ContainerEngine extends AutoCloseable {
  /** Where no engine is known at all. */
  ContainerEngine NONE =
      new ContainerEngine() {
        @Override
        public String name() {
          return "none";
        }

        @Override
        public JobContainers open(Owner owner) {
          throw new ContainerException("there is no container engine on this machine");
        }

        @Override
        public void close() {}
      };

  /** As users know it: {@code docker}. */
  String name();

  /**
   * Containers for one job; nothing is made yet, and nobody asked.
   *
   * @throws ContainerException when the engine cannot be had; the message goes on after "cannot run
   *     here: "
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
