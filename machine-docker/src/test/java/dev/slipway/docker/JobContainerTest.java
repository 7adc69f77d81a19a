package dev.slipway.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.ContainerSpec;
import dev.slipway.engine.JobContainers.JobContainer;
import dev.slipway.engine.ProcessOutput;
import dev.slipway.engine.ProcessResult;
import dev.slipway.engine.RunEvent;
import dev.slipway.engine.Stop;
import dev.slipway.engine.StopSignal;
import dev.slipway.testing.Required;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What processes in a job's container see, and what is seen of them. */
@Timeout(120)
class JobContainerTest {
  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(strings = {Dock.BUSYBOX, Dock.DEBIAN, Dock.BASH})
  void run_handsOnOutputAndExitCode(String image) {
    try (Dock dock = Dock.open(scratch)) {
      Dock.Collected output =
          Dock.sh(dock.job(image), "pwd; echo oops >&2; cat; echo done; exit 3");
      assertThat(output.result).isEqualTo(new ProcessResult(ProcessResult.End.EXITED, 3));
      assertThat(output.text()).isEqualTo("/\ndone\n");
      assertThat(output.errors()).isEqualTo("oops\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        Dock.BUSYBOX,
        Dock.DEBIAN,
        Dock.BASH,
        "slipway-test/worker",
        "slipway-test/scratch"
      })
  void run_givesTheVariablesExactly(String image) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("PLAIN", "a b");
    variables.put("EMPTY", "");
    variables.put("QUOTES", "it's \"quoted\" `here` $HOME \\n \\");
    variables.put("LINES", "one\ntwo\n\n three\n");
    variables.put("INPUT_MY-INPUT", "no name for a shell");
    variables.put("INPUT_WITH.DOT", "neither");
    variables.put("UNICODE", "Łódź ā ą 漢字 🚢 é\u0081\u0085");
    variables.put("CONTROL", "\u0001\u0002\t\u007f");
    variables.put("PATH", "/bin:/usr/bin");
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job = dock.job(image);
      Dock.Collected output = Dock.run(job, variables, "cat", "/proc/self/environ");
      Map<String, String> wanted = new LinkedHashMap<>(job.environment());
      wanted.putAll(variables);
      List<String> entries = new ArrayList<>();
      wanted.forEach((name, value) -> entries.add(name + "=" + value));
      if (!wanted.containsKey("HOME")) {
        // Without a shell nobody can ask; the engine finds no user and gives this.
        entries.add("HOME=/");
      }
      assertThat(output.text().split("\0")).containsExactlyInAnyOrderElementsOf(entries);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Dock.BUSYBOX, Dock.DEBIAN, Dock.BASH})
  void run_held_isToldOfTheProcessBeforeItBegins(String image) throws IOException {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job = dock.job(image);
      if (job.outside().isEmpty()) {
        throw Required.missing("an engine whose processes are this machine's");
      }
      Path first = Path.of("/proc/" + job.outside().orElseThrow().process());
      Dock.Collected output = new Dock.Collected();
      List<String> held = new ArrayList<>();
      output.result =
          job.run(
              "sh",
              List.of("-c", "read -r inside _ </proc/self/stat; echo $inside; exit 4"),
              "/",
              Map.of(),
              output,
              new StopSignal(),
              Long.MAX_VALUE,
              process -> {
                assertThat(output.text()).isEmpty();
                held.add(
                    HostProcesses.numberInside(process).orElseThrow()
                        + " "
                        + link(Path.of("/proc/" + process + "/ns/mnt")));
              });
      assertThat(output.result).isEqualTo(new ProcessResult(ProcessResult.End.EXITED, 4));
      assertThat(held).containsExactly(output.text().strip() + " " + link(first.resolve("ns/mnt")));
      assertThat(Dock.sh(job, "echo next").text()).isEqualTo("next\n");
    }
  }

  private static String link(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void run_seesTheImagesVariablesAndUser() {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job = dock.job("slipway-test/worker");
      assertThat(job.environment())
          .containsEntry("IMAGE_SAYS", "from the image")
          .containsEntry("dotted.name", "no name for a shell")
          .containsEntry("HOME", "/home/worker");
      Dock.Collected output = Dock.sh(job, "id -un; echo \"$HOME $IMAGE_SAYS\"");
      assertThat(output.text()).isEqualTo("worker\n/home/worker from the image\n");
    }
  }

  @Test
  void run_asTheUserOfTheOptions() {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job =
          dock.job(Dock.options(Dock.spec("job", Dock.BUSYBOX), "--user 4321:8765 --init"));
      assertThat(Dock.sh(job, "id -u; id -g").text()).isEqualTo("4321\n8765\n");
    }
  }

  @Test
  void run_inAContainerThatCannotBeWrittenTo() {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job =
          dock.job(
              Dock.options(
                  Dock.spec("job", Dock.BUSYBOX), "--read-only --tmpfs /tmp --cap-drop ALL"));
      assertThat(Dock.sh(job, "echo a >/tmp/x; cat /tmp/x; touch /y 2>/dev/null || echo no").text())
          .isEqualTo("a\nno\n");
    }
  }

  @Test
  void run_withoutAShell_goesThroughTheEngine() {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job = dock.job("slipway-test/scratch");
      Dock.Collected output = Dock.run(job, Map.of("A", "b"), "env");
      assertThat(output.result).isEqualTo(new ProcessResult(ProcessResult.End.EXITED, 0));
      assertThat(output.text()).contains("A=b\n");
      assertThat(Dock.run(job, Map.of(), "false").result)
          .isEqualTo(new ProcessResult(ProcessResult.End.EXITED, 1));
      assertThat(Dock.run(job, Map.of(), "no-such-program").result.end())
          .isEqualTo(ProcessResult.End.NOT_STARTED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Dock.BUSYBOX, Dock.DEBIAN, Dock.BASH})
  void run_aProgramOrFolderThatIsNotThere_isNotStarted(String image) {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job = dock.job(image);
      ProcessResult missing = new ProcessResult(ProcessResult.End.NOT_STARTED, 2);
      assertThat(Dock.run(job, Map.of(), "no-such-program").result).isEqualTo(missing);
      assertThat(Dock.run(job, Map.of(), "/no/such/program").result).isEqualTo(missing);
      Dock.Collected output = new Dock.Collected();
      assertThat(
              job.run(
                  "sh",
                  List.of("-c", "echo here"),
                  "/no/such/folder",
                  Map.of(),
                  output,
                  new StopSignal(),
                  Long.MAX_VALUE))
          .isEqualTo(missing);
      assertThat(output.text() + output.errors()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Dock.BUSYBOX, Dock.DEBIAN, Dock.BASH})
  void run_handsOnEveryByte(String image) {
    byte[] block = new byte[256];
    for (int i = 0; i < block.length; i++) {
      block[i] = (byte) i;
    }
    String text = new String(block, StandardCharsets.ISO_8859_1);
    assertThat(text).hasSize(256);
    try (Dock dock = Dock.open(scratch)) {
      Dock.Collected output =
          Dock.sh(
              dock.job(image),
              "i=0; while [ $i -lt 256 ]; do printf \"\\\\$(printf %03o $i)\"; i=$((i+1)); done");
      assertThat(output.out.toByteArray()).isEqualTo(block);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Dock.BUSYBOX, Dock.DEBIAN, "slipway-test/scratch"})
  void run_handsOnMuchOutput(String image) {
    long size = 50L * 1024 * 1024;
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job =
          image.endsWith("scratch")
              ? dock.job(
                  Dock.mounts(Dock.spec("job", image), zeros(scratch.resolve("zeros"), size)))
              : dock.job(image);
      long[] counted = {0};
      StringBuilder wrong = new StringBuilder();
      ProcessResult result =
          job.run(
              image.endsWith("scratch") ? "cat" : "head",
              image.endsWith("scratch")
                  ? List.of("/zeros")
                  : List.of("-c", Long.toString(size), "/dev/zero"),
              "/",
              Map.of(),
              new ProcessOutput() {
                @Override
                public void bytes(RunEvent.Stream stream, byte[] bytes, int length) {
                  for (int i = 0; i < length; i++) {
                    if (bytes[i] != 0) {
                      wrong.append(bytes[i]);
                    }
                  }
                  counted[0] += length;
                }

                @Override
                public void idle() {}
              },
              new StopSignal(),
              Long.MAX_VALUE);
      assertThat(result.exitCode()).isZero();
      assertThat(counted[0]).isEqualTo(size);
      assertThat(wrong).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Dock.BUSYBOX, Dock.DEBIAN, Dock.BASH})
  void stop_graceful_isASigintThatTheProcessMayAnswer(String image) throws Exception {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job = dock.job(image);
      Dock.Collected output =
          stopWhenReady(
              job,
              Stop.GRACEFUL,
              "trap 'echo interrupted; exit 7' INT; echo ready; while :; do sleep 0.05; done");
      assertThat(output.result).isEqualTo(new ProcessResult(ProcessResult.End.STOPPED, 7));
      assertThat(output.text()).isEqualTo("ready\ninterrupted\n");
      assertThat(Dock.sh(job, "echo still usable").text()).isEqualTo("still usable\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Dock.BUSYBOX, Dock.DEBIAN, Dock.BASH})
  void stop_kill_endsTheWholeTree(String image) throws Exception {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job = dock.job(image);
      Dock.Collected output =
          stopWhenReady(
              job, Stop.KILL, "trap '' INT TERM; sleep 4321 & echo ready; sleep 4321; sleep 4321");
      assertThat(output.result).isEqualTo(new ProcessResult(ProcessResult.End.STOPPED, 137));
      assertThat(Dock.sh(job, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '").text())
          .doesNotContain("sleep 4321");
    }
  }

  @Test
  void stop_gracefulThenNothingHelps_isKilledAfterTenSeconds() throws Exception {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job = dock.job(Dock.BUSYBOX);
      Dock.Collected output =
          stopWhenReady(
              job,
              Stop.GRACEFUL,
              "trap 'echo int' INT; trap 'echo term' TERM; echo ready; while :; do sleep 0.05;"
                  + " done");
      assertThat(output.result).isEqualTo(new ProcessResult(ProcessResult.End.STOPPED, 137));
      assertThat(output.text()).isEqualTo("ready\nint\nterm\n");
    }
  }

  @Test
  void stop_withoutAShell_endsTheProcess() throws Exception {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job = dock.job("slipway-test/scratch");
      StopSignal stop = new StopSignal();
      Dock.Collected output = new Dock.Collected();
      stop.request(Stop.KILL);
      output.result =
          job.run("sleep", List.of("1000"), "/", Map.of(), output, stop, Long.MAX_VALUE);
      assertThat(output.result).isEqualTo(new ProcessResult(ProcessResult.End.STOPPED, 137));
    }
  }

  @Test
  void deadline_isTimedOut() {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job = dock.job(Dock.BUSYBOX);
      Dock.Collected output = new Dock.Collected();
      ProcessResult result =
          job.run(
              "sh",
              List.of("-c", "trap 'exit 9' INT; while :; do sleep 0.05; done"),
              "/",
              Map.of(),
              output,
              new StopSignal(),
              System.nanoTime() + 300_000_000L);
      assertThat(result).isEqualTo(new ProcessResult(ProcessResult.End.TIMED_OUT, 9));
    }
  }

  @Test
  void run_whatHoldsItsOutput_isWaitedForOnlyShortly() {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job = dock.job(Dock.DEBIAN);
      Dock.Collected output = Dock.sh(job, "sleep 1000 & echo over");
      assertThat(output.result).isEqualTo(new ProcessResult(ProcessResult.End.EXITED, 0));
      assertThat(output.text()).isEqualTo("over\n");
      assertThat(Dock.sh(job, "echo next").text()).isEqualTo("next\n");
    }
  }

  @Test
  void run_whatALaterStepNeeds_mayGoOnPrinting() {
    try (Dock dock = Dock.open(scratch)) {
      JobContainer job = dock.job(Dock.BUSYBOX);
      Dock.sh(job, "while echo tick; do echo x >>/tmp/ticks; sleep 0.05; done & echo over");
      String grows =
          "a=$(wc -l </tmp/ticks); i=0; while [ $i -lt 200 ]; do sleep 0.05; i=$((i+1));"
              + " [ $(wc -l </tmp/ticks) -gt $((a+3)) ] && echo alive && exit; done; echo dead";
      assertThat(Dock.sh(job, grows).text()).isEqualTo("alive\n");
    }
  }

  @Test
  void run_severalAtOnce() throws Exception {
    try (Dock dock = Dock.open(scratch);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      JobContainer job = dock.job(Dock.BUSYBOX);
      List<Future<Dock.Collected>> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String own =
            "mkdir /tmp/" + i + "; while [ $(ls /tmp | wc -l) -lt 4 ]; do sleep 0.02; done; ";
        String script = own + "echo " + i;
        running.add(threads.submit(() -> Dock.sh(job, script)));
      }
      for (int i = 0; i < 4; i++) {
        assertThat(running.get(i).get(60, TimeUnit.SECONDS).text()).isEqualTo(i + "\n");
      }
    }
  }

  @Test
  void run_inAContainerThatDies_ends() throws Exception {
    try (Dock dock = Dock.open(scratch);
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      JobContainer job = dock.job(Dock.BUSYBOX);
      Dock.Collected output = new Dock.Collected();
      Future<ProcessResult> running =
          threads.submit(() ->
              job.run(
                  "sh",
                  List.of("-c", "echo ready; sleep 1000"),
                  "/",
                  Map.of(),
                  output,
                  new StopSignal(),
                  Long.MAX_VALUE));
      assertThat(output.ready.await(30, TimeUnit.SECONDS)).isTrue();
      dock.api.post("/containers/" + job.id() + "/kill");
      assertThat(running.get(30, TimeUnit.SECONDS))
          .isEqualTo(new ProcessResult(ProcessResult.End.EXITED, 137));
    }
  }

  private static ContainerSpec.Mount zeros(Path file, long size) {
    try (RandomAccessFile zeros = new RandomAccessFile(file.toFile(), "rw")) {
      zeros.setLength(size);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ContainerSpec.Mount(file.toString(), "/zeros", true);
  }

  private static Dock.Collected stopWhenReady(JobContainer job, Stop how, String script)
      throws Exception {
    StopSignal stop = new StopSignal();
    Dock.Collected output = new Dock.Collected();
    CountDownLatch done = new CountDownLatch(1);
    Thread runner =
        Thread.ofPlatform()
            .start(() -> {
              output.result =
                  job.run("sh", List.of("-c", script), "/", Map.of(), output, stop, Long.MAX_VALUE);
              done.countDown();
            });
    assertThat(output.ready.await(30, TimeUnit.SECONDS)).isTrue();
    stop.request(how);
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    runner.join();
    return output;
  }
}
