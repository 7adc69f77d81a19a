package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.plan.Forecasts;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What workflows cost a month. */
final class CostsTest {
  private static final Forecasts.Durations UNRECORDED = (file, key) -> OptionalLong.empty();

  private static CostEstimate estimate(Forecasts.Durations durations, int runs, String text) {
    Lint lint = Lint.of(new Selection(Profile.AUDIT, Set.of(), Set.of()));
    return Costs.create(Prices.published(), durations, runs)
        .of(List.of(new Costs.Source("ci.yml", text, lint.file("ci.yml", text))))
        .getFirst();
  }

  private static String workflow(String on, String job) {
    return "on: " + on + "\njobs:\n  a:\n" + job + "    steps:\n      - run: make\n";
  }

  @Test
  void job_costsItsMinutesRoundedUp() {
    Forecasts.Durations recorded = (file, key) -> OptionalLong.of(61_000);
    CostEstimate cost =
        estimate(recorded, 10, workflow("pull_request", "    runs-on: ubuntu-latest\n"));
    assertThat(cost.jobs())
        .singleElement()
        .satisfies(job -> {
          assertThat(job.minutes()).isEqualTo(2);
          assertThat(job.measured()).isTrue();
        });
    assertThat(cost.cost()).isCloseTo(10 * 2 * 0.006, within(1e-9));
  }

  @Test
  void matrix_isCountedJobByJob() {
    String matrix =
        "    runs-on: ${{ matrix.os }}\n    strategy:\n      matrix:\n"
            + "        os: [ubuntu-24.04, windows-2025, macos-15]\n        v: [1, 2]\n"
            + "        exclude:\n          - os: macos-15\n            v: 1\n";
    Map<String, Long> seconds = Map.of("a (ubuntu-24.04, 1)", 30L);
    Forecasts.Durations some =
        (file, key) ->
            seconds.containsKey(key)
                ? OptionalLong.of(seconds.get(key) * 1000)
                : OptionalLong.of(120_000);
    CostEstimate cost = estimate(some, 1, workflow("pull_request", matrix));
    assertThat(cost.jobs().getFirst().legs()).isEqualTo(5);
    assertThat(cost.jobs().getFirst().minutes()).isEqualTo(1 + 2 + 2 + 2 + 2);
    assertThat(cost.cost()).isCloseTo(1 * 0.006 + 2 * 0.006 + 4 * 0.010 + 2 * 0.062, within(1e-9));
  }

  @Test
  void matrixOfARun_isSaidToBeUnknown() {
    String matrix =
        "    runs-on: ubuntu-latest\n    strategy:\n      matrix: ${{ fromJSON('{}') }}\n";
    CostEstimate cost = estimate(UNRECORDED, 1, workflow("push", matrix));
    assertThat(cost.jobs().getFirst().legs()).isEqualTo(1);
    assertThat(cost.assumptions()).anyMatch(a -> a.contains("known only in a run"));
  }

  @Test
  void jobWithoutRecords_takesAsLongAsIsSaid() {
    assertThat(
            estimate(UNRECORDED, 1, workflow("push", "    runs-on: ubuntu-latest\n")).assumptions())
        .anyMatch(a -> a.contains("5 minutes"));
    assertThat(
            estimate(
                    UNRECORDED,
                    1,
                    workflow("push", "    runs-on: ubuntu-latest\n    timeout-minutes: 3\n"))
                .jobs()
                .getFirst()
                .minutes())
        .isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/15 * * * * | 2880",
        "0 * * * * | 720",
        "0 3 * * * | 30",
        "0 3,15 * * * | 60",
        "0 3 * * 1 | 4.2857",
        "0 3 * * 1-5 | 21.4286",
        "0 3 1 * * | 1",
        "0 3 1 */3 * | 0.3333",
      })
  void schedule_isCounted(String cron, double runs) {
    String on = "\n  schedule:\n    - cron: '" + cron + "'";
    assertThat(estimate(UNRECORDED, 7, workflow(on, "    runs-on: ubuntu-latest\n")).runs())
        .isCloseTo(runs, within(0.001));
  }

  @Test
  void ownMachines_haveThePriceThatIsGiven() {
    String text = workflow("push", "    runs-on: [self-hosted, big]\n    timeout-minutes: 1\n");
    CostEstimate unknown = estimate(UNRECORDED, 1, text);
    assertThat(unknown.jobs().getFirst().priced()).isFalse();
    assertThat(unknown.assumptions()).anyMatch(a -> a.contains("--rate"));
    CostEstimate known =
        Costs.create(Prices.published().with("big", 0.5), UNRECORDED, 1)
            .of(List.of(new Costs.Source("ci.yml", text, List.of())))
            .getFirst();
    assertThat(known.cost()).isCloseTo(0.5, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "ubuntu-latest, 0.006",
    "ubuntu-24.04-arm, 0.005",
    "ubuntu-slim, 0.002",
    "windows-11-arm, 0.010",
    "macos-15-xlarge, 0.102",
    "macos-latest-large, 0.077",
    "ubuntu-24.04-16-cores, 0.042"
  })
  void prices_areThoseOfTheLabel(String label, double price) {
    assertThat(Prices.published().perMinute(List.of(label)).getAsDouble())
        .isCloseTo(price, within(1e-9));
  }

  @Test
  void findings_saveWhatTheFormulaSays() {
    CostEstimate cost =
        estimate(
            UNRECORDED,
            100,
            workflow("pull_request", "    runs-on: ubuntu-latest\n    timeout-minutes: 4\n"));
    assertThat(cost.savings())
        .filteredOn(s -> s.rule().equals("missing-concurrency"))
        .singleElement()
        .satisfies(s -> {
          assertThat(s.minutes()).isCloseTo(100 * 0.2 * 4, within(1e-9));
          assertThat(s.cost()).isCloseTo(100 * 0.2 * 4 * 0.006, within(1e-9));
          assertThat(s.formula())
              .isEqualTo("100 runs x 0.2 (runs are outdated) x 4 min x 0.006 USD");
        });
  }

  @Test
  void calledWorkflow_runsAsOftenAsItsCallers() {
    String called = workflow("workflow_call", "    runs-on: ubuntu-latest\n");
    String caller =
        "on: pull_request\njobs:\n  one:\n    uses: ./.github/workflows/called.yml\n  two:\n"
            + "    strategy:\n      matrix:\n        v: [1, 2]\n"
            + "    uses: ./.github/workflows/called.yml\n";
    List<CostEstimate> both =
        Costs.create(Prices.published(), UNRECORDED, 10)
            .of(
                List.of(
                    new Costs.Source(".github/workflows/called.yml", called, List.of()),
                    new Costs.Source(".github/workflows/ci.yml", caller, List.of())));
    assertThat(both.getFirst().runs()).isEqualTo(30);
    assertThat(both.getLast().cost()).isZero();
  }
}
