package dev.slipway.cli;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import org.jspecify.annotations.Nullable;

/** Writes one JSON text. Members whose value is null are left out, as absent means unknown. */
final class Json {
  private static final String HEX = "0123456789abcdef";
  private static final int PART = 16_384;

  private final @Nullable Sink sink;
  private StringBuilder text = new StringBuilder();
  private final StringBuilder open = new StringBuilder();
  private boolean first = true;

  Json() {
    this.sink = null;
  }

  /** Hands on what is written part by part; {@link #text} has what is left. */
  Json(Sink sink) {
    this.sink = sink;
  }

  /** Goes on inside of an array that has members already. */
  static Json within(Sink sink) {
    Json json = new Json(sink);
    json.first = false;
    return json;
  }

  /** A text as JSON has it. */
  static String quoted(String value) {
    return new Json().value(value).text();
  }

  /** Hands on what is written so far. */
  void flush() {
    if (sink != null) {
      sink.print(text.toString());
      text = new StringBuilder();
    }
  }

  Json object() {
    return begin('{', '}');
  }

  Json array() {
    return begin('[', ']');
  }

  Json array(String name) {
    return name(name).array();
  }

  Json object(String name) {
    return name(name).object();
  }

  /** Ends the innermost object or array. */
  Json end() {
    int last = open.length() - 1;
    text.append(open.charAt(last));
    open.setLength(last);
    first = false;
    if (sink != null && text.length() > PART) {
      sink.print(text.toString());
      // A new one: once it holds a character beyond Latin, a builder is slow for all that follow.
      text = new StringBuilder(PART + PART / 4);
    }
    return this;
  }

  Json member(String name, @Nullable String value) {
    return value == null ? this : name(name).value(value);
  }

  Json member(String name, boolean value) {
    return name(name).raw(value ? "true" : "false");
  }

  Json member(String name, @Nullable Integer value) {
    return value == null ? this : name(name).raw(value.toString());
  }

  Json member(String name, @Nullable Long value) {
    return value == null ? this : name(name).raw(value.toString());
  }

  Json member(String name, @Nullable Instant value) {
    return value == null ? this : name(name).value(time(value));
  }

  Json name(String name) {
    comma();
    quote(name);
    text.append(':');
    first = true;
    return this;
  }

  Json value(String value) {
    comma();
    quote(value);
    return this;
  }

  /** A value that is JSON already. */
  Json raw(String json) {
    comma();
    text.append(json);
    return this;
  }

  String text() {
    return text.toString();
  }

  static String time(Instant time) {
    DateTimeFormatter format = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
    return format.format(time);
  }

  private Json begin(char start, char end) {
    comma();
    text.append(start);
    open.append(end);
    first = true;
    return this;
  }

  private void comma() {
    if (!first) {
      text.append(',');
    }
    first = false;
  }

  private void quote(String value) {
    text.append('"');
    int plain = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
        continue;
      }
      String escape = escape(value, i);
      if (escape != null) {
        text.append(value, plain, i).append(escape);
        plain = i + 1;
      }
    }
    text.append(value, plain, value.length()).append('"');
  }

  /** How a character is written; null when as itself. */
  private static @Nullable String escape(String value, int i) {
    char c = value.charAt(i);
    if (c == '"' || c == '\\') {
      return "\\" + c;
    }
    if (c == '\n') {
      return "\\n";
    }
    if (c == '\t') {
      return "\\t";
    }
    if (c == '\r') {
      return "\\r";
    }
    if (c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029 || lone(value, i)) {
      return "\\u"
          + HEX.charAt(c >> 12)
          + HEX.charAt((c >> 8) & 15)
          + HEX.charAt((c >> 4) & 15)
          + HEX.charAt(c & 15);
    }
    return null;
  }

  private static boolean lone(String value, int i) {
    char c = value.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
  }
}
