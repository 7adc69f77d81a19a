package dev.slipway.workflow.expression;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers to text and back, as .NET does it with {@code G15} and the invariant culture. */
final class Numbers {
  private static final MathContext FIFTEEN = new MathContext(15, RoundingMode.HALF_EVEN);
  private static final double PLAIN_BELOW = 1e15;
  private static final String INFINITY = "Infinity";

  private Numbers() {}

  static String text(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    if (value == 0) {
      return "0";
    }
    if (value == Math.rint(value) && Math.abs(value) < PLAIN_BELOW) {
      return Long.toString((long) value);
    }
    BigDecimal rounded = new BigDecimal(value).round(FIFTEEN).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent > -5 && exponent < 15) {
      return rounded.toPlainString();
    }
    String digits = rounded.unscaledValue().abs().toString();
    StringBuilder text = new StringBuilder(24);
    if (rounded.signum() < 0) {
      text.append('-');
    }
    text.append(digits.charAt(0));
    if (digits.length() > 1) {
      text.append('.').append(digits, 1, digits.length());
    }
    text.append('E').append(exponent < 0 ? '-' : '+');
    int magnitude = Math.abs(exponent);
    if (magnitude < 10) {
      text.append('0');
    }
    return text.append(magnitude).toString();
  }

  /** A string as a number: empty is 0, what is no number is NaN. */
  static double parse(String text) {
    String trimmed = Characters.strip(text);
    if (trimmed.isEmpty()) {
      return 0;
    }
    return literal(trimmed);
  }

  /** A number as it is written; NaN when it is none. */
  static double literal(String text) {
    if (text.startsWith("0x")) {
      return radix(text.substring(2), 16);
    }
    if (text.startsWith("0o")) {
      return radix(text.substring(2), 8);
    }
    if (text.length() == INFINITY.length() || text.length() == INFINITY.length() + 1) {
      // .NET takes it in any case.
      boolean signed = text.charAt(0) == '-' || text.charAt(0) == '+';
      if (Characters.compare(text.substring(signed ? 1 : 0), INFINITY) == 0) {
        return text.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
    }
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c != '.' && c != '+' && c != '-' && c != 'e' && c != 'E') {
        return Double.NaN;
      }
    }
    if (digits == 0) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static double radix(String digits, int radix) {
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c >= 0x80 || Character.digit(c, radix) < 0) {
        return Double.NaN;
      }
    }
    try {
      return Integer.parseUnsignedInt(digits, radix);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
