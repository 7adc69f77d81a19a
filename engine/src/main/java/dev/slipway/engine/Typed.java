package dev.slipway.engine;

import dev.slipway.workflow.Node;
import dev.slipway.workflow.expression.ArrayValue;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Value;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Values of a type that GitHub's schema wants. Nothing is converted but to text: the text {@code
 * true} is no boolean, and text cannot be made of a list or a mapping.
 */
final class Typed {
  private Typed() {}

  /**
   * A boolean.
   *
   * @throws ExpressionException when it is none
   */
  static boolean truth(Node node, Scope scope) {
    return truth(node.evaluate(scope));
  }

  /**
   * A boolean.
   *
   * @throws ExpressionException when it is none
   */
  static boolean truth(Value value) {
    if (value.kind() != Value.Kind.BOOLEAN) {
      throw unexpected(value, "a boolean");
    }
    return value.truthy();
  }

  /**
   * A number.
   *
   * @throws ExpressionException when it is none
   */
  static double number(Node node, Scope scope) {
    return number(node.evaluate(scope));
  }

  /**
   * A number.
   *
   * @throws ExpressionException when it is none
   */
  static double number(Value value) {
    if (value.kind() != Value.Kind.NUMBER || Double.isNaN(value.toNumber())) {
      throw unexpected(value, "a number");
    }
    return value.toNumber();
  }

  /**
   * Text, of what is no list and no mapping.
   *
   * @throws ExpressionException when it is one
   */
  static String text(Node node, Scope scope) {
    return text(node.evaluate(scope));
  }

  /**
   * Text, of what is no list and no mapping.
   *
   * @throws ExpressionException when it is one
   */
  static String text(Value value) {
    if (value instanceof ArrayValue || value instanceof ObjectValue) {
      throw unexpected(value, "text");
    }
    return value.toText();
  }

  /**
   * Hands on the members of a mapping of texts.
   *
   * @throws ExpressionException when one of them is no text; those before it are handed on
   */
  static void texts(
      Node.@Nullable Mapping mapping, Scope scope, BiConsumer<String, String> member) {
    if (mapping != null && mapping.evaluate(scope) instanceof ObjectValue values) {
      values.forEach((name, value) -> member.accept(name, text(value)));
    }
  }

  private static ExpressionException unexpected(Value value, String expected) {
    if (value instanceof ArrayValue) {
      return ExpressionException.evaluation("A sequence was not expected");
    }
    if (value instanceof ObjectValue) {
      return ExpressionException.evaluation("A mapping was not expected");
    }
    return ExpressionException.evaluation(
        "Unexpected value '" + value.toText() + "', expected " + expected);
  }
}
