package dev.slipway.cli;

/** Durations as people read them. */
final class Durations {
  private Durations() {}

  /** {@code 0.4s}, {@code 12.3s}, {@code 2m 05s}, {@code 1h 02m}. */
  static String text(long milliseconds) {
    long ms = Math.max(0, milliseconds);
    if (ms < 60_000) {
      long tenths = ms / 100;
      return tenths / 10 + "." + tenths % 10 + "s";
    }
    long seconds = ms / 1000;
    if (seconds < 3600) {
      return seconds / 60 + "m " + two(seconds % 60) + "s";
    }
    return seconds / 3600 + "h " + two(seconds / 60 % 60) + "m";
  }

  private static String two(long number) {
    return number < 10 ? "0" + number : String.valueOf(number);
  }
}
