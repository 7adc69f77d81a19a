package dev.slipway.check;

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

  /** Of a gate that did not run. */
  static GateResult without(Gate gate, Status status, String summary) {
    return new GateResult(gate, status, false, 0, "", summary, List.of(), 0, List.of());
  }

  /** Whether it fails the check. */
  public boolean blocks() {
    return gate.kind() == Kind.REQUIRED && (status == Status.FAILED || status == Status.ERROR);
  }

  GateResult withFlaky(List<String> tests) {
    return new GateResult(
        gate, status, cached, durationMs, version, summary, findings, count, tests);
  }
}
