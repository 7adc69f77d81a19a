package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import dev.slipway.engine.ProcessOutput;
import dev.slipway.engine.RunEvent;
import dev.slipway.engine.StopSignal;
import java.util.function.Consumer;

/** Waits until a container is up, and healthy where it has a health check. */
final class Health {
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LAST_PAUSE_MILLIS = 2000;

  private final DockerApi api;
  private final String container;

  Health(DockerApi api, String container) {
    this.api = api;
    this.container = container;
  }

  /**
   * Waits.
   *
   * @return what the engine says of the container
   * @throws ContainerException when it is not healthy or ended; its log is shown
   */
  Json await(Consumer<String> log, StopSignal stop, String what, boolean terminal) {
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      Json container = api.get("/containers/" + this.container + "/json");
      Json state = container.get("State");
      String health = state.get("Health").get("Status").text();
      if (!state.get("Running").truthy() && !state.get("Restarting").truthy()) {
        showLog(log, what, terminal);
        throw new ContainerException(
            what + " ended with exit code " + state.get("ExitCode").number() + ". " + FAILED);
      }
      if (health.isEmpty() || health.equals("none") || health.equals("healthy")) {
        return container;
      }
      if (health.equals("unhealthy")) {
        showLog(log, what, terminal);
        for (Json probe : state.get("Health").get("Log").items()) {
          log.accept(
              "health check: exit code "
                  + probe.get("ExitCode").number()
                  + ": "
                  + probe.get("Output").text().strip());
        }
        throw new ContainerException(what + " is not healthy. " + FAILED);
      }
      if (Images.pause(stop, pause)) {
        throw DockerApi.stopped();
      }
      pause = Math.min(LAST_PAUSE_MILLIS, pause * 3 / 2);
    }
  }

  static final String FAILED = "One or more containers failed to start.";

  private void showLog(Consumer<String> log, String what, boolean terminal) {
    log.accept("##[group]Log of " + what);
    printLog(api, container, terminal, log);
    log.accept("##[endgroup]");
  }

  /** Hands on what a container printed so far, line by line. */
  static void printLog(DockerApi api, String container, boolean terminal, Consumer<String> log) {
    LogLines out = new LogLines(log);
    LogLines err = new LogLines(log);
    ProcessOutput output =
        new ProcessOutput() {
          @Override
          public void bytes(RunEvent.Stream stream, byte[] bytes, int length) {
            (stream == RunEvent.Stream.STDERR ? err : out).write(bytes, length);
          }

          @Override
          public void idle() {}
        };
    try {
      api.read(
          "/containers/" + container + "/logs?stdout=1&stderr=1",
          in -> Frames.read(in, terminal, output));
    } catch (DockerException e) {
      log.accept("its log cannot be read: " + e.getMessage());
    }
    out.finish();
    err.finish();
  }
}
