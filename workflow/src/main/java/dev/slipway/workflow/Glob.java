package dev.slipway.workflow;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of the filters {@code branches}, {@code tags} and {@code paths}, compiled.
 *
 * <p>{@code *} stands for any characters but {@code /}, {@code **} for any at all, {@code ?} for
 * zero or one and {@code +} for one or more of the character before it, {@code [a-z]} for one of a
 * set, and {@code \} takes the next character as it is. {@code **}{@code /} at the beginning or
 * after a {@code /} also stands for nothing.
 *
 * <p>A text is matched by following all places in the pattern that can be reached at once
 * (Thompson, 1968), so the time is bounded by the length of the pattern times that of the text.
 */
public final class Glob {
  private final String pattern;
  private final boolean negated;
  private final List<Part> parts;

  private Glob(String pattern, boolean negated, List<Part> parts) {
    this.pattern = pattern;
    this.negated = negated;
    this.parts = parts;
  }

  /** How often a part may occur. */
  private enum Times {
    ONCE,
    OPTIONAL,
    REPEATED,
    ANY
  }

  /** Characters that a part stands for: all, all but {@code /}, or those of a set. */
  private static final class Part {
    private final int[] ranges;
    private final boolean inverted;
    private Times times;
    private boolean folders;

    private Part(int[] ranges, boolean inverted, Times times) {
      this.ranges = ranges;
      this.inverted = inverted;
      this.times = times;
    }

    private boolean fits(int c) {
      for (int i = 0; i < ranges.length; i += 2) {
        if (c >= ranges[i] && c <= ranges[i + 1]) {
          return !inverted;
        }
      }
      return inverted;
    }
  }

  /** Reads the pattern. */
  private static final class Reader {
    private final String text;
    private final List<Part> parts = new ArrayList<>();
    private int at;
    private @Nullable String wrong;

    private Reader(String text, int start) {
      this.text = text;
      this.at = start;
    }

    private void read() {
      if (at == text.length()) {
        wrong = "it is empty";
      }
      boolean repeatable = false;
      while (at < text.length() && wrong == null) {
        char c = text.charAt(at);
        if (c == '*') {
          star();
          repeatable = false;
        } else if (c == '?' || c == '+') {
          if (!repeatable) {
            wrong = "'" + c + "' must follow a character that it repeats";
            return;
          }
          parts.getLast().times = c == '?' ? Times.OPTIONAL : Times.REPEATED;
          repeatable = false;
          at++;
        } else if (c == '[') {
          set();
          repeatable = true;
        } else {
          if (c == '\\') {
            at++;
            if (at == text.length()) {
              wrong = "'\\' ends it";
              return;
            }
          }
          int point = text.codePointAt(at);
          parts.add(new Part(new int[] {point, point}, false, Times.ONCE));
          at += Character.charCount(point);
          repeatable = true;
        }
      }
    }

    private void star() {
      int start = at;
      while (at < text.length() && text.charAt(at) == '*') {
        at++;
      }
      if (at - start == 1) {
        parts.add(new Part(new int[] {'/', '/'}, true, Times.ANY));
        return;
      }
      Part any = new Part(new int[0], true, Times.ANY);
      boolean segment =
          start == 0 || text.charAt(start - 1) == '/' || (start == 1 && text.charAt(0) == '!');
      if (segment && at < text.length() && text.charAt(at) == '/') {
        any.folders = true;
        parts.add(any);
        parts.add(new Part(new int[] {'/', '/'}, false, Times.ONCE));
        at++;
      } else {
        parts.add(any);
      }
    }

    private void set() {
      int close = text.indexOf(']', at + 2);
      if (close < 0) {
        wrong = text.startsWith("[]", at) ? "the set '[]' is empty" : "'[' is never closed";
        return;
      }
      List<Integer> ranges = new ArrayList<>();
      int i = at + 1;
      while (i < close) {
        int first = text.codePointAt(i);
        i += Character.charCount(first);
        int last = first;
        if (i + 1 < close && text.charAt(i) == '-') {
          last = text.codePointAt(i + 1);
          i += 1 + Character.charCount(last);
        }
        if (first > last) {
          wrong =
              "the range "
                  + Character.toString(first)
                  + "-"
                  + Character.toString(last)
                  + " ends before it begins";
          return;
        }
        ranges.add(first);
        ranges.add(last);
      }
      int[] array = new int[ranges.size()];
      for (int j = 0; j < array.length; j++) {
        array[j] = ranges.get(j);
      }
      parts.add(new Part(array, false, Times.ONCE));
      at = close + 1;
    }
  }

  /** What is wrong with a pattern, or null. */
  static @Nullable String check(String pattern) {
    Reader reader = new Reader(pattern, pattern.startsWith("!") ? 1 : 0);
    reader.read();
    return reader.wrong;
  }

  /**
   * Compiles a pattern, with its leading {@code !} if it has one.
   *
   * @throws IllegalArgumentException when it is no pattern; reading a workflow has found that
   *     before
   */
  public static Glob compile(String pattern) {
    boolean negated = pattern.startsWith("!");
    Reader reader = new Reader(pattern, negated ? 1 : 0);
    reader.read();
    if (reader.wrong != null) {
      throw new IllegalArgumentException("invalid pattern '" + pattern + "': " + reader.wrong);
    }
    return new Glob(pattern, negated, reader.parts);
  }

  /** As written. */
  public String pattern() {
    return pattern;
  }

  /** Whether it begins with {@code !}. */
  public boolean negated() {
    return negated;
  }

  /** Whether the whole of a text fits the pattern; its {@code !} is not considered. */
  public boolean matches(String text) {
    BitSet places = new BitSet(parts.size() + 1);
    enter(places, 0);
    for (int i = 0; i < text.length() && !places.isEmpty(); ) {
      int c = text.codePointAt(i);
      BitSet next = new BitSet(parts.size() + 1);
      for (int place = places.nextSetBit(0); place >= 0; place = places.nextSetBit(place + 1)) {
        if (place < parts.size() && parts.get(place).fits(c)) {
          step(next, place);
        }
      }
      places = next;
      i += Character.charCount(c);
    }
    return places.get(parts.size());
  }

  /** Adds a place and those that can be reached from it without a character. */
  private void enter(BitSet places, int start) {
    int place = start;
    while (!places.get(place)) {
      places.set(place);
      if (place == parts.size()) {
        return;
      }
      Part part = parts.get(place);
      if (part.times == Times.ONCE || part.times == Times.REPEATED) {
        return;
      }
      if (part.folders) {
        places.set(place + 1);
      }
      place += part.folders ? 2 : 1;
    }
  }

  /** Adds the places that follow one whose part has just fitted a character. */
  private void step(BitSet next, int place) {
    Times times = parts.get(place).times;
    if (times == Times.ANY || times == Times.REPEATED) {
      next.set(place);
    }
    enter(next, place + 1);
  }
}
