package dev.slipway.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every way to watch tells of processes, one kind of access after the other. */
final class TracerTest {
  @TempDir Path temporary;

  static List<Tracer> tracers() {
    return Tracer.here();
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void aFileThatIsRead_isTold(Tracer tracer) throws IOException {
    Path directory = temporary.toRealPath();
    Files.writeString(directory.resolve("a"), "hello");

    try (Traced traced = Traced.script(tracer, directory, "cat a")) {
      assertThat(traced.exit()).isZero();
      Ending ending = traced.ending();
      assertThat(ending.gaps()).isEmpty();
      assertThat(ending.left()).isFalse();
      assertThat(ending.contacts()).isEmpty();
      assertThat(ending.accesses()).isEqualTo(traced.told().size());
      assertThat(traced.of(directory.resolve("a"))).containsExactly(Access.READ);
      assertThat(traced.of("/bin/sh")).contains(Access.EXECUTE);
    }
  }
}
