package dev.slipway.workflow;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The text of a file and the places in it.
 *
 * <p>A place inside a scalar is found from its decoded text by counting characters that are not
 * white space: folding, indentation and block headers change white space only, so the nth such
 * character of the decoded text is the nth such character of the source. Escapes of quoted scalars
 * count as the character they stand for.
 */
final class Source {
  private final String text;
  private final boolean supplementary;
  private int[] lineStarts = {};
  private int lines;
  private int lastCodePoint;
  private int lastIndex;

  /** How far the scalar asked about last was counted through, so that the next can go on there. */
  private YamlNode.@Nullable Scalar counted;

  private int countedOffset;
  private int countedVisible;
  private int passedVisible;
  private int passedIndex;

  Source(String text) {
    this.text = text;
    this.supplementary = text.codePointCount(0, text.length()) != text.length();
  }

  /**
   * The index in the text of the code point with this number. Counts from the one asked for before,
   * since readers ask for one after the other.
   */
  int index(int codePoint) {
    if (!supplementary) {
      return codePoint;
    }
    lastIndex = text.offsetByCodePoints(lastIndex, codePoint - lastCodePoint);
    lastCodePoint = codePoint;
    return lastIndex;
  }

  /** The place of an index in the text. */
  Position position(int index) {
    if (lines == 0) {
      findLines();
    }
    int found = Arrays.binarySearch(lineStarts, 0, lines, index);
    int line = found >= 0 ? found : -found - 2;
    int start = lineStarts[line];
    return new Position(
        line + 1, text.codePointCount(start, Math.min(Math.max(index, start), text.length())) + 1);
  }

  private void findLines() {
    int[] starts = new int[64 + text.length() / 24];
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'))) {
        if (count == starts.length) {
          starts = Arrays.copyOf(starts, count * 2);
        }
        starts[count++] = i + 1;
      }
    }
    lineStarts = starts;
    lines = count;
  }

  /** The place of the character at an offset of a scalar's decoded text. */
  Position position(YamlNode.Scalar scalar, int offset) {
    return position(index(scalar, offset));
  }

  /** The index of the character at an offset of a scalar's decoded text. */
  int index(YamlNode.Scalar scalar, int offset) {
    String decoded = scalar.text();
    int limit = Math.min(Math.max(offset, 0), decoded.length());
    if (counted != scalar || limit < countedOffset) {
      counted = scalar;
      countedOffset = 0;
      countedVisible = 0;
      passedVisible = 0;
      passedIndex = -1;
    }
    int before = countedVisible;
    for (int i = countedOffset; i < limit; i++) {
      if (!white(decoded.charAt(i))) {
        before++;
      }
    }
    countedOffset = limit;
    countedVisible = before;
    boolean onWhite = limit == decoded.length() || white(decoded.charAt(limit));
    if (onWhite && before == 0) {
      return scalar.start();
    }
    return onWhite ? nth(scalar, before - 1, true) : nth(scalar, before, false);
  }

  /** The index where the nth visible character of a scalar begins, or where it ends. */
  private int nth(YamlNode.Scalar scalar, int n, boolean after) {
    YamlNode.Style style = scalar.style();
    int i = scalar.start();
    int end = Math.min(scalar.end(), text.length());
    int seen = 0;
    if (passedIndex >= 0 && passedVisible <= n) {
      i = passedIndex;
      seen = passedVisible;
    } else if (style == YamlNode.Style.LITERAL || style == YamlNode.Style.FOLDED) {
      while (i < end && text.charAt(i) != '\n' && text.charAt(i) != '\r') {
        i++;
      }
    } else if (style != YamlNode.Style.PLAIN) {
      i++;
    }
    while (i < end) {
      int next = i + 1;
      boolean visible = !white(text.charAt(i));
      if (style == YamlNode.Style.SINGLE_QUOTED && text.startsWith("''", i)) {
        next = i + 2;
      } else if (style == YamlNode.Style.DOUBLE_QUOTED && text.charAt(i) == '\\' && next < end) {
        char escape = text.charAt(next);
        next += 1 + (escape == 'x' ? 2 : escape == 'u' ? 4 : escape == 'U' ? 8 : 0);
        visible = !white(escape) && "ntr".indexOf(escape) < 0;
      }
      if (visible) {
        if (seen == n) {
          passedVisible = seen;
          passedIndex = i;
          return after ? next : i;
        }
        seen++;
      }
      i = next;
    }
    return i;
  }

  private static boolean white(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }
}
