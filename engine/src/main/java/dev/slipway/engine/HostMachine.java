package dev.slipway.engine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * This machine. Each job gets folders of its own below one that this Slipway process alone uses:
 * workspace, temporary files, and a home ({@link JobHomes}). A home that its job left as it was
 * serves the next job, of later runs too.
 *
 * <p>The folders lie outside the repository: tools that look for their project in the folders above
 * (package managers, linters, Git) must not find the user's.
 */
final class HostMachine implements Machine, AutoCloseable {
  /** Set by Git for its hooks; they would lead a job's Git into the user's repository. */
  private static final List<String> NOT_INHERITED =
      List.of(
          "GIT_DIR",
          "GIT_WORK_TREE",
          "GIT_INDEX_FILE",
          "GIT_PREFIX",
          "GIT_OBJECT_DIRECTORY",
          "OLDPWD");

  private static final String HOME = "_home";
  private static final String HOME_STATE = "_home.state";

  private final Path root;
  private final String repositoryName;
  private final ContainerEngine containers;
  private final String token;
  private final boolean inPlace;
  private final boolean keep;
  private final Homes whose;
  private final Path userHome;
  private final Map<String, String> usersVariables;
  private final Checkouts checkouts;
  private final Path base;
  private final RandomAccessFile lockFile;
  private final FileLock lock;
  private final Deque<Launcher> launchers = new ArrayDeque<>();
  private final Deque<Slot> freeSlots = new ArrayDeque<>();
  private final JobHomes homes;
  private final ToolCache toolCache;
  private int slots;

  /**
   * @param projectWork the folder for the project's work, shared by all Slipway processes
   * @param containers runs those that jobs ask for
   * @param token marks this run's processes
   */
  static HostMachine open(
      Path root,
      String repositoryName,
      Surroundings surroundings,
      Path projectWork,
      ContainerEngine containers,
      String token,
      boolean inPlace,
      boolean keep,
      Homes whose)
      throws IOException {
    for (int i = 0; ; i++) {
      Path base = projectWork.resolve(Integer.toString(i));
      Files.createDirectories(base);
      RandomAccessFile file = new RandomAccessFile(base.resolve("lock").toFile(), "rw");
      FileLock lock = null;
      try {
        lock = file.getChannel().tryLock();
      } catch (java.nio.channels.OverlappingFileLockException heldByThisProcess) {
        lock = null;
      }
      if (lock != null) {
        return new HostMachine(
            root,
            repositoryName,
            surroundings,
            containers,
            token,
            inPlace,
            keep,
            whose,
            base,
            file,
            lock);
      }
      file.close();
    }
  }

  private HostMachine(
      Path root,
      String repositoryName,
      Surroundings surroundings,
      ContainerEngine containers,
      String token,
      boolean inPlace,
      boolean keep,
      Homes whose,
      Path base,
      RandomAccessFile lockFile,
      FileLock lock)
      throws IOException {
    this.root = root;
    this.repositoryName = repositoryName;
    this.containers = containers;
    this.token = token;
    this.inPlace = inPlace;
    this.keep = keep;
    this.whose = whose;
    this.userHome = surroundings.userHome();
    this.base = base;
    this.lockFile = lockFile;
    this.lock = lock;
    this.checkouts = new Checkouts(root, base.resolve("checkouts"));
    Map<String, String> inherited = new LinkedHashMap<>(surroundings.environment());
    for (String name : NOT_INHERITED) {
      inherited.remove(name);
    }
    inherited.keySet().removeIf(name -> name.startsWith("SLIPWAY_"));
    this.usersVariables = new LinkedHashMap<>(inherited);
    // Git must not look for a repository above the folders of jobs.
    inherited.put("GIT_CEILING_DIRECTORIES", base.toString());
    this.homes = new JobHomes(surroundings.cache(), surroundings.userHome(), inherited);
    // Not with the work, which systems clean of old files one by one.
    this.toolCache = new ToolCache(surroundings.cache(), surroundings.userHome(), inherited);
  }

  /** The folder of all jobs' folders. */
  Path folder() {
    return base;
  }

  /** The folders outside of their own that jobs write to. */
  List<Path> caches() {
    return homes.caches();
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
      return new HostPlace(slot, jobKey);
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
    private final Path homeState;
    private final Path tools;
    private final CommandFiles.Untouched untouched = new CommandFiles.Untouched();
    private boolean made;
    private @Nullable String furnished;

    Slot(int number) {
      directory = base.resolve("job-" + number);
      workspace = inPlace ? root : directory.resolve(repositoryName).resolve(repositoryName);
      temp = directory.resolve("_temp");
      home = directory.resolve(HOME);
      homeState = directory.resolve(HOME_STATE);
      tools = directory.resolve("_tool");
    }

    void prepare() throws IOException {
      if (!made) {
        Files.createDirectories(directory);
        Trees.emptyBut(directory, Set.of(HOME, HOME_STATE));
        Files.createDirectories(temp.resolve(JobRunner.WORKFLOW_FILES));
        Files.createDirectories(temp.resolve(JobRunner.COMMAND_FILES));
        Files.createDirectories(directory.resolve(repositoryName).resolve(repositoryName));
        Files.createDirectories(tools);
        furnished = homeState.toFile().isFile() ? Files.readString(homeState) : null;
        made = true;
      }
      if (whose == Homes.OF_USER) {
        return;
      }
      if (furnished == null || !homes.untouched(home, furnished)) {
        Files.deleteIfExists(homeState);
        furnished = homes.furnish(home);
        Files.writeString(homeState, furnished);
      }
    }

    void clean(boolean checkedOut, boolean toolsOffered) throws IOException {
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
      if (toolsOffered) {
        toolCache.takeBack(tools);
      } else {
        // What a container's steps fetched may run in no other.
        Trees.empty(tools);
      }
      Set<String> kept = untouched.names();
      kept.add(StepFiles.NO_ARTIFACTS);
      Trees.emptyBut(temp.resolve(JobRunner.COMMAND_FILES), kept);
      Trees.emptyBut(temp, Set.of(JobRunner.WORKFLOW_FILES, JobRunner.COMMAND_FILES));
    }
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
    private final String jobKey;
    private final String trackingId;
    private final Map<String, String> variables;
    private boolean checkedOut;
    private volatile boolean toolsOffered;

    HostPlace(Slot slot, String jobKey) throws IOException {
      this.slot = slot;
      this.jobKey = jobKey;
      this.trackingId = token + "_" + jobKey;
      slot.prepare();
      variables =
          whose == Homes.OF_USER
              ? new LinkedHashMap<>(usersVariables)
              : homes.environment(slot.home);
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
      return slot.tools;
    }

    @Override
    public void offerTools() throws IOException {
      synchronized (slot) {
        if (!toolsOffered) {
          toolCache.layOut(slot.tools);
          toolsOffered = true;
        }
      }
    }

    @Override
    public Path home() {
      return whose == Homes.OF_USER ? userHome : slot.home;
    }

    @Override
    public Map<String, String> environment() {
      return variables;
    }

    @Override
    public void adapt(Map<String, String> environment) {
      if (toolsOffered) {
        JobHomes.adapt(environment, slot.tools);
      }
    }

    @Override
    public CommandFiles.Untouched untouchedFiles() {
      return slot.untouched;
    }

    @Override
    public boolean asUser() {
      return whose == Homes.OF_USER;
    }

    @Override
    public boolean watchable() {
      return true;
    }

    @Override
    public Launcher launcher() {
      synchronized (HostMachine.this) {
        Launcher idle = launchers.pollFirst();
        return idle != null ? idle : new Lent();
      }
    }

    @Override
    public Checkout checkout(Path target, Submodules submodules) throws IOException {
      if (inPlace) {
        return new Checkout(-1);
      }
      int files = checkouts.fill(target, submodules);
      checkedOut |= target.equals(slot.workspace);
      return new Checkout(files);
    }

    @Override
    public JobContainers containers() {
      return containers.open(new ContainerEngine.Owner(root.toString(), token, jobKey));
    }

    @Override
    public void close() {
      Reaper.endOrphans(trackingId);
      if (keep) {
        return;
      }
      try {
        slot.clean(checkedOut, toolsOffered);
      } catch (IOException madeAnewNextTime) {
        slot.made = false;
      }
      release(slot);
    }
  }
}
