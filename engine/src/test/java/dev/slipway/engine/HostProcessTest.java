package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HostProcessTest {
  @TempDir Path directory;

  /** Collects what a process prints and tells when it has printed something. */
  private static final class Collected implements ProcessOutput {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final CountDownLatch ready = new CountDownLatch(1);

    @Override
    public void bytes(RunEvent.Stream stream, byte[] bytes, int length) {
      (stream == RunEvent.Stream.STDERR ? err : out).write(bytes, 0, length);
      if (out.toString(StandardCharsets.UTF_8).contains("ready")) {
        ready.countDown();
      }
    }

    @Override
    public void idle() {}

    String text() {
      return out.toString(StandardCharsets.UTF_8);
    }
  }

  private ProcessResult run(Collected output, StopSignal stop, long deadline, String script) {
    try (NativeLauncher launcher = new NativeLauncher()) {
      return launcher.run(
          "/bin/bash",
          List.of("-c", script),
          directory,
          Map.of("PATH", "/usr/bin:/bin", "GIVEN", "a=b"),
          output,
          stop,
          deadline);
    }
  }

  @Test
  void run_seesTheGivenEnvironmentAndDirectoryOnly() {
    Collected output = new Collected();
    ProcessResult result =
        run(
            output,
            new StopSignal(),
            Long.MAX_VALUE,
            "pwd; echo \"$GIVEN|${HOME-none}\"; echo oops >&2; exit 3");
    assertThat(result).isEqualTo(new ProcessResult(ProcessResult.End.EXITED, 3));
    assertThat(output.text()).isEqualTo(directory + "\na=b|none\n");
    assertThat(output.err.toString(StandardCharsets.UTF_8)).isEqualTo("oops\n");
  }

  @Test
  void run_hasNoTerminalAndEmptyInput() {
    Collected output = new Collected();
    run(
        output,
        new StopSignal(),
        Long.MAX_VALUE,
        "cat; test -t 1 || echo no terminal; (: </dev/tty) 2>/dev/null || echo none at all");
    assertThat(output.text()).isEqualTo("no terminal\nnone at all\n");
  }

  @Test
  void run_leaksNoDescriptors() {
    Collected output = new Collected();
    run(output, new StopSignal(), Long.MAX_VALUE, "exec 2>/dev/null; ls /proc/self/fd | wc -l");
    assertThat(Integer.parseInt(output.text().strip())).isLessThanOrEqualTo(4);
  }

  @Test
  void run_executableThatIsMissing_saysWhy() {
    try (NativeLauncher launcher = new NativeLauncher()) {
      ProcessResult result =
          launcher.run(
              directory.resolve("nothing").toString(),
              List.of(),
              directory,
              Map.of(),
              new Collected(),
              new StopSignal(),
              Long.MAX_VALUE);
      assertThat(result.end()).isEqualTo(ProcessResult.End.NOT_STARTED);
      assertThat(HostProcess.errorText(result.exitCode())).isEqualTo("No such file or directory");
    }
  }

  @Test
  void run_largeOutput_arrivesWhole() {
    Collected output = new Collected();
    run(output, new StopSignal(), Long.MAX_VALUE, "head -c 3000000 /dev/zero | tr '\\0' x");
    assertThat(output.out.size()).isEqualTo(3_000_000);
  }

  @Test
  void stop_interruptsFirst() throws InterruptedException {
    Collected output = new Collected();
    StopSignal stop = new StopSignal();
    Thread stopper =
        Thread.ofPlatform()
            .start(() -> {
              try {
                assertThat(output.ready.await(30, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                return;
              }
              stop.request(Stop.GRACEFUL);
            });
    ProcessResult result =
        run(
            output,
            stop,
            Long.MAX_VALUE,
            "trap 'echo interrupted; exit 9' INT; echo ready; while :; do read -t 1 x <> <(:);"
                + " done");
    stopper.join();
    assertThat(result).isEqualTo(new ProcessResult(ProcessResult.End.STOPPED, 9));
    assertThat(output.text()).isEqualTo("ready\ninterrupted\n");
  }

  @Test
  void stop_kill_endsTheWholeGroupAtOnce() throws InterruptedException {
    Collected output = new Collected();
    StopSignal stop = new StopSignal();
    Thread stopper =
        Thread.ofPlatform()
            .start(() -> {
              try {
                assertThat(output.ready.await(30, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                return;
              }
              stop.request(Stop.KILL);
            });
    ProcessResult result =
        run(output, stop, Long.MAX_VALUE, "trap '' INT TERM; sleep 300 & echo ready; wait");
    stopper.join();
    assertThat(result).isEqualTo(new ProcessResult(ProcessResult.End.STOPPED, 137));
  }

  @Test
  void deadline_passed_stopsTheProcess() {
    ProcessResult result =
        run(new Collected(), new StopSignal(), System.nanoTime(), "exec sleep 300");
    assertThat(result).isEqualTo(new ProcessResult(ProcessResult.End.TIMED_OUT, 130));
  }
}
