package dev.slipway.engine;

import dev.slipway.engine.InstalledTool.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks for Python, Node.js, Go and JDKs: on the search path, where systems and version managers
 * (pyenv, nvm, fnm, volta, SDKMAN, asdf, mise, uv) install them, and in tool caches. Of two alike
 * the first is taken, and the search path comes first.
 *
 * <p>Versions are read from files where there are such; few programs have to be asked.
 */
final class ToolSearch {
  private static final Pattern NUMBERS = Pattern.compile("v?(\\d+)\\.(\\d+)\\.(\\d+)");
  private static final Pattern GO =
      Pattern.compile("go(\\d+)\\.(\\d+)(?:\\.(\\d+))?((?:rc|beta)\\d+)?");
  private static final Pattern PYTHON_PROGRAM = Pattern.compile("python\\d\\.\\d+");
  private static final Pattern PYTHON_HEADER =
      Pattern.compile("#define PY_VERSION\\s+\"(\\d+\\.\\d+\\.\\d+)((?:a|b|rc)\\d+)?\\+?\"");
  private static final Pattern NODE_HEADER =
      Pattern.compile("#define NODE_(MAJOR|MINOR|PATCH)_VERSION\\s+(\\d+)");
  private static final Pattern RELEASE_LINE = Pattern.compile("(?m)^(\\w+)=\"?(.*?)\"?$");
  private static final Pattern JAVA_BUILD = Pattern.compile("\\+(\\d+(?:\\.\\d+)*)");

  /** Trees that an interpreter shares with everything else. */
  private static final List<Path> SHARED =
      List.of(Path.of("/"), Path.of("/usr"), Path.of("/usr/local"));

  private static final String TEMURIN = "Java_Temurin-Hotspot_jdk";

  private static final List<String> PYTHON_FOLDERS =
      List.of(
          ".pyenv/versions",
          ".local/share/uv/python",
          ".asdf/installs/python",
          ".local/share/mise/installs/python",
          ".rye/py");
  private static final List<String> NODE_FOLDERS =
      List.of(
          ".nvm/versions/node",
          ".local/share/fnm/node-versions",
          ".fnm/node-versions",
          ".volta/tools/image/node",
          ".asdf/installs/nodejs",
          ".local/share/mise/installs/node",
          ".nodenv/versions");
  private static final List<String> GO_FOLDERS =
      List.of("sdk", ".asdf/installs/golang", ".local/share/mise/installs/go", ".goenv/versions");
  private static final List<String> JAVA_FOLDERS =
      List.of(
          ".sdkman/candidates/java",
          ".jdks",
          ".asdf/installs/java",
          ".local/share/mise/installs/java",
          ".jenv/versions");
  private static final List<String> SYSTEM_JAVA_FOLDERS =
      List.of("/usr/lib/jvm", "/usr/java", "/usr/local/lib/jvm", "/opt/java");

  private final Path userHome;
  private final Map<String, String> environment;
  private final List<Path> caches;
  private final Map<String, InstalledTool> found = new LinkedHashMap<>();
  private final List<InstalledTool> systemJdks = new ArrayList<>();
  private final Set<Path> known = new LinkedHashSet<>();
  private final Set<Path> looked = new LinkedHashSet<>();

  /**
   * @param caches tool caches to look into
   */
  ToolSearch(Path userHome, Map<String, String> environment, List<Path> caches) {
    this.userHome = userHome;
    this.environment = environment;
    this.caches = caches;
  }

  /** What there is. */
  List<InstalledTool> tools() {
    searchPath();
    folder("PYENV_ROOT", "versions", this::python);
    folders(PYTHON_FOLDERS, this::python);
    folder("UV_PYTHON_INSTALL_DIR", "", this::python);
    folder("NVM_DIR", "versions/node", this::node);
    folder("FNM_DIR", "node-versions", this::node);
    folders(NODE_FOLDERS, this::node);
    go(Path.of("/usr/local/go"));
    folders(GO_FOLDERS, this::go);
    String javaHome = environment.get("JAVA_HOME");
    if (javaHome != null && javaHome.startsWith("/")) {
      java(Path.of(javaHome));
    }
    folder("SDKMAN_DIR", "candidates/java", this::java);
    folders(JAVA_FOLDERS, this::java);
    for (String folder : SYSTEM_JAVA_FOLDERS) {
      each(Path.of(folder), this::java);
    }
    for (Path cache : caches) {
      cache(cache);
    }
    systemJdks();
    return List.copyOf(found.values());
  }

  /** The folders looked into: what is new in one of them asks for another search. */
  Set<Path> looked() {
    return looked;
  }

  /** Tells what is in a folder. */
  private interface Visitor {
    void visit(Path folder);
  }

  private void folder(String variable, String below, Visitor visitor) {
    String value = environment.get(variable);
    if (value != null && value.startsWith("/")) {
      each(Path.of(value).resolve(below), visitor);
    }
  }

  private void folders(List<String> names, Visitor visitor) {
    for (String name : names) {
      each(userHome.resolve(name), visitor);
    }
  }

  private void each(Path folder, Visitor visitor) {
    if (!looked.add(folder)) {
      return;
    }
    String[] names = folder.toFile().list();
    if (names == null) {
      return;
    }
    Arrays.sort(names);
    // The newest of a series first, as near as their names tell.
    for (int i = names.length - 1; i >= 0; i--) {
      if (!names[i].startsWith(".")) {
        visitor.visit(folder.resolve(names[i]));
      }
    }
  }

  private void searchPath() {
    for (String folder : environment.getOrDefault("PATH", "").split(":")) {
      if (!folder.startsWith("/")) {
        continue;
      }
      Path bin = Path.of(folder);
      looked.add(bin);
      String[] names = bin.toFile().list();
      if (names == null) {
        continue;
      }
      Arrays.sort(names);
      for (String name : names) {
        if (PYTHON_PROGRAM.matcher(name).matches()) {
          prefix(bin.resolve(name), this::python);
        }
      }
      prefix(bin.resolve("node"), this::node);
      prefix(bin.resolve("go"), this::go);
      prefix(bin.resolve("javac"), this::java);
    }
  }

  /** The folder above that of a program, links followed; a script stands for something else. */
  private static void prefix(Path program, Visitor visitor) {
    if (!program.toFile().canExecute()) {
      return;
    }
    try {
      Path real = program.toRealPath();
      Path folder = real.getParent();
      Path root = folder == null ? null : folder.getParent();
      if (folder != null && root != null && folder.endsWith("bin") && !isScript(real)) {
        visitor.visit(root);
      }
    } catch (IOException gone) {
      return;
    }
  }

  private static boolean isScript(Path program) throws IOException {
    try (var in = Files.newInputStream(program)) {
      return in.read() == '#' && in.read() == '!';
    }
  }

  private void add(InstalledTool tool) {
    found.putIfAbsent(tool.name() + "/" + tool.version(), tool);
  }

  /** The folder without links in its path; null when it is none, or was looked at already. */
  private @Nullable Path fresh(Path folder) {
    try {
      Path real = folder.toRealPath();
      return Files.isDirectory(real) && (SHARED.contains(real) || known.add(real)) ? real : null;
    } catch (IOException gone) {
      return null;
    }
  }

  private void python(Path folder) {
    Path root = fresh(folder);
    String[] names = root == null ? null : root.resolve("bin").toFile().list();
    if (root == null || names == null) {
      return;
    }
    for (String name : names) {
      Path program = root.resolve("bin").resolve(name);
      if (PYTHON_PROGRAM.matcher(name).matches() && program.toFile().canExecute()) {
        String version = pythonVersion(root, name, program);
        Path library = root.resolve("lib").resolve(name);
        if (version != null
            && Files.isRegularFile(library.resolve("os.py"))
            && hasPip(root, name)) {
          Kind kind = SHARED.contains(root) ? Kind.SHARED_PYTHON : Kind.PYTHON;
          add(new InstalledTool("Python", version, kind, root));
        }
      }
    }
  }

  private static boolean hasPip(Path root, String name) {
    Path library = root.resolve("lib").resolve(name);
    boolean debian = Files.isDirectory(root.resolve("lib/python3/dist-packages"));
    return Files.isDirectory(library.resolve("site-packages/pip"))
        || hasFile(library.resolve("ensurepip/_bundled"), "pip-")
        || (debian && hasFile(Path.of("/usr/share/python-wheels"), "pip-"));
  }

  private static boolean hasFile(Path folder, String prefix) {
    String[] names = folder.toFile().list();
    if (names != null) {
      for (String name : names) {
        if (name.startsWith(prefix)) {
          return true;
        }
      }
    }
    return false;
  }

  private @Nullable String pythonVersion(Path root, String name, Path program) {
    Matcher header =
        PYTHON_HEADER.matcher(text(root.resolve("include").resolve(name).resolve("patchlevel.h")));
    if (header.find()) {
      return header.group(1) + (header.group(2) == null ? "" : "-" + header.group(2));
    }
    String answer =
        answer(program, "-Sc", "import sys; print('%d.%d.%d' % sys.version_info[:3])").strip();
    return NUMBERS.matcher(answer).matches() ? answer : null;
  }

  private void node(Path folder) {
    Path installation = folder.resolve("installation");
    Path root = fresh(Files.isDirectory(installation) ? installation : folder);
    Path program = root == null ? null : root.resolve("bin/node");
    if (root == null || program == null || !program.toFile().canExecute()) {
      return;
    }
    Path npm;
    try {
      // npm/bin/npm-cli.js
      Path script = root.resolve("bin/npm").toRealPath();
      npm = Path.of("/").resolve(script.subpath(0, script.getNameCount() - 2));
    } catch (IOException | IllegalArgumentException none) {
      return;
    }
    if (!Files.isRegularFile(npm.resolve("bin/npm-cli.js"))) {
      return;
    }
    String version = nodeVersion(root, program);
    if (version != null) {
      add(new InstalledTool("node", version, Kind.NODE, root, npm));
    }
  }

  private @Nullable String nodeVersion(Path root, Path program) {
    Matcher header = NODE_HEADER.matcher(text(root.resolve("include/node/node_version.h")));
    List<String> numbers = new ArrayList<>();
    while (header.find()) {
      numbers.add(header.group(2));
    }
    if (numbers.size() == 3) {
      return String.join(".", numbers);
    }
    Matcher answer = NUMBERS.matcher(answer(program, "--version").strip());
    return answer.matches() ? answer.group().substring(1) : null;
  }

  private void go(Path folder) {
    Path inside = folder.resolve("go");
    Path root = fresh(Files.isRegularFile(inside.resolve("VERSION")) ? inside : folder);
    if (root == null || !root.resolve("bin/go").toFile().canExecute()) {
      return;
    }
    Matcher version = GO.matcher(text(root.resolve("VERSION")));
    if (version.lookingAt()) {
      String third = version.group(3) == null ? "0" : version.group(3);
      String early = version.group(4) == null ? "" : version.group(4);
      add(
          new InstalledTool(
              "go",
              version.group(1)
                  + "."
                  + version.group(2)
                  + "."
                  + third
                  + early.replace("rc", "-rc.").replace("beta", "-beta."),
              Kind.LINK,
              root));
    }
  }

  private void java(Path folder) {
    Path root = fresh(folder);
    if (root == null || !root.resolve("bin/javac").toFile().canExecute()) {
      return;
    }
    Map<String, String> release = new LinkedHashMap<>();
    Matcher line = RELEASE_LINE.matcher(text(root.resolve("release")));
    while (line.find()) {
      release.put(line.group(1), line.group(2));
    }
    String version = javaVersion(release);
    if (version == null) {
      return;
    }
    List<String> distributions = JavaDistributions.of(release);
    for (String distribution : distributions) {
      add(new InstalledTool("Java_" + distribution + "_jdk", version, Kind.LINK, root));
    }
    if (distributions.isEmpty()) {
      systemJdks.add(new InstalledTool(TEMURIN, version, Kind.LINK, root));
    }
  }

  /**
   * A system's own build of OpenJDK stands for Temurin where there is none of that version: both
   * are builds of one source without additions.
   */
  private void systemJdks() {
    Set<String> served = new LinkedHashSet<>();
    for (InstalledTool tool : found.values()) {
      if (tool.name().equals(TEMURIN)) {
        served.add(major(tool));
      }
    }
    for (InstalledTool jdk : systemJdks) {
      if (!served.contains(major(jdk))) {
        add(jdk);
      }
    }
  }

  private static String major(InstalledTool jdk) {
    return jdk.version().substring(0, jdk.version().indexOf('.'));
  }

  /** {@code 25.0.3-9}: three numbers and the build, early ones marked. */
  static @Nullable String javaVersion(Map<String, String> release) {
    String version = release.getOrDefault("JAVA_VERSION", "");
    String whole = release.getOrDefault("JAVA_RUNTIME_VERSION", version);
    Matcher old = Pattern.compile("1\\.8\\.0_(\\d+)").matcher(version);
    if (old.lookingAt()) {
      Matcher build = Pattern.compile("-b0*(\\d+)").matcher(whole);
      return "8.0." + old.group(1) + (build.find() ? "-" + build.group(1) : "");
    }
    Matcher numbers = Pattern.compile("(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?").matcher(version);
    if (!numbers.lookingAt()) {
      return null;
    }
    Matcher build = JAVA_BUILD.matcher(whole);
    String number = build.find() ? build.group(1) : "";
    String separator = whole.contains("-ea") ? number.isEmpty() ? "-ea" : "-ea." : "-";
    return numbers.group(1)
        + "."
        + (numbers.group(2) == null ? "0" : numbers.group(2))
        + "."
        + (numbers.group(3) == null ? "0" : numbers.group(3))
        + (number.isEmpty() && separator.equals("-") ? "" : separator + number);
  }

  /** What a tool cache holds, laid out as {@code TOOL/VERSION/ARCH}. */
  private void cache(Path cache) {
    each(
        cache,
        tool ->
            each(
                tool,
                version -> {
                  Path tree = version.resolve(ToolCache.ARCH);
                  if (Files.exists(version.resolve(ToolCache.ARCH + ".complete"))
                      && Files.isDirectory(tree)) {
                    String name = String.valueOf(tool.getFileName());
                    switch (name) {
                      case "Python" -> python(tree);
                      case "node" -> node(tree);
                      default ->
                          add(
                              new InstalledTool(
                                  name, String.valueOf(version.getFileName()), Kind.LINK, tree));
                    }
                  }
                }));
  }

  private static String text(Path file) {
    if (!file.toFile().isFile()) {
      return "";
    }
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException unreadable) {
      return "";
    }
  }

  /** What a program prints; empty when it fails. */
  private String answer(Path program, String... arguments) {
    ByteArrayOutputStream output = new ByteArrayOutputStream(64);
    ProcessOutput collect =
        new ProcessOutput() {
          @Override
          public void bytes(RunEvent.Stream stream, byte[] bytes, int length) {
            if (stream == RunEvent.Stream.STDOUT) {
              output.write(bytes, 0, length);
            }
          }

          @Override
          public void idle() {}
        };
    try (NativeLauncher launcher = new NativeLauncher()) {
      ProcessResult result =
          launcher.run(
              program.toString(),
              List.of(arguments),
              Path.of("/"),
              environment,
              collect,
              new StopSignal(),
              System.nanoTime() + 10_000_000_000L);
      return result.exitCode() == 0 ? output.toString(StandardCharsets.UTF_8) : "";
    }
  }
}
