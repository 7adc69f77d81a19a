package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast reader agrees with the full parser wherever it does not give up. */
@NullUnmarked
class BlockYamlTest {
  private static final int TEXTS_PER_SEED = 10_000;

  private static final String EVERYDAY =
      """
      # comment
      name: CI of 'it' # why
      on:
        push:
          branches: [main, 'v*', "x", 1.2]
          paths: [
            a/b.c,  # one
            "d e", f g,
          ]

        pull_request:
      env: {}
      permissions: {contents: read, packages: write }
      'defaults': # quoted
        "run": {shell: bash}
      concurrency:
        ${{ github.workflow }}-one
      x-list:
        [
          one,
        ]
      run-name: >-
        folded
        text 🚀

        more
      jobs:
        build:
          runs-on: ubuntu-latest
          if: github.event_name == 'push' ||
            github.ref == 'x'

            && true
          needs:
          - one
          - 'two'
          -
          steps:
            - uses: actions/checkout@v4
              with:
                fetch-depth: 0
                empty: ""
            - name: Täst 🚀 it ⚙\uFE0F # 🚀
            - {run: make it, env: {A: 1, B: [x, {c: d}]}}
            - uses: docker://x
              with: {args: [🚀, b]}
              args: --user root
              note: >
                one
                two
              run: |
                echo one: two

                  echo # three
            - run: |-
                a

            -   run: |+
                  b

                if: github.ref == 'x' && true
            - >
                one
                  two

                 three

                four
            - run: ./x --y=${{ github.z }}
      """;

  private static final List<String> PIECES =
      List.of(
          " ", "  ", "    ", "\n", "\n\n", "\n  ", "\n    ", ":", ": ", "-", "- ", "#", " #", "'",
          "''", "\"", "|", "|-", "|+", "| ", "[", "]", ",", "{}", "a", "a: b", "\n- ", "true",
          "0x1", "~", "é", "---", "...", "\t", "&a", "*", "!", "?", "%", "@", "\\", ">", ">-", ">+",
          "null", "{", "}", ", ", "{a: b}", "[a, b]", "🚀", "\uD83D");

  private static String shown(YamlNode node) {
    YamlNode.Scalar scalar = node.scalar();
    String place =
        node.at().line()
            + ":"
            + node.at().column()
            + "/"
            + node.events()
            + "/"
            + node.bytes()
            + "/"
            + node.height();
    if (scalar != null) {
      return place
          + scalar.kind()
          + scalar.style()
          + scalar.start()
          + "<"
          + scalar.text()
          + ">"
          + scalar.number();
    }
    StringBuilder text = new StringBuilder(place);
    if (node.sequence() != null) {
      node.sequence().items().forEach(item -> text.append("\n- ").append(shown(item)));
    } else {
      node.mapping()
          .members()
          .forEach(m ->
              text.append("\n: ").append(shown(m.key())).append(" = ").append(shown(m.value())));
    }
    return text + "\n.";
  }

  private static boolean agree(String text, String as) {
    YamlNode fast = BlockYaml.read(text);
    if (fast == null) {
      return false;
    }
    Problems problems = new Problems("w.yml");
    YamlNode full = YamlReader.parse(text, new Source(text), problems, 50);
    assertThat(full).as(as + problems.reading(null).problems()).isNotNull();
    assertThat(shown(fast)).as(as).isEqualTo(shown(full));
    return true;
  }

  @Test
  void everydayYaml_isReadFast() {
    assertThat(agree(EVERYDAY, EVERYDAY)).isTrue();
    assertThat(agree("# first\n---\n" + EVERYDAY, EVERYDAY)).isTrue();
    for (String last : List.of("|", "|-", "|+", ">", ">-", ">+")) {
      String open = EVERYDAY + "      - " + last + "\n        without an end";
      assertThat(agree(open, last)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void mutatedYaml_isReadAlike(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int fast = 0;
    for (int i = 0; i < TEXTS_PER_SEED; i++) {
      StringBuilder text = new StringBuilder(EVERYDAY);
      for (int j = random.nextInt(1, 4); j > 0; j--) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + random.nextInt(1, 8));
        switch (random.nextInt(4)) {
          case 0 -> text.delete(at, end);
          case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
          case 2 -> text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
          default -> text.insert(at, text.substring(at, end));
        }
      }
      fast += agree(text.toString(), "seed " + seed + ", text " + i + ":\n" + text + "\n") ? 1 : 0;
    }
    assertThat(fast).isGreaterThan(TEXTS_PER_SEED / 20);
  }
}
