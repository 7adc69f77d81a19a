package dev.slipway.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a step asks of its job: variables, paths, outputs. A background step's wait until it is
 * waited for.
 */
final class Effects {
  /** {@code GITHUB_ENV} writes, later ones win. */
  final Map<String, String> env = new LinkedHashMap<>();

  /** {@code GITHUB_PATH} entries, in the order written. */
  final List<String> path = new ArrayList<>();

  /** What was asked for and is refused, for the user; the step goes on. */
  final List<String> refused = new ArrayList<>();

  /** Outputs by name. */
  final Map<String, String> outputs = new LinkedHashMap<>();

  /** {@code GITHUB_STATE}, for the same action's post. */
  final Map<String, String> state = new LinkedHashMap<>();
}
