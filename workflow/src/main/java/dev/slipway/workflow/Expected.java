package dev.slipway.workflow;

import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Template;
import dev.slipway.workflow.expression.Unknown;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds what an expression yields against the type of its key, as what is written out is held
 * against it when the file is read: {@code continue-on-error} takes a boolean and no text, {@code
 * env} texts and no mapping (GitHub's TemplateEvaluator).
 */
final class Expected implements Template.Check {
  private final Schema.Type type;
  private final boolean item;

  private Expected(Schema.Type type, boolean item) {
    this.type = type;
    this.item = item;
  }

  /** A value of this type. */
  static Expected of(Schema.Type type) {
    return new Expected(type, false);
  }

  /** An item of a sequence, or a sequence of such that becomes part of it. */
  static Expected item(Schema.Type type) {
    return new Expected(type, true);
  }

  @Override
  public Value accept(Value value) {
    return item && value instanceof ArrayValue array ? sequence(array, type) : accept(value, type);
  }

  private static Value accept(Value value, Schema.Type type) {
    if (type.is(Schema.Type.ANY) || value instanceof Unknown) {
      return value;
    }
    if (value instanceof ArrayValue array) {
      Schema.Type items = type.item();
      if (items == null) {
        throw ExpressionException.evaluation("A sequence was not expected");
      }
      return sequence(array, items);
    }
    if (value instanceof ObjectValue object) {
      if (type.mappings().isEmpty()) {
        throw ExpressionException.evaluation("A mapping was not expected");
      }
      // Of several definitions the reader of the value knows which one is meant.
      return type.mappings().size() == 1 ? mapping(object, type.mappings().getFirst()) : object;
    }
    return scalar(value, type);
  }

  private static Value scalar(Value value, Schema.Type type) {
    boolean fits =
        switch (value.kind()) {
          case NULL -> type.is(Schema.Type.NULL);
          case BOOLEAN -> type.is(Schema.Type.BOOLEAN);
          case NUMBER -> type.is(Schema.Type.NUMBER);
          default -> false;
        };
    if (fits) {
      return value;
    }
    String text = value.toText();
    if (type.is(Schema.Type.STRING)
        || (type.is(Schema.Type.TEXT) && !text.isEmpty())
        || type.constants().contains(text)) {
      return value.kind() == Value.Kind.STRING ? value : Value.of(text);
    }
    throw unexpected(text);
  }

  private static Value sequence(ArrayValue array, Schema.Type type) {
    List<Value> items = new ArrayList<>(array.items().size());
    for (Value item : array.items()) {
      items.add(accept(item, type));
    }
    return Value.array(items);
  }

  private static Value mapping(ObjectValue object, Schema.Definition definition) {
    Map<String, Value> members = new LinkedHashMap<>();
    object.forEach((name, value) -> {
      Schema.Key key = definition.key(name);
      key = key == null ? definition.other() : key;
      if (key == null) {
        throw unexpected(name);
      }
      members.put(name, accept(value, key.type()));
    });
    for (Schema.Key key : definition.keys().values()) {
      if (key.required() && !members.containsKey(key.name())) {
        throw ExpressionException.evaluation("Required property is missing: " + key.name());
      }
    }
    return Value.object(members);
  }

  private static ExpressionException unexpected(String text) {
    return ExpressionException.evaluation("Unexpected value '" + text + "'");
  }
}
