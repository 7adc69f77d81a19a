package dev.slipway.engine;

import dev.slipway.workflow.ProjectFile;
import java.util.ArrayList;
import java.util.List;

/**
 * A service that a command line of the project runs. It is told its port by {@code PORT}, and is
 * ready when its health command succeeds, or else when it accepts connections.
 */
record CommandRecipe(ProjectFile.Service service) implements ServiceRecipe {
  @Override
  public int port() {
    return service.port();
  }

  @Override
  public void start(LocalService running) {
    running.begin(shell(service.process(), running.spec().command()), running.project());
    running.await(
        service.health().isEmpty()
            ? () -> running.answers("")
            : () -> running.succeeds(shell(service.health(), List.of()), running.project()));
  }

  private static List<String> shell(String line, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", line, "service"));
    command.addAll(arguments);
    return command;
  }
}
