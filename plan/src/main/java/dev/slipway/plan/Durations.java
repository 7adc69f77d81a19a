package dev.slipway.plan;

/** Lengths of time for people. */
final class Durations {
  private Durations() {}

  /** {@code 850 ms}, {@code 12 s}, {@code 3 min 5 s}, {@code 2 h 10 min}. */
  static String text(long milliseconds) {
    if (milliseconds < 1_000) {
      return milliseconds + " ms";
    }
    long seconds = Math.round(milliseconds / 1_000.0);
    if (seconds < 60) {
      return seconds + " s";
    }
    long minutes = seconds / 60;
    if (minutes < 60) {
      return minutes + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
    }
    return minutes / 60 + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
  }
}
