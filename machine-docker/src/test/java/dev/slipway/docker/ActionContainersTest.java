package dev.slipway.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.ContainerException;
import dev.slipway.engine.ContainerSpec;
import dev.slipway.engine.ProcessResult;
import dev.slipway.engine.Stop;
import dev.slipway.engine.StopSignal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers of actions: how their images are built, how they run, and what they reach. */
@Timeout(120)
class ActionContainersTest {
  @TempDir Path scratch;
  @TempDir Path folder;

  private static ContainerSpec sh(String script) {
    return Dock.command(Dock.spec("action", Dock.BUSYBOX), "sh", "-c", script);
  }

  private static Dock.Collected run(Dock dock, ContainerSpec spec) {
    Dock.Collected output = new Dock.Collected();
    output.result = dock.containers.run(spec, output, new StopSignal(), Long.MAX_VALUE);
    return output;
  }

  private static String build(Dock dock, Path folder) {
    return dock.containers.build(
        folder, folder.resolve("Dockerfile"), dock.log::add, new StopSignal());
  }

  @Test
  void run_handsOnOutputAndExitCode_andLeavesNothing() {
    try (Dock dock = Dock.open(scratch)) {
      Dock.Collected output =
          run(dock, Dock.volumes(sh("echo out; echo err >&2; cat; exit 5"), "/anonymous"));
      assertThat(output.result).isEqualTo(new ProcessResult(ProcessResult.End.EXITED, 5));
      assertThat(output.text()).isEqualTo("out\n");
      assertThat(output.errors()).isEqualTo("err\n");
      assertThat(dock.owned("/containers/json?all=1&")).isEmpty();
    }
  }

  @Test
  void run_losesNothingOfMuchOutput() {
    try (Dock dock = Dock.open(scratch)) {
      Dock.Collected output = run(dock, sh("seq 1 200000"));
      StringBuilder wanted = new StringBuilder();
      for (int i = 1; i <= 200000; i++) {
        wanted.append(i).append('\n');
      }
      assertThat(output.text().equals(wanted.toString())).isTrue();
    }
  }

  @Test
  void run_theImagesOwnCommand_withVariablesMountsAndFolder() {
    try (Dock dock = Dock.open(scratch)) {
      assertThat(run(dock, Dock.spec("action", "slipway-test/scratch")).text())
          .isEqualTo("scratch\n");
      ContainerSpec spec =
          new ContainerSpec(
              "action",
              Dock.BUSYBOX,
              Optional.empty(),
              Map.of("INPUT_MY-NAME", "line one\nline two"),
              List.of(),
              List.of(),
              "",
              Optional.of("env"),
              List.of(),
              List.of(new ContainerSpec.Mount(folder.toString(), "/github/workspace", false)),
              "/github/workspace");
      assertThat(run(dock, spec).text()).contains("INPUT_MY-NAME=line one\nline two\n");
      assertThat(
              run(
                      dock,
                      Dock.mounts(
                          sh("echo made >/github/workspace/file"),
                          new ContainerSpec.Mount(folder.toString(), "/github/workspace", false)))
                  .result
                  .exitCode())
          .isZero();
      assertThat(folder.resolve("file")).hasContent("made\n");
    }
  }

  @Test
  void run_aProgramThatIsNotThere_saysSo() {
    try (Dock dock = Dock.open(scratch)) {
      assertThatThrownBy(
              () -> run(dock, Dock.command(Dock.spec("action", Dock.BUSYBOX), "no-such-program")))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("no-such-program");
      assertThat(dock.owned("/containers/json?all=1&")).isEmpty();
    }
  }

  @Test
  void run_anImageThatIsNotThere_isNotPulledWithPullNever() {
    try (Dock dock = Dock.open(scratch)) {
      assertThatThrownBy(() ->
              run(dock, Dock.options(Dock.spec("action", "slipway-test/absent:1"), "--pull never")))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("slipway-test/absent:1");
    }
  }

  @Test
  void run_onTheJobsNetwork_reachesItsServices() {
    try (Dock dock = Dock.open(scratch)) {
      dock.start(
          Optional.empty(),
          Dock.options(
              Dock.command(
                  Dock.spec("web", Dock.BUSYBOX),
                  "sh",
                  "-c",
                  "mkdir /www; echo hello >/www/index.html; exec httpd -f -h /www"),
              "--health-cmd 'wget -q -O - http://127.0.0.1/' --health-interval 100ms"
                  + " --health-retries 50"));
      assertThat(run(dock, sh("wget -q -O - http://web/")).text()).isEqualTo("hello\n");
    }
  }

  @Test
  void run_stopped_signalsTheFirstProcess() throws Exception {
    try (Dock dock = Dock.open(scratch);
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      StopSignal stop = new StopSignal();
      Dock.Collected output = new Dock.Collected();
      ContainerSpec spec =
          sh("trap 'echo interrupted; exit 8' INT; echo ready; while :; do sleep 0.05; done");
      Future<ProcessResult> running =
          threads.submit(() -> dock.containers.run(spec, output, stop, Long.MAX_VALUE));
      assertThat(output.ready.await(30, TimeUnit.SECONDS)).isTrue();
      stop.request(Stop.GRACEFUL);
      assertThat(running.get(30, TimeUnit.SECONDS))
          .isEqualTo(new ProcessResult(ProcessResult.End.STOPPED, 8));
      assertThat(output.text()).isEqualTo("ready\ninterrupted\n");
    }
  }

  @Test
  void run_killedOrTimedOut_ends() throws Exception {
    try (Dock dock = Dock.open(scratch);
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      StopSignal stop = new StopSignal();
      Dock.Collected output = new Dock.Collected();
      Future<ProcessResult> running =
          threads.submit(() ->
              dock.containers.run(sh("echo ready; exec sleep 1000"), output, stop, Long.MAX_VALUE));
      assertThat(output.ready.await(30, TimeUnit.SECONDS)).isTrue();
      stop.request(Stop.KILL);
      assertThat(running.get(30, TimeUnit.SECONDS))
          .isEqualTo(new ProcessResult(ProcessResult.End.STOPPED, 137));
      assertThat(
              dock.containers.run(
                  sh("trap 'exit 6' INT; while :; do sleep 0.05; done"),
                  new Dock.Collected(),
                  new StopSignal(),
                  System.nanoTime() + 500_000_000L))
          .isEqualTo(new ProcessResult(ProcessResult.End.TIMED_OUT, 6));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void build_thenRun(String buildKit) throws Exception {
    Files.writeString(
        folder.resolve("Dockerfile"),
        "FROM slipway-test/busybox\n"
            + "COPY . /files\n"
            + "ARG UNLIKE_EARLIER_BUILDS="
            + UUID.randomUUID()
            + "\n"
            + "RUN echo while building; chmod +x /files/entry.sh\n"
            + "ENTRYPOINT [\"/files/entry.sh\"]\n");
    Files.writeString(
        folder.resolve("entry.sh"),
        "#!/bin/sh\n# "
            + System.nanoTime()
            + ": nothing of it is built already\necho args: \"$@\"; cd /files; find . | sort\n");
    Files.writeString(
        folder.resolve(".dockerignore"),
        "# comment\nignored\n**/*.log\n!kept/important.log\ndeep/*/x?\n");
    String longName = "a-name-longer-than-a-hundred-characters-".repeat(4);
    Files.createDirectories(folder.resolve("ignored/below"));
    Files.writeString(folder.resolve("ignored/below/file"), "x");
    Files.createDirectories(folder.resolve("kept"));
    Files.writeString(folder.resolve("kept/important.log"), "x");
    Files.writeString(folder.resolve("kept/other.log"), "x");
    Files.writeString(folder.resolve("top.log"), "x");
    Files.createDirectories(folder.resolve("deep/one"));
    Files.writeString(folder.resolve("deep/one/x1"), "x");
    Files.writeString(folder.resolve("deep/one/x12"), "x");
    Files.writeString(folder.resolve("żółć"), "x");
    Files.writeString(folder.resolve(longName), "x".repeat(1000));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("kept/important.log"));
    try (Dock dock = builder(buildKit)) {
      String image = build(dock, folder);
      assertThat(dock.log).contains("while building");
      Dock.Collected output =
          run(dock, Dock.command(Dock.spec("action", image), "", "one two", "three"));
      dock.api.delete("/images/" + image);
      assertThat(output.text().lines())
          .containsExactlyInAnyOrder(
              "args: one two three",
              ".",
              "./.dockerignore",
              "./Dockerfile",
              "./entry.sh",
              "./kept",
              "./kept/important.log",
              "./deep",
              "./deep/one",
              "./deep/one/x12",
              "./żółć",
              "./" + longName,
              "./link");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void build_thatFails_saysWhyAndShowsWhatItPrinted(String buildKit) throws Exception {
    Files.writeString(
        folder.resolve("Dockerfile"), "FROM slipway-test/busybox\nRUN echo before; exit 3\n");
    try (Dock dock = builder(buildKit)) {
      assertThatThrownBy(() -> build(dock, folder))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("Dockerfile")
          .hasMessageContaining("3");
      assertThat(dock.log).contains("before");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void build_wrongOrMissingDockerfile_saysSo(String buildKit) throws Exception {
    try (Dock dock = builder(buildKit)) {
      assertThatThrownBy(() -> build(dock, folder))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("no Dockerfile");
      Files.writeString(folder.resolve("Dockerfile"), "NONSENSE here\n");
      assertThatThrownBy(() -> build(dock, folder))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("NONSENSE");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void build_askedToStop_ends(String buildKit) throws Exception {
    Files.writeString(
        folder.resolve("Dockerfile"), "FROM slipway-test/busybox\nRUN echo ready; sleep 1000\n");
    try (Dock dock = builder(buildKit);
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      StopSignal stop = new StopSignal();
      List<String> log = Collections.synchronizedList(new ArrayList<>());
      Future<String> building =
          threads.submit(() ->
              dock.containers.build(
                  folder,
                  folder.resolve("Dockerfile"),
                  line -> {
                    log.add(line);
                    if (line.equals("ready")) {
                      stop.request(Stop.GRACEFUL);
                    }
                  },
                  stop));
      assertThatThrownBy(() -> building.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ContainerException.class);
      assertThat(log).contains("ready");
    }
  }

  @Test
  void build_withWhatOnlyBuildKitHas() throws Exception {
    Files.writeString(
        folder.resolve("Dockerfile"),
        "FROM slipway-test/busybox AS one\nARG TARGETOS\n"
            + "RUN --mount=type=cache,target=/cache echo \"for $TARGETOS\" | tee /result\n"
            + "FROM one\nCMD [\"cat\", \"/result\"]\n");
    try (Dock dock = builder("1")) {
      String image = build(dock, folder);
      assertThat(run(dock, Dock.spec("action", image)).text()).isEqualTo("for linux\n");
      dock.api.delete("/images/" + image);
    }
  }

  private Dock builder(String buildKit) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("DOCKER_BUILDKIT", buildKit);
    return Dock.open(scratch, environment);
  }
}
