package dev.slipway.plan;

import dev.slipway.workflow.Job;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.expression.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How jobs are called: keys, which are unique in a run and the same in every output, and the names
 * people see (GitHub's workflow parser, JobNameBuilder).
 *
 * <p>A job's key is its id; of a matrix, {@code id (v1, v2)}, and where two would be alike {@code
 * id (v1, v2) #2}; of a called workflow, the caller's key, a slash, and the job's own. {@link
 * RunKeys} keep those of several workflows apart.
 */
public final class JobKeys {
  private static final int MAX_NAME = 100;

  private JobKeys() {}

  /** The keys of a matrix's jobs, in order. */
  public static List<String> legs(String id, List<Matrix.Combination> combinations) {
    List<String> keys = new ArrayList<>(combinations.size());
    Map<String, Integer> seen = new HashMap<>();
    Set<String> taken = new HashSet<>();
    for (Matrix.Combination combination : combinations) {
      String plain = id + values(combination);
      int count = seen.merge(plain, 1, Integer::sum);
      String key = count == 1 ? plain : plain + " #" + count;
      while (!taken.add(key)) {
        key = plain + " #" + seen.merge(plain, 1, Integer::sum);
      }
      keys.add(key);
    }
    return keys;
  }

  private static String values(Matrix.Combination combination) {
    List<String> leaves = new ArrayList<>();
    combination.shown().forEach(value -> Matrix.leaves(value, leaves));
    return leaves.isEmpty() ? "" : " (" + String.join(", ", leaves) + ")";
  }

  /**
   * The name people see: a name with an expression as it evaluates; else the name or id with the
   * values of the matrix, cut to 100 characters.
   *
   * @throws dev.slipway.workflow.expression.ExpressionException when the name cannot be evaluated
   */
  public static String displayName(Job job, Matrix.@Nullable Combination combination, Scope scope) {
    Node name = job.name();
    String text = name == null ? "" : name.text(scope);
    if (name != null && !name.literal() && !text.isBlank()) {
      return text;
    }
    String base = text.isBlank() ? job.id() : text;
    return cut(combination == null ? base : base + values(combination));
  }

  private static String cut(String name) {
    return name.length() > MAX_NAME ? name.substring(0, MAX_NAME - 3) + "..." : name;
  }
}
