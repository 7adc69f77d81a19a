package dev.slipway.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container that a job asks for, all expressions evaluated.
 *
 * @param name how the job knows it: the service's key, {@code job} for the job's own container, an
 *     action's step; the host name of a service on the job's network
 * @param image as {@code docker pull} takes it, or the id of one that was built
 * @param environment variables for its first process
 * @param ports as {@code docker create -p} takes them: {@code 5432}, {@code 8080:80}, {@code
 *     53:53/udp}
 * @param volumes as {@code docker create -v} takes them
 * @param options more options of {@code docker create}, as one text with a shell's quotes
 * @param entrypoint instead of the image's; empty for the image's
 * @param command arguments for the entrypoint; empty for the image's
 * @param mounts folders and files of this machine
 * @param directory where its first process starts; empty for the image's
 */
public record ContainerSpec(
    String name,
    String image,
    Optional<Credentials> credentials,
    Map<String, String> environment,
    List<String> ports,
    List<String> volumes,
    String options,
    Optional<String> entrypoint,
    List<String> command,
    List<Mount> mounts,
    String directory) {
  /** For the registry that the image comes from. */
  public record Credentials(String user, String password) {}

  /** A folder or file of this machine, seen in the container at another path. */
  public record Mount(String source, String target, boolean readOnly) {}

  public ContainerSpec {
    environment = Map.copyOf(environment);
    ports = List.copyOf(ports);
    volumes = List.copyOf(volumes);
    command = List.copyOf(command);
    mounts = List.copyOf(mounts);
  }
}
