package dev.slipway.workflow.expression;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An object; equal only to itself. Contexts implement it to compute their members lazily. */
public non-sealed interface ObjectValue extends Value {
  /** The member's value; null when there is none. */
  @Nullable Value get(String name);

  /** Hands on each member in order. */
  void forEach(BiConsumer<String, Value> each);

  /** How many members there are. */
  int size();

  @Override
  default Kind kind() {
    return Kind.OBJECT;
  }

  @Override
  default boolean truthy() {
    return true;
  }

  @Override
  default double toNumber() {
    return Double.NaN;
  }

  @Override
  default String toText() {
    return "Object";
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // equal only to itself, as expressions have it
  default boolean looselyEquals(Value other) {
    return this == other;
  }
}
