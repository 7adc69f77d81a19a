package dev.slipway.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says in words when a cron line of five fields starts a workflow. */
final class CronWords {
  private static final List<String> MONTHS =
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");
  private static final List<String> DAYS =
      List.of("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");

  private CronWords() {}

  /** The words; null when the line has not five fields of numbers, names and their ranges. */
  static @Nullable String of(String cron) {
    List<String> fields = new ArrayList<>();
    for (String word : ActionFacts.words(cron.strip())) {
      if (!word.isEmpty()) {
        fields.add(word);
      }
    }
    if (fields.size() != 5) {
      return null;
    }
    for (String field : fields) {
      for (int i = 0; i < field.length(); i++) {
        char c = field.charAt(i);
        if (!Character.isLetterOrDigit(c) && "*/,-".indexOf(c) < 0) {
          return null;
        }
      }
    }
    StringBuilder words = new StringBuilder(time(fields.get(0), fields.get(1)));
    String day = fields.get(2);
    String weekday = fields.get(4);
    boolean either = !day.equals("*") && !weekday.equals("*");
    if (!day.equals("*")) {
      words.append(", on ").append(each(day, "day", List.of(), 0)).append(" of the month");
    }
    if (!weekday.equals("*")) {
      words.append(either ? " or on " : ", on ").append(each(weekday, "weekday", DAYS, 0));
    }
    if (!fields.get(3).equals("*")) {
      words.append(", in ").append(each(fields.get(3), "month", MONTHS, 1));
    }
    return words.toString();
  }

  private static String time(String minute, String hour) {
    boolean fixed = number(minute) >= 0;
    if (fixed && number(hour) >= 0) {
      return "At " + two(number(hour)) + ":" + two(number(minute));
    }
    if (minute.equals("*") && hour.equals("*")) {
      return "Every minute";
    }
    if (minute.startsWith("*/") && hour.equals("*")) {
      return "Every " + minute.substring(2) + " minutes";
    }
    if (fixed && hour.equals("*")) {
      return "Every hour at minute " + number(minute);
    }
    String minutes =
        minute.equals("*") ? "Every minute" : "At " + each(minute, "minute", List.of(), 0);
    return minutes + (hour.equals("*") ? "" : " of " + each(hour, "hour", List.of(), 0));
  }

  private static String each(String field, String unit, List<String> names, int first) {
    List<String> parts = new ArrayList<>();
    for (String part : field.split(",", -1)) {
      int slash = part.indexOf('/');
      String range = slash < 0 ? part : part.substring(0, slash);
      int dash = range.indexOf('-');
      String words =
          dash < 0
              ? name(range, names, first)
              : name(range.substring(0, dash), names, first)
                  + " to "
                  + name(range.substring(dash + 1), names, first);
      if (slash >= 0) {
        String every = "every " + part.substring(slash + 1) + ". " + unit;
        words = range.equals("*") ? every : every + " from " + words;
      } else if (names.isEmpty()) {
        words = unit + " " + words;
      }
      parts.add(words);
    }
    int last = parts.size() - 1;
    return last == 0
        ? parts.getFirst()
        : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
  }

  private static String name(String value, List<String> names, int first) {
    int number = number(value);
    if (number >= first && number - first < names.size()) {
      return names.get(number - first);
    }
    for (String name : names) {
      if (value.length() == 3 && name.toLowerCase(Locale.ROOT).startsWith(lower(value))) {
        return name;
      }
    }
    return value;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static String two(int number) {
    return number < 10 ? "0" + number : String.valueOf(number);
  }

  private static int number(String text) {
    if (text.isEmpty() || text.length() > 2) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return -1;
      }
    }
    return Integer.parseInt(text);
  }
}
