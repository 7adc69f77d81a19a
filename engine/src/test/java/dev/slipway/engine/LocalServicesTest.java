package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import dev.slipway.workflow.ProjectFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalServicesTest {
  /** Listens on a port and says what it was told. */
  private static final String SERVER =
      """
      import os, socket, sys
      server = socket.socket()
      server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
      server.bind(("127.0.0.1", int(os.environ["PORT"])))
      server.listen()
      print("serving", sys.argv[1:], os.getpid(), flush=True)
      while True:
          connection, _ = server.accept()
          connection.sendall(os.environ.get("GREETING", "hello").encode() + b"\\n")
          connection.close()
      """;

  private static final String ASK =
      "exec 3<> /dev/tcp/127.0.0.1/${{ job.services.web.ports['8080'] }}; cat <&3";

  @TempDir Path folder;
  private Workbench bench;
  private final Map<String, ProjectFile.Service> mapped = new LinkedHashMap<>();

  @BeforeEach
  void repository() throws IOException {
    bench = Workbench.in(folder);
  }

  private void map(String image, String process, String health, int port) {
    mapped.put(image, new ProjectFile.Service(process, health, port));
    bench.containers(LocalServices.before(ContainerEngine.NONE, mapped));
  }

  private void server() throws IOException {
    Required.program("python3");
    bench.file("server.py", SERVER);
    map("my/image", "exec python3 server.py \"$@\"", "", 8080);
  }

  private static String job(String services, String steps) {
    return "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    services:\n"
        + services.indent(6)
        + "    steps:\n"
        + steps.indent(6);
  }

  @ParameterizedTest
  @CsvSource({
    "postgres, postgres:15-alpine",
    "postgres, docker.io/library/postgres@sha256:0123",
    "library/postgres, docker.io/library/postgres",
    "my/image, ghcr.io/my/image:1",
    "my/image:1, localhost:5000/my/image:1",
    "ghcr.io/my/image, ghcr.io/my/image:1@sha256:0123"
  })
  void images_areMeantByTheirNames(String name, String image) {
    assertThat(LocalServices.names(image)).contains(name);
  }

  @Test
  void longerNames_comeFirst() {
    assertThat(LocalServices.names("ghcr.io/my/image:1"))
        .containsExactly("ghcr.io/my/image:1", "my/image:1", "ghcr.io/my/image", "my/image");
  }

  @Test
  void command_runsWithItsVariables_onAFreePort_untilTheJobEnds() throws Exception {
    server();
    bench.workflow(
        job(
            "web:\n"
                + "  image: ghcr.io/my/image:3\n"
                + "  env: {GREETING: welcome}\n"
                + "  ports: [8080]\n"
                + "  command: one 'two three'\n",
            "- run: " + ASK + "\n"));
    Workbench.Ran ran = bench.run();
    assertThat(ran.conclusion()).isEqualTo(Conclusion.SUCCESS);
    assertThat(ran.log()).contains("welcome");
    String serving = "serving ['one', 'two three'] ";
    String said =
        ran.log().stream().filter(line -> line.startsWith(serving)).findAny().orElseThrow();
    assertThat(ProcessHandle.of(Long.parseLong(said.substring(serving.length())))).isEmpty();
  }

  @Test
  void hostPort_isTheOneAskedFor_andJobsWaitForIt() throws Exception {
    server();
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String job =
        """
          JOB:
            runs-on: ubuntu-latest
            services:
              web: {image: my/image, ports: ['PORT:8080']}
            steps:
              - run: echo is ${{ job.services.web.ports['8080'] }}
        """
            .replace("PORT", Integer.toString(port));
    bench.workflow("on: push\njobs:\n" + job.replace("JOB", "a") + job.replace("JOB", "b"));
    Workbench.Ran ran = bench.run();
    assertThat(ran.log("a")).contains("is " + port);
    assertThat(ran.log("b")).contains("is " + port);
    assertThat(ran.conclusion()).isEqualTo(Conclusion.SUCCESS);
  }

  @Test
  void takenHostPort_isOneClearError() throws Exception {
    server();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      bench.workflow(
          job(
              "web: {image: my/image, ports: ['" + taken.getLocalPort() + ":8080']}\n",
              "- run: echo not reached\n"));
      Workbench.Ran ran = bench.run();
      assertThat(ran.conclusion()).isEqualTo(Conclusion.FAILURE);
      assertThat(ran.log())
          .doesNotContain("not reached")
          .anyMatch(line -> line.contains("The port " + taken.getLocalPort() + " of this machine"));
    }
  }

  @Test
  void serviceThatEnds_failsTheJob_withWhatItPrinted() throws Exception {
    map("my/image", "echo no configuration; exit 4", "", 8080);
    bench.workflow(job("web: {image: my/image}\n", "- run: echo not reached\n"));
    Workbench.Ran ran = bench.run();
    assertThat(ran.conclusion()).isEqualTo(Conclusion.FAILURE);
    assertThat(ran.log())
        .contains(
            "no configuration", "##[error]The service 'web' failed: it ended with exit code 4")
        .doesNotContain("not reached");
  }

  @Test
  void health_isWaitedFor() throws Exception {
    Path fifo = bench.fifo("ready");
    map(
        "my/image",
        "touch started; cat " + fifo + "; sleep 1000",
        "test -e asked && exec 3<> " + fifo + "; touch asked; echo >&3",
        0);
    bench.workflow(job("web: {image: my/image}\n", "- run: echo reached\n"));
    assertThat(bench.run().log()).contains("reached");
    assertThat(bench.root().resolve("asked")).exists();
  }

  @Test
  void dataOfAKilledSlipway_isRemovedByTheNext() throws Exception {
    map("my/image", "exec sleep 1000", "true", 0);
    bench.workflow(
        job("web: {image: my/image}\n", "- run: ls -d /tmp/slipway-services-$(id -u)\n"));
    Path base = Path.of(bench.run().log(1).getFirst());
    Path left = base.resolve("4711");
    Files.createDirectories(left.resolve("0/data"));
    assertThat(bench.run().conclusion()).isEqualTo(Conclusion.SUCCESS);
    assertThat(left).doesNotExist();
  }

  /** Runs a project's workflows, with Redis as a process, in a process of its own. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      Map<String, ProjectFile.Service> redis =
          Map.of("redis", new ProjectFile.Service("redis", "", 0));
      LocalEngine.create(
              Project.open(Path.of(arguments[0])),
              RunRequest.push(),
              LocalServices.before(ContainerEngine.NONE, redis))
          .run(
              new RunListener() {
                @Override
                public void event(RunEvent event) {}

                @Override
                public void log(
                    String run,
                    String job,
                    int step,
                    RunEvent.Stream stream,
                    byte[] line,
                    int offset,
                    int length) {}
              });
    }
  }

  @Test
  void killedSlipway_takesItsServicesWithIt() throws Exception {
    Required.program("redis-server");
    Required.program("redis-cli");
    Required.program("setpriv");
    Path up = bench.fifo("up");
    bench.workflow(
        job(
            "cache: {image: redis, ports: [6379]}\n",
            "- run: redis-cli -p ${{ job.services.cache.ports['6379'] }} info server | grep"
                + " process_id > "
                + up
                + "; tail -f /dev/null\n"));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            bench.root().toString());
    builder.environment().put("HOME", bench.userHome().toString());
    builder.environment().put("SLIPWAY_WORK", bench.cache().resolve("work").toString());
    builder.environment().put("XDG_CACHE_HOME", bench.folder().resolve("xdg").toString());
    Process child = builder.inheritIO().start();
    String id = Files.readString(up).strip();
    Path redis = Path.of("/proc", id.substring(id.indexOf(':') + 1), "cmdline");
    assertThat(runs(redis)).isTrue();
    child.destroyForcibly().waitFor();
    // It is another's child: its end cannot be waited for.
    for (int i = 0; i < 100_000 && runs(redis); i++) {
      Thread.onSpinWait();
    }
    assertThat(runs(redis)).isFalse();
    RunStore.open(bench.root()).recover();
    assertThat(bench.processes()).isEmpty();
  }

  /** One that has ended and that nobody has waited for has no command line any more. */
  private static boolean runs(Path commandLine) {
    try {
      return Files.readAllBytes(commandLine).length > 0;
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void serviceWithoutAProcess_tellsWhatToWrite() throws Exception {
    bench.containers(LocalServices.before(ContainerEngine.NONE, mapped));
    bench.workflow(
        job("db: {image: 'postgis/postgis:16'}\nweb: {image: 'acme/web:1'}\n", "- run: echo no\n"));
    Workbench.Ran ran = bench.run();
    assertThat(ran.log())
        .containsSequence(
            "To run services as processes of this machine, add to slipway.yml:",
            "services:",
            "  postgis/postgis: {process: postgres}",
            "  acme/web: {process: \"COMMAND --port $PORT\"}")
        .contains(
            "##[error]The service 'db' cannot run here: there is no container engine on this"
                + " machine");
  }

  @Test
  void cancelledStart_endsTheService() throws Exception {
    map("my/image", "touch started; sleep 1000", "false", 0);
    bench.workflow(job("web: {image: my/image}\n", "- run: echo not reached\n"));
    LocalEngine engine = bench.engine();
    Thread canceller =
        Thread.ofPlatform()
            .start(() -> {
              while (!Files.exists(bench.root().resolve("started"))) {
                Thread.onSpinWait();
              }
              engine.cancel();
            });
    Workbench.Ran ran = bench.run(engine, event -> {});
    canceller.join();
    assertThat(ran.conclusion()).isEqualTo(Conclusion.CANCELLED);
    assertThat(ran.log()).doesNotContain("not reached");
  }

  @Test
  void postgres_isSetUpAsItsImageDoes() throws Exception {
    assertThat(Required.program("initdb", postgresFolders())).exists();
    Path psql = Required.program("psql", postgresFolders());
    map("postgres", "postgres", "", 0);
    bench.workflow(
        job(
            """
            db:
              image: postgres:15
              env: {POSTGRES_USER: me, POSTGRES_PASSWORD: pass word, POSTGRES_DB: shop, POSTGRES_INITDB_ARGS: --data-checksums}
              ports: [5432]
              options: --health-cmd pg_isready
              command: postgres -c max_connections=33
            """,
            """
            - env:
                PGPASSWORD: pass word
                URL: host=localhost port=${{ job.services.db.ports['5432'] }} user=me dbname=shop
              run: |
                q() { PSQL "$URL" -Atqc "$1"; }
                q "create table t (x int); insert into t values (42); select x from t"
                q "show data_checksums; show max_connections; show server_encoding"
                q "show data_directory"
                q "select rolsuper from pg_roles where rolname = 'me'"
                PGPASSWORD=wrong q "select 1" 2>&1 | grep -o 'authentication failed' | head -1
            """
                .replace("PSQL", psql.toString())));
    Workbench.Ran ran = bench.run();
    String data = ran.log(1).stream().filter(line -> line.startsWith("/")).findAny().orElseThrow();
    assertThat(Path.of(data)).doesNotExist();
    assertThat(ran.log(1))
        .containsExactly("42", "on", "33", "UTF8", data, "t", "authentication failed");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.SUCCESS);
  }

  @Test
  void postgresWithoutAPassword_isRefusedAsByItsImage() throws Exception {
    assertThat(Required.program("initdb", postgresFolders())).exists();
    map("postgres", "postgres", "", 0);
    bench.workflow(job("db: {image: postgres}\n", "- run: echo not reached\n"));
    assertThat(bench.run().log())
        .anyMatch(line -> line.contains("Set POSTGRES_PASSWORD in the service's env"));
  }

  @Test
  void redis_answersWithItsPassword() throws Exception {
    Required.program("redis-server");
    Required.program("redis-cli");
    map("redis", "redis", "", 0);
    bench.workflow(
        job(
            "cache: {image: 'redis:7', ports: ['6379'], command: redis-server --requirepass"
                + " secret}\n",
            """
            - run: |
                ask() { redis-cli -p ${{ job.services.cache.ports[6379] }} "$@"; }
                ask ping
                ask --no-auth-warning -a secret ping
                ask --no-auth-warning -a secret config get save
            """));
    Workbench.Ran ran = bench.run();
    assertThat(ran.log(1)).contains("NOAUTH Authentication required.", "PONG");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.SUCCESS);
  }

  /** Where Debian has PostgreSQL. */
  private static List<Path> postgresFolders() throws IOException {
    Path base = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(base)) {
      return List.of();
    }
    try (Stream<Path> versions = Files.list(base)) {
      return versions.map(version -> version.resolve("bin")).toList();
    }
  }
}
