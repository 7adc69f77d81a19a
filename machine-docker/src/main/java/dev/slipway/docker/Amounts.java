package dev.slipway.docker;

import dev.slipway.engine.ContainerException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes, durations and numbers as {@code docker create} takes them. */
final class Amounts {
  private static final Pattern SIZE =
      Pattern.compile("(\\d+(?:\\.\\d+)?) ?(?:([kmgtp])(?:i?b)?|b)?", Pattern.CASE_INSENSITIVE);
  private static final Pattern DURATION_PART =
      Pattern.compile("\\G(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h)");

  private Amounts() {}

  /** Bytes of {@code 512}, {@code 64m}, {@code 1.5GiB}. */
  static long bytes(String option, String text) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches()) {
      throw wrong(option, text, "a size as 64m");
    }
    String unit = matcher.group(2);
    int power = unit == null ? 0 : "kmgtp".indexOf(unit.toLowerCase(Locale.ROOT)) + 1;
    return (long) (Double.parseDouble(matcher.group(1)) * Math.pow(1024, power));
  }

  /** Nanoseconds of {@code 10s}, {@code 1m30s}. */
  static long nanos(String option, String text) {
    if (text.equals("0")) {
      return 0;
    }
    Matcher matcher = DURATION_PART.matcher(text);
    double nanos = 0;
    int end = 0;
    while (matcher.find()) {
      nanos += Double.parseDouble(matcher.group(1)) * unit(matcher.group(2));
      end = matcher.end();
    }
    if (end == 0 || end != text.length()) {
      throw wrong(option, text, "a duration as 10s or 1m30s");
    }
    return (long) nanos;
  }

  private static double unit(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      default -> 3600e9;
    };
  }

  static long integer(String option, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw wrong(option, text, "a number");
    }
  }

  static double decimal(String option, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw wrong(option, text, "a number");
    }
  }

  static boolean truth(String option, String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default -> throw wrong(option, text, "true or false");
    };
  }

  static ContainerException wrong(String option, String text, String wanted) {
    return new ContainerException(
        "options of a container: '" + text + "' for " + option + " is not " + wanted);
  }
}
