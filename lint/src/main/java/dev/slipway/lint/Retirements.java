package dev.slipway.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What GitHub has switched off or will switch off, with the dates, from a table with sources. */
final class Retirements {
  private static final Map<String, String[]> ALL = read();

  private Retirements() {}

  private static Map<String, String[]> read() {
    Map<String, String[]> all = new HashMap<>();
    try (InputStream in = Retirements.class.getResourceAsStream("retirements.txt")) {
      String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.split("\n", -1)) {
        int comment = line.indexOf('#');
        String[] words = (comment < 0 ? line : line.substring(0, comment)).strip().split(" +", -1);
        if (words.length >= 2) {
          all.put(words[0], words);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  /** The day something ended or ends, as YYYY-MM-DD; null when nothing is known of an end. */
  static @Nullable String end(String name) {
    String[] words = ALL.get(name);
    return words == null ? null : words[1];
  }

  /** What takes its place; null when that is not known. */
  static @Nullable String successor(String name) {
    String[] words = ALL.get(name);
    return words == null || words.length < 3 ? null : words[2];
  }

  /** A few words on its end, for the end of a sentence. */
  static String ended(String name) {
    String day = end(name);
    return day == null ? "" : ", whose end at GitHub is " + day;
  }
}
