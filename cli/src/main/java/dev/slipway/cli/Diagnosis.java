package dev.slipway.cli;

import dev.slipway.cli.DoctorCommand.Finding;
import dev.slipway.cli.DoctorCommand.State;
import dev.slipway.engine.LocalEngine;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at the machine. */
final class Diagnosis {
  private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)+[\\w.+-]*|\\b\\d+\\b");

  private final Surroundings surroundings;
  private final List<Finding> findings = new ArrayList<>();

  Diagnosis(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  List<Finding> findings() throws IOException, InterruptedException {
    String build = Build.id();
    findings.add(new Finding("slipway", State.OK, Build.VERSION + " (" + build + ")", startup()));
    findings.add(
        new Finding(
            "java", State.OK, System.getProperty("java.vm.version", "?"), "Slipway itself"));
    tool(
        "git",
        State.NEEDED,
        "the project, its branch and changed files; actions/checkout",
        "--version");
    tool("bash", State.NEEDED, "steps with run, the usual shell", "--version");
    file("sh", State.NEEDED, "steps with shell: sh");
    tool("python", State.MISSING, "steps with shell: python", "--version");
    tool("python3", State.MISSING, "Python projects", "--version");
    tool("node", State.MISSING, "actions written in JavaScript", "--version");
    tool("pwsh", State.MISSING, "steps with shell: pwsh", "--version");
    tools();
    docker();
    tool("mvn", State.MISSING, "building Slipway; Java projects", "--version");
    if (!System.getProperty("os.name", "").startsWith("Windows")) {
      file("stty", State.MISSING, "the terminal's width for the tree of jobs");
    }
    int cores = Runtime.getRuntime().availableProcessors();
    findings.add(
        new Finding(
            "cores", State.OK, String.valueOf(cores), "so many jobs run at a time (run --jobs N)"));
    Path work = LocalEngine.workFolder();
    disk("disk", surroundings.directory(), "records of runs");
    disk("work", work, "workspaces of jobs in " + work);
    kernel();
    project();
    return findings;
  }

  /** Whether the launcher's start-up cache is in use and made from these jars. */
  private String startup() throws IOException {
    String classPath = System.getProperty("java.class.path", "");
    String first = classPath.split(File.pathSeparator, -1)[0];
    Path lib = first.isEmpty() ? null : Path.of(first).toAbsolutePath().getParent();
    if (lib == null
        || lib.getParent() == null
        || !Build.id().equals(String.valueOf(lib.getParent().getFileName()))) {
      return "not started by the launcher";
    }
    Path cache = lib.resolveSibling("slipway.aot");
    if (!Files.isRegularFile(cache)) {
      return "no start-up cache: starts more slowly; build again: mvn -q -DskipTests package";
    }
    try (Stream<Path> jars = Files.list(lib)) {
      Path newest =
          jars.max(Comparator.comparingLong(jar -> jar.toFile().lastModified())).orElse(cache);
      if (newest.toFile().lastModified() > cache.toFile().lastModified()) {
        return "its jars were changed after the build: build again: mvn -q -DskipTests package";
      }
    }
    return "start-up cache of " + (Files.size(cache) >> 20) + " MB";
  }

  private void tool(String name, State absent, String use, String... arguments)
      throws InterruptedException {
    Path program = find(name);
    if (program == null) {
      findings.add(new Finding(name, absent, "", use));
      return;
    }
    String answer = answer(program, arguments);
    Matcher version = VERSION.matcher(answer == null ? "" : answer);
    if (answer == null) {
      findings.add(new Finding(name, State.WARNING, "does not run", use));
    } else {
      findings.add(new Finding(name, State.OK, version.find() ? version.group() : "", use));
    }
  }

  private void file(String name, State absent, String use) {
    Path program = find(name);
    findings.add(
        new Finding(
            name,
            program == null ? absent : State.OK,
            program == null ? "" : program.toString(),
            use));
  }

  /** What actions find in jobs' tool caches. */
  private void tools() throws IOException {
    Map<String, String> actions = new TreeMap<>();
    LocalEngine.offeredTools()
        .forEach((name, versions) -> {
          if (name.startsWith("Java_Adopt")) {
            // The former name of what is listed as Temurin.
            return;
          }
          String kind = name;
          String prefix = "";
          if (name.startsWith("Java_")) {
            kind = "java";
            String distribution = name.substring(5, name.lastIndexOf('_'));
            prefix = distribution.toLowerCase(Locale.ROOT).replace("-hotspot", "") + " ";
          }
          for (String version : versions) {
            actions.merge(
                kind.toLowerCase(Locale.ROOT), prefix + version, (one, more) -> one + ", " + more);
          }
        });
    for (String kind : List.of("python", "node", "java", "go")) {
      String versions = actions.remove(kind);
      findings.add(
          new Finding(
              "setup-" + kind,
              versions == null ? State.MISSING : State.OK,
              versions == null ? "" : versions,
              "versions that the action finds without a download"));
    }
    actions.forEach((kind, versions) ->
        findings.add(
            new Finding(kind, State.OK, versions, "downloaded by jobs, for later ones to find")));
  }

  private void docker() throws InterruptedException {
    String use = "container jobs, services and Docker actions";
    Path program = find("docker");
    if (program == null) {
      findings.add(new Finding("docker", State.MISSING, "", use));
      return;
    }
    String answer = answer(program, "version", "--format", "{{.Server.Version}}");
    findings.add(
        answer == null
            ? new Finding("docker", State.WARNING, "its daemon does not answer", use)
            : new Finding("docker", State.OK, answer.strip(), use));
  }

  private void disk(String name, Path folder, String use) throws IOException {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    FileStore store = Files.getFileStore(there);
    long free = store.getUsableSpace() >> 20;
    String shown = free < 10_240 ? free + " MB free" : (free >> 10) + " GB free";
    findings.add(new Finding(name, free < 1024 ? State.WARNING : State.OK, shown, use));
  }

  private void kernel() throws InterruptedException {
    String system =
        System.getProperty("os.name", "?") + " " + System.getProperty("os.version", "?");
    findings.add(
        new Finding(
            "kernel",
            State.OK,
            system + " " + System.getProperty("os.arch", "?"),
            "the host machine"));
    if (!system.startsWith("Linux")) {
      return;
    }
    sandbox();
  }

  private void sandbox() throws InterruptedException {
    String use = "jobs in a sandbox (run -P LABEL=sandbox)";
    Path program = find("bwrap");
    if (program == null) {
      findings.add(new Finding("sandbox", State.MISSING, "", use + "; needs bubblewrap"));
      return;
    }
    String answer =
        answer(
            program, "--ro-bind", "/", "/", "--proc", "/proc", "--unshare-pid", "/bin/echo", "ok");
    findings.add(
        answer == null
            ? new Finding("sandbox", State.WARNING, "bwrap may not make namespaces", use)
            : new Finding("sandbox", State.OK, "bwrap", use));
  }

  private void project() {
    Path directory = ProjectRoot.find(surroundings.directory());
    findings.add(
        directory == null || !DoctorCommand.hasWorkflows(directory)
            ? new Finding(
                "workflows", State.MISSING, "", "none here or above; start with: slipway init")
            : new Finding(
                "workflows",
                State.OK,
                directory.resolve(".github/workflows").toString(),
                "what slipway run reads"));
  }

  private @Nullable Path find(String name) {
    String path = surroundings.variable("PATH");
    for (String directory : (path == null ? "" : path).split(File.pathSeparator, -1)) {
      Path candidate = directory.isEmpty() ? null : candidate(directory, name);
      if (candidate != null && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private static @Nullable Path candidate(String directory, String name) {
    try {
      return Path.of(directory, name);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** What the program prints, or null when it fails or takes too long. */
  private @Nullable String answer(Path program, String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true).redirectInput(new File("/dev/null"));
    try {
      Path output = Files.createTempFile("slipway-doctor-", ".txt");
      try {
        Process process = builder.redirectOutput(output.toFile()).start();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return null;
        }
        return process.exitValue() == 0
            ? new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
            : null;
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      return null;
    }
  }
}
