package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the engine listens, found as Docker's own client finds it: {@code DOCKER_HOST}, the current
 * context, then the usual sockets, also the one of an engine without root.
 */
record Endpoint(Path socket) {
  private static final String UNIX = "unix://";
  private static final Path USUAL = Path.of("/var/run/docker.sock");

  static Endpoint find(Map<String, String> environment, DockerConfig config) {
    String host = environment.getOrDefault("DOCKER_HOST", "");
    if (!host.isEmpty()) {
      return of(host, "DOCKER_HOST");
    }
    String context = config.contextHost();
    if (!context.isEmpty()) {
      return of(context, "Docker's current context");
    }
    List<Path> usual = new ArrayList<>(List.of(USUAL));
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (!runtime.isEmpty()) {
      usual.add(Path.of(runtime, "docker.sock"));
    }
    String home = environment.getOrDefault("HOME", "");
    if (!home.isEmpty()) {
      usual.add(Path.of(home, ".docker/run/docker.sock"));
    }
    for (Path socket : usual) {
      if (Files.isWritable(socket)) {
        return new Endpoint(socket);
      }
    }
    return new Endpoint(USUAL);
  }

  private static Endpoint of(String host, String source) {
    if (!host.startsWith(UNIX) || host.length() == UNIX.length()) {
      throw new ContainerException(
          source
              + " is '"
              + host
              + "', but containers of jobs need an engine on this machine: a socket as"
              + " unix:///var/run/docker.sock");
    }
    return new Endpoint(Path.of(host.substring(UNIX.length())));
  }

  /** What to tell a user when nothing answers there. */
  ContainerException absent(String why) {
    String hint =
        Files.exists(socket) && !Files.isWritable(socket)
            ? "you may not use it; become a member of the group that owns it (docker)"
            : "install Docker or start it, or map services to ones of this machine in slipway.yml";
    return new ContainerException(
        "no Docker engine at " + socket + (why.isEmpty() ? "" : " (" + why + ")") + ": " + hint);
  }
}
