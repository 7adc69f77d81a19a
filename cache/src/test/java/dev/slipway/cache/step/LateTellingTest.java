package dev.slipway.cache.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.trace.Access;
import dev.slipway.trace.Ending;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a step whose accesses are told after they were made. */
final class LateTellingTest {
  @TempDir Path folder;

  /** Why a step that only reads one file is not kept. */
  private List<String> reasons(long age) throws IOException {
    Path work = Files.createDirectories(folder.toRealPath().resolve("work"));
    byte[] in =
        Files.writeString(work.resolve("in.txt"), "text")
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    StepCache cache = StepCache.in(folder.resolve("cache"));
    Roots roots = Roots.of(Map.of("ws", work));
    StepKey key = cache.key("step", "look", List.of("sh"), work, Map.of(), List.of(), roots);
    try (StepCache.Recording recording = cache.record(key, roots, Map.of(), Set.of())) {
      recording.observer().access(Access.READ, in, in.length, age);
      return recording.finish(
          new Ending(List.of(), false, List.of(), 1),
          0,
          50,
          new StepLog(),
          Map.of(),
          bytes -> false);
    }
  }

  @Test
  void aFileThatWasChangedSinceItWasRead_isNotTakenForWhatWasRead() throws IOException {
    assertThat(reasons(Duration.ofMinutes(1).toNanos()))
        .anyMatch(reason -> reason.contains("in.txt was changed by something else"));
  }

  @Test
  void aFileThatIsAsItWasRead_counts() throws IOException {
    assertThat(reasons(1)).isEmpty();
    assertThat(reasons(0)).isEmpty();
  }
}
