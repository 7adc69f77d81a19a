package dev.slipway.shell;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The arithmetic that scripts count failures with: a name or number, changed or compared. */
final class Sums {
  private static final Pattern STEP = Pattern.compile("\\s*(\\w+)\\s*(\\+\\+|--)\\s*");
  private static final Pattern CHANGE =
      Pattern.compile("\\s*(\\w+)\\s*(\\+=|-=|=)\\s*\\$?(\\w+)\\s*");
  private static final Pattern BINARY =
      Pattern.compile("\\s*\\$?(\\w+)\\s*(\\+|-|==|!=|<=|>=|<|>)\\s*\\$?(\\w+)\\s*");
  private static final Pattern ONE = Pattern.compile("\\s*\\$?(\\w+)\\s*");

  private final Map<String, @Nullable String> variables;

  Sums(Map<String, @Nullable String> variables) {
    this.variables = variables;
  }

  /** Whether the value is not zero; null when it is not known. */
  @Nullable Boolean truth(@Nullable String expression) {
    Long value = number(expression);
    return value == null ? null : value != 0;
  }

  /** The value as text; null when it is not known. */
  @Nullable String value(@Nullable String expression) {
    Long value = number(expression);
    return value == null ? null : Long.toString(value);
  }

  private @Nullable Long number(@Nullable String expression) {
    if (expression == null || expression.length() > 200) {
      return null;
    }
    Matcher step = STEP.matcher(expression);
    if (step.matches()) {
      Long before = operand(step.group(1));
      long by = step.group(2).equals("++") ? 1 : -1;
      variables.put(step.group(1), before == null ? null : Long.toString(before + by));
      return before;
    }
    Matcher change = CHANGE.matcher(expression);
    if (change.matches()) {
      Long by = operand(change.group(3));
      Long before = change.group(2).equals("=") ? Long.valueOf(0) : operand(change.group(1));
      Long after =
          (by == null || before == null)
              ? null
              : Long.valueOf(change.group(2).equals("-=") ? before - by : before + by);
      variables.put(change.group(1), after == null ? null : Long.toString(after));
      return after;
    }
    Matcher binary = BINARY.matcher(expression);
    if (binary.matches()) {
      Long one = operand(binary.group(1));
      Long other = operand(binary.group(3));
      return (one == null || other == null) ? null : Long.valueOf(of(one, binary.group(2), other));
    }
    Matcher single = ONE.matcher(expression);
    return single.matches() ? operand(single.group(1)) : null;
  }

  private static long of(long one, String operator, long other) {
    return switch (operator) {
      case "+" -> one + other;
      case "-" -> one - other;
      case "==" -> one == other ? 1 : 0;
      case "!=" -> one != other ? 1 : 0;
      case "<=" -> one <= other ? 1 : 0;
      case ">=" -> one >= other ? 1 : 0;
      case "<" -> one < other ? 1 : 0;
      default -> one > other ? 1 : 0;
    };
  }

  private @Nullable Long operand(String word) {
    String value = word;
    if (!Character.isDigit(word.charAt(0))) {
      if (variables.containsKey(word) && variables.get(word) == null) {
        return null;
      }
      value = variables.get(word);
    }
    if (value == null || value.isEmpty()) {
      return 0L;
    }
    return value.matches("-?[0-9]{1,15}") ? Long.valueOf(value) : null;
  }
}
