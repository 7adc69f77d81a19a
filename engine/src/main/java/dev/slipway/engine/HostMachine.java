package dev.slipway.engine;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * This machine. Each job gets folders of its own below one that this Slipway process alone uses:
 * workspace, temporary files, and a home, so that what a job configures for its user ({@code git
 * config --global}, {@code ~/.m2/settings.xml}) stays with it. The home starts with the user's own
 * settings, and shares the caches of package managers with it.
 *
 * <p>The folders lie outside the repository: tools that look for their project in the folders above
 * (package managers, linters, Git) must not find the user's.
 */
final class HostMachine implements Machine, AutoCloseable {
  private static final List<String> COPIED =
      List.of(
          ".gitconfig",
          ".npmrc",
          ".yarnrc.yml",
          ".netrc",
          ".pypirc",
          ".m2/settings.xml",
          ".m2/toolchains.xml",
          ".cargo/config.toml",
          ".config/pip/pip.conf",
          ".config/git/config",
          ".config/go/env",
          ".docker/config.json",
          ".gradle/gradle.properties");
  private static final List<String> SHARED =
      List.of(
          ".cache",
          ".npm/_cacache",
          ".m2/repository",
          ".cargo/registry",
          ".cargo/bin",
          ".rustup",
          ".gradle/caches",
          ".gradle/wrapper",
          ".ivy2",
          ".pyenv",
          ".sdkman",
          ".nvm",
          ".ssh");

  /** Set by Git for its hooks; they would lead a job's Git into the user's repository. */
  private static final List<String> NOT_INHERITED =
      List.of(
          "GIT_DIR",
          "GIT_WORK_TREE",
          "GIT_INDEX_FILE",
          "GIT_PREFIX",
          "GIT_OBJECT_DIRECTORY",
          "OLDPWD");

  /** When everything in a home was last modified, as long as no job has touched it. */
  private static final FileTime UNTOUCHED = FileTime.fromMillis(946_684_800_000L);

  private final Path root;
  private final String repositoryName;
  private final String token;
  private final boolean inPlace;
  private final boolean keep;
  private final Checkouts checkouts;
  private final Path base;
  private final RandomAccessFile lockFile;
  private final FileLock lock;
  private final Map<String, String> environment;
  private final Deque<Launcher> launchers = new ArrayDeque<>();
  private final Deque<Slot> freeSlots = new ArrayDeque<>();
  private final List<String> copied;
  private final List<String> shared;
  private final List<String> homeEntries;
  private final Path userHome;
  private int slots;

  /**
   * @param work the folder for the project's work, shared by all Slipway processes
   * @param token marks this run's processes
   */
  static HostMachine open(
      Path root, String repositoryName, Path work, String token, boolean inPlace, boolean keep)
      throws IOException {
    for (int i = 0; ; i++) {
      Path base = work.resolve(Integer.toString(i));
      Files.createDirectories(base);
      RandomAccessFile file = new RandomAccessFile(base.resolve("lock").toFile(), "rw");
      FileLock lock = null;
      try {
        lock = file.getChannel().tryLock();
      } catch (java.nio.channels.OverlappingFileLockException heldByThisProcess) {
        lock = null;
      }
      if (lock != null) {
        return new HostMachine(root, repositoryName, token, inPlace, keep, base, file, lock);
      }
      file.close();
    }
  }

  private HostMachine(
      Path root,
      String repositoryName,
      String token,
      boolean inPlace,
      boolean keep,
      Path base,
      RandomAccessFile lockFile,
      FileLock lock) {
    this.root = root;
    this.repositoryName = repositoryName;
    this.token = token;
    this.inPlace = inPlace;
    this.keep = keep;
    this.base = base;
    this.lockFile = lockFile;
    this.lock = lock;
    this.checkouts = new Checkouts(root, base.resolve("checkouts"));
    this.userHome = Path.of(System.getProperty("user.home", "/"));
    Map<String, String> inherited = new LinkedHashMap<>(System.getenv());
    for (String name : NOT_INHERITED) {
      inherited.remove(name);
    }
    inherited.keySet().removeIf(name -> name.startsWith("SLIPWAY_"));
    this.environment = inherited;
    this.copied = present(COPIED);
    this.shared = present(SHARED);
    this.homeEntries = entries(copied, shared);
    defaults(inherited);
  }

  /** The folders and files of a furnished home, without its links. */
  private static List<String> entries(List<String> copied, List<String> shared) {
    // What a link points to is not the job's; the link itself is part of its folder.
    java.util.Set<String> entries = new java.util.LinkedHashSet<>(copied);
    for (List<String> names : List.of(copied, shared)) {
      for (String name : names) {
        for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
          entries.add(name.substring(0, slash));
        }
      }
    }
    return List.copyOf(entries);
  }

  private List<String> present(List<String> names) {
    List<String> present = new java.util.ArrayList<>();
    for (String name : names) {
      if (new File(userHome.toFile(), name).exists()) {
        present.add(name);
      }
    }
    return present;
  }

  /**
   * Where tools keep what is costly to make again, for those that do not ask for a cache folder
   * below the home.
   */
  private void defaults(Map<String, String> inherited) {
    inherited.putIfAbsent("GOPATH", userHome.resolve("go").toString());
    if (new File(userHome.toFile(), ".rustup").isDirectory()) {
      inherited.putIfAbsent("RUSTUP_HOME", userHome.resolve(".rustup").toString());
    }
    // Git must not look for a repository above the folders of jobs.
    inherited.put("GIT_CEILING_DIRECTORIES", base.toString());
  }

  /** The folder of all jobs' folders. */
  Path folder() {
    return base;
  }

  @Override
  public String name() {
    return "host";
  }

  @Override
  public Place open(String jobKey) throws IOException {
    Slot slot;
    synchronized (this) {
      slot = freeSlots.pollFirst();
      if (slot == null) {
        slot = new Slot(slots++);
      }
    }
    try {
      return new HostPlace(slot, token + "_" + jobKey);
    } catch (IOException e) {
      release(slot);
      throw e;
    }
  }

  private synchronized void release(Slot slot) {
    freeSlots.addFirst(slot);
  }

  @Override
  public void close() {
    try {
      lock.release();
      lockFile.close();
    } catch (IOException endsWithTheProcess) {
      return;
    }
  }

  /** The folders of one job at a time; what a job left untouched serves the next. */
  private final class Slot {
    private final Path directory;
    private final Path workspace;
    private final Path temp;
    private final Path home;
    private boolean made;
    private boolean furnished;

    Slot(int number) {
      directory = base.resolve("job-" + number);
      workspace = inPlace ? root : directory.resolve(repositoryName).resolve(repositoryName);
      temp = directory.resolve("_temp");
      home = directory.resolve("_home");
    }

    void prepare() throws IOException {
      if (!made) {
        Trees.delete(directory);
        Files.createDirectories(temp.resolve(JobRunner.WORKFLOW_FILES));
        Files.createDirectories(temp.resolve(JobRunner.COMMAND_FILES));
        Files.createDirectories(directory.resolve(repositoryName).resolve(repositoryName));
        Files.createDirectories(toolCache());
        made = true;
      }
      if (!furnished) {
        furnish();
      }
    }

    private void furnish() throws IOException {
      Trees.delete(home);
      Files.createDirectories(home);
      for (String name : copied) {
        Path target = home.resolve(name);
        Files.createDirectories(target.getParent());
        Files.copy(userHome.resolve(name), target);
      }
      for (String name : shared) {
        Path target = home.resolve(name);
        Files.createDirectories(target.getParent());
        Files.createSymbolicLink(target, userHome.resolve(name));
      }
      for (String name : homeEntries) {
        Files.setLastModifiedTime(home.resolve(name), UNTOUCHED);
      }
      Files.setLastModifiedTime(home, UNTOUCHED);
      furnished = true;
    }

    /** Whether no job has written into the home: each write sets a time of its own. */
    private boolean untouched() {
      long then = UNTOUCHED.toMillis() * 1_000_000;
      try (Native c = new Native()) {
        boolean same = FileTimes.modified(c, home) == then;
        for (String name : homeEntries) {
          same = same && FileTimes.modified(c, home.resolve(name)) == then;
        }
        return same;
      }
    }

    void clean(boolean checkedOut) throws IOException {
      if (checkedOut) {
        checkouts.keep(workspace, inPlace);
      }
      if (!inPlace) {
        if (Files.isDirectory(workspace, LinkOption.NOFOLLOW_LINKS)) {
          Trees.empty(workspace);
        } else {
          Trees.delete(directory.resolve(repositoryName));
          Files.createDirectories(workspace);
        }
      }
      Trees.empty(temp.resolve(JobRunner.COMMAND_FILES));
      Trees.emptyBut(temp, JobRunner.WORKFLOW_FILES, JobRunner.COMMAND_FILES);
      furnished = furnished && untouched();
    }
  }

  private Path toolCache() {
    return base.resolveSibling("_tool");
  }

  /** A launcher that serves job after job. */
  private final class Lent extends NativeLauncher {
    Lent() {
      super(Native.lasting());
    }

    @Override
    public void close() {
      synchronized (HostMachine.this) {
        launchers.addFirst(this);
      }
    }
  }

  private final class HostPlace implements Place {
    private final Slot slot;
    private final String trackingId;
    private final Map<String, String> variables;
    private boolean checkedOut;

    HostPlace(Slot slot, String trackingId) throws IOException {
      this.slot = slot;
      this.trackingId = trackingId;
      slot.prepare();
      variables = new LinkedHashMap<>(environment);
      variables.put("HOME", slot.home.toString());
      variables.put("RUNNER_TRACKING_ID", trackingId);
    }

    @Override
    public Path workspace() {
      return slot.workspace;
    }

    @Override
    public Path temp() {
      return slot.temp;
    }

    @Override
    public Path toolCache() {
      return HostMachine.this.toolCache();
    }

    @Override
    public Path home() {
      return slot.home;
    }

    @Override
    public Map<String, String> environment() {
      return variables;
    }

    @Override
    public Launcher launcher() {
      synchronized (HostMachine.this) {
        Launcher idle = launchers.pollFirst();
        return idle != null ? idle : new Lent();
      }
    }

    @Override
    public Checkout checkout(Path target) throws IOException {
      if (inPlace) {
        return new Checkout(-1);
      }
      int files = checkouts.fill(target);
      checkedOut |= target.equals(slot.workspace);
      return new Checkout(files);
    }

    @Override
    public void close() {
      Reaper.endOrphans(trackingId);
      if (keep) {
        return;
      }
      try {
        slot.clean(checkedOut);
      } catch (IOException madeAnewNextTime) {
        slot.made = false;
        slot.furnished = false;
      }
      release(slot);
    }
  }
}
