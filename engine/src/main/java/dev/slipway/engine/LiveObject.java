package dev.slipway.engine;

import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A context that grows while its job runs ({@code steps}, {@code github} …), so that each step sees it without a
 * copy. Members may lie over those of another object. Not thread-safe.
 */
final class LiveObject implements ObjectValue {
  private final @Nullable ObjectValue below;
  private final boolean caseSensitive;
  private final Map<String, Value> members = new LinkedHashMap<>();
  private final Map<String, String> names = new HashMap<>();

  LiveObject(boolean caseSensitive) {
    this(null, caseSensitive);
  }

  private LiveObject(@Nullable ObjectValue below, boolean caseSensitive) {
    this.below = below;
    this.caseSensitive = caseSensitive;
  }

  /** An object over this one, without regard to case. */
  static LiveObject over(ObjectValue below) {
    return new LiveObject(below, false);
  }

  LiveObject put(String name, String value) {
    return put(name, Value.of(value));
  }

  LiveObject put(String name, Value value) {
    if (!caseSensitive) {
      String first = names.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
      members.put(first == null ? name : first, value);
    } else {
      members.put(name, value);
    }
    return this;
  }

  @Override
  public @Nullable Value get(String name) {
    Value value = members.get(name);
    if (value == null && !caseSensitive) {
      String spelled = names.get(name.toLowerCase(Locale.ROOT));
      value = spelled == null ? null : members.get(spelled);
    }
    return value != null || below == null ? value : below.get(name);
  }

  private boolean own(String name) {
    return caseSensitive ? members.containsKey(name) : names.containsKey(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public void forEach(BiConsumer<String, Value> each) {
    if (below != null) {
      below.forEach(
          (name, value) -> {
            if (!own(name)) {
              each.accept(name, value);
            }
          });
    }
    members.forEach(each);
  }

  @Override
  public int size() {
    int[] count = {0};
    forEach((name, value) -> count[0]++);
    return count[0];
  }
}
