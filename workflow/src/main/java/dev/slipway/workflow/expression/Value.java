package dev.slipway.workflow.expression;

import java.util.List;
import java.util.Map;

/**
 * A value of an expression. Immutable; contexts may compute their members lazily. Virtual methods
 * instead of type switches: this is on the start path.
 */
public sealed interface Value permits ScalarValue, ArrayValue, ObjectValue {
  /** The six kinds of value. */
  enum Kind {
    NULL,
    BOOLEAN,
    NUMBER,
    STRING,
    ARRAY,
    OBJECT
  }

  Value NULL = ScalarValue.nullValue();
  Value TRUE = ScalarValue.bool(true);
  Value FALSE = ScalarValue.bool(false);
  Value EMPTY = ScalarValue.string("");

  static Value of(boolean value) {
    return value ? TRUE : FALSE;
  }

  static Value of(double value) {
    return ScalarValue.number(value);
  }

  static Value of(String value) {
    return value.isEmpty() ? EMPTY : ScalarValue.string(value);
  }

  static Value array(List<? extends Value> items) {
    return new ArrayValue(List.copyOf(items));
  }

  /** An object whose keys are looked up without regard to case; members keep their order. */
  static ObjectValue object(Map<String, ? extends Value> members) {
    return MapValue.caseInsensitive(members);
  }

  /** An object whose keys are case-sensitive: {@code env} on Linux. */
  static ObjectValue caseSensitiveObject(Map<String, ? extends Value> members) {
    return MapValue.caseSensitive(members);
  }

  Kind kind();

  /** False for null, false, 0, -0, NaN and the empty string. */
  boolean truthy();

  /** Converted to a number: null is 0, booleans are 0 and 1, strings are parsed, else NaN. */
  double toNumber();

  /**
   * Converted to text: null is empty, numbers as G15, {@code Array} and {@code Object} for the
   * others.
   */
  String toText();

  /** The operator {@code ==}. */
  boolean looselyEquals(Value other);
}
