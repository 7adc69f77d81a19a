package dev.slipway.docker;

import dev.slipway.engine.ContainerEngine;
import dev.slipway.engine.ContainerSpec;
import dev.slipway.engine.JobContainers;
import dev.slipway.engine.ProcessOutput;
import dev.slipway.engine.ProcessResult;
import dev.slipway.engine.RunEvent;
import dev.slipway.engine.StopSignal;
import dev.slipway.testing.Required;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A job's containers on the engine of this machine, with what tests ask again and again. */
final class Dock implements AutoCloseable {
  static final String BUSYBOX = "slipway-test/busybox";
  static final String DEBIAN = "slipway-test/debian";
  static final String BASH = "slipway-test/bash";

  private static final AtomicInteger JOBS = new AtomicInteger();

  final DockerEngine engine;
  final JobContainers containers;
  final List<String> log = Collections.synchronizedList(new ArrayList<>());
  final List<String> closing = Collections.synchronizedList(new ArrayList<>());
  final String token;
  final DockerApi api;

  private Dock(Path scratch, Map<String, String> environment) {
    engine = DockerEngine.create(scratch, environment);
    token = "test-" + ProcessHandle.current().pid() + "-" + JOBS.incrementAndGet();
    containers = engine.open(new ContainerEngine.Owner("/project", token, "job"));
    api = engine.api();
  }

  static Dock open(Path scratch) {
    return open(scratch, System.getenv());
  }

  static Dock open(Path scratch, Map<String, String> environment) {
    require();
    return new Dock(scratch, environment);
  }

  /** Skips the test where no engine with the test's images is. */
  static void require() {
    Path socket = Endpoint.find(System.getenv(), DockerConfig.read(System.getenv())).socket();
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      if (!channel.isConnected()) {
        throw Required.missing("a Docker engine");
      }
    } catch (IOException e) {
      throw Required.missing("a Docker engine");
    }
    DockerApi api = DockerApi.connect(new Endpoint(socket));
    if (!new Images(api, DockerConfig.read(Map.of())).present("slipway-test/redis")) {
      throw Required.missing("a Docker engine with the images of machine-docker/src/test/docker");
    }
  }

  static ContainerSpec spec(String name, String image) {
    return new ContainerSpec(
        name,
        image,
        Optional.empty(),
        Map.of(),
        List.of(),
        List.of(),
        "",
        Optional.empty(),
        List.of(),
        List.of(),
        "");
  }

  static ContainerSpec options(ContainerSpec spec, String options) {
    return new ContainerSpec(
        spec.name(),
        spec.image(),
        spec.credentials(),
        spec.environment(),
        spec.ports(),
        spec.volumes(),
        options,
        spec.entrypoint(),
        spec.command(),
        spec.mounts(),
        spec.directory());
  }

  static ContainerSpec command(ContainerSpec spec, String entrypoint, String... command) {
    return new ContainerSpec(
        spec.name(),
        spec.image(),
        spec.credentials(),
        spec.environment(),
        spec.ports(),
        spec.volumes(),
        spec.options(),
        entrypoint.isEmpty() ? Optional.empty() : Optional.of(entrypoint),
        List.of(command),
        spec.mounts(),
        spec.directory());
  }

  static ContainerSpec ports(ContainerSpec spec, String... ports) {
    return new ContainerSpec(
        spec.name(),
        spec.image(),
        spec.credentials(),
        spec.environment(),
        List.of(ports),
        spec.volumes(),
        spec.options(),
        spec.entrypoint(),
        spec.command(),
        spec.mounts(),
        spec.directory());
  }

  static ContainerSpec volumes(ContainerSpec spec, String... volumes) {
    return new ContainerSpec(
        spec.name(),
        spec.image(),
        spec.credentials(),
        spec.environment(),
        spec.ports(),
        List.of(volumes),
        spec.options(),
        spec.entrypoint(),
        spec.command(),
        spec.mounts(),
        spec.directory());
  }

  static ContainerSpec mounts(ContainerSpec spec, ContainerSpec.Mount... mounts) {
    return new ContainerSpec(
        spec.name(),
        spec.image(),
        spec.credentials(),
        spec.environment(),
        spec.ports(),
        spec.volumes(),
        spec.options(),
        spec.entrypoint(),
        spec.command(),
        List.of(mounts),
        spec.directory());
  }

  static ContainerSpec environment(ContainerSpec spec, Map<String, String> environment) {
    return new ContainerSpec(
        spec.name(),
        spec.image(),
        spec.credentials(),
        environment,
        spec.ports(),
        spec.volumes(),
        spec.options(),
        spec.entrypoint(),
        spec.command(),
        spec.mounts(),
        spec.directory());
  }

  /** The ids of what this job made and is there still. */
  List<String> owned(String path) {
    String filters = DockerApi.escape("{\"label\":[\"dev.slipway.token=" + token + "\"]}");
    List<String> ids = new ArrayList<>();
    for (Json one : api.get(path + "filters=" + filters).items()) {
      ids.add(one.get("Id").text());
    }
    return ids;
  }

  /** The names of the volumes that this job's containers use. */
  List<String> mountedVolumes() {
    List<String> names = new ArrayList<>();
    for (String id : owned("/containers/json?all=1&")) {
      for (Json mount : api.get("/containers/" + id + "/json").get("Mounts").items()) {
        if (mount.get("Type").text().equals("volume")) {
          names.add(mount.get("Name").text());
        }
      }
    }
    return names;
  }

  JobContainers.Started start(Optional<ContainerSpec> job, ContainerSpec... services) {
    return containers.start(job, List.of(services), log::add, new StopSignal());
  }

  JobContainers.JobContainer job(ContainerSpec job, ContainerSpec... services) {
    return start(Optional.of(job), services).job().orElseThrow();
  }

  JobContainers.JobContainer job(String image) {
    return job(spec("job", image));
  }

  /** Runs a script with the image's shell, to its end. */
  static Collected sh(JobContainers.JobContainer job, String script) {
    return run(job, Map.of(), "sh", "-c", script);
  }

  static Collected run(
      JobContainers.JobContainer job,
      Map<String, String> environment,
      String program,
      String... arguments) {
    Collected output = new Collected();
    output.result =
        job.run(
            program,
            List.of(arguments),
            "/",
            environment,
            output,
            new StopSignal(),
            Long.MAX_VALUE);
    return output;
  }

  @Override
  public void close() {
    containers.close(closing::add);
    engine.close();
  }

  /** What a process printed, and how it ended. */
  static final class Collected implements ProcessOutput {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final CountDownLatch ready = new CountDownLatch(1);
    ProcessResult result = new ProcessResult(ProcessResult.End.NOT_STARTED, -1);

    @Override
    public void bytes(RunEvent.Stream stream, byte[] bytes, int length) {
      (stream == RunEvent.Stream.STDERR ? err : out).write(bytes, 0, length);
      if (ready.getCount() > 0 && text().contains("ready")) {
        ready.countDown();
      }
    }

    @Override
    public void idle() {}

    String text() {
      return out.toString(StandardCharsets.UTF_8);
    }

    String errors() {
      return err.toString(StandardCharsets.UTF_8);
    }
  }
}
