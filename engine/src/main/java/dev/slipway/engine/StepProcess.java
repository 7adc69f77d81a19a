package dev.slipway.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs processes for steps: what they are given, what their end means. Thread-safe. */
final class StepProcess {
  /** A program that the step can start, or null. */
  @Nullable String find(StepRun run, String program) {
    return run.job.steps.find(run, program);
  }

  /** What runs scripts that name no shell. */
  Shell defaultShell(StepRun run) {
    return run.job.steps.defaultShell(run);
  }

  /** Fills the tool cache, for a step that may look into it. */
  void offerTools(StepRun run) throws IOException {
    run.job.steps.offerTools(run);
  }

  /** A file of this machine as the step's processes see it. */
  String path(StepRun run, Path file) {
    return run.job.steps.path(file.toString());
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
    StepHost host = run.job.steps;
    if (host.isHere(folder.toString()) && !Files.isDirectory(folder)) {
      return run.fail("The working directory '" + folder + "' does not exist");
    }
    ProcessResult result = host.run(run, executable, arguments, folder.toString(), added);
    run.log.finish();
    return conclusion(run, executable, result);
  }

  /** What the end of a process means for its step. */
  static Conclusion conclusion(StepRun run, String executable, ProcessResult result) {
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
