package dev.slipway.engine;

import dev.slipway.workflow.Defaults;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.expression.ExpressionException;
import org.jspecify.annotations.Nullable;

/**
 * What scripts of a job have for what they do not say themselves; empty for nothing. Evaluated
 * once, before the first step.
 */
record RunDefaults(String shell, String workingDirectory) {
  static final RunDefaults NONE = new RunDefaults("", "");

  /**
   * The defaults of a job and, where it has none, of its workflow.
   *
   * @throws ExpressionException when one cannot be evaluated
   */
  static RunDefaults of(Defaults job, Defaults workflow, StepScope scope) {
    return new RunDefaults(
        text(job.shell(), workflow.shell(), scope),
        text(job.workingDirectory(), workflow.workingDirectory(), scope));
  }

  private static String text(@Nullable Node ofJob, @Nullable Node ofWorkflow, StepScope scope) {
    Node nearest = ofJob == null ? ofWorkflow : ofJob;
    return nearest == null ? "" : Typed.text(nearest, scope);
  }
}
