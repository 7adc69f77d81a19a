package dev.slipway.workflow.expression;

import java.util.List;

/** The function {@code format}: {@code {N}} is argument N, doubled braces are braces. */
final class Format {
  private Format() {}

  static String format(List<Term> arguments, Scope scope) {
    String format = arguments.get(0).evaluate(scope).toText();
    StringBuilder text = new StringBuilder();
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i);
      boolean doubled = i + 1 < format.length() && format.charAt(i + 1) == c;
      if (c == '{' && !doubled) {
        int close = closing(format, i + 1);
        int colon = format.indexOf(':', i);
        int end = colon >= 0 && colon < close ? colon : close;
        int argument = number(format, i + 1, end);
        if (close < 0 || argument < 0) {
          throw invalid(format);
        }
        if (argument >= arguments.size() - 1) {
          throw ExpressionException.evaluation(
              "The following format string references more arguments than were supplied: " + format);
        }
        Value value = arguments.get(argument + 1).evaluate(scope);
        if (end != close && close > end + 1) {
          throw ExpressionException.evaluation(
              "The format specifiers '"
                  + format.substring(end + 1, close)
                  + "' are not valid for objects of type '"
                  + kind(value)
                  + "'");
        }
        text.append(value.toText());
        i = close + 1;
      } else if (c == '}' && !doubled) {
        throw invalid(format);
      } else {
        text.append(c);
        i += c == '{' || c == '}' ? 2 : 1;
      }
      Budget.check(text.length());
    }
    return text.toString();
  }

  private static int closing(String format, int from) {
    for (int i = from; i < format.length(); i++) {
      if (format.charAt(i) == '}') {
        return i;
      }
    }
    return -1;
  }

  private static int number(String format, int from, int to) {
    if (to <= from || to - from > 3) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < to; i++) {
      char c = format.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + c - '0';
    }
    return number > 255 ? -1 : number;
  }

  private static String kind(Value value) {
    String name = value.kind().name();
    return name.charAt(0) + name.substring(1).toLowerCase(java.util.Locale.ROOT);
  }

  private static ExpressionException invalid(String format) {
    return ExpressionException.evaluation("The following format string is invalid: " + format);
  }
}
