package dev.slipway.lint;

import dev.slipway.workflow.ActionReference;
import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in Markdown what is known of an action, its inputs and its outputs. */
final class ActionText {
  private ActionText() {}

  /** The action of a step; null when nothing is known of it. */
  static @Nullable String of(LintFile file, StepNode step) {
    UsedAction action = UsedAction.of(file, step);
    if (action == null) {
      return null;
    }
    StringBuilder text = new StringBuilder("**").append(action.name()).append("**");
    text.append(" (").append(action.facts().using()).append(")");
    LintFile manifest = manifest(file, step);
    if (manifest != null) {
      paragraph(text, Trees.text(manifest.root(), "name"));
      paragraph(text, Trees.text(manifest.root(), "description"));
    }
    List<String> inputs = new ArrayList<>();
    for (ActionFacts.Input input : action.facts().inputs()) {
      inputs.add(
          "`"
              + input.name()
              + "`"
              + (input.required() ? " (required)" : "")
              + (input.deprecated() ? " (deprecated)" : ""));
    }
    paragraph(text, inputs.isEmpty() ? "" : "Inputs: " + String.join(", ", inputs));
    List<String> outputs = action.facts().outputs();
    paragraph(text, outputs.isEmpty() ? "" : "Outputs: `" + String.join("`, `", outputs) + "`");
    return text.toString();
  }

  /** An input of a step's action. */
  static String input(LintFile file, StepNode step, ActionFacts.Input input) {
    StringBuilder text = new StringBuilder();
    LintFile manifest = manifest(file, step);
    YamlNode declared =
        manifest == null ? null : Trees.get(Trees.get(manifest.root(), "inputs"), input.name());
    paragraph(text, Trees.text(declared, "description"));
    String fallback = Trees.text(declared, "default");
    paragraph(text, fallback.isEmpty() ? "" : "Default: `" + fallback + "`");
    String need = manifest == null ? "Need not be given: it has a default, or may be empty." : "";
    paragraph(text, input.required() ? "Must be given." : need);
    String message = Trees.text(declared, "deprecationMessage");
    paragraph(text, message.isEmpty() ? input.deprecated() ? "Deprecated." : "" : message);
    return text.toString();
  }

  /** An output of a step's action. */
  static String output(LintFile file, StepNode step, String name) {
    LintFile manifest = manifest(file, step);
    return manifest == null
        ? ""
        : Trees.text(Trees.get(Trees.get(manifest.root(), "outputs"), name), "description");
  }

  /** The manifest of an action of the project; null for another. */
  static @Nullable LintFile manifest(LintFile file, StepNode step) {
    String folder = UsedAction.folder(ActionReference.read(step.text("uses")));
    return folder == null || !file.project().known() ? null : file.project().action(folder);
  }

  static void paragraph(StringBuilder text, String words) {
    if (!words.isBlank()) {
      text.append(text.isEmpty() ? "" : "\n\n").append(words.strip());
    }
  }
}
