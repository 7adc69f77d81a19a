package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real file system with no room left; mounting one needs root. */
class FullDiskTest {
  @TempDir Path folder;

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Test
  void fullDisk_stopsTheRun_andTheRecordIsConcludedWhenThereIsRoom() throws Exception {
    Workbench bench = Workbench.in(folder);
    bench.steps("- run: yes a line of log | head -c 20000000\n- run: echo after\n");
    Path records = Files.createDirectories(bench.root().resolve(".slipway"));
    boolean mounted =
        "root".equals(System.getProperty("user.name"))
            && run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", records.toString()) == 0;
    assumeTrue(mounted, "skipped: mounting a small file system needs root");
    try {
      assertThatThrownBy(bench::run)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot be recorded");
      RunStore store = RunStore.open(bench.root());
      assertThat(store.run("1")).isPresent();
      assertThat(run("mount", "-o", "remount,size=64m", records.toString())).isZero();
      // The owner, this process, lives on; what a later start sees is a marker of one that is gone.
      Files.writeString(records.resolve("runs/open/1"), "1@0 slipway-none");
      assertThat(store.recover()).containsExactly("1");
      assertThat(store.run("1").orElseThrow().interrupted()).isTrue();
    } finally {
      run("umount", records.toString());
    }
  }
}
