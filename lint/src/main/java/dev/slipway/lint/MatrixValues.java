package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a matrix that is written out gives. */
final class MatrixValues {
  private MatrixValues() {}

  /** Whether an expression takes a value from a matrix that is written out and has it. */
  static boolean gives(LintFile file, JobNode job, YamlNode.Scalar scalar, String value) {
    for (ExpressionUse use : file.taint().in(scalar)) {
      List<List<String>> flows = use.flows();
      for (List<String> path : flows) {
        boolean ofMatrix = path.size() > 1 && path.getFirst().equals("matrix");
        if (ofMatrix && has(job, path, value)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean has(JobNode job, List<String> path, String value) {
    YamlNode matrix = Trees.get(Trees.get(job.body(), "strategy"), "matrix");
    boolean found = in(Trees.get(matrix, path.get(1)), path, value);
    for (YamlNode item : Trees.items(Trees.get(matrix, "include"))) {
      found |= in(Trees.get(item, path.get(1)), path, value);
    }
    return found;
  }

  private static boolean in(@Nullable YamlNode values, List<String> path, String value) {
    for (YamlNode item : Trees.items(values)) {
      YamlNode leaf = item;
      for (int i = 2; i < path.size() && leaf != null; i++) {
        leaf = Trees.get(leaf, path.get(i));
      }
      for (YamlNode each : Trees.items(leaf)) {
        YamlNode.Scalar scalar = each.scalar();
        if (scalar != null && scalar.text().equals(value)) {
          return true;
        }
      }
    }
    return false;
  }
}
