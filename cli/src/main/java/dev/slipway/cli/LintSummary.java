package dev.slipway.cli;

import java.util.List;

/**
 * What a report says of the whole.
 *
 * @param files how many were looked through
 * @param settings the files that settings came from
 */
record LintSummary(int files, List<String> settings) {
  LintSummary {
    settings = List.copyOf(settings);
  }
}
