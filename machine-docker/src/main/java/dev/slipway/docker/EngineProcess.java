package dev.slipway.docker;

import dev.slipway.engine.ProcessOutput;
import dev.slipway.engine.ProcessResult;
import dev.slipway.engine.RunEvent;
import dev.slipway.engine.StopSignal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a process in a container through the engine, as {@code docker exec} does: slower than a
 * resident shell, but it needs nothing of the image.
 */
final class EngineProcess {
  private static final int NOT_FOUND = 2;
  private static final int NO_PERMISSION = 13;
  private static final int START_STEPS = 100;
  private static final long START_STEP_MILLIS = 20;

  private final DockerApi api;
  private final String container;

  EngineProcess(DockerApi api, String container) {
    this.api = api;
    this.container = container;
  }

  ProcessResult run(
      List<String> command,
      String directory,
      Map<String, String> environment,
      ProcessOutput output,
      StopSignal stop,
      long deadlineNanos) {
    Members request = new Members();
    request.put("AttachStdout", true).put("AttachStderr", true).put("Cmd", command);
    if (!directory.isEmpty()) {
      request.put("WorkingDir", directory);
    }
    List<String> variables = new ArrayList<>();
    environment.forEach((name, value) -> variables.add(name + "=" + value));
    request.put("Env", variables);
    String id = api.post("/containers/" + container + "/exec", request).get("Id").text();
    ProcessResult.End end;
    Refusal refusal = new Refusal(output);
    try (Connection connection =
        api.hijack("/exec/" + id + "/start", new Members().put("Detach", false))) {
      end =
          Attended.read(
              connection, false, refusal, stop, deadlineNanos, signal -> signal(id, signal));
    } catch (DockerException e) {
      Optional<Integer> errno = notStarted(e.getMessage());
      if (errno.isPresent()) {
        return new ProcessResult(ProcessResult.End.NOT_STARTED, errno.get());
      }
      throw e;
    }
    Json ended = api.get("/exec/" + id + "/json");
    int exit = ended.get("Running").truthy() ? 137 : (int) ended.get("ExitCode").number();
    Optional<Integer> errno = refusal.errno(exit);
    if (errno.isPresent()) {
      return new ProcessResult(ProcessResult.End.NOT_STARTED, errno.get());
    }
    return new ProcessResult(end, exit);
  }

  /**
   * Keeps back what the engine says instead of the program's output when it cannot start it; older
   * engines do not tell that otherwise.
   */
  private static final class Refusal implements ProcessOutput {
    private static final String BEGINS = "OCI runtime exec failed: ";

    private final ProcessOutput output;
    private boolean decided;
    private String message = "";

    Refusal(ProcessOutput output) {
      this.output = output;
    }

    @Override
    public void bytes(RunEvent.Stream stream, byte[] bytes, int length) {
      if (!decided) {
        decided = true;
        if (length > BEGINS.length()) {
          String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
          if (text.startsWith(BEGINS)) {
            message = text;
            return;
          }
        }
      }
      output.bytes(stream, bytes, length);
    }

    @Override
    public void idle() {
      output.idle();
    }

    /** The errno, when the program was not started; what was no refusal is output. */
    Optional<Integer> errno(int exitCode) {
      if (message.isEmpty()) {
        return Optional.empty();
      }
      if (exitCode == 126 || exitCode == 127) {
        return Optional.of(notStarted(message).orElse(NO_PERMISSION));
      }
      byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
      output.bytes(RunEvent.Stream.STDOUT, bytes, bytes.length);
      return Optional.empty();
    }
  }

  /** The errno for what the engine says of a program that it cannot start. */
  static Optional<Integer> notStarted(String message) {
    if (message.contains("executable file not found")
        || message.contains("no such file or directory")) {
      return Optional.of(NOT_FOUND);
    }
    return message.contains("permission denied") ? Optional.of(NO_PERMISSION) : Optional.empty();
  }

  /** Starts a process and does not wait for it. */
  void start(List<String> command) {
    Members request = new Members().put("Cmd", command);
    String id = api.post("/containers/" + container + "/exec", request).get("Id").text();
    api.post("/exec/" + id + "/start", new Members().put("Detach", true));
  }

  /** The process's number on the engine's machine; the engine answers before it has started it. */
  private long started(String id) {
    for (int step = 0; ; step++) {
      Json exec = api.get("/exec/" + id + "/json");
      long pid = exec.get("Pid").number();
      if (pid > 0 || exec.get("ExitCode").present() || step == START_STEPS) {
        return pid;
      }
      if (Images.pause(new StopSignal(), START_STEP_MILLIS)) {
        return pid;
      }
    }
  }

  /**
   * The engine's processes lead sessions of their own, so the last signal goes to the whole group.
   * It is sent from here where that is allowed, else by a process in the container.
   */
  private void signal(String id, StopSequence.Signal signal) {
    long pid = started(id);
    if (!HostProcesses.belongs(pid, container)) {
      return;
    }
    boolean group = signal == StopSequence.Signal.KILL;
    if (Libc.supported() && Libc.kill((int) (group ? -pid : pid), signal)) {
      return;
    }
    Optional<Long> inside = HostProcesses.numberInside(pid);
    if (inside.isPresent()) {
      start(List.of("kill", "-" + signal, "--", (group ? "-" : "") + inside.get()));
    }
  }
}
