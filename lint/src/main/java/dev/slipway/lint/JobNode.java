package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job as written. */
final class JobNode {
  private final YamlNode.Scalar key;
  private final YamlNode.Mapping body;
  private final List<StepNode> steps = new ArrayList<>();
  private int lastUpload = -1;

  JobNode(YamlNode.Scalar key, YamlNode.Mapping body) {
    this.key = key;
    this.body = body;
    add(Trees.get(body, "steps"));
  }

  private void add(@Nullable YamlNode list) {
    for (YamlNode item : Trees.items(list)) {
      YamlNode.Mapping step = item.mapping();
      if (step != null) {
        if (Trees.text(step, "uses").contains("/upload-sarif@")) {
          lastUpload = steps.size();
        }
        steps.add(new StepNode(this, steps.size(), step));
        if (step.get("parallel") != null) {
          add(step.get("parallel"));
        }
      }
    }
  }

  YamlNode.Scalar key() {
    return key;
  }

  String id() {
    return key.text();
  }

  YamlNode.Mapping body() {
    return body;
  }

  /** All its steps, those of parallel groups too. */
  List<StepNode> steps() {
    return steps;
  }

  /** The index of the last step that hands results to code scanning; -1 when none does. */
  int lastUpload() {
    return lastUpload;
  }

  YamlNode.@Nullable Scalar scalar(String name) {
    return Trees.scalar(body, name);
  }

  String text(String name) {
    return Trees.text(body, name);
  }

  /** Whether it calls a reusable workflow. */
  boolean call() {
    return body.get("uses") != null;
  }

  List<String> needs() {
    List<String> needs = new ArrayList<>();
    for (YamlNode item : Trees.items(Trees.get(body, "needs"))) {
      YamlNode.Scalar scalar = item.scalar();
      if (scalar != null && !scalar.text().isBlank()) {
        needs.add(scalar.text());
      }
    }
    return needs;
  }

  boolean needs(String id) {
    for (String need : needs()) {
      if (need.equalsIgnoreCase(id)) {
        return true;
      }
    }
    return false;
  }
}
