package dev.slipway.workflow;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that was probably meant. */
final class Spelling {
  private static final int LONGEST_WORD = 60;

  private Spelling() {}

  /** A hint that names the nearest of some names, else all of them when they are few. */
  static @Nullable String hint(String word, Collection<String> names) {
    String nearest = nearest(word, names);
    if (nearest != null) {
      return "did you mean '" + nearest + "'?";
    }
    return names.isEmpty() || names.size() > 24
        ? null
        : "expected one of: " + String.join(", ", names);
  }

  static @Nullable String nearest(String word, Collection<String> names) {
    if (word.isEmpty() || word.length() > LONGEST_WORD) {
      return null;
    }
    String plain = plain(word);
    String best = null;
    int least = 1 + Math.max(1, Math.min(3, plain.length() / 3));
    for (String name : names) {
      int distance = distance(plain, plain(name), least);
      if (distance < least) {
        least = distance;
        best = name;
      }
    }
    return best;
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Edits (insert, delete, replace, swap neighbours) between two words; at least {@code limit} when
   * more.
   */
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    int[] before = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int edits =
            Math.min(previous[j - 1] + (same ? 0 : 1), Math.min(previous[j], current[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          edits = Math.min(edits, before[j - 2] + 1);
        }
        current[j] = edits;
      }
      int[] spare = before;
      before = previous;
      previous = current;
      current = spare;
    }
    return previous[b.length()];
  }
}
