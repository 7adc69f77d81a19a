package dev.slipway.engine;

import dev.slipway.workflow.Condition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How one action runs for one step, by what its manifest says it is. */
interface ActionKind {
  /** Does what the step is for. */
  Conclusion main(StepRun run, Map<String, String> inputs);

  /** When {@link #pre} runs; null when there is none. */
  default @Nullable Condition preCondition() {
    return null;
  }

  /** Does its part before the job's steps; there must be one. */
  default Conclusion pre(StepRun run, Map<String, String> inputs) {
    throw new IllegalStateException("nothing to do before the steps");
  }

  /** When {@link #post} runs; null when there is none. */
  default @Nullable Condition postCondition() {
    return null;
  }

  /** Does its part after the job's steps; there must be one. */
  default Conclusion post(StepRun run, Map<String, String> inputs) {
    throw new IllegalStateException("nothing to do after the steps");
  }
}
