package dev.slipway.lint;

import dev.slipway.workflow.NearestName;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the name that was probably meant, and says so. */
final class NearName {
  private NearName() {}

  /** A hint that names the nearest of some names, else all of them when they are few. */
  static String hint(String word, Collection<String> names) {
    String nearest = nearest(word, names);
    if (nearest != null) {
      return "did you mean '" + nearest + "'?";
    }
    if (names.isEmpty()) {
      return "remove it: there are none";
    }
    return names.size() > 20
        ? "correct the name, or remove it"
        : "it has " + String.join(", ", List.copyOf(names));
  }

  static @Nullable String nearest(String word, Collection<String> names) {
    return NearestName.of(word, names);
  }
}
