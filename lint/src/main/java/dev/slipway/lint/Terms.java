package dev.slipway.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What contexts, their members, functions, events and other words mean, in a sentence each. */
final class Terms {
  private static final class Table {
    private static final Map<String, String> TEXTS = read();

    private static Map<String, String> read() {
      Map<String, String> texts = new HashMap<>();
      try (InputStream in = Terms.class.getResourceAsStream("terms.txt")) {
        String all = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        for (String line : all.split("\n", -1)) {
          int bar = line.indexOf(" | ");
          if (bar > 0) {
            texts.put(line.substring(0, bar).toLowerCase(Locale.ROOT), line.substring(bar + 3));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return texts;
    }
  }

  private Terms() {}

  /** What a word means; empty when it is not known. */
  static String of(String name) {
    return Table.TEXTS.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  /** What a way from a context means, such as {@code needs.build.result}. */
  static String ofPath(List<String> path) {
    String exact = of(String.join(".", path));
    if (!exact.isEmpty() || path.size() < 2) {
      return exact;
    }
    // Jobs, steps and services are named by the file's author.
    List<String> general = new ArrayList<>(path);
    general.set(path.getFirst().equals("job") && path.size() > 2 ? 2 : 1, "*");
    if (path.size() > 3) {
      general.set(3, "*");
    }
    return of(String.join(".", general));
  }
}
