package dev.slipway.plan;

import dev.slipway.workflow.InputDefinition;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Node;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Reading;
import dev.slipway.workflow.Triggers;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Unknown;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The {@code inputs} context: typed, where {@code github.event.inputs} holds texts. */
public final class Inputs {
  private static final ObjectValue NONE = Value.object(Map.of());
  private static final int MOST_CHARACTERS = 65_535;

  private Inputs() {}

  /**
   * The inputs of {@code workflow_dispatch}, from {@code inputs} in the event's payload; empty for
   * any other event.
   */
  public static Reading<ObjectValue> dispatched(Workflow workflow, EventContext event) {
    Triggers.Trigger trigger = workflow.on().trigger("workflow_dispatch");
    if (!event.name().equals("workflow_dispatch") || trigger == null) {
      return new Reading<>(NONE, List.of());
    }
    List<Problem> problems = new ArrayList<>();
    ObjectValue given = given(event.payload());
    int[] characters = {0};
    given.forEach((name, value) -> characters[0] += value.toText().length());
    if (characters[0] > MOST_CHARACTERS) {
      problems.add(
          Problem.error(
              workflow.file(),
              trigger.at(),
              "The inputs are too large: "
                  + characters[0]
                  + " characters, at most "
                  + MOST_CHARACTERS
                  + " are allowed",
              null));
    }
    Map<String, Value> values = new LinkedHashMap<>();
    Set<String> known = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (InputDefinition input : trigger.inputs()) {
      known.add(input.id().toLowerCase(Locale.ROOT));
      names.add(input.id());
      Value value = given.get(input.id());
      boolean missing = value == null || value.toText().isEmpty();
      if (missing && input.defaultValue() != null) {
        value = input.defaultValue().evaluate(name -> null);
        missing = false;
      }
      if (missing && input.required()) {
        problems.add(
            Problem.error(
                workflow.file(),
                input.at(),
                "Required input '" + input.id() + "' was not given",
                "give it with --input " + input.id() + "=VALUE"));
      }
      values.put(input.id(), typed(workflow, input, missing ? null : value, problems));
    }
    given.forEach((name, value) -> {
      if (!known.contains(name.toLowerCase(Locale.ROOT))) {
        problems.add(
            Problem.error(
                workflow.file(),
                trigger.at(),
                "Unexpected input '" + name + "'",
                names.isEmpty()
                    ? "the workflow has none"
                    : "its inputs are " + String.join(", ", names)));
      }
    });
    return new Reading<>(problems.isEmpty() ? Value.object(values) : null, problems);
  }

  private static ObjectValue given(ObjectValue payload) {
    return payload.get("inputs") instanceof ObjectValue object ? object : NONE;
  }

  /** {@code github.event.inputs}: what was given, else the default, always as text. */
  static ObjectValue texts(Triggers.Trigger trigger, ObjectValue payload) {
    ObjectValue given = given(payload);
    Map<String, Value> texts = new LinkedHashMap<>();
    given.forEach((name, value) -> texts.put(name, Value.of(value.toText())));
    for (InputDefinition input : trigger.inputs()) {
      Node standard = input.defaultValue();
      if (given.get(input.id()) == null) {
        Value value = standard == null ? missing(input) : standard.evaluate(name -> null);
        boolean number = standard == null && input.type() == InputDefinition.Type.NUMBER;
        texts.put(input.id(), number ? Value.EMPTY : Value.of(value.toText()));
      }
    }
    return Value.object(texts);
  }

  private static Value typed(
      Workflow workflow, InputDefinition input, @Nullable Value value, List<Problem> problems) {
    if (value == null) {
      return missing(input);
    }
    String text = value.toText();
    String expected =
        switch (input.type()) {
          case BOOLEAN ->
              text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")
                  ? null
                  : "true or false";
          case NUMBER -> Double.isNaN(value.toNumber()) ? "a number" : null;
          case CHOICE ->
              input.options().contains(text)
                  ? null
                  : "one of " + String.join(", ", input.options());
          case STRING, ENVIRONMENT -> null;
        };
    if (expected != null) {
      problems.add(
          Problem.error(
              workflow.file(),
              input.at(),
              "Input '" + input.id() + "' is '" + text + "', expected " + expected,
              "give it with --input " + input.id() + "=VALUE"));
    }
    return convert(input, value);
  }

  private static Value convert(InputDefinition input, Value value) {
    return switch (input.type()) {
      case BOOLEAN -> Value.of(value.toText().equalsIgnoreCase("true"));
      case NUMBER -> Value.of(value.toNumber());
      case STRING, CHOICE, ENVIRONMENT -> Value.of(value.toText());
    };
  }

  private static Value missing(InputDefinition input) {
    return switch (input.type()) {
      case BOOLEAN -> Value.FALSE;
      case NUMBER -> Value.of(0);
      case STRING, CHOICE, ENVIRONMENT -> Value.EMPTY;
    };
  }

  /**
   * The inputs of a called workflow, unknown where the caller's values are.
   *
   * @throws ExpressionException when a value cannot be evaluated or is not of the input's type
   */
  static ObjectValue called(Workflow callee, Job.Call call, Scope caller, Scope own) {
    Triggers.Trigger trigger = callee.on().trigger("workflow_call");
    if (trigger == null) {
      return NONE;
    }
    Map<String, Value> values = new LinkedHashMap<>();
    for (InputDefinition input : trigger.inputs()) {
      Node given = call.with() == null ? null : call.with().get(input.id());
      Node defaultValue = input.defaultValue();
      Value value = missing(input);
      if (given != null) {
        value = value(input, given, caller);
      } else if (defaultValue != null) {
        value = value(input, defaultValue, own);
      }
      values.put(input.id(), value);
    }
    return Value.object(values);
  }

  private static Value value(InputDefinition input, Node node, Scope scope) {
    Value value = Foreseen.value(node, scope);
    if (value == null) {
      return Unknown.VALUE;
    }
    boolean fits =
        switch (input.type()) {
          case BOOLEAN -> value.kind() == Value.Kind.BOOLEAN;
          case NUMBER -> value.kind() == Value.Kind.NUMBER;
          default -> true;
        };
    if (!fits) {
      throw ExpressionException.evaluation(
          "Unexpected value '" + value.toText() + "' for the input '" + input.id() + "'");
    }
    return convert(input, value);
  }
}
