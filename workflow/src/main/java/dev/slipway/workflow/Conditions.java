package dev.slipway.workflow;

import dev.slipway.workflow.expression.Expression;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Vocabulary;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code if}, with or without {@code ${{ }}}. Text beside an expression makes the whole a
 * formatted string, which is true unless it is empty.
 */
final class Conditions {
  private static final String OPEN = "${{";

  private final Source source;
  private final Problems problems;
  private final Map<Vocabulary, Expression> standards = new HashMap<>();

  private @Nullable Expression always;

  Conditions(Source source, Problems problems) {
    this.source = source;
    this.problems = problems;
  }

  /** The condition of something that has none of its own. */
  Condition standard(Position at, String text, Vocabulary vocabulary) {
    Expression expression = standards.get(vocabulary);
    if (expression == null) {
      expression = Expression.compile(text, vocabulary);
      standards.put(vocabulary, expression);
    }
    return new Condition(at, null, expression);
  }

  /** The condition of a control step. */
  Condition always(Position at) {
    if (always == null) {
      always =
          Expression.compile(
              "always()", Vocabulary.of(Set.of(), Set.of(Vocabulary.Function.ALWAYS)));
    }
    return new Condition(at, null, always);
  }

  Condition read(YamlNode node, String otherwise, Vocabulary vocabulary) {
    YamlNode.Scalar scalar = node.scalar();
    if (scalar == null) {
      problems.error(
          node.at(),
          (node.sequence() != null ? "A sequence" : "A mapping") + " was not expected",
          "a condition is one expression; join several with && or ||");
      return standard(node.at(), otherwise, vocabulary);
    }
    String text = Typed.value(scalar).toText();
    if (text.isBlank()) {
      return standard(node.at(), otherwise, vocabulary);
    }
    try {
      String condition = Typed.expression(scalar) ? unwrapped(text) : text;
      String string = Typed.expression(scalar) ? string(condition) : null;
      if (string != null && string.isBlank()) {
        return standard(node.at(), otherwise, vocabulary);
      }
      Expression expression = Expression.condition(string == null ? text : string, vocabulary);
      return new Condition(node.at(), string == null ? condition : string, expression);
    } catch (ExpressionException e) {
      problems.error(source.position(scalar, e.offset()), String.valueOf(e.getMessage()), hint(e));
      return standard(node.at(), otherwise, vocabulary);
    }
  }

  static @Nullable String hint(ExpressionException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("\"")) {
      return "strings in expressions are written in single quotes";
    }
    return null;
  }

  /** The expression of a text that is exactly one, else the text. */
  private static String unwrapped(String text) {
    String stripped = text.strip();
    boolean one =
        stripped.startsWith(OPEN) && stripped.endsWith("}}") && stripped.indexOf(OPEN, 1) < 0;
    return one ? stripped.substring(OPEN.length(), stripped.length() - 2).strip() : text;
  }

  /**
   * The value of an expression that is one string and nothing else, or null: such a string is
   * itself the condition.
   */
  private static @Nullable String string(String expression) {
    if (expression.isEmpty()) {
      return null;
    }
    StringBuilder value = new StringBuilder();
    boolean inside = false;
    for (int i = 0; i < expression.length(); i++) {
      char c = expression.charAt(i);
      if (c == '\'') {
        inside = !inside;
        if (inside && i != 0) {
          value.append(c);
        }
      } else if (!inside) {
        return null;
      } else {
        value.append(c);
      }
    }
    return value.toString();
  }
}
