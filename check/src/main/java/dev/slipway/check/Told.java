package dev.slipway.check;

import java.util.List;

/**
 * What a gate's output says.
 *
 * @param summary one line
 * @param findings the first of them, at most {@link #MOST}
 * @param count how many there are
 * @param failedTests names of tests that failed
 */
record Told(String summary, List<Finding> findings, int count, List<String> failedTests) {
  /** How many findings are kept. */
  static final int MOST = 50;

  Told {
    findings = List.copyOf(findings.size() > MOST ? findings.subList(0, MOST) : findings);
    failedTests = List.copyOf(failedTests);
  }

  static Told of(String summary, List<Finding> findings) {
    return new Told(summary, findings, findings.size(), List.of());
  }
}
