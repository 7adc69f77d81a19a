package dev.slipway.workflow;

import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    for (Node.Member member : mapping.members()) {
      if (member.key().template().insert()) {
        if (!(member.value().evaluate(scope) instanceof ObjectValue inserted)) {
          throw ExpressionException.evaluation("Expected a mapping as the value of ${{ insert }}");
        }
        inserted.forEach(members::putIfAbsent);
      } else {
        members.put(member.key().text(scope), member.value().evaluate(scope));
      }
    }
    return Value.object(members);
  }
}
