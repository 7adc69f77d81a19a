package dev.slipway.workflow.expression;

import java.util.List;

/** How an expression is written, for those who analyse it instead of evaluating it. */
public sealed interface Shape permits Shape.Literal, Shape.Path, Shape.Call, Shape.Operation {
  /** A literal. */
  record Literal(Value value) implements Shape {}

  /**
   * A way from a context to a value.
   *
   * @param names the context in lower case and the names that follow as written; {@code *} for a
   *     wildcard or a computed index; the first is empty where the way starts at {@code inner}
   * @param inner computed indexes, and what the way starts at unless it is a context
   */
  record Path(List<String> names, List<Shape> inner) implements Shape {
    public Path {
      names = List.copyOf(names);
      inner = List.copyOf(inner);
    }
  }

  /** A call; the function in lower case. */
  record Call(String function, List<Shape> arguments) implements Shape {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** Operands joined by {@code !}, {@code &&}, {@code ||} or a comparison. */
  record Operation(String operator, List<Shape> operands) implements Shape {
    public Operation {
      operands = List.copyOf(operands);
    }
  }
}
