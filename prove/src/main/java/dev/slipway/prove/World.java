package dev.slipway.prove;

import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One way to fill in what only a run will know. Immutable once made. */
final class World {
  private final Map<String, ObjectValue> contexts = new LinkedHashMap<>();
  private final List<String> supposed;

  /** Members of an object in the making; a leaf is a {@link Value}. */
  private static final class Branch {
    final Map<String, Object> members = new LinkedHashMap<>();
  }

  World(List<Variable> variables, List<Value> values, Map<String, Value> known) {
    Map<String, Branch> roots = new LinkedHashMap<>();
    known.forEach((path, value) -> put(roots, "", List.of(path.split("\\.")), value));
    List<String> notes = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      Variable variable = variables.get(i);
      put(roots, variable.owner(), variable.path(), values.get(i));
      if (variable.values().size() > 1) {
        notes.add(note(variable, values.get(i)));
      }
    }
    roots.forEach((name, branch) -> contexts.put(name, object(branch)));
    supposed = List.copyOf(notes);
  }

  private static String note(Variable variable, Value value) {
    String text = value.toText();
    if (text.indexOf(Variable.MARK) >= 0) {
      return variable.name() + " is something else";
    }
    return variable.name()
        + (text.isEmpty()
            ? " is empty"
            : " is " + (value.kind() == Value.Kind.STRING ? "'" + text + "'" : text));
  }

  private static void put(Map<String, Branch> roots, String owner, List<String> path, Value value) {
    String root = owner + "\n" + path.getFirst().toLowerCase(Locale.ROOT);
    Branch at = roots.computeIfAbsent(root, r -> new Branch());
    for (int i = 1; i < path.size() - 1; i++) {
      String name = path.get(i);
      if (!(at.members.get(name) instanceof Branch)) {
        at.members.put(name, new Branch());
      }
      at = (Branch) at.members.get(name);
    }
    if (path.size() > 1 && !(at.members.get(path.getLast()) instanceof Branch)) {
      at.members.put(path.getLast(), value);
    }
  }

  private static ObjectValue object(Branch branch) {
    Map<String, Value> members = new LinkedHashMap<>();
    branch.members.forEach((name, member) -> members.put(name, value(member)));
    return Value.object(members);
  }

  private static Value value(Object member) {
    if (member instanceof Branch branch) {
      Object each = branch.members.get("*");
      if (each != null) {
        // A list of which nothing is known but one item.
        return Value.array(List.of(value(each)));
      }
      return object(branch);
    }
    return (Value) member;
  }

  /** A context that all jobs see. */
  ObjectValue context(String name) {
    return contexts.getOrDefault("\n" + name, Value.object(Map.of()));
  }

  /** What a step of a job puts out. */
  Value outputs(String owner, String step) {
    ObjectValue steps = contexts.get(owner + "\nsteps");
    Value of = steps == null ? null : steps.get(step);
    Value outputs = of instanceof ObjectValue object ? object.get("outputs") : null;
    return outputs == null ? Value.object(Map.of()) : outputs;
  }

  /** What is supposed of that which could be otherwise. */
  List<String> supposed() {
    return supposed;
  }

  /** What is supposed here and not in another. */
  List<String> otherwise(World other) {
    List<String> different = new ArrayList<>(supposed);
    different.removeAll(other.supposed);
    return different;
  }
}
