package dev.slipway.lint;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Branches and tags of actions in the order in which people look for them. */
final class Versions {
  private Versions() {}

  /** The newest first, a major version before the releases in it, branches last. */
  static List<String> sorted(List<String> refs) {
    List<String> sorted = new ArrayList<>(refs);
    sorted.sort(Versions::compare);
    return sorted;
  }

  /** The first of the sorted; null when there is none. */
  static @Nullable String newest(List<String> refs) {
    String newest = null;
    for (String ref : refs) {
      newest = newest == null || compare(ref, newest) < 0 ? ref : newest;
    }
    return newest;
  }

  private static int compare(String a, String b) {
    int[] left = numbers(a);
    int[] right = numbers(b);
    for (int i = 0; i < left.length; i++) {
      if (left[i] != right[i]) {
        return Integer.compare(right[i], left[i]);
      }
    }
    return a.compareTo(b);
  }

  /** Major, minor and patch; what is left out counts as the highest, a branch as the lowest. */
  private static int[] numbers(String ref) {
    int[] numbers = {-1, -1, -1};
    int at = ref.startsWith("v") ? 1 : 0;
    for (int i = 0; i < numbers.length; i++) {
      int start = at;
      int number = 0;
      while (at < ref.length() && Character.digit(ref.charAt(at), 10) >= 0 && at - start < 9) {
        number = number * 10 + Character.digit(ref.charAt(at), 10);
        at++;
      }
      if (at == start) {
        break;
      }
      numbers[i] = number;
      boolean last = at == ref.length();
      for (int k = i + 1; last && k < numbers.length; k++) {
        numbers[k] = Integer.MAX_VALUE;
      }
      if (last || ref.charAt(at) != '.') {
        break;
      }
      at++;
    }
    return numbers;
  }
}
