package dev.slipway.workflow;

import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** How sequences and mappings with expressions become values. */
final class NodeEvaluation {
  private NodeEvaluation() {}

  static Value sequence(Node.Sequence sequence, Scope scope) {
    List<Value> items = new ArrayList<>(sequence.items().size());
    for (Node item : sequence.items()) {
      Value value = item.evaluate(scope);
      if (item instanceof Node.Scalar scalar
          && !scalar.literal()
          && value instanceof ArrayValue array) {
        items.addAll(array.items());
      } else {
        items.add(value);
      }
    }
    return Value.array(items);
  }

  static Value mapping(Node.Mapping mapping, Scope scope) {
    Map<String, Value> members = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    for (Node.Member member : mapping.members()) {
      if (member.key().template().insert()) {
        Value value = member.value().evaluate(scope);
        if (!(value instanceof ObjectValue inserted)) {
          throw ExpressionException.evaluation(
              value.kind() == Value.Kind.ARRAY
                  ? "A sequence was not expected"
                  : "Unexpected value '" + value.toText() + "'");
        }
        inserted.forEach((name, inner) -> put(name, inner, members, taken));
      } else {
        put(member.key().text(scope), member.value().evaluate(scope), members, taken);
      }
    }
    return Value.object(members);
  }

  private static void put(String name, Value value, Map<String, Value> members, Set<String> taken) {
    if (!taken.add(name.toLowerCase(Locale.ROOT))) {
      throw ExpressionException.evaluation("'" + name + "' is already defined");
    }
    members.put(name, value);
  }
}
