package dev.slipway.plan;

import dev.slipway.workflow.Node;
import dev.slipway.workflow.expression.Expression;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Unknown;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be said of values in a workflow file before it runs. */
final class Foreseen {
  private Foreseen() {}

  /** The node's value; null when something in it is not known yet. */
  static @Nullable Value value(Node node, Scope scope) {
    if (node instanceof Node.Scalar scalar) {
      if (scalar.literal()) {
        return scalar.evaluate(scope);
      }
      Value value = scalar.template().foresee(scope);
      return Unknown.within(value) ? null : value;
    }
    return known(node, scope) ? node.evaluate(scope) : null;
  }

  private static boolean known(Node node, Scope scope) {
    if (node instanceof Node.Scalar scalar) {
      return scalar.literal() || !Unknown.within(scalar.template().foresee(scope));
    }
    if (node instanceof Node.Sequence sequence) {
      for (Node item : sequence.items()) {
        if (!known(item, scope)) {
          return false;
        }
      }
      return true;
    }
    for (Node.Member member : ((Node.Mapping) node).members()) {
      if (!known(member.key(), scope) || !known(member.value(), scope)) {
        return false;
      }
    }
    return true;
  }

  /** Paths in the node's expressions that lead to what is not known yet. */
  static List<String> unknown(Node node, Scope scope) {
    List<String> paths = new ArrayList<>();
    collect(node, scope, paths);
    return paths;
  }

  private static void collect(Node node, Scope scope, List<String> paths) {
    if (node instanceof Node.Scalar scalar) {
      for (Expression expression : scalar.template().expressions()) {
        for (String path : unknown(expression, scope)) {
          if (!paths.contains(path)) {
            paths.add(path);
          }
        }
      }
    } else if (node instanceof Node.Sequence sequence) {
      sequence.items().forEach(item -> collect(item, scope, paths));
    } else {
      ((Node.Mapping) node).members().forEach(member -> collect(member.value(), scope, paths));
    }
  }

  static List<String> unknown(Expression expression, Scope scope) {
    List<String> paths = new ArrayList<>();
    for (List<String> reference : expression.references()) {
      String path = String.join(".", reference);
      if (Unknown.within(follow(reference, scope)) && !paths.contains(path)) {
        paths.add(path);
      }
    }
    return paths;
  }

  /** What the paths in an expression lead to, as {@code github.ref is 'refs/heads/main'}. */
  static List<String> facts(Expression expression, Scope scope) {
    List<String> facts = new ArrayList<>();
    for (List<String> reference : expression.references()) {
      Value value = follow(reference, scope);
      if (value.kind() == Value.Kind.OBJECT || value.kind() == Value.Kind.ARRAY) {
        continue;
      }
      String shown =
          switch (value.kind()) {
            case STRING -> "'" + shorten(value.toText()) + "'";
            case NULL -> "not set";
            default -> value.toText();
          };
      String fact = String.join(".", reference) + " is " + shown;
      if (!facts.contains(fact)) {
        facts.add(fact);
      }
    }
    return facts;
  }

  private static String shorten(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() > 60 ? line.substring(0, 57) + "..." : line;
  }

  private static Value follow(List<String> reference, Scope scope) {
    Value value = scope.context(reference.getFirst());
    for (int i = 1; i < reference.size() && value != null; i++) {
      value =
          value instanceof dev.slipway.workflow.expression.ObjectValue object
              ? object.get(reference.get(i))
              : null;
    }
    return value == null ? Value.NULL : value;
  }
}
