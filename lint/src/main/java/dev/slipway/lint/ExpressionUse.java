package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import dev.slipway.workflow.expression.Expression;
import dev.slipway.workflow.expression.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An expression where it is written. */
final class ExpressionUse {
  private final List<String> path;
  private final @Nullable JobNode job;
  private final @Nullable StepNode step;
  private final YamlNode.Scalar scalar;
  private final int start;
  private final int end;
  private final Expression expression;

  ExpressionUse(
      List<String> path,
      @Nullable JobNode job,
      @Nullable StepNode step,
      YamlNode.Scalar scalar,
      int start,
      int end,
      Expression expression) {
    this.path = path;
    this.job = job;
    this.step = step;
    this.scalar = scalar;
    this.start = start;
    this.end = end;
    this.expression = expression;
  }

  /** The keys that lead to the scalar, items of lists left out. */
  List<String> path() {
    return path;
  }

  /** The job it is in, or null. */
  @Nullable JobNode job() {
    return job;
  }

  /** The step it is in, or null. */
  @Nullable StepNode step() {
    return step;
  }

  YamlNode.Scalar scalar() {
    return scalar;
  }

  /** Where it begins in the scalar's text, its opening bracket counted. */
  int start() {
    return start;
  }

  /** Where it ends there. */
  int end() {
    return end;
  }

  Expression expression() {
    return expression;
  }

  /** The key whose value it is part of. */
  String key() {
    return path.isEmpty() ? "" : path.getLast();
  }

  /** Every way from a context that occurs anywhere in it; names of contexts are in lower case. */
  List<List<String>> paths() {
    List<List<String>> paths = new ArrayList<>();
    collect(expression.shape(), false, paths);
    return paths;
  }

  /** Ways from contexts whose values can become part of its value, not merely decide on it. */
  List<List<String>> flows() {
    List<List<String>> paths = new ArrayList<>();
    collect(expression.shape(), true, paths);
    return paths;
  }

  private static void collect(Shape shape, boolean flows, List<List<String>> paths) {
    if (shape instanceof Shape.Path path) {
      paths.add(path.names());
      for (Shape inner : path.inner()) {
        collect(inner, flows, paths);
      }
    } else if (shape instanceof Shape.Call call) {
      boolean yieldsNoText =
          switch (call.function()) {
            case "contains", "startswith", "endswith", "hashfiles" -> true;
            default -> false;
          };
      if (!flows || !yieldsNoText) {
        for (Shape argument : call.arguments()) {
          collect(argument, flows, paths);
        }
      }
    } else if (shape instanceof Shape.Operation operation) {
      operation(operation, flows, paths);
    }
  }

  private static void operation(
      Shape.Operation operation, boolean flows, List<List<String>> paths) {
    boolean logic = operation.operator().equals("&&") || operation.operator().equals("||");
    if (flows && !logic && !operation.operator().isEmpty()) {
      return;
    }
    List<Shape> operands = operation.operands();
    for (int i = 0; i < operands.size(); i++) {
      // A truthy left side of && never becomes the value; a falsy one is no text worth fearing.
      boolean decides = operation.operator().equals("&&") && i < operands.size() - 1;
      if (!flows || !decides) {
        collect(operands.get(i), flows, paths);
      }
    }
  }

  /** A way as people write it. */
  static String written(List<String> path) {
    return String.join(".", path);
  }

  /** Whether a way begins with these names, without regard to case. */
  static boolean begins(List<String> path, String... names) {
    if (path.size() < names.length) {
      return false;
    }
    for (int i = 0; i < names.length; i++) {
      if (!path.get(i).toLowerCase(Locale.ROOT).equals(names[i])) {
        return false;
      }
    }
    return true;
  }
}
