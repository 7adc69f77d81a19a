package dev.slipway.prove;

import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Something in a context that only a run will know, and the values worth trying: those that it is
 * compared with, another, and none. Belongs to {@link Variables}.
 */
final class Variable {
  /** Stands for any text that is not known. */
  static final char MARK = '\uE000';

  private static final int MOST_VALUES = 8;

  private final String owner;
  private final List<String> path;
  private final List<Value> values = new ArrayList<>();
  private boolean decides;
  private boolean json;
  private boolean fixed;

  Variable(String owner, List<String> path) {
    this.owner = owner;
    this.path = List.copyOf(path);
  }

  static Value unknown() {
    return Value.of(String.valueOf(MARK));
  }

  static String key(String owner, List<String> path) {
    return owner + "\n" + String.join("\n", path).toLowerCase(Locale.ROOT);
  }

  /** The job whose steps it is of; empty for what all jobs see. */
  String owner() {
    return owner;
  }

  List<String> path() {
    return path;
  }

  String name() {
    return String.join(".", path);
  }

  /** It is compared with this. */
  void compared(Value value) {
    decides = true;
    if (!fixed && values.size() < MOST_VALUES && values.stream().noneMatch(v -> same(v, value))) {
      values.add(value);
    }
  }

  /** Something is decided by it. */
  void decides() {
    decides = true;
  }

  /** It is read as JSON. */
  void json() {
    json = true;
  }

  /** It can have just these values. */
  void only(List<Value> given) {
    fixed = true;
    values.clear();
    values.addAll(given);
  }

  private static boolean same(Value one, Value other) {
    return one.kind() == other.kind() && one.toText().equals(other.toText());
  }

  /** The values to try, the likeliest first. */
  List<Value> values() {
    if (fixed) {
      return values;
    }
    List<Value> all = new ArrayList<>();
    if (json) {
      all.add(Value.of("\"" + MARK + "\""));
      all.add(Value.of("true"));
      all.add(Value.of("false"));
      return all;
    }
    if (decides) {
      all.addAll(values);
    }
    all.add(unknown());
    if (decides && values.stream().noneMatch(v -> v.toText().isEmpty())) {
      all.add(Value.EMPTY);
    }
    return all;
  }
}
