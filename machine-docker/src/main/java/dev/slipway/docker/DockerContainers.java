package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import dev.slipway.engine.ContainerSpec;
import dev.slipway.engine.JobContainers;
import dev.slipway.engine.ProcessOutput;
import dev.slipway.engine.ProcessResult;
import dev.slipway.engine.Stop;
import dev.slipway.engine.StopSignal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The containers of one job on a Docker engine. */
final class DockerContainers implements JobContainers {
  private static final String SOCKET_INSIDE = "/var/run/docker.sock";

  private final DockerEngine engine;
  private final Map<String, String> labels;
  private final Object lock = new Object();
  private final List<String> containers = new ArrayList<>();
  private final List<RunningService> services = new ArrayList<>();
  private final List<Integer> loopbackPorts = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private @Nullable String network;

  DockerContainers(DockerEngine engine, Map<String, String> labels) {
    this.engine = engine;
    this.labels = labels;
  }

  /** What is closed with the job's containers. */
  interface Part {
    void close();
  }

  private record RunningService(String name, String id, boolean terminal) {}

  @Override
  public void forward(int port) {
    synchronized (lock) {
      loopbackPorts.add(port);
    }
  }

  @Override
  public Started start(
      Optional<ContainerSpec> job,
      List<ContainerSpec> serviceSpecs,
      Consumer<String> log,
      StopSignal stop) {
    if (job.isEmpty() && serviceSpecs.isEmpty()) {
      return new Started("", Optional.empty(), List.of());
    }
    List<ContainerRequest> requests = new ArrayList<>();
    for (ContainerSpec service : serviceSpecs) {
      requests.add(request(service));
    }
    Optional<ContainerRequest> jobRequest = job.map(this::request);
    DockerApi api = engine.api();
    Consumer<String> lines = inTurn(log);
    StopSignal all = stop.child();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> net = threads.submit(() -> makeNetwork(api));
      List<Future<Service>> starting = new ArrayList<>();
      for (ContainerRequest request : requests) {
        starting.add(
            threads.submit(together(all, () -> startService(api, request, net, lines, all))));
      }
      Optional<Future<JobContainer>> startingJob =
          jobRequest.map(request ->
              threads.submit(together(all, () -> startJob(api, request, net, lines, all))));
      List<ContainerException> failures = new ArrayList<>();
      List<Service> started = new ArrayList<>();
      for (Future<Service> one : starting) {
        result(one, failures).ifPresent(started::add);
      }
      Optional<JobContainer> container = startingJob.flatMap(future -> result(future, failures));
      String id = result(net, failures).orElse("");
      if (stop.stopped()) {
        throw DockerApi.stopped();
      }
      if (!failures.isEmpty()) {
        throw failure(failures, lines);
      }
      return new Started(id, container, started);
    } finally {
      stop.release(all);
    }
  }

  private ContainerRequest request(ContainerSpec spec) {
    ContainerRequest request = new ContainerRequest(spec);
    engine.config().proxies().forEach(request::environmentIfAbsent);
    return request;
  }

  /** Lines of several threads, one after the other. */
  private static Consumer<String> inTurn(Consumer<String> log) {
    Object turn = new Object();
    return line -> {
      synchronized (turn) {
        log.accept(line);
      }
    };
  }

  /** A task whose failure stops the others. */
  private static <T> Callable<T> together(StopSignal all, Callable<T> task) {
    return () -> {
      boolean done = false;
      try {
        T result = task.call();
        done = true;
        return result;
      } finally {
        if (!done) {
          all.request(Stop.GRACEFUL);
        }
      }
    };
  }

  private static <T> Optional<T> result(Future<T> future, List<ContainerException> failures) {
    try {
      return Optional.of(future.get());
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof ExecutionException network) {
        // It waited for the network, which failed for all of them.
        cause = network.getCause();
      }
      if (cause instanceof ContainerException known) {
        failures.add(known);
      } else if (cause instanceof DockerException refused) {
        failures.add(new ContainerException(refused.getMessage(), refused));
      } else if (cause instanceof Error error) {
        throw error;
      } else {
        throw new IllegalStateException(cause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failures.add(new ContainerException("interrupted", e));
    }
    return Optional.empty();
  }

  /** What to throw when some failed: those that were only stopped with the others say nothing. */
  private static ContainerException failure(
      List<ContainerException> failures, Consumer<String> log) {
    List<ContainerException> real = new ArrayList<>();
    for (ContainerException failure : failures) {
      boolean known =
          real.stream()
              .anyMatch(one -> String.valueOf(one.getMessage()).equals(failure.getMessage()));
      if (!"stopped".equals(failure.getMessage()) && !known) {
        real.add(failure);
      }
    }
    if (real.size() == 1) {
      return real.get(0);
    }
    for (ContainerException failure : real) {
      log.accept(String.valueOf(failure.getMessage()));
    }
    return new ContainerException(Health.FAILED);
  }

  private String makeNetwork(DockerApi api) {
    Members request = new Members();
    request.put("Name", "slipway_" + random());
    request.put("CheckDuplicate", true);
    request.put("Labels", labels);
    String id = api.post("/networks/create", request).get("Id").text();
    synchronized (lock) {
      network = id;
    }
    return id;
  }

  static String random() {
    return Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE).substring(4);
  }

  private Service startService(
      DockerApi api,
      ContainerRequest request,
      Future<String> net,
      Consumer<String> log,
      StopSignal stop)
      throws ExecutionException, InterruptedException {
    ContainerSpec spec = request.spec();
    need(api, request, log, stop);
    if (stop.stopped()) {
      throw DockerApi.stopped();
    }
    String id = create(api, request, net.get(), List.of(spec.name()));
    boolean terminal = Boolean.TRUE.equals(request.config.values().get("Tty"));
    synchronized (lock) {
      services.add(new RunningService(spec.name(), id, terminal));
    }
    startContainer(api, id, "service '" + spec.name() + "'");
    Json state = new Health(api, id).await(log, stop, "service '" + spec.name() + "'", terminal);
    Service service = new Service(spec.name(), id, ports(state));
    log.accept("Started service '" + spec.name() + "' (" + spec.image() + ")" + told(service));
    return service;
  }

  private static String told(Service service) {
    StringBuilder told = new StringBuilder();
    service
        .ports()
        .forEach((inside, outside) ->
            told.append(told.isEmpty() ? ", port " : ", ")
                .append(inside)
                .append(" is ")
                .append(outside)
                .append(" here"));
    return told.toString();
  }

  private JobContainer startJob(
      DockerApi api,
      ContainerRequest request,
      Future<String> net,
      Consumer<String> log,
      StopSignal stop)
      throws ExecutionException, InterruptedException {
    ContainerSpec spec = request.spec();
    need(api, request, log, stop);
    String id = net.get();
    mountSocket(api, request);
    DockerJobContainer container =
        DockerJobContainer.start(
            engine,
            api,
            request,
            (asked, firstProcess) -> {
              Members body = asked.body(id, List.of(spec.name()), labels);
              body.put("Entrypoint", firstProcess);
              body.values().remove("Cmd");
              return createFrom(api, asked, body);
            },
            stop);
    synchronized (lock) {
      parts.add(container);
    }
    new Health(api, container.id()).await(log, stop, "the job's container", false);
    forwardInto(api, container, log);
    log.accept("Started the job's container (" + request.spec().image() + ")");
    return container;
  }

  private void need(
      DockerApi api, ContainerRequest request, Consumer<String> log, StopSignal stop) {
    ContainerSpec spec = request.spec();
    new Images(api, engine.config())
        .need(spec.image(), request.platform, request.pull, spec.credentials(), log, stop);
  }

  private void mountSocket(DockerApi api, ContainerRequest request) {
    if (!request.mounted(SOCKET_INSIDE)) {
      // Where the engine runs in a virtual machine, its socket there is not the one here.
      String socket = Libc.supported() ? api.endpoint().socket().toString() : SOCKET_INSIDE;
      request.mount(socket, SOCKET_INSIDE, false);
    }
  }

  private String create(DockerApi api, ContainerRequest request, String net, List<String> aliases) {
    return createFrom(api, request, request.body(net, aliases, labels));
  }

  private String createFrom(DockerApi api, ContainerRequest request, Members body) {
    String name =
        request.name.isEmpty()
            ? "slipway_" + request.spec().name().replaceAll("[^a-zA-Z0-9_.-]", "_") + "_" + random()
            : request.name;
    String query = "/containers/create?name=" + DockerApi.escape(name);
    if (!request.platform.isEmpty()) {
      query += "&platform=" + DockerApi.escape(request.platform);
    }
    String id;
    try {
      id = api.post(query, body).get("Id").text();
    } catch (DockerException e) {
      throw new ContainerException(
          "cannot create a container of " + request.spec().image() + ": " + e.getMessage(), e);
    }
    synchronized (lock) {
      containers.add(id);
    }
    return id;
  }

  private static void startContainer(DockerApi api, String id, String what) {
    try {
      api.post("/containers/" + id + "/start");
    } catch (DockerException e) {
      throw new ContainerException("cannot start " + what + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, String> ports(Json state) {
    Map<String, String> ports = new LinkedHashMap<>();
    Json all = state.get("NetworkSettings").get("Ports");
    for (String key : all.names()) {
      for (Json binding : all.get(key).items()) {
        String inside = key.endsWith("/tcp") ? key.substring(0, key.length() - 4) : key;
        ports.putIfAbsent(inside, binding.get("HostPort").text());
      }
    }
    return ports;
  }

  private List<Integer> loopbackPorts() {
    synchronized (lock) {
      return List.copyOf(loopbackPorts);
    }
  }

  private static long firstProcess(DockerApi api, String id) {
    return api.get("/containers/" + id + "/json").get("State").get("Pid").number();
  }

  private void forwardInto(DockerApi api, DockerJobContainer container, Consumer<String> log) {
    List<Integer> ports = loopbackPorts();
    if (ports.isEmpty()) {
      return;
    }
    Optional<LoopbackRelay> relay =
        LoopbackRelay.enter(firstProcess(api, container.id()), container.id(), ports, log)
            .or(() -> container.relay(ports));
    if (relay.isEmpty()) {
      log.accept(
          "##[warning]Actions in this container cannot reach the cache and the artifacts that"
              + " Slipway serves: to enter its network takes root, and it has neither node nor"
              + " perl");
      return;
    }
    synchronized (lock) {
      parts.add(relay.get());
    }
  }

  @Override
  public void pull(
      String image,
      Optional<ContainerSpec.Credentials> credentials,
      Consumer<String> log,
      StopSignal stop) {
    try {
      new Images(engine.api(), engine.config())
          .need(image, "", ContainerRequest.Pull.MISSING, credentials, log, stop);
    } catch (DockerException e) {
      throw new ContainerException(e.getMessage(), e);
    }
  }

  @Override
  public String build(Path folder, Path dockerfile, Consumer<String> log, StopSignal stop) {
    return new ImageBuild(engine.api(), engine.config(), engine.buildKit())
        .run(folder, dockerfile, log, stop);
  }

  @Override
  public ProcessResult run(
      ContainerSpec spec, ProcessOutput output, StopSignal stop, long deadlineNanos) {
    ContainerRequest request = request(spec);
    DockerApi api = engine.api();
    mountSocket(api, request);
    boolean terminal = Boolean.TRUE.equals(request.config.values().get("Tty"));
    request.config.put("AttachStdout", true).put("AttachStderr", true);
    need(api, request, line -> {}, stop);
    String net;
    synchronized (lock) {
      net = network == null ? ContainerRequest.DEFAULT_NETWORK : network;
    }
    String id = create(api, request, net, List.of());
    try (Connection connection =
        api.hijack("/containers/" + id + "/attach?stream=1&stdout=1&stderr=1", new Members())) {
      startContainer(api, id, "a container of " + spec.image());
      // Its output is the action's; a warning would not be one of the job's.
      List<Integer> ports = loopbackPorts();
      Optional<LoopbackRelay> relay =
          ports.isEmpty()
              ? Optional.empty()
              : LoopbackRelay.enter(firstProcess(api, id), id, ports, line -> {});
      ProcessResult.End end;
      try {
        end =
            Attended.read(
                connection,
                terminal,
                output,
                stop,
                deadlineNanos,
                signal -> api.post("/containers/" + id + "/kill?signal=SIG" + signal));
      } finally {
        relay.ifPresent(LoopbackRelay::close);
      }
      int exit = (int) api.post("/containers/" + id + "/wait").get("StatusCode").number();
      return new ProcessResult(end, exit);
    } catch (DockerException e) {
      throw new ContainerException(e.getMessage(), e);
    } finally {
      api.deleteIfThere("/containers/" + id + "?force=1&v=1");
      synchronized (lock) {
        containers.remove(id);
      }
    }
  }

  @Override
  public void close(Consumer<String> log) {
    List<RunningService> printed;
    List<String> left;
    List<Part> closing;
    String net;
    synchronized (lock) {
      printed = List.copyOf(services);
      left = List.copyOf(containers);
      closing = List.copyOf(parts);
      net = network;
      services.clear();
      containers.clear();
      parts.clear();
      network = null;
    }
    if (left.isEmpty() && net == null) {
      return;
    }
    DockerApi api = engine.api();
    for (RunningService service : printed) {
      log.accept("##[group]Log of service '" + service.name() + "'");
      Health.printLog(api, service.id(), service.terminal(), log);
      log.accept("##[endgroup]");
    }
    for (Part part : closing) {
      part.close();
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> removals = new ArrayList<>();
      for (String id : left) {
        removals.add(
            threads.submit(() -> {
              api.deleteIfThere("/containers/" + id + "?force=1&v=1");
              return true;
            }));
      }
      List<ContainerException> failures = new ArrayList<>();
      for (Future<Boolean> removal : removals) {
        if (result(removal, failures).isEmpty()) {
          log.accept("cannot remove a container: " + failures.getLast().getMessage());
        }
      }
    }
    if (net != null) {
      try {
        Leftovers.removeNetwork(api, net);
      } catch (DockerException e) {
        log.accept("cannot remove the job's network: " + e.getMessage());
      }
    }
  }
}
