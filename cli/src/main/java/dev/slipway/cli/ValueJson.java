package dev.slipway.cli;

import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;

/** Values of expressions as JSON with numbers as exact as they are. */
final class ValueJson {
  private static final double SAFE = 9_007_199_254_740_992.0;

  private ValueJson() {}

  static void write(Json json, Value value) {
    if (value instanceof ObjectValue object) {
      json.object();
      object.forEach((name, member) -> {
        json.name(name);
        write(json, member);
      });
      json.end();
    } else if (value instanceof ArrayValue array) {
      json.array();
      for (Value item : array.items()) {
        write(json, item);
      }
      json.end();
    } else if (value.kind() == Value.Kind.STRING) {
      json.value(value.toText());
    } else if (value.kind() == Value.Kind.NUMBER) {
      number(json, value.toNumber());
    } else {
      json.raw(value.kind() == Value.Kind.NULL ? "null" : value.toText());
    }
  }

  private static void number(Json json, double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      json.value(Double.toString(number));
    } else if (number == Math.rint(number) && Math.abs(number) < SAFE) {
      json.raw(Long.toString((long) number));
    } else {
      json.raw(Double.toString(number));
    }
  }
}
