package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
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
