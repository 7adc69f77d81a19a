package dev.slipway.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an action keeps from phase to phase of one step. Phases come one after the other; a post
 * runs when the threads of all steps have ended.
 */
final class ActionState {
  /** What its phases so far did. */
  final List<Effects> phases = new ArrayList<>();

  /** What it saved ({@code GITHUB_STATE}); later phases win. */
  Map<String, String> saved() {
    Map<String, String> saved = new LinkedHashMap<>();
    for (Effects effects : phases) {
      saved.putAll(effects.state);
    }
    return saved;
  }
}
