package dev.slipway.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Homes for jobs, so that what a job does to its user ({@code git config --global}, {@code rustup
 * default}, {@code npm install -g}, a key in {@code ~/.ssh}) stays with it.
 *
 * <p>A home starts with copies of the user's settings. The caches of package managers are links to
 * the user's, or where the user has none to some that jobs share. Rust's toolchains are the jobs'
 * own, taken over from the user's on first use ({@code rust-proxy.sh}).
 *
 * <p>Immutable; a home belongs to one job at a time.
 */
final class JobHomes {
  /** Settings and credentials that programs read, copied for each job. */
  private static final List<String> COPIED =
      List.of(
          ".gitconfig",
          ".npmrc",
          ".yarnrc.yml",
          ".netrc",
          ".pypirc",
          ".m2/settings.xml",
          ".m2/settings-security.xml",
          ".m2/toolchains.xml",
          ".cargo/config.toml",
          ".cargo/.crates.toml",
          ".cargo/.crates2.json",
          ".config/pip/pip.conf",
          ".config/uv/uv.toml",
          ".config/git/config",
          ".config/go/env",
          ".docker/config.json",
          ".gradle/gradle.properties");

  /** What package managers fetched, to be used again; no programs that jobs start by name. */
  private static final List<String> CACHES =
      List.of(
          ".cache/pip",
          ".cache/pypoetry",
          ".cache/uv",
          ".cache/go-build",
          ".cache/golangci-lint",
          ".cache/yarn",
          ".cache/deno",
          ".cache/ms-playwright",
          ".cache/Cypress",
          ".cache/pre-commit",
          ".cache/bazel",
          ".cache/ccache",
          ".cache/sccache",
          ".cache/coursier",
          ".cache/composer",
          ".npm/_cacache",
          ".local/share/pnpm/store",
          ".m2/repository",
          ".m2/wrapper",
          ".gradle/caches",
          ".gradle/wrapper",
          ".ivy2/cache",
          ".cargo/registry",
          ".cargo/git",
          ".nuget/packages",
          "go/pkg/mod");

  /**
   * A variable by which a user moves a folder of the home, or one in it, elsewhere.
   *
   * @param below where in the variable's folder it is then
   */
  private record Moved(String folder, String variable, String below) {}

  /** Those for one folder alone come before those for what it lies in. */
  private static final List<Moved> MOVED =
      List.of(
          new Moved(".cache/go-build", "GOCACHE", ""),
          new Moved("go/pkg/mod", "GOMODCACHE", ""),
          new Moved("go/pkg/mod", "GOPATH", "/pkg/mod"),
          new Moved(".cache", "XDG_CACHE_HOME", ""),
          new Moved(".config", "XDG_CONFIG_HOME", ""),
          new Moved(".local/share", "XDG_DATA_HOME", ""),
          new Moved(".cargo", "CARGO_HOME", ""),
          new Moved(".rustup", "RUSTUP_HOME", ""),
          new Moved(".gradle", "GRADLE_USER_HOME", ""));

  /** Variables that would lead past a job's home to the user's. */
  private static final List<String> NOT_INHERITED =
      List.of(
          "XDG_CACHE_HOME",
          "XDG_CONFIG_HOME",
          "XDG_DATA_HOME",
          "XDG_STATE_HOME",
          "GOPATH",
          "GOMODCACHE",
          "GOCACHE",
          "CARGO_HOME",
          "RUSTUP_HOME");

  private static final String NPM_PREFIX = "NPM_CONFIG_PREFIX";
  private static final String MAVENRC = ".mavenrc";

  private static final List<String> RUST_PROGRAMS =
      List.of(
          "cargo",
          "cargo-clippy",
          "cargo-fmt",
          "cargo-miri",
          "clippy-driver",
          "rls",
          "rust-analyzer",
          "rust-gdb",
          "rust-gdbgui",
          "rust-lldb",
          "rustc",
          "rustdoc",
          "rustfmt",
          "rustup");

  private final Path userHome;
  private final Path shared;
  private final Path tools;
  private final Map<String, String> inherited;
  private final List<String> copied;
  private final Path userPrograms;
  private final @Nullable Path rustProxy;
  private final Set<String> folders;
  private final String userState;

  /**
   * @param cache where Slipway keeps what can be made again
   * @param userHome the home of the user that started Slipway
   * @param inherited that user's environment
   */
  JobHomes(Path cache, Path userHome, Map<String, String> inherited) throws IOException {
    this.userHome = userHome;
    this.shared = cache.resolve("home");
    this.tools = cache.resolve("tools");
    this.inherited = inherited;
    this.copied = new ArrayList<>();
    for (String name : COPIED) {
      if (users(name).toFile().isFile()) {
        copied.add(name);
      }
    }
    this.userPrograms = users(".cargo/bin");
    this.rustProxy = userPrograms.resolve("rustup").toFile().canExecute() ? rustProxy() : null;
    this.folders = folders();
    this.userState = userState();
  }

  /** Where the user has the file or folder that a home has at {@code name}. */
  private Path users(String name) {
    for (Moved moved : MOVED) {
      if (name.equals(moved.folder()) || name.startsWith(moved.folder() + "/")) {
        String value = inherited.get(moved.variable());
        if (value != null && value.startsWith("/")) {
          return Path.of(value + moved.below() + name.substring(moved.folder().length()));
        }
      }
    }
    return userHome.resolve(name);
  }

  /** The cache that jobs share: the user's own where there is one. */
  private Path cache(String name) {
    Path users = users(name);
    return users.toFile().isDirectory() ? users : shared.resolve(name);
  }

  /** The folders outside of homes that jobs write to. */
  List<Path> caches() {
    List<Path> caches = new ArrayList<>();
    for (String name : CACHES) {
      caches.add(cache(name));
    }
    caches.add(tools.resolve("rust"));
    return caches;
  }

  /** What processes inherit in a job with this home. */
  Map<String, String> environment(Path home) {
    Map<String, String> environment = new LinkedHashMap<>(inherited);
    for (String name : NOT_INHERITED) {
      environment.remove(name);
    }
    environment.put("HOME", home.toString());
    environment.put("GRADLE_USER_HOME", home.resolve(".gradle").toString());
    if (!inherited.containsKey("NVM_DIR")) {
      // Without it npm installs programs beside node, which is the user's; nvm refuses it.
      environment.putIfAbsent(NPM_PREFIX, home.resolve(".local").toString());
    }
    environment.put("PATH", path(home));
    return environment;
  }

  /**
   * For a job that has put a Node.js of its tool cache on the path: npm installs programs beside
   * it, where the path finds them first.
   */
  static void adapt(Map<String, String> environment, Path toolCache) {
    String prefix = environment.get(NPM_PREFIX);
    if (prefix != null
        && prefix.equals(environment.get("HOME") + "/.local")
        && environment.getOrDefault("PATH", "").contains(toolCache.resolve("node") + "/")) {
      environment.remove(NPM_PREFIX);
    }
  }

  /** The user's search path with the home's programs before the user's. */
  private String path(Path home) {
    StringBuilder path = new StringBuilder(home.resolve(".local/bin").toString());
    String users = inherited.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    for (String folder : users.split(":")) {
      boolean rust = rustProxy != null && folder.equals(userPrograms.toString());
      if (!folder.isEmpty()) {
        path.append(':').append(rust ? home.resolve(".cargo/bin").toString() : folder);
      }
    }
    return path.toString();
  }

  /**
   * Makes a home anew, whatever was there.
   *
   * @return what is true of it as long as no job has changed it, for {@link #untouched}
   */
  String furnish(Path home) throws IOException {
    Trees.delete(home);
    Files.createDirectories(home);
    for (String name : copied) {
      Path target = home.resolve(name);
      Files.createDirectories(target.getParent());
      Files.copy(users(name), target);
    }
    for (String name : CACHES) {
      Path cache = cache(name);
      Files.createDirectories(cache);
      link(home.resolve(name), cache);
    }
    if (rustProxy != null) {
      furnishPrograms(home.resolve(".cargo/bin"), rustProxy);
    }
    Files.writeString(home.resolve(MAVENRC), mavenrc());
    return state(home);
  }

  /** The user's programs one by one, so that a job replaces or adds some in its own folder. */
  private void furnishPrograms(Path programs, Path proxy) throws IOException {
    String[] names = userPrograms.toFile().list();
    if (names != null) {
      for (String name : names) {
        link(
            programs.resolve(name),
            RUST_PROGRAMS.contains(name) ? proxy : userPrograms.resolve(name));
      }
    }
  }

  private static void link(Path link, Path target) throws IOException {
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, target);
  }

  /** Java takes its home from the user database, so Maven has to be told of the job's. */
  private String mavenrc() {
    Path users = userHome.resolve(MAVENRC);
    String first = users.toFile().isFile() ? ". '" + quoted(users) + "'\n" : "";
    return first + "MAVEN_OPTS=\"-Duser.home=$HOME $MAVEN_OPTS\"\n";
  }

  private static String quoted(Path path) {
    return path.toString().replace("'", "'\\''");
  }

  /** Whether a home is as {@link #furnish} made it, and the user's settings as they were then. */
  boolean untouched(Path home, String since) {
    return state(home).equals(since);
  }

  /** Change times cannot be set back, and every change of a folder or file sets its own. */
  private String state(Path home) {
    StringBuilder state = new StringBuilder(1024).append(userState);
    try (Native c = new Native()) {
      for (String name : copied) {
        append(state, name, FileStatus.of(c, home.resolve(name)).changed());
      }
      for (String name : folders) {
        append(state, name, FileStatus.of(c, home.resolve(name)).changed());
      }
      append(state, MAVENRC, FileStatus.of(c, home.resolve(MAVENRC)).changed());
    }
    return state.toString();
  }

  /** What homes are made from. */
  private String userState() {
    StringBuilder state = new StringBuilder(1024);
    try (Native c = new Native()) {
      for (String name : copied) {
        append(state, name, FileStatus.of(c, users(name)).changed());
      }
      for (String name : CACHES) {
        state.append(cache(name)).append('\n');
      }
      append(state, "programs", FileStatus.of(c, userPrograms).changed());
      append(state, MAVENRC, FileStatus.of(c, userHome.resolve(MAVENRC)).changed());
    }
    return state.toString();
  }

  private static void append(StringBuilder state, String name, long value) {
    state.append(name).append(' ').append(value).append('\n');
  }

  /** The folders of a home, itself included, without what links lead to. */
  private Set<String> folders() {
    Set<String> folders = new LinkedHashSet<>();
    folders.add("");
    for (List<String> names : List.of(copied, CACHES)) {
      for (String name : names) {
        for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
          folders.add(name.substring(0, slash));
        }
      }
    }
    if (rustProxy != null) {
      folders.add(".cargo/bin");
    }
    return folders;
  }

  /** The script that stands for Rust's programs, written where it is not there yet. */
  private Path rustProxy() throws IOException {
    String script;
    try (InputStream in = JobHomes.class.getResourceAsStream("rust-proxy.sh")) {
      script = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    int head = script.indexOf('\n') + 1;
    String text =
        script.substring(0, head)
            + "user='"
            + quoted(users(".rustup"))
            + "'\n"
            + "programs='"
            + quoted(userPrograms)
            + "'\n"
            + "own='"
            + quoted(tools.resolve("rust"))
            + "'\n"
            + script.substring(head);
    Path proxy = tools.resolve("rust").resolve("proxy");
    if (!proxy.toFile().isFile() || !Files.readString(proxy).equals(text)) {
      Files.createDirectories(proxy.getParent());
      // Jobs of other runs may be starting it.
      Path fresh = Files.createTempFile(proxy.getParent(), "proxy", null);
      Files.writeString(fresh, text);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(fresh, proxy, StandardCopyOption.ATOMIC_MOVE);
    }
    return proxy;
  }
}
