package dev.slipway.engine;

import dev.slipway.workflow.Node;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Value;

/** What {@code concurrency}, of a workflow or a job, asks for. */
record ConcurrencyRequest(String group, boolean cancelInProgress, boolean queueAll) {
  private static final int MAX_GROUP = 400;

  /**
   * Evaluates a {@code concurrency}.
   *
   * @throws ExpressionException when it cannot be evaluated or names no group
   */
  static ConcurrencyRequest of(Node concurrency, Scope scope) {
    Value value = concurrency.evaluate(scope);
    String name = value.toText();
    boolean cancel = false;
    boolean all = false;
    if (value instanceof ObjectValue object) {
      Value group = object.get("group");
      name = group == null ? "" : group.toText();
      Value cancelInProgress = object.get("cancel-in-progress");
      cancel = cancelInProgress != null && Typed.truth(cancelInProgress);
      Value queue = object.get("queue");
      all = queue != null && queue.toText().equalsIgnoreCase("max");
    }
    if (name.isBlank()) {
      throw ExpressionException.evaluation("The concurrency group is empty");
    }
    if (name.length() > MAX_GROUP) {
      throw ExpressionException.evaluation(
          "The concurrency group is longer than " + MAX_GROUP + " characters");
    }
    return new ConcurrencyRequest(name, cancel, all);
  }

  Effect.Acquire by(String holder) {
    return new Effect.Acquire(holder, group, cancelInProgress, queueAll);
  }
}
