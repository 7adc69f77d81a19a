package dev.slipway.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.ContainerException;
import dev.slipway.engine.ContainerSpec;
import dev.slipway.engine.JobContainers;
import dev.slipway.engine.JobContainers.JobContainer;
import dev.slipway.engine.Stop;
import dev.slipway.engine.StopSignal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Services of a job: how they start, are reached, fail, and go away. */
@Timeout(120)
class ServicesTest {
  @TempDir Path scratch;

  private static ContainerSpec service(String name, String script) {
    return Dock.command(Dock.spec(name, Dock.BUSYBOX), "sh", "-c", script);
  }

  private static ContainerSpec web(String name, String says) {
    return service(
        name, "mkdir /www && echo '" + says + "' >/www/index.html && exec httpd -f -p 80 -h /www");
  }

  private static final String CHECKED =
      "--health-cmd 'wget -q -O - http://127.0.0.1/' --health-interval 100ms --health-retries 50";

  @Test
  void start_none_makesNothing() {
    try (Dock dock = Dock.open(scratch)) {
      JobContainers.Started started = dock.start(Optional.empty());
      assertThat(started.network()).isEmpty();
      assertThat(started.services()).isEmpty();
      assertThat(dock.owned("/networks?")).isEmpty();
    }
  }

  @Test
  void start_theJobReachesItsServicesByName() {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job =
          dock.job(
              Dock.spec("job", Dock.BUSYBOX),
              Dock.options(web("one", "first"), CHECKED),
              Dock.options(web("two", "second"), CHECKED + " --network-alias zwei"));
      assertThat(Dock.sh(job, "for s in one two zwei; do wget -q -O - http://$s/; done").text())
          .isEqualTo("first\nsecond\nsecond\n");
    }
  }

  @Test
  void start_portsAreReachedFromThisMachine() throws Exception {
    int fixed = freePort();
    try (Dock dock = Dock.open(scratch)) {
      JobContainers.Started started =
          dock.start(
              Optional.empty(),
              Dock.ports(
                  Dock.options(web("web", "hello"), CHECKED),
                  "80",
                  fixed + ":81",
                  "127.0.0.1:" + freePort() + ":82",
                  "90-92",
                  "53/udp"));
      Map<String, String> ports = started.services().getFirst().ports();
      assertThat(ports).containsKeys("80", "90", "91", "92", "53/udp");
      assertThat(ports).containsEntry("81", Integer.toString(fixed)).hasSize(7);
      assertThat(get(Integer.parseInt(ports.get("80")))).contains("hello");
      Json bound =
          dock.api
              .get("/containers/" + started.services().getFirst().id() + "/json")
              .get("NetworkSettings")
              .get("Ports");
      assertThat(bound.get("80/tcp").items().getFirst().get("HostIp").text())
          .isEqualTo("127.0.0.1");
      assertThat(bound.get("81/tcp").items().getFirst().get("HostIp").text()).isEqualTo("0.0.0.0");
    }
  }

  @Test
  void start_realDatabases() throws Exception {
    try (Dock dock = Dock.open(scratch)) {
      JobContainers.Started started =
          dock.start(
              Optional.of(Dock.spec("job", "slipway-test/postgres")),
              Dock.ports(
                  Dock.environment(
                      Dock.options(
                          Dock.spec("postgres", "slipway-test/postgres"),
                          "--health-cmd \"pg_isready -h 127.0.0.1 -U postgres\" --health-interval"
                              + " 200ms --health-timeout 5s --health-retries 100"),
                      Map.of("POSTGRES_PASSWORD", "it's secret")),
                  "5432"),
              Dock.ports(
                  Dock.options(
                      Dock.spec("redis", "slipway-test/redis"),
                      "--health-cmd \"redis-cli ping\" --health-interval 200ms"
                          + " --health-retries 100"),
                  "6379"));
      JobContainer job = started.job().orElseThrow();
      Dock.Collected output =
          Dock.run(
              job,
              Map.of("PGPASSWORD", "it's secret"),
              "psql",
              "-h",
              "postgres",
              "-U",
              "postgres",
              "-Atc",
              "select 6*7");
      assertThat(output.text()).isEqualTo("42\n");
      assertThat(Dock.sh(job, "redis-cli -h redis set a b; redis-cli -h redis get a").text())
          .isEqualTo("OK\nb\n");
      int redis = Integer.parseInt(started.services().get(1).ports().get("6379"));
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis)) {
        socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
            .isEqualTo("+PONG");
      }
    }
  }

  @Test
  void start_waitsForTheHealthCheckOfTheImage() {
    try (Dock dock = Dock.open(scratch)) {
      JobContainers.Started started =
          dock.start(Optional.empty(), Dock.spec("checked", "slipway-test/health"));
      Json state =
          dock.api.get("/containers/" + started.services().getFirst().id() + "/json").get("State");
      assertThat(state.get("Health").get("Status").text()).isEqualTo("healthy");
    }
  }

  @Test
  void start_unhealthy_failsAndShowsTheLog() {
    try (Dock dock = Dock.open(scratch)) {
      assertThatThrownBy(() ->
              dock.start(
                  Optional.of(Dock.spec("job", Dock.BUSYBOX)),
                  Dock.environment(
                      Dock.spec("checked", "slipway-test/health"), Map.of("HEALTH", "bad"))))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("service 'checked'")
          .hasMessageContaining("One or more containers failed to start.");
      assertThat(dock.log)
          .containsSubsequence("##[group]Log of service 'checked'", "starting", "##[endgroup]");
    }
  }

  @Test
  void start_aServiceThatEnds_failsAndShowsTheLog() {
    try (Dock dock = Dock.open(scratch)) {
      assertThatThrownBy(() ->
              dock.start(
                  Optional.empty(),
                  Dock.options(service("short", "echo said; echo wrong >&2; exit 4"), CHECKED)))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("exit code 4");
      assertThat(dock.log).contains("said", "wrong");
    }
  }

  @Test
  void start_askedToStop_doesNotWaitForHealth() throws Exception {
    try (Dock dock = Dock.open(scratch);
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      StopSignal stop = new StopSignal();
      Future<?> starting =
          threads.submit(() ->
              dock.containers.start(
                  Optional.empty(),
                  List.of(
                      Dock.options(
                          service("slow", "sleep 1000"),
                          "--health-cmd false --health-interval 100s")),
                  dock.log::add,
                  stop));
      while (dock.owned("/containers/json?all=1&").isEmpty()) {
        Thread.onSpinWait();
      }
      stop.request(Stop.GRACEFUL);
      assertThatThrownBy(() -> starting.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ContainerException.class);
    }
  }

  @Test
  void start_twoThatNeedEachOther_startTogether() {
    String meets =
        "mkdir /www; httpd -p 80 -h /www; touch /www/here;"
            + " until wget -q -O /dev/null http://%s/here; do sleep 0.05; done;"
            + " touch /met; exec sleep 1000";
    String met = "--health-cmd 'test -e /met' --health-interval 100ms --health-retries 300";
    try (Dock dock = Dock.open(scratch)) {
      JobContainers.Started started =
          dock.start(
              Optional.empty(),
              Dock.options(service("left", meets.replace("%s", "right")), met),
              Dock.options(service("right", meets.replace("%s", "left")), met));
      assertThat(started.services()).hasSize(2);
    }
  }

  @Test
  void start_volumes() throws Exception {
    Path folder = Files.createDirectory(scratch.resolve("shared with spaces"));
    Files.writeString(folder.resolve("given"), "from here");
    String name = "slipway-test-" + ProcessHandle.current().pid();
    try (Dock dock = Dock.open(scratch)) {
      try {
        JobContainer job =
            dock.job(
                Dock.mounts(
                    Dock.volumes(
                        Dock.spec("job", Dock.BUSYBOX),
                        name + ":/named",
                        "/anonymous",
                        folder + ":/bound:ro"),
                    new ContainerSpec.Mount(folder.toString(), "/mounted", false),
                    new ContainerSpec.Mount(folder.resolve("given").toString(), "/one-file", true)),
                Dock.volumes(
                    service("other", "echo shared >/named/file; exec sleep 1000"),
                    name + ":/named"));
        assertThat(
                Dock.sh(
                        job,
                        "cat /bound/given /one-file; touch /bound/x 2>/dev/null || echo read-only;"
                            + " echo out >/mounted/out; touch /anonymous/x && echo own;"
                            + " until [ -s /named/file ]; do sleep 0.05; done; cat /named/file")
                    .text())
            .isEqualTo("from herefrom hereread-only\nown\nshared\n");
        assertThat(folder.resolve("out")).hasContent("out\n");
      } finally {
        dock.containers.close();
        dock.api.delete("/volumes/" + name);
      }
    }
  }

  @Test
  void start_aMountThatIsNotThere_saysSo() {
    try (Dock dock = Dock.open(scratch)) {
      assertThatThrownBy(() ->
              dock.job(
                  Dock.mounts(
                      Dock.spec("job", Dock.BUSYBOX),
                      new ContainerSpec.Mount(scratch.resolve("absent").toString(), "/x", false))))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("absent");
    }
  }

  @Test
  void start_aPortThatIsTaken_saysSo() throws Exception {
    try (Dock dock = Dock.open(scratch);
        ServerSocket taken = new ServerSocket(0)) {
      assertThatThrownBy(() ->
              dock.start(
                  Optional.empty(), Dock.ports(web("web", "x"), taken.getLocalPort() + ":80")))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining(Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void close_showsWhatServicesSaid_andLeavesNothing() {
    try (Dock dock = Dock.open(scratch)) {
      dock.start(
          Optional.of(Dock.volumes(Dock.spec("job", Dock.BUSYBOX), "/anonymous")),
          Dock.options(
              service("talker", "echo one; echo two >&2; touch /said; exec sleep 1000"),
              "--health-cmd 'test -e /said' --health-interval 100ms"));
      List<String> volumes = dock.mountedVolumes();
      assertThat(volumes).isNotEmpty();
      dock.containers.close(dock.closing::add);
      assertThat(dock.closing)
          .contains("##[group]Log of service 'talker'", "one", "two", "##[endgroup]");
      assertThat(dock.owned("/containers/json?all=1&")).isEmpty();
      assertThat(dock.owned("/networks?")).isEmpty();
      for (String volume : volumes) {
        assertThatThrownBy(() -> dock.api.get("/volumes/" + volume))
            .isInstanceOf(DockerException.class);
      }
    }
  }

  @Test
  void severalJobsAtOnce_haveNetworksOfTheirOwn() throws Exception {
    Dock.require();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<String>> jobs = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        String own = "job " + i;
        jobs.add(
            threads.submit(() -> {
              try (Dock dock = Dock.open(scratch)) {
                JobContainer job =
                    dock.job(
                        Dock.spec("job", Dock.BUSYBOX), Dock.options(web("web", own), CHECKED));
                return Dock.sh(job, "wget -q -O - http://web/").text();
              }
            }));
      }
      for (int i = 0; i < 3; i++) {
        assertThat(jobs.get(i).get(90, TimeUnit.SECONDS)).isEqualTo("job " + i + "\n");
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String get(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
