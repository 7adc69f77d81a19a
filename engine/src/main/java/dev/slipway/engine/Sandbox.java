package dev.slipway.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A view of this machine for one job, and the processes in it.
 *
 * <p>Bubblewrap makes namespaces in which the system is read-only, the user's home is empty but for
 * tools and the caches of packages, and {@code /tmp}, {@code /var/tmp}, {@code /dev}, {@code /run}
 * and {@code /proc} are the job's. A process that only waits keeps them for as long as the job goes
 * on. Steps' processes enter them with {@code nsenter}, so what one step leaves running the next
 * one finds. When the waiting process is killed, the kernel kills all the others.
 *
 * <p>For root the way out is barred too: steps lack the capabilities to mount, to make devices, to
 * load modules and the like.
 */
final class Sandbox implements AutoCloseable {
  private static final Pattern FIRST_PROCESS = Pattern.compile("\"child-pid\": (\\d+)");
  private static final String READY = "sandbox is ready";

  /** Folders of a home with programs that jobs start. */
  private static final List<String> TOOLS =
      List.of(
          ".pyenv",
          ".nvm",
          ".sdkman/candidates",
          ".volta",
          ".fnm",
          ".asdf",
          ".rbenv",
          ".jdks",
          ".rustup",
          ".cargo/bin",
          ".bun/bin",
          ".deno/bin",
          ".local/bin",
          ".local/share/fnm",
          ".local/share/mise",
          ".local/share/pipx",
          ".local/share/uv/python",
          ".local/share/uv/tools",
          "go/bin",
          "sdk");

  private static final List<String> DEVICES =
      List.of("null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts");

  /** Where the names of other machines are looked up. */
  private static final List<String> RESOLVERS =
      List.of("/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager");

  private static final String NOT_FOR_ROOT =
      "-sys_admin,-sys_module,-sys_rawio,-sys_boot,-sys_time,-mknod,-net_admin,"
          + "-dac_read_search,-mac_admin,-mac_override,-syslog";

  private final Path temporary;
  private final List<String> entering;
  private final int first;
  private final StopSignal end;
  private final Thread keeper;

  /**
   * What all sandboxes show of this machine.
   *
   * @param cache where Slipway keeps what can be made again
   * @param work where jobs work
   * @param readable folders that jobs see wherever they lie
   */
  record Machine(Path userHome, Path cache, Path work, List<Path> readable) {
    Machine {
      readable = List.copyOf(readable);
    }
  }

  private Sandbox(Path temporary, List<String> entering, int first, StopSignal end, Thread keeper) {
    this.temporary = temporary;
    this.entering = entering;
    this.first = first;
    this.end = end;
    this.keeper = keeper;
  }

  /**
   * Makes one.
   *
   * @param writable folders that the job may write to
   * @param environment of the job
   * @throws IOException when it cannot be had on this machine
   */
  static Sandbox start(
      Machine machine, List<Path> writable, Map<String, String> environment, boolean offline)
      throws IOException {
    String path = environment.getOrDefault("PATH", "");
    String bwrap = program("bwrap", "bubblewrap", path);
    boolean root = isRoot();
    List<String> entering = new ArrayList<>();
    String nsenter = program("nsenter", "util-linux", path);
    String setpriv = root ? program("setpriv", "util-linux", path) : "";
    Path temporary = Files.createTempDirectory(writable.getLast().getParent(), "_sandbox");
    Path tmp = Files.createDirectory(temporary.resolve("tmp"));
    Path varTmp = Files.createDirectory(temporary.resolve("var-tmp"));
    for (Path open : List.of(tmp, varTmp)) {
      Files.setAttribute(open, "unix:mode", 01777);
    }
    // Bubblewrap closes what it has told its first process to.
    List<String> arguments = new ArrayList<>(List.of("-c", "exec \"$0\" \"$@\" 3>&1", bwrap));
    arguments.addAll(view(machine, environment, tmp, varTmp, writable));
    arguments.addAll(List.of("--unshare-pid", "--unshare-ipc", "--unshare-uts"));
    if (offline) {
      arguments.add("--unshare-net");
    }
    arguments.addAll(List.of("--die-with-parent", "--info-fd", "3", "--"));
    arguments.addAll(List.of("/bin/sh", "-c", "echo '" + READY + "'; exec tail -f /dev/null"));
    Waiting waiting = new Waiting();
    StopSignal end = new StopSignal();
    Thread keeper =
        Thread.ofPlatform()
            .daemon()
            .name("sandbox")
            .start(() -> {
              try (NativeLauncher launcher = new NativeLauncher()) {
                launcher.run(
                    "/bin/sh", arguments, Path.of("/"), environment, waiting, end, Long.MAX_VALUE);
              } finally {
                waiting.over();
              }
            });
    int first = waiting.firstProcess();
    if (first == 0) {
      Trees.delete(temporary);
      throw new IOException("the sandbox cannot be made: " + waiting.errors());
    }
    entering.addAll(List.of(nsenter, "--target", Integer.toString(first)));
    if (!root) {
      entering.addAll(List.of("--user", "--preserve-credentials"));
    }
    entering.addAll(List.of("--mount", "--pid", "--ipc", "--uts"));
    if (offline) {
      entering.add("--net");
    }
    entering.add("--");
    if (root) {
      entering.addAll(List.of(setpriv, "--bounding-set=" + NOT_FOR_ROOT, "--"));
    }
    return new Sandbox(temporary, entering, first, end, keeper);
  }

  private static boolean isRoot() {
    try (Native c = new Native()) {
      return c.call(Native.function("geteuid"), 0) == 0;
    }
  }

  private static String program(String name, String debianPackage, String path) throws IOException {
    String found = new Executables().find(name, path);
    if (found == null) {
      throw new IOException(
          "the machine '"
              + SandboxMachine.NAME
              + "' needs `"
              + name
              + "`, which is not on this machine; install it (Debian: apt-get install "
              + debianPackage
              + ") or map the label to another machine");
    }
    return found;
  }

  /** What is to be seen, in the order in which one thing covers another. */
  private static List<String> view(
      Machine machine,
      Map<String, String> environment,
      Path tmp,
      Path varTmp,
      List<Path> writable) {
    List<String> view = new ArrayList<>(List.of("--ro-bind", "/", "/", "--proc", "/proc"));
    devices(view);
    view.addAll(List.of("--tmpfs", "/run"));
    for (String resolver : RESOLVERS) {
      bind(view, "--ro-bind-try", Path.of(resolver));
    }
    view.addAll(List.of("--bind", tmp.toString(), "/tmp", "--bind", varTmp.toString(), "/var/tmp"));
    Path home = machine.userHome();
    if (home.getNameCount() > 0 && Files.isDirectory(home)) {
      view.addAll(List.of("--tmpfs", home.toString()));
    }
    Set<Path> readable = new LinkedHashSet<>();
    for (String tools : TOOLS) {
      readable.add(home.resolve(tools));
    }
    for (String folder : environment.getOrDefault("PATH", "").split(":")) {
      Path program = Path.of(folder);
      if (program.startsWith(home)
          || program.startsWith("/tmp")
          || program.startsWith("/var/tmp")) {
        readable.add(program);
      }
    }
    readable.add(machine.cache());
    readable.addAll(machine.readable());
    for (Path folder : readable) {
      bind(view, "--ro-bind-try", folder);
    }
    view.addAll(List.of("--tmpfs", machine.work().toString()));
    for (Path folder : writable) {
      bind(view, "--bind-try", folder);
    }
    return view;
  }

  private static void devices(List<String> view) {
    view.addAll(List.of("--tmpfs", "/dev", "--tmpfs", "/dev/shm"));
    for (String device : DEVICES) {
      view.addAll(List.of("--dev-bind-try", "/dev/" + device, "/dev/" + device));
    }
    view.addAll(List.of("--symlink", "/proc/self/fd", "/dev/fd"));
    view.addAll(List.of("--symlink", "/proc/self/fd/0", "/dev/stdin"));
    view.addAll(List.of("--symlink", "/proc/self/fd/1", "/dev/stdout"));
    view.addAll(List.of("--symlink", "/proc/self/fd/2", "/dev/stderr"));
  }

  private static void bind(List<String> view, String option, Path folder) {
    view.addAll(List.of(option, folder.toString(), folder.toString()));
  }

  /** Reads what bubblewrap says until the sandbox is there. */
  private static final class Waiting implements ProcessOutput {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final CountDownLatch known = new CountDownLatch(1);

    @Override
    public synchronized void bytes(RunEvent.Stream stream, byte[] bytes, int length) {
      (stream == RunEvent.Stream.STDERR ? errors : output).write(bytes, 0, length);
      if (text().contains(READY)) {
        known.countDown();
      }
    }

    @Override
    public void idle() {}

    void over() {
      known.countDown();
    }

    private synchronized String text() {
      return output.toString(StandardCharsets.UTF_8);
    }

    synchronized String errors() {
      return errors.toString(StandardCharsets.UTF_8).strip();
    }

    /** The process that keeps the sandbox; 0 when there is none. */
    int firstProcess() throws IOException {
      try {
        known.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      Matcher process = FIRST_PROCESS.matcher(text());
      return text().contains(READY) && process.find() ? Integer.parseInt(process.group(1)) : 0;
    }
  }

  /** Starts processes inside. */
  NativeLauncher launcher() {
    return new Inside(entering);
  }

  /** Ends all that is in it. */
  @Override
  public void close() {
    try (Native c = new Native()) {
      c.kill(first, Native.SIGKILL);
    }
    end.request(Stop.KILL);
    boolean interrupted = false;
    while (true) {
      try {
        keeper.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      Trees.delete(temporary);
    } catch (IOException removedWithTheNextJob) {
      return;
    }
  }

  private static final class Inside extends NativeLauncher {
    private final List<String> entering;

    Inside(List<String> entering) {
      super(new Native(), Sandbox::entered);
      this.entering = entering;
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
      List<String> whole = new ArrayList<>(entering.subList(1, entering.size()));
      // The folder of the process that enters is still the one outside. No shell: some drop
      // variables with names such as INPUT_NODE-VERSION.
      whole.addAll(List.of("/usr/bin/env", "--chdir=" + directory));
      whole.add(executable);
      whole.addAll(arguments);
      return super.run(
          entering.getFirst(), whole, Path.of("/"), environment, output, stop, deadlineNanos);
    }
  }

  /** The process in the sandbox for which another, that entered it, waits outside. */
  private static int entered(int waiting) {
    String children = children(waiting);
    if (children == null || children.isEmpty()) {
      return waiting;
    }
    int space = children.indexOf(' ');
    return Integer.parseInt(space < 0 ? children : children.substring(0, space));
  }

  private static @Nullable String children(int process) {
    try {
      Path file = Path.of("/proc/" + process + "/task/" + process + "/children");
      return new String(Files.readAllBytes(file), StandardCharsets.US_ASCII).strip();
    } catch (IOException gone) {
      return null;
    }
  }
}
