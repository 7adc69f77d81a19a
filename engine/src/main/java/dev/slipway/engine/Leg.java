package dev.slipway.engine;

import dev.slipway.plan.Matrix;
import dev.slipway.workflow.expression.Value;
import org.jspecify.annotations.Nullable;

/**
 * One job of a matrix, or the only one of a job without a matrix.
 *
 * @param key unique in the run
 * @param combination null without a matrix
 * @param strategy the {@code strategy} context
 * @param forgiven whether {@code continue-on-error} holds for it
 * @param group the concurrency group it asked for; empty for none
 * @param callScope the workflow it calls; negative for none
 * @param stopped whether it was told to stop
 */
record Leg(
    String key,
    String name,
    Matrix.@Nullable Combination combination,
    Value strategy,
    Phase phase,
    boolean forgiven,
    String group,
    int callScope,
    boolean stopped) {

  /** How far a leg is. */
  enum Phase {
    /** Others of its matrix have to end first. */
    HELD,
    /** Waits for its concurrency group. */
    GROUP,
    /** Handed to a machine that has not taken it yet, or a called workflow. */
    STARTED,
    /** A machine runs it. */
    RUNNING,
    ENDED
  }

  /** A leg of a job of this workflow, not yet evaluated: its name is its key for now. */
  static Leg held(
      CallScope scope, String key, Matrix.@Nullable Combination combination, Value strategy) {
    String full = scope.keyPrefix() + key;
    String name = scope.namePrefix() + key;
    return new Leg(full, name, combination, strategy, Phase.HELD, false, "", -1, false);
  }

  /** The {@code matrix} context. */
  Value matrix() {
    return combination == null ? Value.NULL : combination.value();
  }

  /** Whether a machine has it. */
  boolean onMachine() {
    return (phase == Phase.STARTED || phase == Phase.RUNNING) && callScope < 0;
  }

  Leg with(Phase next) {
    return new Leg(key, name, combination, strategy, next, forgiven, group, callScope, stopped);
  }

  Leg named(String shown, boolean continueOnError) {
    return new Leg(
        key, shown, combination, strategy, phase, continueOnError, group, callScope, stopped);
  }

  Leg waitingFor(String concurrency) {
    return new Leg(
        key, name, combination, strategy, Phase.GROUP, forgiven, concurrency, callScope, stopped);
  }

  Leg calling(int scope) {
    return new Leg(
        key, name, combination, strategy, Phase.RUNNING, forgiven, group, scope, stopped);
  }

  Leg stopping() {
    return new Leg(key, name, combination, strategy, phase, forgiven, group, callScope, true);
  }
}
