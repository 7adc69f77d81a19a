package dev.slipway.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the {@code git} command. */
final class Git {
  private Git() {}

  /** What it printed. */
  record Result(int exitCode, byte[] output, String errors) {
    boolean ok() {
      return exitCode == 0;
    }

    String text() {
      return new String(output, StandardCharsets.UTF_8).strip();
    }
  }

  /** Runs Git in a folder, without asking anyone for anything. */
  static Result run(Path directory, List<String> arguments) throws IOException {
    return run(directory, arguments, Map.of());
  }

  /** Runs Git with these variables set besides. */
  static Result run(Path directory, List<String> arguments, Map<String, String> variables)
      throws IOException {
    String executable = find();
    Map<String, String> environment = new LinkedHashMap<>(System.getenv());
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_OPTIONAL_LOCKS", "0");
    environment.put("LC_ALL", "C");
    environment.putAll(variables);
    ByteArrayOutputStream output = new ByteArrayOutputStream(1024);
    ByteArrayOutputStream errors = new ByteArrayOutputStream(256);
    try (NativeLauncher launcher = new NativeLauncher()) {
      ProcessResult result =
          launcher.run(
              executable,
              arguments,
              directory,
              environment,
              new ProcessOutput() {
                @Override
                public void bytes(RunEvent.Stream stream, byte[] bytes, int length) {
                  if (stream == RunEvent.Stream.STDERR) {
                    errors.write(bytes, 0, length);
                  } else {
                    output.write(bytes, 0, length);
                  }
                }

                @Override
                public void idle() {}
              },
              new StopSignal(),
              Long.MAX_VALUE);
      if (result.end() == ProcessResult.End.NOT_STARTED) {
        throw new IOException("git cannot be started: " + HostProcess.errorText(result.exitCode()));
      }
      return new Result(
          result.exitCode(), output.toByteArray(), errors.toString(StandardCharsets.UTF_8).strip());
    }
  }

  private static String find() throws IOException {
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "/usr/bin:/bin" : path).split(":")) {
      java.io.File file = new java.io.File(folder, "git");
      if (!folder.isEmpty() && file.canExecute() && file.isFile()) {
        return file.getPath();
      }
    }
    throw new IOException("git: command not found; install Git");
  }
}
