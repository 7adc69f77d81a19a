package dev.slipway.cli;

import dev.slipway.docker.DockerEngine;
import dev.slipway.engine.ContainerEngine;
import dev.slipway.engine.JobContainers;
import org.jspecify.annotations.Nullable;

/** The container engine of this machine, which nothing is loaded for before a job needs it. */
final class Containers implements ContainerEngine {
  private final Surroundings surroundings;
  private @Nullable ContainerEngine engine;

  Containers(Surroundings surroundings) {
    this.surroundings = surroundings;
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
      known =
          DockerEngine.create(
              surroundings.cache().resolve("containers"), surroundings.environment());
      engine = known;
    }
    return known;
  }

  @Override
  public synchronized void close() {
    if (engine != null) {
      engine.close();
      engine = null;
    }
  }
}
