package dev.slipway.engine;

import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.expression.ObjectValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Values of an action's inputs by lower-case name. */
final class ActionInputs {
  private ActionInputs() {}

  /** Those that the step gives. Within the job's lock. */
  static Map<String, String> given(Step.Uses uses, StepScope scope) {
    Map<String, String> inputs = new LinkedHashMap<>();
    if (uses.with() != null && uses.with().evaluate(scope) instanceof ObjectValue given) {
      given.forEach((name, value) -> inputs.put(name.toLowerCase(Locale.ROOT), value.toText()));
    }
    return inputs;
  }

  /** Those that the step gives and the defaults of the others. Within the job's lock. */
  static Map<String, String> all(
      Step.Uses uses, ActionManifest manifest, StepScope scope, Consumer<String> warn) {
    Map<String, String> inputs = given(uses, scope);
    List<String> known = new ArrayList<>();
    for (ActionManifest.Input input : manifest.inputs()) {
      String id = input.id().toLowerCase(Locale.ROOT);
      known.add(id);
      if (!inputs.containsKey(id)) {
        if (input.defaultValue() != null) {
          inputs.put(id, input.defaultValue().text(scope));
        }
      } else if (input.deprecationMessage() != null) {
        warn.accept(
            "Input '"
                + input.id()
                + "' has been deprecated with message: "
                + input.deprecationMessage());
      }
    }
    for (String name : inputs.keySet()) {
      if (!known.contains(name) && !name.equals("args") && !name.equals("entrypoint")) {
        warn.accept(
            "Unexpected input(s) '"
                + name
                + "', valid inputs are ['"
                + String.join("', '", known)
                + "']");
      }
    }
    return inputs;
  }
}
