package dev.slipway.workflow.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The function {@code format}: {@code {N}} is argument N, doubled braces are braces. The whole
 * format is read before any argument is evaluated, and an argument that is not named never is.
 */
final class Format {
  private static final int MAX_INDEX = 255;

  private final String format;
  private final int arguments;
  private final List<Piece> pieces = new ArrayList<>();

  /** Text, or with {@code text} null an argument. */
  private record Piece(@Nullable String text, int argument, String specifiers) {}

  private Format(String format, int arguments) {
    this.format = format;
    this.arguments = arguments;
  }

  static String format(List<Term> terms, Scope scope) {
    Format format = new Format(terms.get(0).evaluate(scope).toText(), terms.size() - 1);
    format.read();
    return format.build(terms, scope);
  }

  private String build(List<Term> terms, Scope scope) {
    @Nullable Value[] values = new @Nullable Value[arguments];
    Budget budget = new Budget();
    for (Piece piece : pieces) {
      if (piece.text != null) {
        budget.add(piece.text.length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (Piece piece : pieces) {
      if (piece.text != null) {
        text.append(piece.text);
        continue;
      }
      Value value = values[piece.argument];
      if (value == null) {
        value = terms.get(piece.argument + 1).evaluate(scope);
        values[piece.argument] = value;
      }
      if (!piece.specifiers.isEmpty()) {
        throw ExpressionException.evaluation(
            "The format specifiers '"
                + piece.specifiers
                + "' are not valid for objects of type '"
                + kind(value)
                + "'");
      }
      String part = value.toText();
      if (!part.isEmpty()) {
        budget.add(part.length());
        text.append(part);
      }
    }
    return text.toString();
  }

  private void read() {
    int at = 0;
    while (at < format.length()) {
      int open = format.indexOf('{', at);
      int close = format.indexOf('}', at);
      if (open >= 0 && (close < 0 || close > open)) {
        if (charAt(open + 1) == '{') {
          text(at, open + 1);
          at = open + 2;
        } else {
          text(at, open);
          at = argument(open + 1);
        }
      } else if (close >= 0) {
        if (charAt(close + 1) != '}') {
          throw invalid();
        }
        text(at, close + 1);
        at = close + 2;
      } else {
        text(at, format.length());
        at = format.length();
      }
    }
  }

  private void text(int from, int to) {
    if (to > from) {
      pieces.add(new Piece(format.substring(from, to), 0, ""));
    }
  }

  /** Reads an argument's number and what follows; where it ends. */
  private int argument(int start) {
    int at = start;
    int number = 0;
    while (charAt(at) >= '0' && charAt(at) <= '9') {
      number = Math.min(number * 10 + charAt(at) - '0', MAX_INDEX + 1);
      at++;
    }
    if (at == start || number > MAX_INDEX) {
      throw invalid();
    }
    StringBuilder specifiers = new StringBuilder();
    if (charAt(at) == ':') {
      at++;
      while (charAt(at) != '}' || charAt(at + 1) == '}') {
        if (at >= format.length()) {
          throw invalid();
        }
        specifiers.append(charAt(at));
        at += charAt(at) == '}' ? 2 : 1;
      }
    } else if (charAt(at) != '}') {
      throw invalid();
    }
    if (number >= arguments) {
      throw ExpressionException.evaluation(
          "The following format string references more arguments than were supplied: " + format);
    }
    pieces.add(new Piece(null, number, specifiers.toString()));
    return at + 1;
  }

  private char charAt(int index) {
    return index < format.length() ? format.charAt(index) : 0;
  }

  private static String kind(Value value) {
    String name = value.kind().name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  private ExpressionException invalid() {
    return ExpressionException.evaluation("The following format string is invalid: " + format);
  }
}
