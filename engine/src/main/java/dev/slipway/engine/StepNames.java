package dev.slipway.engine;

import dev.slipway.workflow.Node;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.ExpressionException;

/** What steps are called: by their {@code name}, else by what they do. */
final class StepNames {
  private StepNames() {}

  static String of(Step step, StepScope scope) {
    return step.name() == null
        ? byBody(step.body(), scope)
        : firstLine("", text(step.name(), scope, step.contextName()));
  }

  private static String byBody(Step.Body body, StepScope scope) {
    if (body instanceof Step.Run run) {
      return firstLine("Run ", text(run.script(), scope, ""));
    }
    if (body instanceof Step.Uses uses) {
      return "Run " + uses.action().source();
    }
    if (body instanceof Step.Wait wait) {
      return "Wait for " + String.join(", ", wait.ids());
    }
    if (body instanceof Step.Cancel cancel) {
      return "Cancel " + cancel.target();
    }
    return body instanceof Step.Parallel ? "Parallel steps" : "Wait for all background steps";
  }

  /** The first line that is not blank. */
  private static String firstLine(String prefix, String text) {
    String rest = text.stripLeading();
    int end = 0;
    while (end < rest.length() && rest.charAt(end) != '\n' && rest.charAt(end) != '\r') {
      end++;
    }
    return end == 0 ? "run" : prefix + rest.substring(0, end);
  }

  /** The text; as it is written when it cannot be evaluated. */
  private static String text(Node node, StepScope scope, String otherwise) {
    try {
      return Typed.text(node, scope);
    } catch (ExpressionException e) {
      return node instanceof Node.Scalar scalar ? scalar.source() : otherwise;
    }
  }
}
