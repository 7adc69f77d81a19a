package dev.slipway.workflow.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an expression can see while it is evaluated. */
public interface Scope {
  /** The context with this lower-case name; null when there is none here. */
  @Nullable Value context(String name);

  /** {@code success()}; {@code jobs} are the arguments, only at job level. */
  default boolean success(List<String> jobs) {
    throw ExpressionException.evaluation("success() is not available here");
  }

  /** {@code failure()}; {@code jobs} are the arguments, only at job level. */
  default boolean failure(List<String> jobs) {
    throw ExpressionException.evaluation("failure() is not available here");
  }

  /** {@code cancelled()}. */
  default boolean cancelled() {
    throw ExpressionException.evaluation("cancelled() is not available here");
  }

  /** {@code hashFiles(…)}. */
  default String hashFiles(List<String> patterns) {
    throw ExpressionException.evaluation("hashFiles() is not available here");
  }
}
