package dev.slipway.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs processes for steps: what they are given, what their end means, what they wrote for the
 * runner. Thread-safe.
 */
final class StepProcess {
  private static final int MAX_SUMMARY = 1024 * 1024;

  private final JobContext job;
  private final Executables executables = new Executables();
  private final CommandFiles.Untouched untouchedFiles = new CommandFiles.Untouched();

  StepProcess(JobContext job) {
    this.job = job;
  }

  /** A program on the step's {@code PATH}, or null. */
  @Nullable String find(StepRun run, String program) {
    return executables.find(program, StepEnvironment.searchPath(run));
  }

  /**
   * Runs a process to its end and takes over what it wrote for the runner.
   *
   * @param added variables of the step's action
   */
  Conclusion run(
      StepRun run,
      String executable,
      List<String> arguments,
      Path folder,
      Map<String, String> added) {
    Path temp = job.place.temp();
    CommandFiles files = new CommandFiles(temp.resolve(JobRunner.COMMAND_FILES), job.serial());
    try {
      files.create(run.launcher, untouchedFiles);
    } catch (IOException e) {
      return run.fail("The step's command files could not be created: " + e);
    }
    synchronized (job.lock) {
      files.describe(run.github);
    }
    if (!Files.isDirectory(folder)) {
      files.release(run.launcher, untouchedFiles);
      return run.fail("The working directory '" + folder + "' does not exist");
    }
    HostProcess.Result result =
        run.launcher.run(
            executable,
            arguments,
            folder,
            StepEnvironment.of(run, added),
            run.log,
            run.stop,
            run.timeout.deadlineNanos());
    run.log.finish();
    Conclusion conclusion = conclusion(run, executable, result);
    boolean understood = readFiles(run, files);
    return conclusion == Conclusion.SUCCESS && !understood ? Conclusion.FAILURE : conclusion;
  }

  private static Conclusion conclusion(StepRun run, String executable, HostProcess.Result result) {
    if (result.end() == HostProcess.End.NOT_STARTED) {
      return run.fail(
          "Cannot start '" + executable + "': " + HostProcess.errorText(result.exitCode()));
    }
    run.exitCode = result.exitCode();
    if (result.end() == HostProcess.End.TIMED_OUT) {
      return run.timedOut();
    }
    if (result.end() == HostProcess.End.STOPPED) {
      run.log.system("##[error]The operation was canceled.");
      return Conclusion.CANCELLED;
    }
    return result.exitCode() == 0
        ? Conclusion.SUCCESS
        : run.fail("Process completed with exit code " + result.exitCode() + ".");
  }

  /** Reads what the step wrote for the runner; false when some of it is wrong. */
  private boolean readFiles(StepRun run, CommandFiles files) {
    boolean understood = true;
    try {
      for (String problem : files.read(run.effects)) {
        run.log.system("##[error]" + problem);
        understood = false;
      }
      addSummary(run, files.summary(MAX_SUMMARY));
    } catch (IOException e) {
      run.log.system("##[error]The step's command files could not be read: " + e);
      understood = false;
    } finally {
      files.release(run.launcher, untouchedFiles);
    }
    return understood;
  }

  private void addSummary(StepRun run, byte[] summary) {
    if (summary.length > MAX_SUMMARY) {
      run.commands.error(
          "$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got more");
    } else if (summary.length > 0) {
      String masked = job.masker.mask(new String(summary, StandardCharsets.UTF_8));
      job.recorder.emit((seq, at) ->
          new RunEvent.Summary(seq, at, job.recorder.run(), job.spec.key(), run.number, masked));
    }
  }
}
