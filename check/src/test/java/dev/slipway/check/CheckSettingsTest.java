package dev.slipway.check;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflow.Reading;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CheckSettingsTest {
  private static final Gate RUFF = Gates.reading("ruff", Inputs.all(""));
  private static final Gate TESTS = Gates.gate("test", "true", Inputs.all(""), Report.JUNIT, 2);

  private static CheckSettings settings(String text) {
    Reading<CheckSettings> reading = CheckSettings.read("slipway.yml", text);
    assertThat(reading.problems()).isEmpty();
    return requireNonNull(reading.value());
  }

  private static List<Gate> applied(String text) {
    return settings(text).applied(List.of(RUFF, TESTS));
  }

  @ParameterizedTest
  @CsvSource({"off", "false", "{enabled: false}"})
  void aGate_canBeSwitchedOff(String value) {
    assertThat(applied("gates: {ruff: " + value + "}"))
        .extracting(Gate::id)
        .containsExactly("test");
  }

  @Test
  void aGate_canBeChanged() {
    Gate changed =
        applied("gates: {ruff: {kind: advisory, tier: strict, run: ruff check, directory: ./src/}}")
            .getFirst();
    assertThat(changed.kind()).isEqualTo(Kind.ADVISORY);
    assertThat(changed.tier()).isEqualTo(Tier.STRICT);
    assertThat(changed.script()).isEqualTo("ruff check");
    assertThat(changed.directory()).isEqualTo("src");
    assertThat(applied("gates: {ruff: optional}").getFirst().kind()).isEqualTo(Kind.OPTIONAL);
  }

  @Test
  void aGateOfTheProjectsOwn_isAdded() {
    Gate own =
        applied("gates: {own: {run: make contract, needs: ruff, report: junit, tier: lite}}")
            .getLast();
    assertThat(own.id()).isEqualTo("own");
    assertThat(own.kind()).isEqualTo(Kind.REQUIRED);
    assertThat(own.needs()).containsExactly("ruff");
    assertThat(own.report()).isEqualTo(Report.JUNIT);
    assertThat(own.retries()).isEqualTo(2);
  }

  @Test
  void retries_areThoseOfTheFile() {
    assertThat(applied("flaky: {retries: 5, delay: 1s}").getLast().retries()).isEqualTo(5);
    assertThat(applied("flaky: {retries: 5}\ngates: {test: {retries: 0}}").getLast().retries())
        .isZero();
    assertThat(settings("flaky: {delay: 250ms, blocking: false}"))
        .returns(Duration.ofMillis(250), CheckSettings::retryDelay)
        .returns(CheckSettings.Flaky.NAMED, CheckSettings::flaky);
  }

  @Test
  void whatIsUnknown_isSaidUnlessItIsOff() {
    assertThat(
            settings("gates: {mypy: off, rust: {kind: advisory}, own: {run: x}}")
                .unknown(List.of(RUFF)))
        .containsExactly("rust");
  }

  @Test
  void aFileWithoutGates_saysNothing() {
    assertThat(settings("machines: {a: host}\n")).isEqualTo(CheckSettings.NONE);
    assertThat(settings("")).isEqualTo(CheckSettings.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gates: {a: {kind: hard}} | slipway.yml:1:19: There is no kind 'hard'",
        "gates: {a: {tier: top}} | slipway.yml:1:19: There is no tier 'top'",
        "gates: {a: maybe} | slipway.yml:1:12: The gate 'a' is neither settings nor 'off'",
        "gates: {a: {rnu: x}} | slipway.yml:1:13: Unexpected value 'rnu' in 'gates.a'",
        "gates: {a: {run: x, directory: ../x}} | slipway.yml:1:32: The directory '../x' is not one"
            + " of the project",
        "gates: {a: {retries: many}} | slipway.yml:1:22: 'retries' is no number from 0 to 10",
        "gates: [a] | slipway.yml:1:8: 'gates' is no mapping",
        "slo: {warm: soon} | slipway.yml:1:13: 'soon' is no duration",
        "slo: {cold: 1s} | slipway.yml:1:7: Unexpected value 'cold' in 'slo'",
        "flaky: {blocking: perhaps} | slipway.yml:1:19: 'blocking' is neither true nor false",
      })
  void mistakes_areToldWithTheirPlace(String text, String problem) {
    Reading<CheckSettings> reading = CheckSettings.read("slipway.yml", text);
    assertThat(reading.value()).isNull();
    assertThat(reading.problems().getFirst().text()).startsWith(problem);
  }

  @Test
  void theLimitForRememberedChecks_isAGate() {
    Duration most = Duration.ofMillis(100);
    assertThat(GateResult.slo(most, true, 100).blocks()).isFalse();
    assertThat(GateResult.slo(most, true, 101).blocks()).isTrue();
    assertThat(GateResult.slo(most, false, 5_000).status()).isEqualTo(Status.SKIPPED);
  }
}
