package dev.slipway.cli;

import dev.slipway.docker.DockerEngine;
import dev.slipway.engine.ContainerEngine;
import dev.slipway.engine.JobContainers;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The container engine of this machine, which nothing is loaded for before a job needs it. */
final class Containers implements ContainerEngine {
  private final Map<String, String> environment;
  private @Nullable ContainerEngine engine;

  Containers(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public JobContainers open(Owner owner) {
    return engine().open(owner);
  }

  private synchronized ContainerEngine engine() {
    ContainerEngine known = engine;
    if (known == null) {
      known = DockerEngine.create(scratch(), environment);
      engine = known;
    }
    return known;
  }

  /** For pipes that containers share with this machine. */
  private Path scratch() {
    String cache = environment.get("XDG_CACHE_HOME");
    if (cache != null && cache.startsWith("/")) {
      return Path.of(cache, "slipway", "containers");
    }
    return Path.of(environment.getOrDefault("HOME", "/tmp"), ".cache", "slipway", "containers");
  }

  @Override
  public synchronized void close() {
    if (engine != null) {
      engine.close();
      engine = null;
    }
  }
}
