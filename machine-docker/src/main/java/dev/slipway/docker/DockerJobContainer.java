package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import dev.slipway.engine.JobContainers;
import dev.slipway.engine.ProcessOutput;
import dev.slipway.engine.ProcessResult;
import dev.slipway.engine.StopSignal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The container that a job's steps run in. Its first process only waits: a resident shell where the
 * image has one and shares files with this machine, else a program that does nothing.
 */
final class DockerJobContainer implements JobContainers.JobContainer, DockerContainers.Part {
  private static final long PATIENCE_MILLIS = 10_000;
  private static final String USUAL_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** What waits, from GitHub's choice on. */
  private static final List<List<String>> WAITERS =
      List.of(
          List.of("tail", "-f", "/dev/null"),
          List.of("sleep", "2147483647"),
          List.of("sh", "-c", "while :; do sleep 1000; done"));

  private final String id;
  private final EngineProcess engine;
  private final @Nullable ResidentShells shells;
  private final Map<String, String> environment;
  private final Optional<JobContainers.Outside> outside;

  private DockerJobContainer(
      String id,
      EngineProcess engine,
      @Nullable ResidentShells shells,
      Map<String, String> environment,
      Optional<JobContainers.Outside> outside) {
    this.id = id;
    this.engine = engine;
    this.shells = shells;
    this.environment = environment;
    this.outside = outside;
  }

  /** Makes a container whose first process is this. */
  interface Creation {
    String create(ContainerRequest request, List<String> firstProcess);
  }

  static DockerJobContainer start(
      DockerEngine engine,
      DockerApi api,
      ContainerRequest request,
      Creation creation,
      StopSignal stop) {
    if (Libc.supported()) {
      Optional<DockerJobContainer> quick = withShell(engine, api, request, creation, stop);
      if (quick.isPresent()) {
        return quick.get();
      }
    }
    for (List<String> waiter : WAITERS) {
      if (stop.stopped()) {
        throw DockerApi.stopped();
      }
      String id = creation.create(request, waiter);
      if (starts(api, id)) {
        Json made = api.get("/containers/" + id + "/json");
        return new DockerJobContainer(
            id, new EngineProcess(api, id), null, inherited(made, ""), Optional.empty());
      }
      api.deleteIfThere("/containers/" + id + "?force=1&v=1");
    }
    throw new ContainerException(
        "the image "
            + request.spec().image()
            + " has no program that can wait for steps: it needs sh, tail or sleep");
  }

  private static Optional<DockerJobContainer> withShell(
      DockerEngine engine,
      DockerApi api,
      ContainerRequest request,
      Creation creation,
      StopSignal stop) {
    ResidentShells shells = ResidentShells.in(engine.folder(DockerContainers.random()));
    boolean ready = false;
    try {
      ResidentShell first = shells.prepare();
      request.mount(shells.folder().toString(), ResidentShells.INSIDE, false);
      String id = creation.create(request, ResidentShells.command(first));
      if (starts(api, id) && first.ready(PATIENCE_MILLIS, () -> running(api, id), stop)) {
        ready = true;
        shells.give(first);
        Json made = api.get("/containers/" + id + "/json");
        return Optional.of(
            new DockerJobContainer(
                id,
                new EngineProcess(api, id),
                shells,
                inherited(made, first.home()),
                outside(made, id)));
      }
      api.deleteIfThere("/containers/" + id + "?force=1&v=1");
      if (stop.stopped()) {
        throw DockerApi.stopped();
      }
      return Optional.empty();
    } finally {
      if (!ready) {
        shells.close();
        request.unmount(ResidentShells.INSIDE);
      }
    }
  }

  /** Starts it. @return false when the image has no such program */
  private static boolean starts(DockerApi api, String id) {
    try {
      api.post("/containers/" + id + "/start");
      return true;
    } catch (DockerException e) {
      if (EngineProcess.notStarted(e.getMessage()).isPresent() && e.getMessage().contains("exec")) {
        return false;
      }
      throw new ContainerException("cannot start the job's container: " + e.getMessage(), e);
    }
  }

  private static boolean running(DockerApi api, String id) {
    return api.get("/containers/" + id + "/json").get("State").get("Running").truthy();
  }

  private static Optional<JobContainers.Outside> outside(Json made, String id) {
    long first = made.get("State").get("Pid").number();
    String image = made.get("Image").text();
    return HostProcesses.belongs(first, id) && !image.isEmpty()
        ? Optional.of(new JobContainers.Outside((int) first, image, ResidentShells.INSIDE))
        : Optional.empty();
  }

  private static Map<String, String> inherited(Json made, String home) {
    Json config = made.get("Config");
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", USUAL_PATH);
    environment.put("HOSTNAME", config.get("Hostname").text());
    for (String variable : config.get("Env").texts()) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        environment.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    if (!home.isEmpty()) {
      environment.putIfAbsent("HOME", home);
    }
    return Collections.unmodifiableMap(environment);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public ProcessResult run(
      String program,
      List<String> arguments,
      String directory,
      Map<String, String> onTop,
      ProcessOutput output,
      StopSignal stop,
      long deadlineNanos) {
    return runHeld(program, arguments, directory, onTop, output, stop, deadlineNanos, null);
  }

  @Override
  public Optional<JobContainers.Outside> outside() {
    return outside;
  }

  @Override
  public ProcessResult run(
      String program,
      List<String> arguments,
      String directory,
      Map<String, String> onTop,
      ProcessOutput output,
      StopSignal stop,
      long deadlineNanos,
      JobContainers.Held held) {
    IntConsumer told =
        outside.isEmpty()
            ? null
            : inside ->
                HostProcesses.numberHere(inside, outside.get().process()).ifPresent(held::held);
    return runHeld(program, arguments, directory, onTop, output, stop, deadlineNanos, told);
  }

  private ProcessResult runHeld(
      String program,
      List<String> arguments,
      String directory,
      Map<String, String> onTop,
      ProcessOutput output,
      StopSignal stop,
      long deadlineNanos,
      @Nullable IntConsumer held) {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(arguments);
    try {
      if (shells != null) {
        Optional<ResidentShell> taken = shells.take(engine);
        if (taken.isPresent()) {
          ResidentShell shell = taken.get();
          Map<String, String> all = new LinkedHashMap<>(environment);
          all.putAll(onTop);
          try {
            return shell.run(
                command, directory, all, output, stop, deadlineNanos, held, this::signal);
          } finally {
            shells.give(shell);
          }
        }
      }
      return engine.run(command, directory, onTop, output, stop, deadlineNanos);
    } catch (DockerException e) {
      throw new ContainerException(
          "cannot run " + program + " in the job's container: " + e.getMessage(), e);
    }
  }

  /** A relay that a program of the container is part of; empty when there is none that can. */
  Optional<LoopbackRelay> relay(List<Integer> ports) {
    return shells == null
        ? Optional.empty()
        : LoopbackRelay.within(
            engine, shells.folder().resolve("relay"), ResidentShells.INSIDE + "/relay", ports);
  }

  private void signal(StopSequence.Signal signal, int pid) {
    try {
      engine.start(List.of("sh", "-c", "kill -" + signal + " " + pid));
    } catch (DockerException containerIsGone) {
      // Then its processes are too.
    }
  }

  @Override
  public void close() {
    if (shells != null) {
      shells.close();
    }
  }
}
