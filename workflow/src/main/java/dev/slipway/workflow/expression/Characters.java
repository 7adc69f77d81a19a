package dev.slipway.workflow.expression;

/** White space and letter case as .NET's invariant culture has them. */
final class Characters {
  private static final char DOTLESS_I = '\u0131';
  private static final char LONG_S = '\u017f';

  private Characters() {}

  static boolean white(char c) {
    if (c < 0x80) {
      return c == ' ' || (c >= '\t' && c <= '\r');
    }
    return c == 0x85 || Character.isSpaceChar(c);
  }

  static String strip(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && white(text.charAt(start))) {
      start++;
    }
    while (end > start && white(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** The upper-case letter of a character; one for one, and nothing beyond ASCII becomes ASCII. */
  static char upper(char c) {
    if (c < 0x80) {
      return c >= 'a' && c <= 'z' ? (char) (c - ('a' - 'A')) : c;
    }
    return c == DOTLESS_I || c == LONG_S ? c : Character.toUpperCase(c);
  }

  /** A key that is the same for texts that differ in case only. */
  static String fold(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (upper(c) != c || Character.isSurrogate(c)) {
        return foldFrom(text, i);
      }
    }
    return text;
  }

  private static String foldFrom(String text, int from) {
    char[] folded = text.toCharArray();
    for (int i = from; i < folded.length; i++) {
      if (i + 1 < folded.length && Character.isSurrogatePair(folded[i], folded[i + 1])) {
        Character.toChars(
            Character.toUpperCase(Character.toCodePoint(folded[i], folded[i + 1])), folded, i);
        i++;
      } else {
        folded[i] = upper(folded[i]);
      }
    }
    return new String(folded);
  }

  /** Ordinal order of the upper-case texts. */
  static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x == y) {
        continue;
      }
      if (Character.isSurrogate(x) || Character.isSurrogate(y)) {
        return fold(a).compareTo(fold(b));
      }
      x = upper(x);
      y = upper(y);
      if (x != y) {
        return x - y;
      }
    }
    return a.length() - b.length();
  }

  /** Whether the text has the part at this place, without regard to case. */
  static boolean matches(String text, int at, String part) {
    if (at < 0 || at + part.length() > text.length()) {
      return false;
    }
    for (int i = 0; i < part.length(); i++) {
      char x = text.charAt(at + i);
      char y = part.charAt(i);
      if (x == y) {
        continue;
      }
      if (Character.isSurrogate(x) || Character.isSurrogate(y)) {
        return fold(text.substring(at, at + part.length())).equals(fold(part));
      }
      if (upper(x) != upper(y)) {
        return false;
      }
    }
    return true;
  }

  static boolean contains(String text, String part) {
    for (int i = 0; i + part.length() <= text.length(); i++) {
      if (matches(text, i, part)) {
        return true;
      }
    }
    return false;
  }
}
