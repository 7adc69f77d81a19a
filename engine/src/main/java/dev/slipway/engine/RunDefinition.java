package dev.slipway.engine;

import dev.slipway.plan.WorkflowTree;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that decides how a run goes besides what happens in it.
 *
 * @param github the {@code github} context, without what depends on the job
 * @param machines which machine takes a job with these labels
 * @param onlyJobs ids of the jobs to run with all they need; empty for all
 * @param matrixFilter values wanted of matrix keys; empty for all
 * @param requireAll whether a job that no machine fits fails the run
 * @param known how jobs ended before, which are not to run again, by key
 */
record RunDefinition(
    WorkflowTree tree,
    ObjectValue github,
    Value inputs,
    Value vars,
    Map<String, String> secrets,
    Machines machines,
    Set<String> onlyJobs,
    Map<String, Set<String>> matrixFilter,
    boolean requireAll,
    Map<String, JobResult> known) {

  /** Chooses a machine by the labels of {@code runs-on}. */
  interface Machines {
    Choice choose(List<String> labels);
  }

  /** A machine's name, or why none fits. */
  sealed interface Choice {
    /** The machine. */
    record Fits(String machine) implements Choice {}

    /** No machine; the reason names what would map the label. */
    record None(String reason) implements Choice {}
  }
}
