package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Waste is reported when the file proves it. */
final class WasteTest {
  private static int found(String rule, String text) {
    return Lint.of(new Selection(Profile.AUDIT, Set.of(rule), Set.of()))
        .file(".github/workflows/ci.yml", text)
        .size();
  }

  private static String job(String on, String steps) {
    return "on: " + on + "\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n" + steps;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "npm install ~ cache: npm ~ 1",
        "npm install ~ x: y ~ 0",
        "npm install left-pad ~ cache: npm ~ 0",
        "npm install¶npm audit fix ~ cache: npm ~ 0",
      })
  void npmInstall_needsALockFile(String script, String input, int times) {
    String steps =
        "      - uses: actions/setup-node@v6\n        with:\n          "
            + input
            + "\n      - run: |\n          "
            + script.replace("¶", "\n          ")
            + "\n";
    assertThat(found("npm-install-in-ci", job("push", steps))).isEqualTo(times);
  }

  @ParameterizedTest
  @CsvSource({"npm test, 1", "./ci/test.sh, 0", "python tools/lint.py, 0", "make test, 0"})
  void history_mayBeReadByScriptsOfTheProject(String script, int times) {
    String steps =
        "      - uses: actions/checkout@v6\n        with:\n          fetch-depth: 0\n      - run: "
            + script
            + "\n";
    assertThat(found("whole-history", job("push", steps))).isEqualTo(times);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "docker run -d x¶sleep 20 ~ 1",
        "npm start &¶sleep 10 ~ 1",
        "sleep 20 ~ 0",
        "docker run -d x¶sleep 2 ~ 0",
        "docker run -d x¶until nc -z x; do sleep 5; done ~ 0",
        "docker run x¶sleep 20 ~ 0",
      })
  void sleep_countsBehindWhatWasStarted(String script, int times) {
    String steps = "      - run: |\n          " + script.replace("¶", "\n          ") + "\n";
    assertThat(found("fixed-sleep", job("push", steps))).isEqualTo(times);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {"*/5 * * * * ~ 1", "0,30 * * * * ~ 1", "5 * * * * ~ 0", "*/5 3 * * * ~ 0"})
  void schedule_isTooOftenWithinAnHourOfEveryHour(String cron, int times) {
    String on = "\n  schedule:\n    - cron: '" + cron + "'";
    assertThat(found("schedule-too-often", job(on, "      - run: make\n"))).isEqualTo(times);
  }

  @Test
  void caches_areNotAskedForWhereSomethingIsReleased() {
    String steps =
        "      - uses: actions/setup-python@v6\n      - run: pip install -r requirements.txt\n";
    assertThat(found("setup-without-cache", job("pull_request", steps))).isEqualTo(1);
    assertThat(found("setup-without-cache", job("release", steps))).isZero();
  }

  @Test
  void concurrency_isIndentedAsTheRestOfTheFile() {
    String text =
        "on: pull_request\njobs:\n    a:\n        runs-on: ubuntu-latest\n        steps:\n"
            + "            - run: make\n";
    Lint lint = Lint.of(new Selection(Profile.AUDIT, Set.of("missing-concurrency"), Set.of()));
    assertThat(Mending.of(lint, "ci.yml", text, Fix.Safety.UNSAFE).text())
        .contains("concurrency:\n    group: ");
  }

  @ParameterizedTest
  @CsvSource({"all-required-checks-done, 1", "Required checks passed, 1", "deploy, 0"})
  void gates_areKnownByTheirNames(String name, int times) {
    String text =
        job("pull_request", "      - run: make\n")
            + "  g:\n    name: "
            + name
            + "\n    needs: [a]\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo done\n";
    assertThat(found("gate-skipped-into-green", text)).isEqualTo(times);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "failure() ~ 1",
        "${{ failure() && github.ref == 'x' }} ~ 1",
        "failure() || github.ref == 'x' ~ 0",
        "always() ~ 0"
      })
  void noticeOfFailure_needsAJobBeforeIt(String condition, int times) {
    String text =
        "on: push\njobs:\n  a:\n    if: "
            + condition
            + "\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"
            + "  b:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n";
    assertThat(found("failure-notice-never-runs", text)).isEqualTo(times);
    assertThat(found("failure-notice-never-runs", text.replace("    if:", "    needs: b\n    if:")))
        .isZero();
  }
}
