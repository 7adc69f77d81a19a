package dev.slipway.prove;

import dev.slipway.shell.ShellForecast.Ending;
import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The action {@code re-actors/alls-green}, which many gates are: it fails unless each job that it
 * is told of succeeded, was skipped and may be, or failed and may.
 */
final class AllsGreen {
  private AllsGreen() {}

  static Ending ending(Value with) {
    if (!(with instanceof ObjectValue inputs)) {
      return Ending.UNKNOWN;
    }
    Value needs;
    try {
      Value jobs = inputs.get("jobs");
      needs = Json.parse(jobs == null ? "" : jobs.toText());
    } catch (ExpressionException e) {
      return Ending.UNKNOWN;
    }
    if (!(needs instanceof ObjectValue results)) {
      return Ending.UNKNOWN;
    }
    Set<String> mayFail = names(inputs.get("allowed-failures"));
    Set<String> mayBeSkipped = names(inputs.get("allowed-skips"));
    boolean[] green = {results.size() > 0};
    results.forEach((id, job) -> {
      Value result = job instanceof ObjectValue object ? object.get("result") : null;
      String text = result == null ? "" : result.toText();
      green[0] &=
          switch (text) {
            case "success" -> true;
            case "skipped" -> mayBeSkipped.contains(id);
            default -> mayFail.contains(id);
          };
    });
    return green[0] ? Ending.SUCCEEDS : Ending.FAILS;
  }

  private static Set<String> names(@org.jspecify.annotations.Nullable Value given) {
    Set<String> names = new LinkedHashSet<>();
    String text = given == null ? "" : given.toText().strip();
    if (text.startsWith("[")) {
      try {
        if (Json.parse(text) instanceof ArrayValue array) {
          array.items().forEach(item -> names.add(item.toText()));
        }
      } catch (ExpressionException e) {
        return names;
      }
      return names;
    }
    for (String name : text.split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return names;
  }
}
