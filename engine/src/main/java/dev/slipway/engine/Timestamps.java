package dev.slipway.engine;

import java.nio.charset.StandardCharsets;

/**
 * RFC 3339 UTC with milliseconds, formatted without {@code java.time}'s formatters, which cost more than a whole
 * step at start-up. The last one is kept, for many events fall into one millisecond. Not thread-safe.
 */
final class Timestamps {
  private long lastMillis = Long.MIN_VALUE;
  private byte[] last = new byte[0];

  byte[] format(long epochMillis) {
    if (epochMillis != lastMillis) {
      lastMillis = epochMillis;
      last = text(epochMillis).getBytes(StandardCharsets.US_ASCII);
    }
    return last;
  }

  /** Howard Hinnant's civil_from_days. */
  static String text(long epochMillis) {
    long days = Math.floorDiv(epochMillis, 86_400_000L);
    int ofDay = (int) Math.floorMod(epochMillis, 86_400_000L);
    long z = days + 719_468;
    long era = Math.floorDiv(z, 146_097L);
    long doe = z - era * 146_097;
    long yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    long mp = (5 * doy + 2) / 153;
    int day = (int) (doy - (153 * mp + 2) / 5 + 1);
    int month = (int) (mp < 10 ? mp + 3 : mp - 9);
    int year = (int) (yoe + era * 400 + (month <= 2 ? 1 : 0));
    StringBuilder text = new StringBuilder(24);
    pad(text, year, 4).append('-');
    pad(text, month, 2).append('-');
    pad(text, day, 2).append('T');
    pad(text, ofDay / 3_600_000, 2).append(':');
    pad(text, ofDay / 60_000 % 60, 2).append(':');
    pad(text, ofDay / 1000 % 60, 2).append('.');
    return pad(text, ofDay % 1000, 3).append('Z').toString();
  }

  private static StringBuilder pad(StringBuilder text, int value, int width) {
    String digits = Integer.toString(value);
    for (int i = digits.length(); i < width; i++) {
      text.append('0');
    }
    return text.append(digits);
  }
}
