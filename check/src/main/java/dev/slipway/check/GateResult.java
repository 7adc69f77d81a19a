package dev.slipway.check;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a gate ended and what it found.
 *
 * @param cached whether this is how it ended before, with the same files
 * @param durationMs how long it took when it ran
 * @param version of its tool; empty when that is not known
 * @param summary one line
 * @param findings the first of them
 * @param count how many there are
 * @param flaky tests that failed at first and passed when tried again
 */
public record GateResult(
    Gate gate,
    Status status,
    boolean cached,
    long durationMs,
    String version,
    String summary,
    List<Finding> findings,
    int count,
    List<String> flaky) {
  public GateResult {
    findings = List.copyOf(findings);
    flaky = List.copyOf(flaky);
  }

  /** Of a gate that is yet to run. */
  public static GateResult pending(Gate gate) {
    return without(gate, Status.SKIPPED, "did not run");
  }

  /**
   * Of a gate that cannot run here, or null. What the project itself asks for and cannot be had is
   * an error where it is required; a check that leaves it out would be green for nothing.
   */
  public static @Nullable GateResult unable(Gate gate) {
    String missing = gate.missing();
    if (missing == null) {
      return null;
    }
    boolean needed = gate.kind() == Kind.REQUIRED && gate.origin() == Origin.CONFIGURED;
    String how = gate.install().isEmpty() ? "" : ": " + gate.install();
    return without(gate, needed ? Status.ERROR : Status.SKIPPED, missing + how);
  }

  /**
   * Of a gate that needs one that did not pass. Where it is required it fails the check itself, as
   * the other may be optional.
   */
  public static GateResult unmet(Gate gate, String needed) {
    Status status = gate.kind() == Kind.REQUIRED ? Status.ERROR : Status.SKIPPED;
    return without(gate, status, "needs " + needed + ", which did not pass");
  }

  /** Of a gate that did not run. */
  static GateResult without(Gate gate, Status status, String summary) {
    return new GateResult(gate, status, false, 0, "", summary, List.of(), 0, List.of());
  }

  /** Whether it fails the check. */
  public boolean blocks() {
    return gate.kind() == Kind.REQUIRED && (status == Status.FAILED || status == Status.ERROR);
  }

  /** The same, failed because tests pass only now and then. */
  public GateResult failedByFlaky() {
    String tests = flaky.size() == 1 ? "1 flaky test" : flaky.size() + " flaky tests";
    return new GateResult(
        gate, Status.FAILED, false, durationMs, version, tests, findings, count, flaky);
  }

  /**
   * Of the gate that a limit for remembered checks makes.
   *
   * @param warm whether this check was one
   */
  public static GateResult slo(Duration most, boolean warm, long tookMs) {
    Gate gate =
        new Gate(
            CheckSettings.SLO,
            Kind.REQUIRED,
            Tier.LITE,
            Origin.CONFIGURED,
            "slipway",
            "",
            "",
            List.of("slo.warm in slipway.yml"),
            "",
            null,
            null,
            "",
            Inputs.all(""),
            List.of(),
            Report.LINES,
            false,
            List.of(),
            List.of(),
            0);
    if (!warm) {
      return without(gate, Status.SKIPPED, "not every gate was remembered");
    }
    Status status = tookMs <= most.toMillis() ? Status.PASSED : Status.FAILED;
    return without(gate, status, tookMs + "ms of " + most.toMillis() + "ms");
  }

  GateResult withFlaky(List<String> tests) {
    return new GateResult(
        gate, status, cached, durationMs, version, summary, findings, count, tests);
  }
}
