package dev.slipway.workflow.expression;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An object of given members. Immutable. */
final class MapValue implements ObjectValue {
  private final Map<String, Value> members;
  private final boolean caseSensitive;
  private volatile @Nullable Map<String, Value> folded;

  private MapValue(Map<String, ? extends Value> members, boolean caseSensitive) {
    this.members = new LinkedHashMap<>(members);
    this.caseSensitive = caseSensitive;
  }

  static MapValue caseInsensitive(Map<String, ? extends Value> members) {
    return new MapValue(members, false);
  }

  static MapValue caseSensitive(Map<String, ? extends Value> members) {
    return new MapValue(members, true);
  }

  @Override
  public @Nullable Value get(String name) {
    Value value = members.get(name);
    if (value != null || caseSensitive) {
      return value;
    }
    Map<String, Value> byFolded = folded;
    if (byFolded == null) {
      byFolded = new HashMap<>();
      for (Map.Entry<String, Value> member : members.entrySet()) {
        byFolded.putIfAbsent(Characters.fold(member.getKey()), member.getValue());
      }
      folded = byFolded;
    }
    return byFolded.get(Characters.fold(name));
  }

  @Override
  public void forEach(BiConsumer<String, Value> each) {
    members.forEach(each);
  }

  @Override
  public int size() {
    return members.size();
  }
}
