package dev.slipway.docker;

import dev.slipway.engine.ContainerEngine;
import dev.slipway.engine.JobContainers;
import dev.slipway.engine.StopSignal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Starts a job's containers, says so, and waits to be killed. */
final class LeftBehind {
  private LeftBehind() {}

  /** Takes the folder for pipes and the token. */
  public static void main(String[] arguments) throws InterruptedException {
    DockerEngine engine = DockerEngine.create(Path.of(arguments[0]), System.getenv());
    JobContainers containers =
        engine.open(new ContainerEngine.Owner("/project", arguments[1], "job"));
    containers.start(
        Optional.of(Dock.volumes(Dock.spec("job", Dock.BUSYBOX), "/anonymous")),
        List.of(Dock.command(Dock.spec("service", Dock.BUSYBOX), "sleep", "10000")),
        line -> {},
        new StopSignal());
    System.out.println("started");
    Thread.currentThread().join();
  }
}
