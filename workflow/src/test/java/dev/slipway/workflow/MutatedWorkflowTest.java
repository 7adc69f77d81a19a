package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Texts that were workflows before something was done to them: reading them always ends with an
 * answer.
 */
@NullUnmarked
class MutatedWorkflowTest {
  private static final int TEXTS_PER_SEED = 1_500;
  private static final String ORIGINAL =
      """
      name: "CI äö 🚀"
      on:
        push: {branches: [main, 'v*']}
        schedule: [{cron: '*/5 * * * *', timezone: UTC}]
      env: &env
        A: 'it''s'
        B: "a\\tb ${{ github.ref }}"
      jobs:
        build: # comment
          runs-on: ubuntu-latest
          strategy:
            matrix:
              v: [1.10, two, true]
              include:
                - v: 3
          env: *env
          steps:
            - uses: actions/checkout@v4
            - run: |
                echo one
                  echo ${{ matrix.v }}
            - name: folded
              run: >-
                a
                b ${{ hashFiles('x') }}
              if: github.ref == 'refs/heads/main'
        deploy:
          needs: build
          uses: ./.github/workflows/deploy.yml
      """;
  private static final List<String> PIECES =
      List.of(
          "\t",
          " ",
          "  ",
          "\n",
          "\r\n",
          ":",
          ": ",
          "- ",
          "[",
          "]",
          "{",
          "}",
          "'",
          "\"",
          "\\",
          "|",
          ">",
          "|2-",
          "&a ",
          "*a",
          "*env",
          "!!int ",
          "!x ",
          "#",
          "${{",
          "}}",
          "? ",
          "---\n",
          "...\n",
          "%YAML 1.2\n",
          "\u0000",
          "\uFEFF",
          "\uD800",
          "@",
          "`",
          ",",
          "<<: ",
          "null",
          "~",
          "0x",
          "${{ insert }}",
          "\u2028",
          "\u0085");

  private static String mutate(String text, RandomGenerator random) {
    StringBuilder result = new StringBuilder(text);
    for (int i = random.nextInt(1, 6); i > 0 && !result.isEmpty(); i--) {
      int at = random.nextInt(result.length());
      int end = Math.min(result.length(), at + random.nextInt(1, 12));
      switch (random.nextInt(5)) {
        case 0 -> result.delete(at, end);
        case 1 -> result.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> result.insert(at, result.substring(at, end));
        case 3 -> result.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
        default -> result.setLength(at);
      }
    }
    return result.toString();
  }

  private static void check(String text, Reading<?> reading, String as) {
    long lines =
        text.chars().filter(c -> c == '\n' || c == '\r' || c == '\u2028' || c == '\u0085').count()
            + 2;
    assertThat(reading.ok())
        .as(as)
        .isEqualTo(
            reading.problems().stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR));
    assertThat(reading.problems())
        .as(as)
        .allMatch(p -> p.at().line() >= 1 && p.at().line() <= lines)
        .allMatch(p -> p.at().column() >= 1 && p.at().column() <= text.length() + 2)
        .allMatch(p -> !p.message().isBlank() && p.message().length() <= 500);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyText_isAnsweredWithAValueOrPlacedProblems(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < TEXTS_PER_SEED; i++) {
      String text = mutate(ORIGINAL, random);
      String as = "seed " + seed + ", text " + i + ":\n" + text;
      check(text, WorkflowReader.read("w.yml", text), as);
      check(text, ActionManifestReader.read("action.yml", text), as);
      check(text, ProjectFile.read("slipway.yml", text), as);
      check(text, Dotenv.read(".env", text), as);
    }
  }
}
