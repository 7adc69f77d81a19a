package dev.slipway.engine;

import dev.slipway.trace.Watch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Starts processes on this machine. */
class NativeLauncher implements Machine.Launcher {
  private final Native c;
  private final HostProcess processes;

  NativeLauncher() {
    this(new Native());
  }

  NativeLauncher(Native c) {
    this(c, started -> started);
  }

  /**
   * @param signalled the process that is to be asked to stop, by the one that was started
   */
  NativeLauncher(Native c, IntUnaryOperator signalled) {
    this.c = c;
    this.processes = new HostProcess(c, signalled);
  }

  @Override
  public ProcessResult run(
      String executable,
      List<String> arguments,
      Path directory,
      Map<String, String> environment,
      ProcessOutput output,
      StopSignal stop,
      long deadlineNanos) {
    return run(executable, arguments, directory, environment, output, stop, deadlineNanos, null);
  }

  @Override
  public ProcessResult run(
      String executable,
      List<String> arguments,
      Path directory,
      Map<String, String> environment,
      ProcessOutput output,
      StopSignal stop,
      long deadlineNanos,
      @Nullable Watch watch) {
    return processes.run(
        executable,
        arguments,
        directory.toString(),
        environment,
        output,
        stop,
        deadlineNanos,
        watch);
  }

  @Override
  public void createFile(Path file) throws IOException {
    c.reset();
    long result = c.createFile(file.toString());
    if (result < 0) {
      throw new IOException(file + ": " + HostProcess.errorText((int) -result));
    }
  }

  @Override
  public boolean asCreated(Path file) {
    FileStatus status = FileStatus.of(c, file);
    return status.isFile()
        && status.size() == 0
        && status.links() == 1
        && (status.permissions() & 0333) == 0200;
  }

  @Override
  public void close() {
    c.close();
  }
}
