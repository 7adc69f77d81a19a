package dev.slipway.workflow.expression;

import java.util.List;

/** An array; equal only to itself. {@code filtered}: made by {@code .*}, so that what follows applies to each item. */
public final class ArrayValue implements Value {
  private final List<Value> items;
  private final boolean filtered;

  ArrayValue(List<Value> items) {
    this(items, false);
  }

  ArrayValue(List<Value> items, boolean filtered) {
    this.items = items;
    this.filtered = filtered;
  }

  public List<Value> items() {
    return items;
  }

  boolean filtered() {
    return filtered;
  }

  @Override
  public Kind kind() {
    return Kind.ARRAY;
  }

  @Override
  public boolean truthy() {
    return true;
  }

  @Override
  public double toNumber() {
    return Double.NaN;
  }

  @Override
  public String toText() {
    return "Array";
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // equal only to itself, as expressions have it
  public boolean looselyEquals(Value other) {
    return this == other;
  }
}
