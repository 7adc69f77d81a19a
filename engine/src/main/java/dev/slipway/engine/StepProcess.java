package dev.slipway.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs processes for steps: what they are given, what their end means. Thread-safe. */
final class StepProcess {
  private final Executables executables = new Executables();

  /** A program on the step's {@code PATH}, or null. */
  @Nullable String find(StepRun run, String program) {
    return executables.find(program, StepEnvironment.searchPath(run));
  }

  /**
   * Runs a process to its end.
   *
   * @param added variables of the step's action
   */
  Conclusion run(
      StepRun run,
      String executable,
      List<String> arguments,
      Path folder,
      Map<String, String> added) {
    if (!Files.isDirectory(folder)) {
      return run.fail("The working directory '" + folder + "' does not exist");
    }
    ProcessResult result =
        run.launcher.run(
            executable,
            arguments,
            folder,
            StepEnvironment.of(run, added),
            run.log,
            run.stop,
            run.timeout.deadlineNanos());
    run.log.finish();
    return conclusion(run, executable, result);
  }

  private static Conclusion conclusion(StepRun run, String executable, ProcessResult result) {
    if (result.end() == ProcessResult.End.NOT_STARTED) {
      return run.fail(
          "Cannot start '" + executable + "': " + HostProcess.errorText(result.exitCode()));
    }
    run.exitCode = result.exitCode();
    if (result.end() == ProcessResult.End.TIMED_OUT) {
      return run.timedOut();
    }
    if (result.end() == ProcessResult.End.STOPPED) {
      run.log.system("##[error]The operation was canceled.");
      return Conclusion.CANCELLED;
    }
    return result.exitCode() == 0
        ? Conclusion.SUCCESS
        : run.fail("Process completed with exit code " + result.exitCode() + ".");
  }
}
