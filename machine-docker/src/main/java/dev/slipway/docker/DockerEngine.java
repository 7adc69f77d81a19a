package dev.slipway.docker;

import dev.slipway.engine.ContainerEngine;
import dev.slipway.engine.ContainerException;
import dev.slipway.engine.JobContainers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs containers on a Docker engine of this machine. Asks the engine nothing before a job needs
 * it; then it also removes what dead processes left. Thread-safe.
 */
public final class DockerEngine implements ContainerEngine {
  private final Path scratch;
  private final Map<String, String> environment;
  private final OwnerMark self = OwnerMark.current();
  private final String folderName = self.process() + "." + DockerContainers.random();
  private final Object lock = new Object();
  private @Nullable DockerApi api;
  private @Nullable DockerConfig config;
  private @Nullable Thread sweeper;

  private DockerEngine(Path scratch, Map<String, String> environment) {
    this.scratch = scratch;
    this.environment = Map.copyOf(environment);
  }

  /**
   * The engine that the user's environment points to.
   *
   * @param scratch a folder for pipes and the like, which the engine can mount; several processes
   *     may share it
   * @param environment with {@code DOCKER_HOST} and the like
   */
  public static DockerEngine create(Path scratch, Map<String, String> environment) {
    return new DockerEngine(scratch, environment);
  }

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public JobContainers open(Owner owner) {
    api();
    return new DockerContainers(this, self.labels(owner));
  }

  /** The interface of the engine; the first to ask connects. */
  DockerApi api() {
    synchronized (lock) {
      DockerApi known = api;
      if (known == null) {
        DockerApi connected = DockerApi.connect(Endpoint.find(environment, config()));
        api = connected;
        known = connected;
        sweeper = Thread.ofVirtual().start(() -> sweep(connected));
      }
      return known;
    }
  }

  private void sweep(DockerApi connected) {
    try {
      Leftovers.remove(connected, self, scratch);
    } catch (DockerException stays) {
      // The next start tries again; a job does not fail for what others left.
    }
  }

  DockerConfig config() {
    synchronized (lock) {
      DockerConfig known = config;
      if (known == null) {
        known = DockerConfig.read(environment);
        config = known;
      }
      return known;
    }
  }

  /** Whether images are built by BuildKit, as the user has it for Docker's own client. */
  boolean buildKit() {
    return !environment.getOrDefault("DOCKER_BUILDKIT", "1").equals("0");
  }

  /**
   * A new folder for one container's pipes, below one that only this user can enter.
   *
   * @throws ContainerException when it cannot be made
   */
  Path folder(String name) {
    Path mine = scratch.resolve(folderName);
    Path folder = mine.resolve(name);
    try {
      Files.createDirectories(scratch);
      if (!Files.isDirectory(mine)) {
        Files.createDirectories(
            mine,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Files.createDirectory(folder);
      // Users of the container have other numbers; on this machine nobody else gets this far.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    } catch (IOException | UnsupportedOperationException e) {
      throw new ContainerException("cannot make the folder " + folder + ": " + e.getMessage(), e);
    }
    return folder;
  }

  @Override
  public void close() {
    Thread running;
    synchronized (lock) {
      running = sweeper;
    }
    if (running != null) {
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      try {
        Leftovers.deleteTree(scratch.resolve(folderName));
      } catch (IOException stays) {
        // It is removed with what dead processes left.
      }
    }
  }
}
