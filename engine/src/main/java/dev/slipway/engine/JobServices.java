package dev.slipway.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The services of one job that run as processes, and the containers of the other engine. */
final class JobServices implements JobContainers {
  private static final int SHOWN_OF_FAILED = 50;

  private final ContainerEngine.Owner owner;
  private final LocalServices services;
  private final List<LocalService> running = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final Set<Integer> forwarded = new LinkedHashSet<>();
  private @Nullable JobContainers others;
  private @Nullable Path folder;

  JobServices(ContainerEngine.Owner owner, LocalServices services) {
    this.owner = owner;
    this.services = services;
  }

  /** A service with how it runs. */
  private record Planned(ContainerSpec spec, ServiceRecipe recipe, int port, int hostPort) {}

  /**
   * The containers of the other engine.
   *
   * @param what needs them, as it begins a sentence
   */
  private synchronized JobContainers others(String what) {
    JobContainers open = others;
    if (open == null) {
      try {
        open = services.others().open(owner);
      } catch (ContainerException e) {
        throw new ContainerException(what + " cannot run here: " + e.getMessage(), e);
      }
      forwarded.forEach(open::forward);
      others = open;
    }
    return open;
  }

  /** Containers are what the workflow asks for: processes are for machines that have none. */
  private boolean engineAnswers() {
    try {
      others("");
      return true;
    } catch (ContainerException none) {
      return false;
    }
  }

  @Override
  public synchronized void forward(int port) {
    forwarded.add(port);
    if (others != null) {
      others.forward(port);
    }
  }

  @Override
  public Started start(
      Optional<ContainerSpec> job,
      List<ContainerSpec> asked,
      Consumer<String> log,
      StopSignal stop) {
    if (job.isPresent()) {
      return others("The job's container '" + job.get().image() + "'").start(job, asked, log, stop);
    }
    if (engineAnswers()) {
      return others("").start(job, asked, log, stop);
    }
    List<Planned> processes = new ArrayList<>();
    List<ContainerSpec> containers = new ArrayList<>();
    for (ContainerSpec spec : asked) {
      ServiceRecipe recipe = services.recipe(spec.image());
      if (recipe == null) {
        containers.add(spec);
      } else {
        processes.add(planned(spec, recipe));
      }
    }
    List<Service> started = new ArrayList<>();
    String network = "";
    if (!containers.isEmpty()) {
      Started other = startOthers(containers, log, stop);
      network = other.network();
      started.addAll(other.services());
    }
    if (!processes.isEmpty()) {
      started.addAll(startProcesses(processes, log, stop));
    }
    return new Started(network, Optional.empty(), started);
  }

  private Started startOthers(
      List<ContainerSpec> containers, Consumer<String> log, StopSignal stop) {
    try {
      return others("The service '" + containers.getFirst().name() + "'")
          .start(Optional.empty(), containers, log, stop);
    } catch (ContainerException e) {
      if (others == null) {
        log.accept("To run services as processes of this machine, add to slipway.yml:");
        log.accept("services:");
        Set<String> lines = new LinkedHashSet<>();
        for (ContainerSpec spec : containers) {
          lines.add(suggestion(spec));
        }
        lines.forEach(log);
      }
      throw e;
    }
  }

  /** The line of a project file that maps a service. */
  private static String suggestion(ContainerSpec spec) {
    String name = "";
    for (String form : LocalServices.names(spec.image())) {
      name = form;
    }
    String process = "\"COMMAND --port $PORT\"";
    if (name.contains("postg")) {
      process = "postgres";
    } else if (name.contains("redis") || name.contains("valkey")) {
      process = "redis";
    }
    return "  " + name + ": {process: " + process + "}";
  }

  private static Planned planned(ContainerSpec spec, ServiceRecipe recipe) {
    int port = recipe.port();
    int hostPort = 0;
    for (String mapping : spec.ports()) {
      int slash = mapping.indexOf('/');
      String[] parts = (slash < 0 ? mapping : mapping.substring(0, slash)).split(":");
      int inside = number(parts[parts.length - 1], spec, mapping);
      if (port == 0) {
        port = inside;
      }
      if (inside != port) {
        throw new ContainerException(
            "The service '"
                + spec.name()
                + "' runs as a process that listens on the port "
                + port
                + " only: it cannot have '"
                + mapping
                + "'");
      }
      if (parts.length > 1 && !parts[parts.length - 2].isEmpty()) {
        hostPort = number(parts[parts.length - 2], spec, mapping);
      }
    }
    return new Planned(spec, recipe, port, hostPort);
  }

  private static int number(String text, ContainerSpec spec, String mapping) {
    try {
      int number = Integer.parseInt(text);
      if (number > 0 && number <= 65535) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      throw unknown(spec, mapping);
    }
    throw unknown(spec, mapping);
  }

  private static ContainerException unknown(ContainerSpec spec, String mapping) {
    return new ContainerException(
        "The service '"
            + spec.name()
            + "' runs as a process, for which the port '"
            + mapping
            + "' is no port");
  }

  private List<Service> startProcesses(
      List<Planned> processes, Consumer<String> log, StopSignal stop) {
    List<Integer> fixed = new ArrayList<>();
    for (Planned planned : processes) {
      if (planned.hostPort() > 0) {
        fixed.add(planned.hostPort());
      }
    }
    services.ports().take(fixed, stop);
    ports.addAll(fixed);
    List<Service> started = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    Map<LocalService, ContainerException> failed =
        Collections.synchronizedMap(new LinkedHashMap<>());
    Map<String, String> environment = environment();
    for (Planned planned : processes) {
      ContainerSpec spec = planned.spec();
      int port = planned.hostPort();
      if (port == 0) {
        port = services.ports().any();
        ports.add(port);
      }
      LocalService service =
          new LocalService(spec, port, folder(spec), Path.of(owner.project()), environment, stop);
      running.add(service);
      String inside = Integer.toString(planned.port() == 0 ? port : planned.port());
      started.add(
          new Service(
              spec.name(),
              owner.token() + "_" + spec.name(),
              Map.of(inside, Integer.toString(port))));
      log.accept(
          "The service '" + spec.name() + "' runs as a process and listens on the port " + port);
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  planned.recipe().start(service);
                } catch (ContainerException e) {
                  failed.put(service, e);
                }
              }));
    }
    threads.forEach(JobServices::join);
    if (!failed.isEmpty()) {
      throw failure(failed, log);
    }
    return started;
  }

  private static ContainerException failure(
      Map<LocalService, ContainerException> failed, Consumer<String> log) {
    List<String> reasons = new ArrayList<>();
    failed.forEach((service, reason) -> {
      String name = service.spec().name();
      List<String> lines = service.log();
      log.accept("The last that the service '" + name + "' printed:");
      lines.subList(Math.max(0, lines.size() - SHOWN_OF_FAILED), lines.size()).forEach(log);
      reasons.add("The service '" + name + "' failed: " + reason.getMessage());
    });
    return new ContainerException(String.join(". ", reasons));
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Path folder(ContainerSpec spec) {
    try {
      Path around = folder;
      if (around == null) {
        around = services.folders().take();
        folder = around;
      }
      return Files.createDirectory(
          around.resolve(Integer.toString(running.size())),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new ContainerException(
          "The service '" + spec.name() + "' has no place for its data: " + e, e);
    }
  }

  /** What the processes inherit: of the user's, but for what steers clients of databases. */
  private Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>(Surroundings.here().environment());
    environment.keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("SLIPWAY_"));
    environment.put("RUNNER_TRACKING_ID", owner.token() + "_" + owner.job());
    return environment;
  }

  @Override
  public void pull(
      String image,
      Optional<ContainerSpec.Credentials> credentials,
      Consumer<String> log,
      StopSignal stop) {
    others("The image '" + image + "'").pull(image, credentials, log, stop);
  }

  @Override
  public String build(Path folder, Path dockerfile, Consumer<String> log, StopSignal stop) {
    return others("The image of '" + folder + "'").build(folder, dockerfile, log, stop);
  }

  @Override
  public ProcessResult run(
      ContainerSpec spec, ProcessOutput output, StopSignal stop, long deadlineNanos) {
    return others("The image '" + spec.image() + "'").run(spec, output, stop, deadlineNanos);
  }

  @Override
  public void close(Consumer<String> log) {
    running.forEach(LocalService::stop);
    for (LocalService service : running) {
      service.end();
      log.accept("##[group]Log of the service '" + service.spec().name() + "'");
      service.log().forEach(log);
      log.accept("##[endgroup]");
    }
    running.clear();
    services.ports().release(ports);
    ports.clear();
    Path data = folder;
    if (data != null) {
      folder = null;
      try {
        services.folders().release(data);
      } catch (IOException e) {
        log.accept("##[warning]The data of services stays in " + data + ": " + e.getMessage());
      }
    }
    JobContainers open;
    synchronized (this) {
      open = others;
      others = null;
    }
    if (open != null) {
      open.close(log);
    }
  }
}
