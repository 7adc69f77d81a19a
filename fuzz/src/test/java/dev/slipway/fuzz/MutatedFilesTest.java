package dev.slipway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.lint.Fix;
import dev.slipway.lint.Mending;
import dev.slipway.lint.Rule;
import dev.slipway.lint.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that were sound before something was done to them. */
final class MutatedFilesTest {
  private static final int TEXTS_PER_SEED = 1_250;

  /** Of this many texts one is mended, too. */
  private static final int MENDED = 50;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyText_isAnswered(long seed) throws IOException {
    Mutator mutator = new Mutator(seed);
    List<String> originals = originals();
    for (int i = 0; i < TEXTS_PER_SEED; i++) {
      String text = mutator.mutate(mutator.pick(originals));
      String path = mutator.pick(List.of(".github/workflows/ci.yml", "action.yml", "ci.yml"));
      try {
        Answers.findings(path, text);
        Answers.proof(text);
        if (i % MENDED == 0) {
          mended(path, text);
        }
      } catch (RuntimeException | AssertionError | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ", text " + i + ", as " + path + ":\n" + text, e);
      }
    }
  }

  private static void mended(String path, String text) {
    Mending mending = Mending.of(Answers.lint(), path, text, Fix.Safety.UNSAFE);
    assertThat(mending.applied()).noneMatch(mending.refused()::contains);
    Answers.findings(path, mending.text());
  }

  private static List<String> originals() throws IOException {
    List<String> texts = new ArrayList<>();
    for (Rule rule : Rules.all()) {
      texts.add(rule.bad());
      texts.add(rule.good());
    }
    Path root = Path.of("..");
    for (String folder : new String[] {".github", "examples"}) {
      try (Stream<Path> files = Files.walk(root.resolve(folder))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".yml")).sorted().toList()) {
          texts.add(Files.readString(file));
        }
      }
    }
    return texts;
  }
}
