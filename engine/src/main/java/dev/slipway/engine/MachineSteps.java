package dev.slipway.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Processes of steps on the machine itself. */
final class MachineSteps implements StepHost {
  private final Executables executables = new Executables();

  @Override
  public @Nullable String find(StepRun run, String program) {
    return executables.find(program, StepEnvironment.searchPath(run));
  }

  @Override
  public Shell defaultShell(StepRun run) {
    return find(run, "bash") != null ? Shell.DEFAULT_BASH : Shell.SH;
  }

  @Override
  public String path(String path) {
    return path;
  }

  @Override
  public boolean isHere(String path) {
    return true;
  }

  @Override
  public String home(Machine.Place place) {
    return place.home().toString();
  }

  @Override
  public Vantage vantage(
      StepRun run, String text, String program, List<String> arguments, Path file, Path folder) {
    Map<String, String> environment = StepEnvironment.of(run, Map.of());
    return new MachineVantage(
        run, new Vantage.Script(text, program, arguments, file, folder, environment));
  }

  @Override
  public void share(Path folder) {}

  @Override
  public String pathHere(String path) {
    return path;
  }

  @Override
  public void offerTools(StepRun run) throws IOException {
    run.job.place.offerTools();
  }

  @Override
  public ProcessResult run(
      StepRun run,
      String program,
      List<String> arguments,
      String folder,
      Map<String, String> added) {
    return run.launcher.run(
        program,
        arguments,
        Path.of(folder),
        StepEnvironment.of(run, added),
        run.log,
        run.stop,
        run.timeout.deadlineNanos());
  }
}
