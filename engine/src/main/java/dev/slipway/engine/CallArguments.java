package dev.slipway.engine;

import dev.slipway.workflow.InputDefinition;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Triggers;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a job hands to the workflow it calls: the {@code inputs} context, and secrets by name. */
record CallArguments(Value inputs, Map<String, String> secrets) {

  /**
   * Evaluates what a call gives against what the called workflow declares.
   *
   * @param trigger the called workflow's {@code workflow_call}
   * @param scope what the calling job's expressions see
   * @param own the secrets of the calling workflow
   * @throws ExpressionException when something cannot be evaluated, does not fit, or is missing
   */
  static CallArguments of(
      Job.Call call, Triggers.@Nullable Trigger trigger, Scope scope, Map<String, String> own) {
    return new CallArguments(inputs(call, trigger, scope), secrets(call, trigger, scope, own));
  }

  private static Value inputs(Job.Call call, Triggers.@Nullable Trigger trigger, Scope scope) {
    Map<String, Value> values = new LinkedHashMap<>();
    ObjectValue given =
        call.with() != null && call.with().evaluate(scope) instanceof ObjectValue o
            ? o
            : Value.object(Map.of());
    if (trigger != null) {
      for (InputDefinition input : trigger.inputs()) {
        Value value = given.get(input.id());
        if (value == null && input.required()) {
          throw ExpressionException.evaluation(
              "Input '" + input.id() + "' is required, but not provided");
        }
        if (value == null && input.defaultValue() != null) {
          value = input.defaultValue().evaluate(scope);
        }
        values.put(input.id(), typed(input, value));
      }
    }
    return Value.object(values);
  }

  private static Value typed(InputDefinition input, @Nullable Value value) {
    try {
      return switch (input.type()) {
        case BOOLEAN -> value == null ? Value.FALSE : Value.of(Typed.truth(value));
        case NUMBER -> Value.of(value == null ? 0.0 : Typed.number(value));
        default -> value == null ? Value.EMPTY : Value.of(Typed.text(value));
      };
    } catch (ExpressionException e) {
      throw ExpressionException.evaluation("Input '" + input.id() + "': " + e.getMessage());
    }
  }

  private static Map<String, String> secrets(
      Job.Call call, Triggers.@Nullable Trigger trigger, Scope scope, Map<String, String> own) {
    if (call.inheritSecrets()) {
      return own;
    }
    Map<String, String> given = new LinkedHashMap<>();
    Typed.texts(call.secrets(), scope, given::put);
    Map<String, String> passed = new LinkedHashMap<>(given);
    passed.values().removeIf(String::isEmpty);
    String token = own.get("GITHUB_TOKEN");
    if (token != null) {
      passed.putIfAbsent("GITHUB_TOKEN", token);
    }
    if (trigger != null) {
      for (Triggers.SecretDefinition secret : trigger.secrets()) {
        // One that is handed on empty is not missing.
        boolean missing = given.keySet().stream().noneMatch(secret.id()::equalsIgnoreCase);
        if (secret.required() && missing) {
          throw ExpressionException.evaluation(
              "Secret '" + secret.id() + "' is required, but not provided");
        }
      }
    }
    return passed;
  }
}
