package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterruptedRunTest {
  @TempDir Path folder;

  /** Runs a project's workflows in a process of its own. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      LocalEngine.create(
              Project.open(Path.of(arguments[0])), RunRequest.push(), ContainerEngine.NONE)
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
  void killedSlipway_leavesAReadableRecord_andItsOrphansEnd() throws Exception {
    Workbench bench = Workbench.in(folder);
    Path up = bench.fifo("up");
    bench.steps(
        """
        - run: |
            echo before
            setsid tail -f /dev/null > /dev/null 2>&1 &
            echo up > %s
            trap '' INT TERM HUP
            while :; do tail -f /dev/null; done
        """
            .formatted(up));
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                bench.root().toString())
            .inheritIO();
    builder.environment().put("HOME", bench.userHome().toString());
    builder.environment().put("SLIPWAY_WORK", bench.cache().resolve("work").toString());
    builder.environment().put("XDG_CACHE_HOME", bench.folder().resolve("xdg").toString());
    Process child = builder.start();
    assertThat(Files.readString(up)).isEqualTo("up\n");
    RunStore store = RunStore.open(bench.root());
    assertThat(store.recover()).as("a run that goes on").isEmpty();
    child.destroyForcibly().waitFor();
    assertThat(bench.processes()).isNotEmpty();

    assertThat(store.recover()).containsExactly("1");

    assertThat(bench.processes()).isEmpty();
    RunStore.StoredRun run = store.run("1").orElseThrow();
    assertThat(run.interrupted()).isTrue();
    assertThat(run.conclusion()).isEqualTo(Conclusion.CANCELLED);
    Workbench.Ran next = bench.steps("- run: echo works again\n").run();
    assertThat(next.log()).containsExactly("works again");
    assertThat(next.ended().getFirst().run()).isEqualTo("2");
  }
}
