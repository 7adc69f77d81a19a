package dev.slipway.engine;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A workflow command in a line of output: {@code ::name k=v,k2=v2::data} or the older {@code
 * ##[name k=v;]data} (actions/runner, ActionCommand).
 *
 * @param name lower case
 * @param properties by lower-case name; of one given twice, the last
 */
record CommandLine(String name, Map<String, String> properties, String data) {
  /** The command in the line, or null when it has none of these, given in lower case. */
  static @Nullable CommandLine parse(String line, Set<String> names) {
    CommandLine v2 = parseV2(line);
    if (v2 != null && names.contains(v2.name())) {
      return v2;
    }
    CommandLine v1 = parseV1(line);
    return v1 != null && names.contains(v1.name()) ? v1 : null;
  }

  private static @Nullable CommandLine parseV2(String line) {
    String text = line.stripLeading();
    if (!text.startsWith("::")) {
      return null;
    }
    int end = text.indexOf("::", 2);
    if (end < 0) {
      return null;
    }
    String head = text.substring(2, end);
    int space = head.indexOf(' ');
    String name = space < 0 ? head : head.substring(0, space);
    if (name.isEmpty()) {
      return null;
    }
    Map<String, String> properties = new LinkedHashMap<>();
    if (space >= 0) {
      for (String pair : head.substring(space + 1).strip().split(",")) {
        put(properties, pair, true);
      }
    }
    return new CommandLine(
        name.toLowerCase(Locale.ROOT), properties, unescape(text.substring(end + 2)));
  }

  private static @Nullable CommandLine parseV1(String line) {
    int start = line.indexOf("##[");
    int end = start < 0 ? -1 : line.indexOf(']', start);
    if (end < 0) {
      return null;
    }
    String head = line.substring(start + 3, end);
    int space = head.indexOf(' ');
    String name = space < 0 ? head : head.substring(0, space);
    if (name.isEmpty()) {
      return null;
    }
    Map<String, String> properties = new LinkedHashMap<>();
    if (space >= 0) {
      for (String pair : head.substring(space + 1).split(";")) {
        put(properties, pair, false);
      }
    }
    return new CommandLine(
        name.toLowerCase(Locale.ROOT), properties, unescapeV1(line.substring(end + 1)));
  }

  private static void put(Map<String, String> properties, String pair, boolean v2) {
    int start = pastEquals(pair, 0);
    int equals = pair.indexOf('=', start);
    int from = equals < 0 ? pair.length() : pastEquals(pair, equals);
    if (from == pair.length()) {
      return;
    }
    String value = pair.substring(from);
    properties.put(
        pair.substring(start, equals).toLowerCase(Locale.ROOT),
        v2 ? unescape(value.replace("%3A", ":").replace("%2C", ",")) : unescapeV1(value));
  }

  /** Where something else begins: equals signs in a row count as one. */
  private static int pastEquals(String pair, int from) {
    int at = from;
    while (at < pair.length() && pair.charAt(at) == '=') {
      at++;
    }
    return at;
  }

  private static String unescape(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
  }

  private static String unescapeV1(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    return text.replace("%3B", ";")
        .replace("%0D", "\r")
        .replace("%0A", "\n")
        .replace("%5D", "]")
        .replace("%25", "%");
  }

  String property(String name) {
    return properties.getOrDefault(name, "");
  }
}
