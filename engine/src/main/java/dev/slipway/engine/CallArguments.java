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
import java.util.Set;
import java.util.TreeSet;
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
    switch (input.type()) {
      case BOOLEAN -> {
        if (value == null || value.kind() == Value.Kind.NULL) {
          return Value.FALSE;
        }
        if (value.kind() != Value.Kind.BOOLEAN) {
          throw unexpected(input, value, "a boolean");
        }
        return value;
      }
      case NUMBER -> {
        if (value == null || value.kind() == Value.Kind.NULL) {
          return Value.of(0.0);
        }
        if (value.kind() != Value.Kind.NUMBER) {
          throw unexpected(input, value, "a number");
        }
        return value;
      }
      default -> {
        return value == null ? Value.EMPTY : Value.of(value.toText());
      }
    }
  }

  private static ExpressionException unexpected(
      InputDefinition input, Value value, String expected) {
    return ExpressionException.evaluation(
        "Input '"
            + input.id()
            + "': unexpected value '"
            + value.toText()
            + "', expected "
            + expected);
  }

  private static Map<String, String> secrets(
      Job.Call call, Triggers.@Nullable Trigger trigger, Scope scope, Map<String, String> own) {
    if (call.inheritSecrets()) {
      return own;
    }
    Map<String, String> passed = new LinkedHashMap<>();
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    if (call.secrets() != null && call.secrets().evaluate(scope) instanceof ObjectValue given) {
      given.forEach((name, value) -> {
        // One that is empty is given, and not passed on.
        names.add(name);
        if (!value.toText().isEmpty()) {
          passed.put(name, value.toText());
        }
      });
    }
    String token = own.get("GITHUB_TOKEN");
    if (token != null) {
      passed.putIfAbsent("GITHUB_TOKEN", token);
    }
    if (trigger != null) {
      for (Triggers.SecretDefinition secret : trigger.secrets()) {
        if (secret.required() && !names.contains(secret.id())) {
          throw ExpressionException.evaluation(
              "Secret '" + secret.id() + "' is required, but not provided");
        }
      }
    }
    return passed;
  }
}
