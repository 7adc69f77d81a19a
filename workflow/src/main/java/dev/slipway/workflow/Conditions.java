package dev.slipway.workflow;

import dev.slipway.workflow.expression.Expression;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Template;
import dev.slipway.workflow.expression.Vocabulary;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code if}, with or without {@code ${{ }}}. Text beside an expression makes the whole a formatted
 * string, which is true unless it is empty.
 */
final class Conditions {
  private static final String OPEN = "${{";

  private final Source source;
  private final Problems problems;
  private final Map<Vocabulary, Expression> standards = new IdentityHashMap<>();

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

  Condition read(YamlNode node, String otherwise, Vocabulary vocabulary) {
    YamlNode.Scalar scalar = node.scalar();
    if (scalar == null) {
      problems.error(
          node.at(),
          (node.sequence() != null ? "A sequence" : "A mapping") + " was not expected",
          "a condition is one expression; join several with && or ||");
      return standard(node.at(), otherwise, vocabulary);
    }
    String text = scalar.text();
    if (text.isBlank()) {
      return standard(node.at(), otherwise, vocabulary);
    }
    int offset = 0;
    try {
      String condition = text;
      if (Typed.expression(scalar)) {
        Template.compile(text, vocabulary);
        condition = unwrap(text);
        offset = Math.max(0, text.indexOf(condition));
      }
      if (condition.isBlank()) {
        return standard(node.at(), otherwise, vocabulary);
      }
      return new Condition(node.at(), condition, Expression.condition(condition, vocabulary));
    } catch (ExpressionException e) {
      problems.error(
          source.position(scalar, offset + e.offset()), String.valueOf(e.getMessage()), hint(e));
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

  /** The expression of a text with {@code ${{ }}} in it. */
  private static String unwrap(String text) {
    StringBuilder format = new StringBuilder();
    StringBuilder arguments = new StringBuilder();
    String only = "";
    int count = 0;
    int i = 0;
    while (i < text.length()) {
      int open = text.indexOf(OPEN, i);
      if (open < 0) {
        break;
      }
      int close = close(text, open + OPEN.length());
      escape(text, i, open, format);
      only = text.substring(open + OPEN.length(), close - 2).strip();
      format.append('{').append(count++).append('}');
      arguments.append(", ").append(only);
      i = close;
    }
    escape(text, i, text.length(), format);
    if (count == 1 && format.length() == 3) {
      String string = string(only);
      return string == null ? only : string;
    }
    return "format('" + format + "'" + arguments + ")";
  }

  private static int close(String text, int start) {
    boolean quoted = false;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      } else if (!quoted && c == '}' && text.charAt(i - 1) == '}') {
        return i + 1;
      }
    }
    return text.length();
  }

  private static void escape(String text, int start, int end, StringBuilder into) {
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c == '\'' || c == '{' || c == '}') {
        into.append(c);
      }
      into.append(c);
    }
  }

  /** The value of an expression that is one string and nothing else, or null: such a string is itself the condition. */
  private static @Nullable String string(String expression) {
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
