package dev.slipway.cli;

/** Sizes for people. */
final class Sizes {
  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB"};

  private Sizes() {}

  /** {@code 512 B}, {@code 1.5 KB}, {@code 20 MB}; a unit is 1024 of the one before. */
  static String text(long bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= 1000 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    long tenths = Math.round(value * 10);
    String number =
        unit == 0 || tenths >= 100
            ? Long.toString(Math.round(value))
            : tenths / 10 + "." + tenths % 10;
    return number + " " + UNITS[unit];
  }
}
