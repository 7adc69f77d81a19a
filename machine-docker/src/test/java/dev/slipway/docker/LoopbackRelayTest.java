package dev.slipway.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.engine.ContainerSpec;
import dev.slipway.engine.JobContainers.JobContainer;
import dev.slipway.engine.StopSignal;
import dev.slipway.testing.Required;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What listens on this machine's loopback is reached from containers, if they are to. */
@Timeout(120)
class LoopbackRelayTest {
  private static final byte[] LARGE =
      "0123456789abcdef".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);

  @TempDir Path scratch;
  private final HttpServer server;
  private int port;

  LoopbackRelayTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void serve() {
    server.createContext(
        "/",
        exchange -> {
          byte[] sent = exchange.getRequestBody().readAllBytes();
          byte[] body = exchange.getRequestMethod().equals("POST") ? sent : LARGE;
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    port = server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + port + "/";
  }

  @Test
  void forward_reachesTheJobsContainer() {
    try (Dock dock = Dock.open(scratch)) {
      requireRoot();
      dock.containers.forward(port);
      JobContainer job = dock.job(Dock.BUSYBOX);
      assertThat(Dock.sh(job, "wget -q -O - " + url() + " | wc -c").text().strip())
          .isEqualTo(Integer.toString(LARGE.length));
      assertThat(Dock.sh(job, "wget -q -O - --post-data 'sent up' " + url()).text())
          .isEqualTo("sent up");
      assertThat(Dock.sh(job, "wget -q -O - http://$(hostname -i):" + port).result.exitCode())
          .isNotZero();
    }
  }

  @Test
  void forward_reachesActions() {
    try (Dock dock = Dock.open(scratch)) {
      requireRoot();
      dock.containers.forward(port);
      Dock.Collected output = new Dock.Collected();
      ContainerSpec action =
          Dock.command(
              Dock.spec("action", Dock.BUSYBOX),
              "sh",
              "-c",
              "until wget -q -O /dev/null " + url() + "; do :; done; echo got");
      dock.containers.run(action, output, new StopSignal(), Long.MAX_VALUE);
      assertThat(output.text()).isEqualTo("got\n");
    }
  }

  @Test
  void forward_notAsked_reachesNothing() {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job = dock.job(Dock.BUSYBOX);
      assertThat(Dock.sh(job, "wget -q -O - " + url()).result.exitCode()).isNotZero();
    }
  }

  @Test
  void within_perl() {
    try (Dock dock = Dock.open(scratch)) {
      reachesThroughAProgram((DockerJobContainer) dock.job(Dock.DEBIAN), "perl");
    }
  }

  @Test
  void within_nodeAsAnotherUser() {
    Path node = Required.program("node", List.of());
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job =
          dock.job(
              Dock.options(
                  Dock.mounts(
                      Dock.spec("job", Dock.DEBIAN),
                      new ContainerSpec.Mount(real(node), "/__e/node20/bin/node", true)),
                  "--user 4321"));
      reachesThroughAProgram((DockerJobContainer) job, "node");
    }
  }

  @Test
  void within_noProgram_isEmpty() {
    try (Dock dock = Dock.open(scratch)) {
      assertThat(((DockerJobContainer) dock.job(Dock.BUSYBOX)).relay(List.of(port))).isEmpty();
    }
  }

  private void reachesThroughAProgram(DockerJobContainer job, String program) {
    Optional<LoopbackRelay> relay = job.relay(List.of(port));
    assertThat(relay).isPresent();
    assertThat(Dock.sh(job, "cat /proc/[0-9]*/comm").text()).contains(program);
    String get =
        "exec 3<>/dev/tcp/127.0.0.1/"
            + port
            + "; printf 'POST / HTTP/1.0\\r\\nContent-Length: 7\\r\\n\\r\\nsent up' >&3; cat <&3";
    for (int i = 0; i < 3; i++) {
      assertThat(Dock.run(job, Map.of(), "bash", "-c", get).text()).endsWith("sent up");
    }
    String large =
        "exec 3<>/dev/tcp/127.0.0.1/" + port + "; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3";
    assertThat(Dock.run(job, Map.of(), "bash", "-c", large).out.size()).isGreaterThan(LARGE.length);
    relay.orElseThrow().close();
  }

  private static String real(Path path) {
    try {
      return Files.isSymbolicLink(path) ? path.toRealPath().toString() : path.toString();
    } catch (IOException e) {
      throw Required.missing("node");
    }
  }

  private static void requireRoot() {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw Required.missing("the right to enter the networks of containers");
    }
  }
}
