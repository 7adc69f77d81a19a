package dev.slipway.workflow.expression;

import java.util.function.BiConsumer;

/**
 * What stands in a context for a value that is not known yet: what a job will put out, a secret.
 * All its members are unknown too. Only {@link Expression#foresee}, {@link Expression#truth} and
 * {@link Template#foresee} understand it.
 */
public final class Unknown implements ObjectValue {
  /** The unknown value. */
  public static final Unknown VALUE = new Unknown();

  private Unknown() {}

  @Override
  public Value get(String name) {
    return this;
  }

  @Override
  public void forEach(BiConsumer<String, Value> each) {}

  @Override
  public int size() {
    return 0;
  }

  /** Whether the value is unknown, or something in it is. */
  public static boolean within(Value value) {
    if (value instanceof ArrayValue array) {
      for (Value item : array.items()) {
        if (within(item)) {
          return true;
        }
      }
      return false;
    }
    if (value instanceof ObjectValue object && !(value instanceof Unknown)) {
      boolean[] found = {false};
      object.forEach((name, member) -> found[0] = found[0] || within(member));
      return found[0];
    }
    return value instanceof Unknown;
  }
}
