package dev.slipway.workflow;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Checks cron lines of five fields: minute, hour, day of month, month, day of week. */
final class Cron {
  private static final int SHORTEST_MINUTES = 5;
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  private Cron() {}

  /** What is wrong with a cron line, or null. */
  static @Nullable String check(String cron) {
    String[] fields = cron.strip().split(" +", -1);
    if (cron.strip().startsWith("@")) {
      return "shorthands are not supported";
    }
    if (fields.length != 5) {
      return "it has " + fields.length + " fields, not 5";
    }
    String wrong = field(fields[0], "minute", 0, 59, List.of(), new boolean[60]);
    wrong = wrong != null ? wrong : field(fields[1], "hour", 0, 23, List.of(), new boolean[24]);
    wrong =
        wrong != null ? wrong : field(fields[2], "day of month", 1, 31, List.of(), new boolean[32]);
    wrong = wrong != null ? wrong : field(fields[3], "month", 1, 12, MONTHS, new boolean[13]);
    wrong = wrong != null ? wrong : field(fields[4], "day of week", 0, 6, DAYS, new boolean[7]);
    if (wrong != null) {
      return wrong;
    }
    return null;
  }

  /** Whether a valid line asks for more than GitHub gives: a run every five minutes. */
  static boolean tooOften(String cron) {
    String minute = cron.strip().split(" +", -1)[0];
    int slash = minute.indexOf('/');
    if (slash >= 0 && minute.indexOf(',') < 0) {
      return number(minute.substring(slash + 1)) < SHORTEST_MINUTES;
    }
    boolean[] minutes = new boolean[60];
    return field(minute, "minute", 0, 59, List.of(), minutes) == null
        && gap(minutes) < SHORTEST_MINUTES;
  }

  static @Nullable String hint(String cron) {
    return switch (cron.strip()) {
      case "@hourly" -> "write 0 * * * *";
      case "@daily", "@midnight" -> "write 0 0 * * *";
      case "@weekly" -> "write 0 0 * * 0";
      case "@monthly" -> "write 0 0 1 * *";
      case "@yearly", "@annually" -> "write 0 0 1 1 *";
      default -> "the fields are minute, hour, day of month, month, day of week";
    };
  }

  private static @Nullable String field(
      String text, String name, int least, int most, List<String> names, boolean[] set) {
    for (String part : text.split(",", -1)) {
      int slash = part.indexOf('/');
      String range = slash < 0 ? part : part.substring(0, slash);
      int step = slash < 0 ? 1 : number(part.substring(slash + 1));
      int dash = range.indexOf('-');
      int from = least;
      int to = most;
      if (!range.equals("*")) {
        from = value(dash < 0 ? range : range.substring(0, dash), least, names);
        to = dash >= 0 ? value(range.substring(dash + 1), least, names) : slash < 0 ? from : most;
      }
      if (from < least || to > most || to < 0 || step < 1) {
        return "'" + part + "' is no " + name + " (" + least + "-" + most + ")";
      }
      if (from > to) {
        return "'" + part + "' ends before it begins";
      }
      for (int i = from; i <= to; i += step) {
        set[i] = true;
      }
    }
    return null;
  }

  private static int value(String text, int least, List<String> names) {
    int named = names.indexOf(text.toLowerCase(Locale.ROOT));
    return named < 0 ? number(text) : named + least;
  }

  private static int number(String text) {
    if (text.isEmpty() || text.length() > 4) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return -1;
      }
    }
    return Integer.parseInt(text);
  }

  /** The fewest minutes between two runs, round the hour. */
  private static int gap(boolean[] minutes) {
    int least = 60;
    int last = -1;
    int first = -1;
    for (int i = 0; i < minutes.length; i++) {
      if (minutes[i]) {
        if (last >= 0) {
          least = Math.min(least, i - last);
        }
        first = first < 0 ? i : first;
        last = i;
      }
    }
    return first == last ? least : Math.min(least, first + 60 - last);
  }
}
