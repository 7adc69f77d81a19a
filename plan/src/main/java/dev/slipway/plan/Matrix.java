package dev.slipway.plan;

import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job's matrix (GitHub's workflow parser, MatrixBuilder): the product of its vectors in the order
 * written, the first varying slowest, then what {@code exclude} takes out, then what {@code
 * include} adds.
 */
public final class Matrix {
  private static final int MAX_COMBINATIONS = 256;

  private Matrix() {}

  /**
   * One job of a matrix.
   *
   * @param value the {@code matrix} context
   * @param shown the values that the job's default name shows: not those that an {@code include}
   *     adds to a combination of the vectors
   */
  public record Combination(ObjectValue value, List<Value> shown) {
    public Combination {
      shown = List.copyOf(shown);
    }
  }

  /** A combination in the making. */
  private static final class Draft {
    final Map<String, Value> vectors;
    final Map<String, Value> extras = new LinkedHashMap<>();

    Draft(Map<String, Value> vectors) {
      this.vectors = vectors;
    }

    Combination finish() {
      Map<String, Value> all = new LinkedHashMap<>(vectors);
      List<Value> shown = List.copyOf(all.values());
      all.putAll(extras);
      return new Combination(Value.object(all), shown);
    }
  }

  /**
   * The jobs of a matrix, in order; none of null, a strategy without a matrix.
   *
   * @param matrix the evaluated {@code matrix}
   * @throws PlanException in GitHub's words when it makes no sense
   */
  public static List<Combination> expand(Value matrix) {
    return expand(matrix, MAX_COMBINATIONS);
  }

  /** The same, with another limit on the number of combinations. */
  public static List<Combination> expand(Value matrix, int limit) {
    if (matrix.kind() == Value.Kind.NULL) {
      return List.of();
    }
    if (!(matrix instanceof ObjectValue object)) {
      throw new PlanException("Matrix must be a mapping, not '" + matrix.toText() + "'");
    }
    Map<String, List<Value>> vectors = new LinkedHashMap<>();
    List<ObjectValue> includes = new ArrayList<>();
    List<ObjectValue> excludes = new ArrayList<>();
    object.forEach((name, value) -> {
      if (name.equals("include")) {
        filters("include", value, includes);
      } else if (name.equals("exclude")) {
        filters("exclude", value, excludes);
      } else {
        if (!(value instanceof ArrayValue array)) {
          throw new PlanException("Matrix vector '" + name + "' must be a sequence");
        }
        if (array.items().isEmpty()) {
          throw new PlanException("Matrix vector '" + name + "' does not contain any values");
        }
        vectors.put(name, array.items());
      }
    });
    if (vectors.isEmpty() && includes.isEmpty()) {
      throw new PlanException("Matrix must define at least one vector");
    }
    List<Draft> drafts = vectors.isEmpty() ? new ArrayList<>() : product(vectors, limit);
    exclude(drafts, excludes, vectors);
    include(drafts, includes, vectors);
    if (drafts.size() > limit) {
      throw tooMany(limit);
    }
    if (drafts.isEmpty()) {
      throw new PlanException(
          "Matrix does not contain any combinations: 'exclude' takes all of them out");
    }
    List<Combination> combinations = new ArrayList<>(drafts.size());
    for (Draft draft : drafts) {
      combinations.add(draft.finish());
    }
    return combinations;
  }

  private static PlanException tooMany(int limit) {
    return new PlanException("The strategy configuration resulted in more than " + limit + " jobs");
  }

  private static void filters(String name, Value value, List<ObjectValue> into) {
    if (!(value instanceof ArrayValue array)) {
      throw new PlanException("Matrix '" + name + "' must be a sequence");
    }
    for (Value item : array.items()) {
      if (!(item instanceof ObjectValue filter)) {
        throw new PlanException("Matrix '" + name + "' must be a sequence of mappings");
      }
      into.add(filter);
    }
  }

  private static List<Draft> product(Map<String, List<Value>> vectors, int limit) {
    long size = 1;
    for (List<Value> vector : vectors.values()) {
      size *= vector.size();
      if (size > 16L * limit) {
        throw tooMany(limit);
      }
    }
    List<Map<String, Value>> rows = List.of(Map.of());
    for (Map.Entry<String, List<Value>> vector : vectors.entrySet()) {
      List<Map<String, Value>> next = new ArrayList<>(rows.size() * vector.getValue().size());
      for (Map<String, Value> row : rows) {
        for (Value value : vector.getValue()) {
          Map<String, Value> longer = new LinkedHashMap<>(row);
          longer.put(vector.getKey(), value);
          next.add(longer);
        }
      }
      rows = next;
    }
    List<Draft> drafts = new ArrayList<>(rows.size());
    for (Map<String, Value> row : rows) {
      drafts.add(new Draft(row));
    }
    return drafts;
  }

  private static void exclude(
      List<Draft> drafts, List<ObjectValue> excludes, Map<String, List<Value>> vectors) {
    for (ObjectValue filter : excludes) {
      if (filter.size() == 0) {
        throw new PlanException("Matrix exclude filter must not be empty");
      }
      Map<String, Value> wanted = new LinkedHashMap<>();
      filter.forEach((name, value) -> {
        String vector = vector(name, vectors);
        if (vector == null) {
          throw new PlanException(
              "Matrix exclude key '" + name + "' does not match any key within the matrix");
        }
        wanted.put(vector, value);
      });
      drafts.removeIf(draft -> matches(wanted, draft));
    }
  }

  private static void include(
      List<Draft> drafts, List<ObjectValue> includes, Map<String, List<Value>> vectors) {
    int original = drafts.size();
    for (ObjectValue include : includes) {
      if (include.size() == 0) {
        throw new PlanException("Matrix include mapping does not contain any values");
      }
      Map<String, Value> wanted = new LinkedHashMap<>();
      Map<String, Value> extras = new LinkedHashMap<>();
      include.forEach((name, value) -> {
        String vector = vector(name, vectors);
        if (vector == null) {
          extras.put(name, value);
        } else {
          wanted.put(vector, value);
        }
      });
      boolean matched = false;
      for (Draft draft : drafts.subList(0, original)) {
        if (matches(wanted, draft)) {
          matched = true;
          extras.forEach((name, value) -> putExtra(draft, name, value));
        }
      }
      if (!matched) {
        Map<String, Value> own = new LinkedHashMap<>(wanted);
        own.putAll(extras);
        drafts.add(new Draft(own));
      }
    }
  }

  private static void putExtra(Draft draft, String name, Value value) {
    String spelled = name;
    for (String known : draft.extras.keySet()) {
      if (known.equalsIgnoreCase(name)) {
        spelled = known;
      }
    }
    draft.extras.put(spelled, value);
  }

  private static @Nullable String vector(String name, Map<String, List<Value>> vectors) {
    if (vectors.containsKey(name)) {
      return name;
    }
    for (String vector : vectors.keySet()) {
      if (vector.equalsIgnoreCase(name)) {
        return vector;
      }
    }
    return null;
  }

  private static boolean matches(Map<String, Value> wanted, Draft draft) {
    for (Map.Entry<String, Value> entry : wanted.entrySet()) {
      Value value = draft.vectors.get(entry.getKey());
      if (!matches(entry.getValue(), value == null ? Value.NULL : value)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the value has every leaf of the pattern, by the operator {@code ==}; a leaf that is
   * missing is null.
   */
  private static boolean matches(Value pattern, Value value) {
    if (pattern instanceof ObjectValue object) {
      boolean[] all = {true};
      object.forEach((name, member) -> {
        Value theirs = value instanceof ObjectValue other ? other.get(name) : null;
        all[0] = all[0] && matches(member, theirs == null ? Value.NULL : theirs);
      });
      return all[0];
    }
    if (pattern instanceof ArrayValue array) {
      List<Value> theirs = value instanceof ArrayValue other ? other.items() : List.of();
      for (int i = 0; i < array.items().size(); i++) {
        if (!matches(array.items().get(i), i < theirs.size() ? theirs.get(i) : Value.NULL)) {
          return false;
        }
      }
      return true;
    }
    return pattern.looselyEquals(value);
  }

  /** Every scalar in a value, depth first. */
  static void leaves(Value value, List<String> into) {
    if (value instanceof ObjectValue object) {
      object.forEach((name, member) -> leaves(member, into));
    } else if (value instanceof ArrayValue array) {
      array.items().forEach(item -> leaves(item, into));
    } else if (!value.toText().isEmpty()) {
      into.add(value.toText());
    }
  }
}
