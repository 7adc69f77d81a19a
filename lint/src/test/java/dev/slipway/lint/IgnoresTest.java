package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Comments that ask to ignore findings. */
final class IgnoresTest {
  private static final Lint LINT = Lint.of(Selection.DEFAULT);

  private static List<String> found(String step) {
    return LINT
        .file("ci.yml", "on: issues\njobs:\n  a:\n    runs-on: x\n    steps:\n" + step)
        .stream()
        .map(f -> f.rule().id() + (f.ignored() == null ? "" : " ignored: " + f.ignored()))
        .toList();
  }

  @Test
  void comment_onTheLine_ignores() {
    assertThat(found("      - run: make test || true # slipway: ignore[masked-failure] flaky\n"))
        .containsExactly("masked-failure ignored: flaky");
  }

  @Test
  void comment_aloneBefore_ignores() {
    assertThat(
            found(
                "      # slipway: ignore[masked-failure] flaky\n      # more\n"
                    + "      - run: make test || true\n"))
        .containsExactly("masked-failure ignored: flaky");
  }

  @Test
  void comment_inAScript_ignores() {
    assertThat(
            found(
                "      - run: |\n          # slipway: ignore[masked-failure] flaky\n"
                    + "          make test || true\n"))
        .containsExactly("masked-failure ignored: flaky");
  }

  @Test
  void comment_ofAnotherRule_ignoresNothing() {
    assertThat(found("      - run: make test || true # slipway: ignore[events] x\n"))
        .containsExactly("masked-failure", "unused-ignore");
  }

  @Test
  void comment_ofARuleThatIsNotSought_isNotUnused() {
    assertThat(found("      - run: make # slipway: ignore[missing-timeout] x\n")).isEmpty();
  }

  @Test
  void comment_ofAnUnknownRule_isFound() {
    assertThat(found("      - run: make # slipway: ignore[no-such-rule] x\n"))
        .containsExactly("unused-ignore");
  }

  @Test
  void comment_ofZizmor_isUnderstood() {
    assertThat(
            found(
                "      - run: echo ${{ github.event.issue.title }} # zizmor:"
                    + " ignore[template-injection] ok\n"))
        .containsExactly("template-injection ignored: ok");
  }

  @Test
  void text_thatIsNoComment_ignoresNothing() {
    assertThat(
            found(
                "      - run: |\n"
                    + "          make test || true;x#slipway: ignore[masked-failure] x\n"))
        .containsExactly("masked-failure");
  }

  @Test
  void whatGitHubRefuses_cannotBeIgnored() {
    List<Finding> findings =
        LINT.file(
            "ci.yml",
            "on: pushed # slipway: ignore[events] x\n"
                + "jobs:\n"
                + "  a:\n"
                + "    runs-on: x\n"
                + "    steps:\n"
                + "      - run: y\n");
    assertThat(findings).extracting(Finding::ignored).containsOnlyNulls();
    assertThat(findings).extracting(Finding::refused).contains(true);
  }

  @Test
  void unusedIgnores_canBeSwitchedOff() {
    Lint quiet = Lint.of(new Selection(Profile.DEFAULT, Set.of(), Set.of("unused-ignore")));
    assertThat(
            quiet.file(
                "ci.yml",
                "on: push # slipway: ignore[nothing] x\n"
                    + "jobs:\n"
                    + "  a:\n"
                    + "    runs-on: x\n"
                    + "    steps:\n"
                    + "      - run: y\n"))
        .isEmpty();
  }
}
