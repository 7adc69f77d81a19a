package dev.slipway.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tool caches of jobs, in which actions that set up languages find what this machine has, so
 * that they download nothing when a version that fits is installed.
 *
 * <p>Each job has a tool cache of its own, laid out only when it runs something that may look into
 * it. JDKs, Go and what jobs downloaded are links. Python and Node.js install packages beside
 * themselves, so jobs get trees of their own, made when a job first runs them ({@code
 * tool-proxy.sh}) and thrown away with the job: no job sees what another installed, and the
 * machine's installation stays as it is.
 *
 * <p>What a job downloads into its tool cache is kept for later jobs. Of a downloaded Python or
 * Node.js they get the interpreter and pip or npm, not what the job installed into it.
 *
 * <p>The machine is searched once, and again when one of the folders looked into has changed.
 *
 * <p>Thread-safe; any number of Slipway processes share the folders.
 */
final class ToolCache {
  /** The processor, as tool caches name it. */
  static final String ARCH = System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "x64";

  private static final String COMPLETE = ".complete";
  private static final String MEMORY_VERSION = "1";

  /** In a tree of Slipway's making. */
  private static final String OWN = ".slipway";

  /** In a tree that is not filled yet; the proxy removes it. */
  private static final String LAZY = ".lazy";

  private final Path downloads;
  private final Path tools;
  private final Path userHome;
  private final Map<String, String> environment;

  /**
   * @param cache where Slipway keeps what can be made again
   * @param userHome the home of the user that started Slipway
   * @param environment that user's environment
   */
  ToolCache(Path cache, Path userHome, Map<String, String> environment) {
    this.downloads = cache.resolve("toolcache");
    this.tools = cache.resolve("tools");
    this.userHome = userHome;
    this.environment = environment;
  }

  /** A tool with the stamp of its program. */
  private record Stamped(InstalledTool tool, long stamp) {}

  /** What this machine has for actions to find. */
  List<InstalledTool> installed() throws IOException {
    List<InstalledTool> installed = new ArrayList<>();
    for (Stamped one : stamped()) {
      installed.add(one.tool());
    }
    return installed;
  }

  /** Lays out a job's tool cache; what is in it already stays. */
  void layOut(Path view) throws IOException {
    Path proxy = null;
    for (Stamped one : stamped()) {
      InstalledTool tool = one.tool();
      Path folder = view.resolve(tool.name()).resolve(tool.version());
      Path tree = folder.resolve(ARCH);
      if (Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      Files.createDirectories(folder);
      if (tool.kind() == InstalledTool.Kind.LINK) {
        Files.createSymbolicLink(tree, tool.root());
      } else {
        if (proxy == null) {
          proxy = proxy();
        }
        stand(tree, one, proxy);
      }
      Files.write(folder.resolve(ARCH + COMPLETE), new byte[0]);
    }
  }

  /** Programs by the tool's names that make the tree on first use. */
  private void stand(Path tree, Stamped one, Path proxy) throws IOException {
    InstalledTool tool = one.tool();
    Path bin = tree.resolve("bin");
    Files.createDirectories(bin);
    Files.write(tree.resolve(OWN), new byte[0]);
    Files.write(tree.resolve(LAZY), new byte[0]);
    boolean python = tool.kind() != InstalledTool.Kind.NODE;
    String store =
        tool.name() + "-" + tool.version() + "-" + ARCH + "-" + Long.toHexString(one.stamp());
    Map<String, String> given = new LinkedHashMap<>();
    given.put("view", tree.toString());
    given.put("kind", python ? "python" : "node");
    given.put("tool", tool.name());
    given.put("version", tool.version());
    given.put("series", tool.series());
    given.put("root", tool.root().toString());
    given.put("extent", tool.kind() == InstalledTool.Kind.PYTHON ? "all" : "own");
    given.put("npm", tool.from().toString());
    given.put("store", tools.resolve("store").resolve(store).toString());
    StringBuilder head = new StringBuilder("#!/bin/sh\n");
    given.forEach(
        (name, value) -> head.append(name).append('=').append(quoted(value)).append('\n'));
    head.append(". ").append(quoted(proxy.toString())).append('\n');
    if (!python) {
      for (String name : List.of("node", "npm", "npx", "corepack")) {
        program(bin.resolve(name), head.toString());
      }
      return;
    }
    String named = "python" + tool.series();
    String major = tool.series().substring(0, tool.series().indexOf('.'));
    program(bin.resolve(named), head.toString());
    Files.createSymbolicLink(bin.resolve("python"), Path.of(named));
    Files.createSymbolicLink(bin.resolve("python" + major), Path.of(named));
    String pip =
        "#!"
            + bin.resolve(named)
            + "\nimport sys\nfrom pip._internal.cli.main import main\n"
            + "if __name__ == '__main__':\n    sys.exit(main())\n";
    for (String name : List.of("pip", "pip" + major, "pip" + tool.series())) {
      program(bin.resolve(name), pip);
    }
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** The script that makes trees, written where it is not there yet. */
  private Path proxy() throws IOException {
    byte[] text;
    try (InputStream in = ToolCache.class.getResourceAsStream("tool-proxy.sh")) {
      text = Objects.requireNonNull(in).readAllBytes();
    }
    Path proxy = tools.resolve("tool-proxy.sh");
    if (!proxy.toFile().isFile() || !java.util.Arrays.equals(Files.readAllBytes(proxy), text)) {
      replace(proxy, text);
    }
    return proxy;
  }

  /** Writes a file that other processes may be reading. */
  private static void replace(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Path fresh = Files.createTempFile(file.getParent(), "fresh", null);
    Files.write(fresh, content);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Empties a job's tool cache, and keeps what the job has downloaded into it. */
  void takeBack(Path view) throws IOException {
    String[] names = view.toFile().list();
    if (names == null || names.length == 0) {
      return;
    }
    for (String name : names) {
      String[] versions = view.resolve(name).toFile().list();
      if (versions != null) {
        for (String version : versions) {
          keep(view, name + "/" + version + "/" + ARCH);
        }
      }
    }
    Trees.empty(view);
  }

  private void keep(Path view, String name) throws IOException {
    Path tree = view.resolve(name);
    if (!Files.exists(view.resolve(name + COMPLETE))
        || !Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)
        || Files.exists(tree.resolve(OWN))) {
      return;
    }
    Path kept = downloads.resolve(name);
    if (Files.exists(kept)) {
      return;
    }
    Files.createDirectories(kept.getParent());
    try {
      Files.move(tree, kept, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException otherFileSystem) {
      copy(tree, kept);
    } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException others) {
      return;
    }
    Files.write(downloads.resolve(name + COMPLETE), new byte[0]);
  }

  /** Copies to another file system; the name appears when all is there. */
  private static void copy(Path from, Path to) throws IOException {
    Path fresh = Files.createTempDirectory(to.getParent(), ".fresh");
    Path cp = Path.of("/bin/cp");
    try (NativeLauncher launcher = new NativeLauncher()) {
      ProcessResult result =
          launcher.run(
              cp.toString(),
              List.of("-a", from + "/.", fresh.toString()),
              Path.of("/"),
              System.getenv(),
              ProcessOutput.SILENT,
              new StopSignal(),
              Long.MAX_VALUE);
      if (result.exitCode() == 0) {
        Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Trees.delete(fresh);
        throw new IOException("cannot copy " + from + " to " + to);
      }
    }
  }

  /** The machine's tools, as remembered where nothing has changed since. */
  private List<Stamped> stamped() throws IOException {
    Path memory = tools.resolve("installed");
    List<Stamped> remembered = remembered(memory);
    if (remembered != null) {
      return remembered;
    }
    ToolSearch search = new ToolSearch(userHome, environment, caches());
    List<InstalledTool> found = search.tools();
    List<Stamped> stamped = new ArrayList<>(found.size());
    StringBuilder text = new StringBuilder(4096);
    line(text, MEMORY_VERSION, surroundings());
    try (Native c = new Native()) {
      for (Path folder : search.looked()) {
        line(text, "in", Long.toString(stamp(c, folder)), folder.toString());
      }
      for (InstalledTool tool : found) {
        long stamp = stamp(c, tool.program());
        stamped.add(new Stamped(tool, stamp));
        line(
            text,
            "tool",
            Long.toString(stamp),
            tool.name(),
            tool.version(),
            tool.kind().name(),
            tool.root().toString(),
            tool.from().toString());
      }
    }
    replace(memory, text.toString().getBytes(StandardCharsets.UTF_8));
    return stamped;
  }

  private static void line(StringBuilder text, String... words) {
    text.append(String.join("\t", words)).append('\n');
  }

  /** What a search depends on besides what is in folders. */
  private String surroundings() {
    StringBuilder text = new StringBuilder(512).append(userHome);
    for (String name :
        List.of(
            "PATH",
            "JAVA_HOME",
            "PYENV_ROOT",
            "UV_PYTHON_INSTALL_DIR",
            "NVM_DIR",
            "FNM_DIR",
            "SDKMAN_DIR",
            "AGENT_TOOLSDIRECTORY",
            "RUNNER_TOOL_CACHE")) {
      text.append('|').append(environment.getOrDefault(name, ""));
    }
    return text.toString().replace('\n', ' ').replace('\t', ' ');
  }

  /** Tool caches: of earlier jobs, and of a runner that Slipway runs on. */
  private List<Path> caches() {
    Set<Path> caches = new HashSet<>();
    List<Path> list = new ArrayList<>();
    for (String path :
        List.of(
            downloads.toString(),
            environment.getOrDefault("AGENT_TOOLSDIRECTORY", ""),
            environment.getOrDefault("RUNNER_TOOL_CACHE", ""),
            "/opt/hostedtoolcache")) {
      if (path.startsWith("/") && caches.add(Path.of(path))) {
        list.add(Path.of(path));
      }
    }
    return list;
  }

  private @Nullable List<Stamped> remembered(Path memory) throws IOException {
    if (!memory.toFile().isFile()) {
      return null;
    }
    List<Stamped> stamped = new ArrayList<>();
    String[] lines = Files.readString(memory).split("\n");
    if (!lines[0].equals(MEMORY_VERSION + "\t" + surroundings())) {
      return null;
    }
    try (Native c = new Native()) {
      for (int i = 1; i < lines.length; i++) {
        String[] words = lines[i].split("\t");
        boolean folder = words[0].equals("in");
        Path seen = null;
        InstalledTool tool = null;
        if (folder) {
          seen = Path.of(words[2]);
        } else {
          tool =
              new InstalledTool(
                  words[2],
                  words[3],
                  InstalledTool.Kind.valueOf(words[4]),
                  Path.of(words[5]),
                  Path.of(words[6]));
          seen = tool.program();
        }
        long stamp = stamp(c, seen);
        if (stamp != Long.parseLong(words[1])) {
          return null;
        }
        if (tool != null) {
          stamped.add(new Stamped(tool, stamp));
        }
      }
    }
    return stamped;
  }

  private static long stamp(Native c, Path path) {
    return FileStatus.of(c, path).changed();
  }
}
