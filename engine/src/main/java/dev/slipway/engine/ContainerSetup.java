package dev.slipway.engine;

import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The containers around a job's steps: its own, its services, those of its container actions
 * (actions/runner, ContainerOperationProvider). Asks for nothing as long as nobody needs one.
 * Thread-safe.
 */
final class ContainerSetup implements AutoCloseable {
  private static final String SOCKET = "/var/run/docker.sock";
  private static final String HOME = "_github_home";
  private static final String MOUNTED_NODE = "/__e/node/bin/node";

  private final JobContext job;
  private final Actions actions;
  private final Consumer<String> log;
  private @Nullable JobContainers containers;
  private @Nullable String image;

  /**
   * For one job.
   *
   * @param log for what is done before and after the steps
   */
  ContainerSetup(JobContext job, Actions actions, Consumer<String> log) {
    this.job = job;
    this.actions = actions;
    this.log = log;
  }

  /**
   * The job's containers, for more of them.
   *
   * @param what needs them, as it begins a sentence
   * @throws ContainerException when there is no engine here
   */
  synchronized JobContainers containers(String what) {
    JobContainers open = containers;
    if (open == null) {
      try {
        open = job.place.containers();
      } catch (ContainerException e) {
        throw new ContainerException(what + " cannot run here: " + e.getMessage(), e);
      }
      containers = open;
    }
    return open;
  }

  /**
   * Starts what the job asks for, and has its steps run in its container if it has one.
   *
   * @throws ContainerException when something cannot be started
   */
  void start(ContainerRequests requests, StopSignal stop) throws IOException {
    if (requests.none()) {
      return;
    }
    makeFolders();
    for (Path folder : jobFolders().keySet()) {
      Files.createDirectories(folder);
    }
    ContainerPaths paths = new ContainerPaths(jobFolders());
    Optional<ContainerSpec> own = requests.job().map(this::asJob);
    job.output.groupStarted(JobRunner.NO_STEP, "Initialize containers");
    JobContainers.Started started;
    try {
      JobContainers engine = containers(requests.first());
      if (own.isPresent() && job.runtime.needed()) {
        job.runtime.ports().forEach(engine::forward);
      }
      own.ifPresent(this::ran);
      started = engine.start(own, requests.services(), log, stop);
    } finally {
      job.output.groupFinished(JobRunner.NO_STEP);
    }
    Optional<JobContainers.JobContainer> container = started.job();
    if (container.isPresent()) {
      boolean node = own.orElseThrow().mounts().stream().anyMatch(ContainerSetup::isNode);
      ContainerSpec spec = own.orElseThrow();
      String asked = spec.options() + "\n" + String.join("\n", spec.volumes());
      job.runIn(new ContainerSteps(container.get(), paths, asked, node ? MOUNTED_NODE : "", stop));
    }
    job.describeContainers(
        container.map(JobContainers.JobContainer::id).orElse(""),
        started.network(),
        services(started));
  }

  private static Map<String, Value> services(JobContainers.Started started) {
    Map<String, Value> services = new LinkedHashMap<>();
    for (JobContainers.Service service : started.services()) {
      LiveObject ports = new LiveObject(true);
      service.ports().forEach(ports::put);
      services.put(
          service.name(),
          new LiveObject(false)
              .put("id", service.id())
              .put("network", started.network())
              .put("ports", ports));
    }
    return services;
  }

  /** The container that steps run in, with all that they need of this machine. */
  private ContainerSpec asJob(ContainerSpec asked) {
    Map<String, String> environment = new LinkedHashMap<>(asked.environment());
    environment.put("HOME", "/github/home");
    environment.put("GITHUB_ACTIONS", "true");
    environment.put("CI", "true");
    List<ContainerSpec.Mount> mounts = new ArrayList<>();
    jobFolders()
        .forEach((here, there) ->
            mounts.add(new ContainerSpec.Mount(here.toString(), there, readOnly(there))));
    addSocket(mounts);
    String node = new Executables().find("node", job.place.environment().getOrDefault("PATH", ""));
    if (node != null) {
      mounts.add(new ContainerSpec.Mount(realPath(node), MOUNTED_NODE, true));
    }
    return new ContainerSpec(
        asked.name(),
        asked.image(),
        asked.credentials(),
        environment,
        asked.ports(),
        asked.volumes(),
        asked.options(),
        asked.entrypoint(),
        asked.command(),
        mounts,
        path(job.workspace()));
  }

  private static boolean isNode(ContainerSpec.Mount mount) {
    return mount.target().equals(MOUNTED_NODE);
  }

  private static boolean readOnly(String target) {
    return target.startsWith("/__w/_sources");
  }

  private static String realPath(String file) {
    try {
      return Path.of(file).toRealPath().toString();
    } catch (IOException gone) {
      return file;
    }
  }

  /** Where the workspace is in the job's container. */
  private static String path(Path workspace) {
    return "/__w/" + name(workspace.getParent()) + "/" + name(workspace);
  }

  private static String name(@Nullable Path folder) {
    Path name = folder == null ? null : folder.getFileName();
    return name == null ? "project" : name.toString();
  }

  /** The folder of all that the machine made for the job. */
  private Path slot() {
    Path parent = job.place.temp().getParent();
    return parent == null ? job.place.temp() : parent;
  }

  /** The folders of this machine that the job's container has. */
  private Map<Path, String> jobFolders() {
    Path workspace = job.workspace();
    Map<Path, String> folders = new LinkedHashMap<>();
    Path around = workspace.getParent();
    if (around != null && around.startsWith(slot())) {
      folders.put(around, "/__w/" + name(around));
    } else {
      folders.put(workspace, path(workspace));
    }
    folders.put(job.place.temp(), "/__w/_temp");
    folders.put(job.place.toolCache(), "/__t");
    int number = 0;
    for (Path source : actions.folders()) {
      folders.put(source, number == 0 ? "/__w/_actions" : "/__w/_sources/" + number);
      number++;
    }
    folders.putIfAbsent(job.options.root(), "/__w/_sources/0");
    addGitHub(folders);
    return folders;
  }

  private void addGitHub(Map<Path, String> folders) {
    folders.put(job.place.temp().resolve(HOME), "/github/home");
    folders.put(job.place.temp().resolve(JobRunner.WORKFLOW_FILES), "/github/workflow");
  }

  /** The folders of this machine that a container action has. */
  Map<Path, String> actionFolders() {
    Path temp = job.place.temp();
    Map<Path, String> folders = new LinkedHashMap<>();
    folders.put(job.workspace(), "/github/workspace");
    folders.put(temp, "/github/runner_temp");
    folders.put(temp.resolve(JobRunner.COMMAND_FILES), "/github/file_commands");
    addGitHub(folders);
    return folders;
  }

  /** What a container action sees of this machine. */
  List<ContainerSpec.Mount> actionMounts() {
    List<ContainerSpec.Mount> mounts = new ArrayList<>();
    actionFolders()
        .forEach(
            (here, there) -> mounts.add(new ContainerSpec.Mount(here.toString(), there, false)));
    addSocket(mounts);
    return mounts;
  }

  private static void addSocket(List<ContainerSpec.Mount> mounts) {
    if (Files.exists(Path.of(SOCKET))) {
      mounts.add(new ContainerSpec.Mount(SOCKET, SOCKET, false));
    }
  }

  /** Makes the folders that containers have and the machine does not. */
  void makeFolders() throws IOException {
    Path home = job.place.temp().resolve(HOME);
    Files.createDirectories(home);
    OpenFiles.folders(job, home);
  }

  /** An image that ran for the job, for what is to be done with the rights of containers. */
  synchronized void ran(ContainerSpec spec) {
    image = spec.image();
  }

  @Override
  public synchronized void close() {
    JobContainers open = containers;
    if (open != null) {
      containers = null;
      try {
        giveBack(open);
      } finally {
        open.close(log);
      }
    }
  }

  /**
   * Makes what containers left in the job's folders this user's, who could not remove it else:
   * users of containers are others, root in most.
   */
  private void giveBack(JobContainers open) {
    String used = image;
    if (used == null) {
      return;
    }
    Path folder = slot();
    try {
      String owner = OpenFiles.owner(folder);
      if (owner.startsWith("0:") || !OpenFiles.foreign(folder)) {
        return;
      }
      ContainerSpec chown =
          new ContainerSpec(
              "own",
              used,
              Optional.empty(),
              Map.of(),
              List.of(),
              List.of(),
              "--user 0:0",
              Optional.of("chown"),
              List.of("-R", owner, folder.toString()),
              List.of(new ContainerSpec.Mount(folder.toString(), folder.toString(), false)),
              "/");
      ProcessResult result =
          open.run(chown, ProcessOutput.SILENT, new StopSignal(), Long.MAX_VALUE);
      if (result.exitCode() != 0) {
        log.accept("What containers left in " + folder + " could not be made this user's");
      }
    } catch (IOException | ContainerException e) {
      log.accept(
          "What containers left in "
              + folder
              + " could not be made this user's: "
              + e.getMessage());
    }
  }
}
