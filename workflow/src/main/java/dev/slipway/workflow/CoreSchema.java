package dev.slipway.workflow;

/** Which plain scalars are null, booleans and numbers in YAML's core schema. */
final class CoreSchema {
  private CoreSchema() {}

  /** Whether a plain scalar that begins with this letter can only be a string. */
  static boolean isString(char first) {
    boolean letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
    return letter && "tTfFnN".indexOf(first) < 0;
  }

  static boolean isNull(String text) {
    return text.isEmpty()
        || text.equals("~")
        || text.equals("null")
        || text.equals("Null")
        || text.equals("NULL");
  }

  static boolean isBoolean(String text) {
    return text.equals("true")
        || text.equals("false")
        || text.equals("True")
        || text.equals("False")
        || text.equals("TRUE")
        || text.equals("FALSE");
  }

  static boolean isInteger(String text) {
    if (text.length() > 2 && text.charAt(0) == '0') {
      char base = text.charAt(1);
      if (base == 'x' || base == 'o') {
        for (int i = 2; i < text.length(); i++) {
          if (Character.digit(text.charAt(i), base == 'x' ? 16 : 8) < 0 || text.charAt(i) > 'f') {
            return false;
          }
        }
        return true;
      }
    }
    int start = sign(text);
    return start < text.length() && digits(text, start) == text.length();
  }

  /** The value of an integer; NaN when a hexadecimal or octal one does not fit 32 bits. */
  static double integer(String text) {
    boolean hexadecimal = text.startsWith("0x");
    if (!hexadecimal && !text.startsWith("0o")) {
      return Double.parseDouble(text);
    }
    int first = 2;
    while (first < text.length() - 1 && text.charAt(first) == '0') {
      first++;
    }
    String digits = text.substring(first);
    if (digits.length() > 11) {
      return Double.NaN;
    }
    long value = Long.parseLong(digits, hexadecimal ? 16 : 8);
    return value > 0xFFFF_FFFFL ? Double.NaN : (int) value;
  }

  static boolean isFloat(String text) {
    int start = sign(text);
    if (start == text.length()) {
      return false;
    }
    if (special(text, start)) {
      return true;
    }
    int whole = digits(text, start);
    int i = whole;
    boolean some = whole > start;
    if (i < text.length() && text.charAt(i) == '.') {
      int fraction = digits(text, i + 1);
      some |= fraction > i + 1;
      i = fraction;
    }
    if (!some) {
      return false;
    }
    if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      int exponent = i + 1;
      if (exponent < text.length()
          && (text.charAt(exponent) == '-' || text.charAt(exponent) == '+')) {
        exponent++;
      }
      i = digits(text, exponent);
      if (i == exponent) {
        return false;
      }
    }
    return i == text.length();
  }

  private static boolean special(String text, int start) {
    String rest = text.substring(start);
    boolean infinite = rest.equals(".inf") || rest.equals(".Inf") || rest.equals(".INF");
    boolean nan = rest.equals(".nan") || rest.equals(".NaN") || rest.equals(".NAN");
    return infinite || (nan && start == 0);
  }

  static double floating(String text) {
    if (!special(text, sign(text))) {
      return Double.parseDouble(text);
    }
    if (text.charAt(0) == '-') {
      return Double.NEGATIVE_INFINITY;
    }
    return text.charAt(text.length() - 1) == 'f' || text.charAt(text.length() - 1) == 'F'
        ? Double.POSITIVE_INFINITY
        : Double.NaN;
  }

  private static int sign(String text) {
    return !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
  }

  private static int digits(String text, int start) {
    int i = start;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }
}
