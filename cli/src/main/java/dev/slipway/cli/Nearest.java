package dev.slipway.cli;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what someone most likely meant to type. */
final class Nearest {
  private Nearest() {}

  /**
   * The candidate with the fewest edits (at most a third of the word, at least two), or one that
   * starts so; else null.
   */
  static @Nullable String of(String word, List<String> candidates) {
    String lower = word.toLowerCase(Locale.ROOT);
    String best = null;
    int least = Math.max(2, lower.length() / 3) + 1;
    for (String candidate : candidates) {
      int distance = distance(lower, candidate.toLowerCase(Locale.ROOT));
      if (distance < least && distance < candidate.length()) {
        least = distance;
        best = candidate;
      }
    }
    if (best == null && lower.length() >= 3) {
      for (String candidate : candidates) {
        if (candidate.startsWith(lower)) {
          return candidate;
        }
      }
    }
    return best;
  }

  /** Edits (insert, delete, replace, swap neighbours) from one word to the other. */
  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] reused = beforeLast;
      beforeLast = last;
      last = row;
      row = reused;
    }
    return last[b.length()];
  }
}
