package dev.slipway.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One service of a job while it runs as a process: what its recipe works with, what it prints.
 * Starting belongs to one thread; the rest is thread-safe.
 */
final class LocalService {
  private static final long READY_WITHIN_NANOS = 60_000_000_000L;
  private static final long LOOK_AGAIN_MILLIS = 25;
  private static final long END_WITHIN_MILLIS = 3000;
  private static final int KEPT_LOG = 256 * 1024;

  private final ContainerSpec spec;
  private final int port;
  private final Path folder;
  private final Path project;
  private final Map<String, String> environment;
  private final StopSignal starting;
  private final StopSignal ending = new StopSignal();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final List<String> asUser = new ArrayList<>();
  private final @Nullable Path setpriv;
  private @Nullable Thread process;
  private boolean gently;
  private volatile @Nullable ProcessResult result;

  /**
   * For one job.
   *
   * @param port of this machine
   * @param folder its own
   * @param project where a command of the project starts
   * @param environment what its processes inherit, without the service's own variables
   * @param starting stops the start
   */
  LocalService(
      ContainerSpec spec,
      int port,
      Path folder,
      Path project,
      Map<String, String> environment,
      StopSignal starting) {
    this.spec = spec;
    this.port = port;
    this.folder = folder;
    this.project = project;
    this.environment = new LinkedHashMap<>(environment);
    this.environment.putAll(spec.environment());
    this.environment.put("PORT", Integer.toString(port));
    this.starting = starting;
    this.setpriv = find("setpriv", List.of());
  }

  ContainerSpec spec() {
    return spec;
  }

  int port() {
    return port;
  }

  /** A folder of this service alone. */
  Path folder() {
    return folder;
  }

  Path project() {
    return project;
  }

  /** A variable of the service; empty when it is not set. */
  String variable(String name) {
    return spec.environment().getOrDefault(name, "");
  }

  /** The first of these programs that is there: in one of the folders, or on the path. */
  @Nullable Path find(String program, List<Path> folders) {
    for (Path candidate : folders) {
      if (candidate.resolve(program).toFile().canExecute()) {
        return candidate.resolve(program);
      }
    }
    String found = new Executables().find(program, environment.getOrDefault("PATH", ""));
    return found == null ? null : Path.of(found);
  }

  /**
   * Has its processes run as another user where Slipway runs as root: as the first of these that
   * this machine knows.
   */
  void leaveRoot(List<String> users) {
    try (Native c = new Native()) {
      if (c.call(Native.function("geteuid"), 0) != 0) {
        return;
      }
    }
    if (setpriv == null) {
      throw new ContainerException(
          "it refuses to run as root, and `setpriv` (Debian package util-linux) is missing");
    }
    try {
      for (String user : users) {
        for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
          String[] fields = line.split(":");
          if (fields[0].equals(user)) {
            asUser.addAll(
                List.of("--reuid=" + fields[2], "--regid=" + fields[3], "--clear-groups"));
            Files.setAttribute(folder, "unix:uid", Integer.parseInt(fields[2]));
            Files.setAttribute(folder, "unix:gid", Integer.parseInt(fields[3]));
            return;
          }
        }
      }
    } catch (IOException e) {
      throw new ContainerException("its user cannot be had: " + e.getMessage(), e);
    }
    throw new ContainerException(
        "it refuses to run as root, and this machine has no user " + String.join(" or ", users));
  }

  /** Whether a command of the service succeeds; nobody reads what it prints. */
  boolean succeeds(List<String> command, Path directory) {
    return run(command, directory, new ByteArrayOutputStream()) == 0;
  }

  private int run(List<String> command, Path directory, ByteArrayOutputStream output) {
    try (NativeLauncher launcher = new NativeLauncher()) {
      return launch(launcher, command, directory, output::write, starting).exitCode();
    }
  }

  /** Takes what a process prints. */
  private interface Printer {
    void print(byte[] bytes, int offset, int length);
  }

  /** Runs a command that has to succeed. */
  void mustRun(List<String> command, Path directory) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    int code = run(command, directory, output);
    if (starting.stopped()) {
      throw new ContainerException("stopped");
    }
    if (code != 0) {
      print(output.toByteArray(), 0, output.size());
      throw new ContainerException(
          Path.of(command.getFirst()).getFileName() + " failed with exit code " + code);
    }
  }

  /** Starts the service itself. */
  void begin(List<String> command, Path directory) {
    process =
        Thread.ofPlatform()
            .daemon()
            .name("service-" + spec.name())
            .start(() -> {
              try (NativeLauncher launcher = new NativeLauncher()) {
                result = launch(launcher, command, directory, this::print, ending);
              }
            });
  }

  private ProcessResult launch(
      NativeLauncher launcher,
      List<String> command,
      Path directory,
      Printer printer,
      StopSignal stop) {
    List<String> whole = new ArrayList<>(command.size() + 8);
    if (setpriv != null) {
      // Some programs write over their environment, by which what a killed Slipway left is found.
      whole.addAll(List.of(setpriv.toString(), "--pdeathsig", gently ? "INT" : "KILL"));
      whole.addAll(asUser);
      whole.add("--");
    }
    whole.addAll(command);
    return launcher.run(
        whole.getFirst(),
        whole.subList(1, whole.size()),
        directory,
        environment,
        new ProcessOutput() {
          @Override
          public void bytes(RunEvent.Stream stream, byte[] bytes, int length) {
            printer.print(bytes, 0, length);
          }

          @Override
          public void idle() {}
        },
        stop,
        Long.MAX_VALUE);
  }

  /**
   * Waits until it can be used.
   *
   * @param ready whether it can
   */
  void await(BooleanSupplier ready) {
    long until = System.nanoTime() + READY_WITHIN_NANOS;
    while (true) {
      ProcessResult ended = result;
      if (ended != null) {
        throw new ContainerException(
            ended.end() == ProcessResult.End.NOT_STARTED
                ? "it cannot be started: " + HostProcess.errorText(ended.exitCode())
                : "it ended with exit code " + ended.exitCode());
      }
      if (starting.stopped()) {
        throw new ContainerException("stopped");
      }
      if (ready.getAsBoolean()) {
        return;
      }
      if (System.nanoTime() - until > 0) {
        throw new ContainerException(
            "it was not ready within " + READY_WITHIN_NANOS / 1_000_000_000L + " s");
      }
      try {
        Thread.sleep(LOOK_AGAIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ContainerException("interrupted", e);
      }
    }
  }

  /** Whether it accepts connections, and answers if it is asked something. */
  boolean answers(String question) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      if (question.isEmpty()) {
        return true;
      }
      socket.setSoTimeout(1000);
      socket.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() >= 0;
    } catch (IOException notYet) {
      return false;
    }
  }

  private synchronized void print(byte[] bytes, int offset, int length) {
    printed.write(bytes, offset, length);
    if (printed.size() > 2 * KEPT_LOG) {
      byte[] all = printed.toByteArray();
      printed.reset();
      printed.write(all, all.length - KEPT_LOG, KEPT_LOG);
    }
  }

  /** What it printed, its last lines at least. */
  synchronized List<String> log() {
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** Has it ended by SIGINT first: it holds something that outlives processes. */
  void endGently() {
    gently = true;
  }

  /** Has it end, killed as a container would be; {@link #end} waits for that. */
  void stop() {
    ending.request(gently ? Stop.GRACEFUL : Stop.KILL);
  }

  /** Ends it with all its processes. */
  void end() {
    stop();
    Thread running = process;
    if (running == null) {
      return;
    }
    try {
      if (!running.join(java.time.Duration.ofMillis(END_WITHIN_MILLIS))) {
        ending.request(Stop.KILL);
        running.join();
      }
    } catch (InterruptedException e) {
      ending.request(Stop.KILL);
      Thread.currentThread().interrupt();
    }
  }
}
