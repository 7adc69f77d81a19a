package dev.slipway.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Processes of steps in the job's container (actions/runner, ContainerStepHost). */
final class ContainerSteps implements StepHost {
  private static final String NODE = "node";

  private final JobContainers.JobContainer container;
  private final ContainerPaths paths;
  private final String asked;
  private final String mountedNode;
  private final boolean root;
  private @Nullable String node;

  /**
   * Steps in a container.
   *
   * @param asked what the job asks for besides an image
   * @param mountedNode this machine's Node.js as the container sees it; empty when there is none
   */
  ContainerSteps(
      JobContainers.JobContainer container,
      ContainerPaths paths,
      String asked,
      String mountedNode,
      StopSignal stop) {
    this.container = container;
    this.paths = paths;
    this.asked = asked;
    this.mountedNode = mountedNode;
    this.root = userIsRoot(stop);
  }

  private boolean userIsRoot(StopSignal stop) {
    StringBuilder user = new StringBuilder();
    ProcessOutput output =
        new ProcessOutput() {
          @Override
          public void bytes(RunEvent.Stream stream, byte[] bytes, int length) {
            user.append(new String(bytes, 0, length, StandardCharsets.US_ASCII));
          }

          @Override
          public void idle() {}
        };
    container.run("id", List.of("-u"), "/", Map.of(), output, stop, Long.MAX_VALUE);
    return user.toString().strip().equals("0");
  }

  @Override
  public String find(StepRun run, String program) {
    return program.equals(NODE) ? node(run) : program;
  }

  /** This machine's Node.js where it runs in the container, else the container's own. */
  private synchronized String node(StepRun run) {
    String known = node;
    if (known == null) {
      known = !mountedNode.isEmpty() && starts(mountedNode, run) ? mountedNode : NODE;
      node = known;
    }
    return known;
  }

  private boolean starts(String program, StepRun run) {
    ProcessResult result =
        container.run(
            program,
            List.of("--version"),
            "/",
            Map.of(),
            ProcessOutput.SILENT,
            run.stop,
            Long.MAX_VALUE);
    return result.end() == ProcessResult.End.EXITED && result.exitCode() == 0;
  }

  @Override
  public Shell defaultShell(StepRun run) {
    return Shell.SH;
  }

  @Override
  public String path(String path) {
    return paths.inward(path);
  }

  @Override
  public boolean isHere(String path) {
    return !paths.inward(path).equals(path);
  }

  @Override
  public void share(Path folder) throws IOException {
    if (!root) {
      OpenFiles.tree(folder);
    }
  }

  @Override
  public String pathHere(String path) {
    return paths.outward(path);
  }

  @Override
  public ProcessResult run(
      StepRun run,
      String program,
      List<String> arguments,
      String folder,
      Map<String, String> added) {
    if (!root) {
      OpenFiles.commandFiles(run);
    }
    return container.run(
        program,
        arguments,
        path(folder),
        environment(run, added),
        run.log,
        run.stop,
        run.timeout.deadlineNanos());
  }

  private Map<String, String> environment(StepRun run, Map<String, String> added) {
    return paths.inward(
        StepEnvironment.inContainer(run, added, container.environment().get("PATH")));
  }

  @Override
  public Vantage vantage(
      StepRun run, String text, String program, List<String> arguments, Path file, Path folder) {
    if (!root) {
      OpenFiles.commandFiles(run);
    }
    Map<String, String> onTop = environment(run, Map.of());
    Map<String, String> environment = new LinkedHashMap<>(container.environment());
    environment.putAll(onTop);
    return new ContainerVantage(
        run,
        new Vantage.Script(
            text,
            program,
            arguments,
            Path.of(path(file.toString())),
            Path.of(path(folder.toString())),
            environment),
        container,
        paths,
        onTop,
        asked);
  }
}
