package dev.slipway.engine;

import dev.slipway.plan.WorkflowTree;
import dev.slipway.workflow.expression.Value;
import java.util.Map;

/**
 * A workflow in a run: the run's own, or one that a job calls. What never changes of it; the rest
 * is its {@link ScopeState}.
 *
 * @param parentNode the calling job, negative for the run's own workflow
 * @param parentLeg the calling leg of that job
 * @param keyPrefix what the keys of its jobs begin with; also its name as holder of a concurrency
 *     group
 * @param namePrefix what the names of its jobs begin with
 * @param firstNode its jobs are the nodes from here on
 */
record CallScope(
    WorkflowTree tree,
    int parentNode,
    int parentLeg,
    String keyPrefix,
    String namePrefix,
    Value inputs,
    Map<String, String> secrets,
    int firstNode,
    int nodeCount) {

  boolean called() {
    return parentNode >= 0;
  }

  /** The node after its last. */
  int endNode() {
    return firstNode + nodeCount;
  }
}
