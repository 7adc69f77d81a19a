package dev.slipway.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The containers of one job, on a network of their own. Lines for the job's log go to {@code log};
 * {@code ##[group]} and {@code ##[endgroup]} fold them. Thread-safe.
 */
public interface JobContainers extends AutoCloseable {
  /**
   * Lets processes in the job's container and in those of actions reach what listens on this port
   * of this machine's 127.0.0.1, under the same address; for containers that start from now on.
   */
  void forward(int port);

  /**
   * Starts the job's container and its services: pulls what is missing, starts all at once, and
   * waits until those with a health check are healthy. When one fails its log is shown.
   *
   * @param job the container that steps run in; its own entrypoint does not run, it only waits
   * @throws ContainerException when one cannot be started or is not healthy, or when stopped
   */
  Started start(
      Optional<ContainerSpec> job,
      List<ContainerSpec> services,
      Consumer<String> log,
      StopSignal stop);

  /**
   * Gets an image if it is not there.
   *
   * @throws ContainerException when it cannot be had
   */
  void pull(
      String image,
      Optional<ContainerSpec.Credentials> credentials,
      Consumer<String> log,
      StopSignal stop);

  /**
   * Builds an image.
   *
   * @return its id
   * @throws ContainerException when it cannot be built; what the build printed is in the log
   */
  String build(Path folder, Path dockerfile, Consumer<String> log, StopSignal stop);

  /**
   * Runs a container on the job's network to its end, and removes it. It is stopped as processes of
   * steps are: SIGINT, SIGTERM, SIGKILL.
   *
   * @param deadlineNanos {@link System#nanoTime} at which its time is up; {@link Long#MAX_VALUE}
   *     for never
   * @throws ContainerException when it cannot be started
   */
  ProcessResult run(ContainerSpec spec, ProcessOutput output, StopSignal stop, long deadlineNanos);

  /**
   * Stops and removes all of them with their network and anonymous volumes.
   *
   * @param log gets what services printed
   */
  void close(Consumer<String> log);

  @Override
  default void close() {
    close(line -> {});
  }

  /**
   * What {@link #start} started.
   *
   * @param network its id, empty when the job has none
   */
  record Started(String network, Optional<JobContainer> job, List<Service> services) {}

  /**
   * A running service.
   *
   * @param ports from a port in the container ({@code 5432}, {@code 53/udp}) to one of this machine
   */
  record Service(String name, String id, Map<String, String> ports) {}

  /** The container that a job's steps run in. Thread-safe. */
  interface JobContainer {
    String id();

    /** What processes in it inherit: the image's and the container's variables. */
    Map<String, String> environment();

    /**
     * Runs a process in it, to its end, stopped as processes of steps are: SIGINT, SIGTERM,
     * SIGKILL.
     *
     * @param program a path in the container, or a name on the {@code PATH} of {@code environment}
     * @param directory a path in the container
     * @param environment on top of what it inherits
     */
    ProcessResult run(
        String program,
        List<String> arguments,
        String directory,
        Map<String, String> environment,
        ProcessOutput output,
        StopSignal stop,
        long deadlineNanos);

    /** What is seen of it from outside; empty where its processes are not this machine's. */
    default Optional<Outside> outside() {
      return Optional.empty();
    }

    /**
     * The same as {@link #run}, but for that the process is held before its first own instruction.
     * It goes on when {@code held} returns, and is not held at all where that cannot be done.
     */
    default ProcessResult run(
        String program,
        List<String> arguments,
        String directory,
        Map<String, String> environment,
        ProcessOutput output,
        StopSignal stop,
        long deadlineNanos,
        Held held) {
      return run(program, arguments, directory, environment, output, stop, deadlineNanos);
    }
  }

  /** Is told of a process that waits for it. */
  interface Held {
    /**
     * It waits, having done nothing yet.
     *
     * @param process as this machine numbers it
     */
    void held(int process);
  }

  /**
   * A container as this machine sees it.
   *
   * @param process its first one, of the user that steps are of
   * @param image the id of its image, which is another one for another content
   * @param own a folder in it that nothing of the job is in
   */
  record Outside(int process, String image, String own) {}
}
