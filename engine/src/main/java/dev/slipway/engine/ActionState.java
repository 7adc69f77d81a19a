package dev.slipway.engine;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an action keeps from phase to phase of one step. Phases come one after the other; a post
 * runs when the threads of all steps have ended.
 */
final class ActionState {
  /** What it saved ({@code GITHUB_STATE}). */
  final Map<String, String> saved = new LinkedHashMap<>();
}
