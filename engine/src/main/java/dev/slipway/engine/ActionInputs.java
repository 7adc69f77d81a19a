package dev.slipway.engine;

import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Values of an action's inputs. */
final class ActionInputs {
  private ActionInputs() {}

  /** Those that the step gives, by lower-case name. Within the job's lock. */
  static Map<String, String> given(Step.Uses uses, StepScope scope) {
    Map<String, String> inputs = new LinkedHashMap<>();
    Typed.texts(uses.with(), scope, (name, value) -> inputs.put(lower(name), value));
    return inputs;
  }

  /**
   * Those that the step gives, by name as given, and all others that the action has, with their
   * defaults. Within the job's lock.
   */
  static Map<String, String> all(
      Step.Uses uses, ActionManifest manifest, StepScope scope, Consumer<String> warn) {
    Map<String, String> inputs = new LinkedHashMap<>();
    Typed.texts(uses.with(), scope, inputs::put);
    Map<String, String> unexpected = new LinkedHashMap<>();
    inputs.keySet().forEach(name -> unexpected.put(lower(name), name));
    if (manifest.runs() instanceof ActionManifest.Docker) {
      unexpected.remove("entrypoint");
      unexpected.remove("args");
    }
    Set<String> given = new HashSet<>(unexpected.keySet());
    List<String> valid = new ArrayList<>();
    for (ActionManifest.Input input : manifest.inputs()) {
      String id = lower(input.id());
      valid.add(input.id());
      unexpected.remove(id);
      if (!given.contains(id)) {
        inputs.put(
            input.id(),
            input.defaultValue() == null ? "" : Typed.text(input.defaultValue(), scope));
      } else if (input.deprecationMessage() != null) {
        warn.accept(
            "Input '"
                + input.id()
                + "' has been deprecated with message: "
                + input.deprecationMessage());
      }
    }
    if (!unexpected.isEmpty()) {
      warn.accept(
          "Unexpected input(s) '"
              + String.join("', '", unexpected.values())
              + "', valid inputs are ['"
              + String.join("', '", valid)
              + "']");
    }
    return inputs;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
