package dev.slipway.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One option of a command, as parsed, explained and completed.
 *
 * @param name the long name without dashes
 * @param letter the one-letter name, or null
 * @param value what its value is called; null for a flag
 * @param kind what completion offers for the value
 * @param repeatable whether every value counts, not only the last
 */
record Option(
    String name,
    @Nullable String letter,
    @Nullable String value,
    String text,
    Kind kind,
    List<String> choices,
    boolean repeatable) {
  /** What a value names. */
  enum Kind {
    TEXT,
    FILE,
    DIRECTORY
  }

  static Option flag(String name, String text) {
    return new Option(name, null, null, text, Kind.TEXT, List.of(), false);
  }

  static Option value(String name, String value, String text) {
    return new Option(name, null, value, text, Kind.TEXT, List.of(), false);
  }

  Option letter(String letter) {
    return new Option(name, letter, value, text, kind, choices, repeatable);
  }

  Option repeated() {
    return new Option(name, letter, value, text, kind, choices, true);
  }

  Option file() {
    return new Option(name, letter, value, text, Kind.FILE, choices, repeatable);
  }

  Option directory() {
    return new Option(name, letter, value, text, Kind.DIRECTORY, choices, repeatable);
  }

  Option choices(String... choices) {
    return new Option(name, letter, value, text, kind, List.of(choices), repeatable);
  }

  /** As help shows it: {@code -j, --job JOB}. */
  String signature() {
    return (letter == null ? "" : "-" + letter + ", ")
        + "--"
        + name
        + (value == null ? "" : " " + value);
  }
}
