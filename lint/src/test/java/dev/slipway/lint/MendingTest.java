package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mending keeps what it does not mean to change, and mending twice changes nothing more. */
final class MendingTest {
  private static final Lint ALL = Lint.of(new Selection(Profile.AUDIT, Set.of(), Set.of()));

  static Stream<String> texts() {
    return Rules.all().stream().map(Rule::bad);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void mendingTwice_isMendingOnce(String text) {
    Mending once = Mending.of(ALL, "ci.yml", text, Fix.Safety.UNSAFE);
    Mending twice = Mending.of(ALL, "ci.yml", once.text(), Fix.Safety.UNSAFE);
    assertThat(twice.text()).isEqualTo(once.text());
    assertThat(twice.applied()).isEmpty();
    assertThat(once.refused()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void lineEnds_areKept(String text) {
    String windows = text.replace("\n", "\r\n");
    String mended = Mending.of(ALL, "ci.yml", windows, Fix.Safety.UNSAFE).text();
    assertThat(mended.replace("\r\n", "")).doesNotContain("\n", "\r");
    assertThat(mended.replace("\r\n", "\n"))
        .isEqualTo(Mending.of(ALL, "ci.yml", text, Fix.Safety.UNSAFE).text());
  }

  private static final List<String> STEPS =
      List.of(
          "      - run: make test || true # flaky\n",
          "      - run: echo ${{ github.event.issue.title }}\n",
          "      - run: |\n"
              + "          echo `date`\n"
              + "          echo $((  $A + 1 ))\n"
              + "          cp $A \"$B\"\n",
          "      - uses: actions/checkout@v6\n",
          "      - name: x\n"
              + "        run: echo ${{ github.head_ref }} ${{ github.event.issue.body }}\n"
              + "        env:\n"
              + "          A: 1 # one\n",
          "      - if: |\n          ${{ github.ref == 'x' }}\n        run: make\n",
          "      - run: echo \"::set-output name=a::b\"\n        continue-on-error: true\n",
          "      # slipway: ignore[masked-failure] known\n      - run: make test || true\n");

  /** Workflows of the steps above, different every time but the same in every run. */
  static Stream<String> generated() {
    Random random = new Random(7);
    return Stream.generate(
            () -> {
              StringBuilder text = new StringBuilder("on: [issues, pull_request_target]\njobs:\n");
              for (int job = 0; job < 3; job++) {
                text.append("  j").append(job).append(":\n    runs-on: ubuntu-latest\n");
                text.append(random.nextBoolean() ? "    timeout-minutes: 5 # enough\n" : "");
                text.append("    steps:\n");
                for (int step = random.nextInt(6); step >= 0; step--) {
                  text.append(STEPS.get(random.nextInt(STEPS.size())));
                }
              }
              if (random.nextInt(3) == 0) {
                text.setLength(text.length() - 1);
              }
              String lines =
                  random.nextInt(3) == 0 ? text.toString().replace("\n", "\r\n") : text.toString();
              return random.nextInt(4) == 0 ? "\uFEFF" + lines : lines;
            })
        .limit(60);
  }

  @ParameterizedTest
  @MethodSource("generated")
  void generatedFile_isMendedOnceAndForAll(String text) {
    for (Fix.Safety safety : Fix.Safety.values()) {
      String once = Mending.of(ALL, "ci.yml", text, safety).text();
      assertThat(Mending.of(ALL, "ci.yml", once, safety).text()).isEqualTo(once);
      assertThat(once.startsWith("\uFEFF")).isEqualTo(text.startsWith("\uFEFF"));
      assertThat(once.endsWith("\n")).isEqualTo(text.endsWith("\n"));
      if (text.contains("\r\n")) {
        assertThat(once.replace("\r\n", "")).doesNotContain("\n");
      } else {
        assertThat(once).doesNotContain("\r");
      }
    }
  }

  @Test
  void manyFixes_takeFewLooks() {
    StringBuilder text = new StringBuilder("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n");
    for (int i = 0; i < 150; i++) {
      text.append("      - run: make test || true # ").append(i).append('\n');
    }
    text.append("      - uses: ./local\n");
    AtomicInteger looks = new AtomicInteger();
    ProjectFiles counting =
        new ProjectFiles() {
          @Override
          public boolean known() {
            looks.incrementAndGet();
            return true;
          }

          @Override
          public @Nullable String text(String path) {
            return null;
          }

          @Override
          public boolean exists(String path) {
            return false;
          }
        };
    Lint lint = Lint.of(Selection.DEFAULT).in(counting);
    lint.file("ci.yml", text.toString());
    int one = looks.getAndSet(0);
    assertThat(one).isPositive();
    Mending mending = Mending.of(lint, "ci.yml", text.toString(), Fix.Safety.UNSAFE);
    assertThat(mending.applied()).hasSize(150);
    assertThat(mending.text()).doesNotContain("|| true").contains("# 149");
    assertThat(looks.get()).isLessThan(8 * one);
  }

  @Test
  void fixesBesideAnchors_areAppliedAll() {
    String steps = "      - run: make test || true\n".repeat(20);
    String text =
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"
            + steps
            + "      - &x\n        run: make lint || true\n      - *x\n";
    Mending mending = Mending.of(Lint.of(Selection.DEFAULT), "ci.yml", text, Fix.Safety.UNSAFE);
    assertThat(mending.text()).doesNotContain("make test || true");
  }

  @Test
  void safeMending_leavesUnsafeFixesAlone() {
    String text =
        """
        on: push
        jobs:
          a:
            runs-on: x
            if: | # only there
              ${{ github.ref == 'x' }}
            steps:
              - run: make test || true # flaky
        """;
    Mending mending = Mending.of(Lint.of(Selection.DEFAULT), "ci.yml", text, Fix.Safety.SAFE);
    assertThat(mending.text()).isEqualTo(text.replace("if: | #", "if: |- #"));
    assertThat(mending.applied()).extracting(f -> f.rule().id()).containsExactly("text-condition");
  }

  @Test
  void edits_thatOverlap_areRefused() {
    assertThat(Edits.apply("abcd", List.of(new Edit(2, 3, "X"), new Edit(0, 1, ""))))
        .isEqualTo("bXd");
    assertThatThrownBy(() -> Edits.apply("abcd", List.of(new Edit(0, 2, ""), new Edit(1, 3, ""))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Edits.apply("abcd", List.of(new Edit(3, 5, ""))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
