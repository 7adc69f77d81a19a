package dev.slipway.workflow;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ids of one scope: the jobs of a workflow, or the steps of a job. */
final class Ids {
  private static final int LONGEST = 100;

  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> attempts = new HashMap<>();

  /** Takes an id that the author chose; what is wrong with it, or null. */
  @Nullable String take(String id) {
    if (!valid(id) || id.length() >= LONGEST) {
      return "The identifier '"
          + id
          + "' is invalid. IDs may only contain alphanumeric characters, '_', and '-'."
          + " IDs must start with a letter or '_' and must be less than 100 characters.";
    }
    if (id.startsWith("__")) {
      return "The identifier '" + id + "' is invalid. IDs starting with '__' are reserved.";
    }
    if (!taken.add(id.toLowerCase(Locale.ROOT))) {
      return "The identifier '" + id + "' may not be used more than once within the same scope.";
    }
    return null;
  }

  /** A free id made from a text: {@code __text}, {@code __text_2} and so on. */
  String generate(String text) {
    StringBuilder base = new StringBuilder("__");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      base.append(letter(c) || digit(c) || c == '-' ? c : '_');
    }
    String key = base.toString();
    for (int attempt = attempts.getOrDefault(key, 1); ; attempt++) {
      String suffix = attempt == 1 ? "" : "_" + attempt;
      String id = base.substring(0, Math.min(base.length(), LONGEST - suffix.length())) + suffix;
      if (taken.add(id.toLowerCase(Locale.ROOT))) {
        attempts.put(key, attempt + 1);
        return id;
      }
    }
  }

  private static boolean valid(String id) {
    if (id.isEmpty() || !letter(id.charAt(0))) {
      return false;
    }
    for (int i = 1; i < id.length(); i++) {
      char c = id.charAt(i);
      if (!letter(c) && !digit(c) && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }
}
