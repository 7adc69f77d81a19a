package dev.slipway.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the repositories of actions: which are archived, which are so popular that
 * others take names near theirs. Read when it is first asked for.
 */
final class KnownActions {
  private static final String DATA = "known-actions.txt";

  /** The tables, which the first question loads. */
  private static final class Tables {
    private static final Map<String, Set<String>> BY_SECTION = load();

    private static Map<String, Set<String>> load() {
      Map<String, Set<String>> sections = new HashMap<>();
      try (InputStream in = KnownActions.class.getResourceAsStream(DATA)) {
        if (in == null) {
          throw new IllegalStateException(DATA + " is missing");
        }
        Set<String> section = new HashSet<>();
        for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
          if (line.startsWith("[")) {
            section = new HashSet<>();
            sections.put(line.substring(1, line.length() - 1), section);
          } else if (!line.isBlank() && !line.startsWith("#")) {
            section.add(line.strip());
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return sections;
    }

    private static Set<String> of(String section) {
      return BY_SECTION.getOrDefault(section, Set.of());
    }
  }

  private KnownActions() {}

  /** Whether a repository, {@code owner/name} in lower case, is archived. */
  static boolean archived(String repository) {
    return Tables.of("archived").contains(repository);
  }

  /** The popular repository that this one is a slip of the finger away from; null for none. */
  static @Nullable String nearly(String repository) {
    Set<String> popular = Tables.of("popular");
    String owner = repository.substring(0, Math.max(0, repository.indexOf('/')));
    if (popular.contains(repository) || Tables.of("archived").contains(repository)) {
      return null;
    }
    for (String other : List.copyOf(popular)) {
      if (!other.startsWith(owner + "/") && distance(repository, other) == 1) {
        return other;
      }
    }
    return null;
  }

  /** 0, 1, or 2 for more: letters to add, to leave out, to change or to swap with a neighbour. */
  private static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > 1) {
      return 2;
    }
    int from = 0;
    while (from < a.length() && from < b.length() && a.charAt(from) == b.charAt(from)) {
      from++;
    }
    int endA = a.length();
    int endB = b.length();
    while (endA > from && endB > from && a.charAt(endA - 1) == b.charAt(endB - 1)) {
      endA--;
      endB--;
    }
    int leftA = endA - from;
    int leftB = endB - from;
    if (leftA == 0 && leftB == 0) {
      return 0;
    }
    boolean swapped =
        leftA == 2
            && leftB == 2
            && a.charAt(from) == b.charAt(from + 1)
            && a.charAt(from + 1) == b.charAt(from);
    return swapped || (leftA <= 1 && leftB <= 1) ? 1 : 2;
  }
}
