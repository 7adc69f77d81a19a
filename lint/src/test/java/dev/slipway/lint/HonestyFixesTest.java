package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fixes of gates, caches, versions and redirections give exactly the text they should. */
final class HonestyFixesTest {
  private static final String JOBS =
      "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
          + "      - run: make test\n  lint:\n    runs-on: ubuntu-latest\n    steps:\n"
          + "      - run: make lint\n";
  private static final String ALL =
      "contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')"
          + " || contains(needs.*.result, 'skipped')";

  private static String mended(String rule, String text) {
    Lint lint = Lint.of(new Selection(Profile.AUDIT, Set.of(rule), Set.of()));
    Mending mending = Mending.of(lint, ".github/workflows/ci.yml", text, Fix.Safety.UNSAFE);
    assertThat(mending.refused()).isEmpty();
    return mending.text();
  }

  private static String gate(String head, String steps) {
    return JOBS + "  ci-ok:\n" + head + "    runs-on: ubuntu-latest\n    steps:\n" + steps;
  }

  @Test
  void gateThatIsSkipped_runsAlwaysAndJudges() {
    assertThat(
            mended(
                "gate-skipped-into-green",
                gate("    needs: [test, lint]\n", "      - run: echo done\n")))
        .isEqualTo(
            gate(
                "    if: always()\n    needs: [test, lint]\n",
                "      - run: echo done\n      - if: " + ALL + "\n        run: exit 1\n"));
  }

  @Test
  void gateThatJudgesAlready_onlyRunsAlways() {
    String steps = "      - if: contains(needs.*.result, 'failure')\n        run: exit 1\n";
    assertThat(mended("gate-skipped-into-green", gate("    needs: [test, lint]\n", steps)))
        .isEqualTo(gate("    if: always()\n    needs: [test, lint]\n", steps));
  }

  @Test
  void gateThatNeverLooks_judges() {
    String head = "    needs: [test, lint]\n    if: always()\n";
    assertThat(mended("gate-without-check", gate(head, "      - run: echo done\n")))
        .isEqualTo(
            gate(head, "      - run: echo done\n      - if: " + ALL + "\n        run: exit 1\n"));
  }

  @Test
  void gateThatLooksForFailures_looksForTheOthersToo() {
    String head = "    needs: [test, lint]\n    if: always()\n";
    assertThat(
            mended(
                "gate-tests-failure-only",
                gate(
                    head,
                    "      - if: contains(needs.*.result, 'failure')\n        run: exit 1\n")))
        .isEqualTo(gate(head, "      - if: " + ALL + "\n        run: exit 1\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "'needs: test', 'needs: [test, lint]'",
    "'needs: [test]', 'needs: [test, lint]'",
    "'needs: [test] # all', 'needs: [test, lint] # all'",
    "'needs:\n      - test', 'needs:\n      - test\n      - lint'",
    "'needs:\n      - test # the tests', 'needs:\n      - test # the tests\n      - lint'"
  })
  void gateThatForgetsAJob_waitsForIt(String before, String after) {
    String steps = "      - run: test \"${{ needs.test.result }}\" = success\n";
    String head = "    if: always()\n    ";
    assertThat(mended("gate-forgets-job", gate(head + before + "\n", steps)))
        .isEqualTo(gate(head + after + "\n", steps));
  }

  private static String release(String steps) {
    return "on: release\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n" + steps;
  }

  @ParameterizedTest
  @CsvSource({
    "'actions/setup-node@v4\n        with:\n          cache: npm\n          node-version: 22',"
        + "'actions/setup-node@v4\n        with:\n          node-version: 22'",
    "'actions/setup-go@v5', 'actions/setup-go@v5\n        with:\n          cache: false'",
    "'actions/setup-go@v5\n        with:\n          cache: true',"
        + "'actions/setup-go@v5\n        with:\n          cache: false'",
    "'astral-sh/setup-uv@v6\n"
        + "        with:\n"
        + "          version: 1','astral-sh/setup-uv@v6\n"
        + "        with:\n"
        + "          enable-cache: false\n"
        + "          version: 1'"
  })
  void cacheInARelease_isSwitchedOff(String before, String after) {
    assertThat(mended("cache-in-release", release("      - uses: " + before + "\n")))
        .isEqualTo(release("      - uses: " + after + "\n"));
  }

  private static String uses(String comment) {
    return release(
        "      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683" + comment + "\n");
  }

  @Test
  void commitThatIsKnown_getsItsVersion() {
    assertThat(mended("commit-without-version", uses(""))).isEqualTo(uses(" # v4.2.2"));
    assertThat(mended("commit-without-version", uses(" # why"))).isEqualTo(uses(" # why"));
  }

  @Test
  void versionThatIsWrong_isCorrected() {
    String right = uses(" # v4.2.2");
    String also =
        "      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v9.1.0 x\n";
    assertThat(mended("version-comment-mismatch", right + also))
        .isEqualTo(right + also.replace("v9.1.0", "v4.2.2"));
  }

  @Test
  void repeatedRedirections_becomeAGroup() {
    String script =
        "      - run: |\n          echo \"a=1\" >> \"$GITHUB_OUTPUT\"\n"
            + "          echo b >>\"$GITHUB_OUTPUT\" # b\n          echo c >> $GITHUB_OUTPUT\n"
            + "          echo d\n";
    assertThat(mended("shell-repeated-redirect", release(script)))
        .isEqualTo(
            release(
                "      - run: |\n          { echo \"a=1\"\n          echo b # b\n"
                    + "          echo c; } >> $GITHUB_OUTPUT\n          echo d\n"));
    String other = script.replace("echo b >>\"$GITHUB_OUTPUT\"", "cat >> $GITHUB_OUTPUT < b");
    assertThat(mended("shell-repeated-redirect", release(other))).isEqualTo(release(other));
  }
}
