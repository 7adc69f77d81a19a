package dev.slipway.engine;

/**
 * What came of a step.
 *
 * @param outcome how it ended
 * @param conclusion the same, unless {@code continue-on-error} forgave a failure
 * @param effects what it asks of its job
 */
record StepResult(Conclusion outcome, Conclusion conclusion, Effects effects) {}
