package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a matrix that is written out gives. */
final class MatrixValues {
  private MatrixValues() {}

  /** Whether an expression may give a value: true unless a written matrix rules it out. */
  static boolean mayBe(LintFile file, JobNode job, YamlNode.Scalar scalar, String value) {
    for (ExpressionUse use : file.taint().in(scalar)) {
      List<List<String>> flows = use.flows();
      for (List<String> path : flows) {
        if (path.size() < 2 || !path.getFirst().equals("matrix")) {
          return true;
        }
        Boolean certain = has(job, path, value);
        if (certain == null || certain) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a written matrix has a value; null when it is computed. */
  private static @Nullable Boolean has(JobNode job, List<String> path, String value) {
    YamlNode matrix = Trees.get(Trees.get(job.body(), "strategy"), "matrix");
    if (matrix == null || matrix.mapping() == null) {
      return null;
    }
    Boolean found = in(Trees.get(matrix, path.get(1)), path, value, false);
    for (YamlNode item : Trees.items(Trees.get(matrix, "include"))) {
      if (found == null || item.scalar() != null) {
        return null;
      }
      found = in(Trees.get(item, path.get(1)), path, value, found);
    }
    return found;
  }

  private static @Nullable Boolean in(
      @Nullable YamlNode values, List<String> path, String value, boolean so) {
    boolean found = so;
    for (YamlNode item : Trees.items(values)) {
      YamlNode leaf = item;
      for (int i = 2; i < path.size(); i++) {
        leaf = leaf == null ? item : Trees.get(leaf, path.get(i));
      }
      for (YamlNode each : Trees.items(leaf)) {
        YamlNode.Scalar scalar = each.scalar();
        if (scalar == null || scalar.text().contains("${{")) {
          return null;
        }
        found |= scalar.text().equals(value);
      }
    }
    return found;
  }
}
