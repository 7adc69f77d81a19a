package dev.slipway.cli;

/** Text for terminals: what is safe to print, how wide it is. */
final class Text {
  private Text() {}

  /** Without escape sequences and control characters; tabs become blanks. */
  static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\u001b') {
        i = endOfEscape(text, i) - 1;
      } else if (c == '\t') {
        plain.append("    ");
      } else if (c >= 0x20 && (c < 0x7f || c > 0x9f)) {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  /**
   * Keeps colours and drops every other escape sequence and control character; ends with colours
   * reset.
   */
  static String colored(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    boolean colors = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\u001b') {
        int end = endOfEscape(text, i);
        if (isColor(text, i, end)) {
          safe.append(text, i, end);
          colors = true;
        }
        i = end - 1;
      } else if (c == '\t' || (c >= 0x20 && (c < 0x7f || c > 0x9f))) {
        safe.append(c);
      }
    }
    return colors ? safe.append("\u001b[0m").toString() : safe.toString();
  }

  /** Cut to so many columns; a cut is shown. */
  static String fit(String text, int columns) {
    int used = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int width = width(c);
      if (used + width > columns) {
        int keep = i;
        while (keep > 0 && used > columns - 1) {
          int before = text.codePointBefore(keep);
          keep -= Character.charCount(before);
          used -= width(before);
        }
        return columns < 1 ? "" : text.substring(0, keep) + "…";
      }
      used += width;
      i += Character.charCount(c);
    }
    return text;
  }

  /** How many columns plain text takes. */
  static int width(String text) {
    int columns = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      columns += width(c);
      i += Character.charCount(c);
    }
    return columns;
  }

  static String padded(String text, int columns) {
    int missing = columns - width(text);
    return missing > 0 ? text + " ".repeat(missing) : text;
  }

  /** Whether the escape sequence from {@code start} to {@code end} sets colours or weight. */
  static boolean isColor(String text, int start, int end) {
    if (end - start < 3 || text.charAt(start + 1) != '[' || text.charAt(end - 1) != 'm') {
      return false;
    }
    for (int i = start + 2; i < end - 1; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != ';' && c != ':') {
        return false;
      }
    }
    return true;
  }

  /** The index after the escape sequence that begins here. */
  static int endOfEscape(String text, int start) {
    int i = start + 1;
    if (i >= text.length()) {
      return i;
    }
    char kind = text.charAt(i++);
    if (kind == '[') {
      while (i < text.length() && (text.charAt(i) < 0x40 || text.charAt(i) > 0x7e)) {
        i++;
      }
      return Math.min(i + 1, text.length());
    }
    if (kind == ']' || kind == 'P' || kind == 'X' || kind == '^' || kind == '_') {
      while (i < text.length()) {
        char c = text.charAt(i++);
        if (c == '\u0007') {
          return i;
        }
        if (c == '\u001b' && i < text.length() && text.charAt(i) == '\\') {
          return i + 1;
        }
      }
      return i;
    }
    while (kind >= 0x20 && kind <= 0x2f && i < text.length()) {
      kind = text.charAt(i++);
    }
    return i;
  }

  private static int width(int c) {
    if (c < 0x300) {
      return 1;
    }
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    boolean wide =
        (c >= 0x1100 && c <= 0x115f)
            || (c >= 0x2e80 && c <= 0xa4cf && c != 0x303f)
            || (c >= 0xac00 && c <= 0xd7a3)
            || (c >= 0xf900 && c <= 0xfaff)
            || (c >= 0xfe30 && c <= 0xfe6f)
            || (c >= 0xff00 && c <= 0xff60)
            || (c >= 0xffe0 && c <= 0xffe6)
            || (c >= 0x1f300 && c <= 0x1faff)
            || (c >= 0x20000 && c <= 0x3fffd);
    return wide ? 2 : 1;
  }
}
