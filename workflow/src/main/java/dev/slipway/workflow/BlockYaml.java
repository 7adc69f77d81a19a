package dev.slipway.workflow;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the YAML that nearly every workflow is written in: block mappings and lists, scalars of one
 * line, literal blocks, flat flow lists. It gives up on anything else, wrong or merely unusual, and
 * leaves that to {@link YamlReader}'s parser, whose nodes it equals where it does not give up. Its
 * purpose is speed in a program that has just started.
 */
final class BlockYaml {
  private static final int DEEPEST = 40;
  private static final int LONGEST_KEY = 100;
  private static final int MOST_NODES = 100_000;

  private final String text;
  private int lineStart;
  private int line = 1;
  private int at;
  private int indent;
  private int nodes;

  private BlockYaml(String text) {
    this.text = text;
  }

  /** The root, or null when the text holds something that is not read here. */
  static @Nullable YamlNode read(String text) {
    if (!plain(text)) {
      return null;
    }
    BlockYaml reader = new BlockYaml(text);
    reader.content(0);
    if (reader.indent != 0) {
      return null;
    }
    YamlNode root = reader.mapping(0, 1);
    return reader.indent < 0 ? root : null;
  }

  private static boolean plain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > '~'
          ? c < '\u00A0' || c > '\uD7FF' || c == '\u2028' || c == '\u2029'
          : c < ' ' && c != '\n') {
        return false;
      }
    }
    return true;
  }

  /** Goes to the first line with content from one that begins at an index. */
  private void content(int start) {
    int i = start;
    while (true) {
      lineStart = i;
      while (i < text.length() && text.charAt(i) == ' ') {
        i++;
      }
      if (i == text.length()) {
        at = i;
        indent = -1;
        return;
      }
      char c = text.charAt(i);
      if (c != '\n' && c != '#') {
        at = i;
        indent = i - lineStart;
        return;
      }
      i = lineEnd(i) + 1;
      line++;
      if (i > text.length()) {
        i = text.length();
      }
    }
  }

  private void nextLine(int from) {
    int end = lineEnd(from);
    if (end == text.length()) {
      at = end;
      indent = -1;
    } else {
      line++;
      content(end + 1);
    }
  }

  private int lineEnd(int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  private Position position(int index) {
    return new Position(line, index - lineStart + 1);
  }

  private boolean dash() {
    return text.charAt(at) == '-'
        && (at + 1 == text.length() || text.charAt(at + 1) == ' ' || text.charAt(at + 1) == '\n');
  }

  /** The index of the colon that ends a key beginning at an index, or -1. */
  private int colon(int start) {
    int i = start;
    while (i < text.length() && keyCharacter(text.charAt(i))) {
      i++;
    }
    boolean key =
        i > start
            && i - start <= LONGEST_KEY
            && text.charAt(start) != '-'
            && i < text.length()
            && text.charAt(i) == ':'
            && (i + 1 == text.length() || text.charAt(i + 1) == ' ' || text.charAt(i + 1) == '\n');
    return key ? i : -1;
  }

  private static boolean keyCharacter(char c) {
    return letter(c) || c == '-' || c == '.' || c == '/';
  }

  private static boolean letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  private @Nullable YamlNode block(int depth) {
    return dash() ? sequence(indent, depth) : mapping(indent, depth);
  }

  private @Nullable YamlNode mapping(int own, int depth) {
    if (depth > DEEPEST) {
      return null;
    }
    Position start = position(at);
    List<YamlNode.Member> members = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    long events = 2;
    long bytes = 24;
    int height = 0;
    while (indent == own) {
      int colon = colon(at);
      String name = colon < 0 ? "" : text.substring(at, colon);
      if (colon < 0
          || ++nodes > MOST_NODES
          || !keys.add(name.toLowerCase(Locale.ROOT))
          || unsafe(name)) {
        return null;
      }
      YamlNode.Scalar key = YamlReader.plain(position(at), name, at, colon);
      YamlNode value = value(colon + 1, own, true, depth);
      if (value == null || indent > own) {
        return null;
      }
      members.add(new YamlNode.Member(key, value));
      events += 1 + value.events();
      bytes += key.bytes() + value.bytes();
      height = Math.max(height, value.height());
    }
    return new YamlNode.Mapping(start, members, events, bytes, height + 1);
  }

  /** Whether a plain text may be a number that does not fit; such a one is an error. */
  private static boolean unsafe(String plain) {
    return plain.length() > 8 && (plain.startsWith("0x") || plain.startsWith("0o"));
  }

  private @Nullable YamlNode sequence(int own, int depth) {
    if (depth > DEEPEST) {
      return null;
    }
    Position start = position(at);
    List<YamlNode> items = new ArrayList<>();
    long events = 2;
    long bytes = 24;
    int height = 0;
    while (indent == own && dash()) {
      if (++nodes > MOST_NODES) {
        return null;
      }
      int i = at + 1;
      while (i < text.length() && text.charAt(i) == ' ') {
        i++;
      }
      YamlNode item;
      if (i < text.length() && colon(i) >= 0) {
        at = i;
        indent = i - lineStart;
        item = mapping(indent, depth + 1);
      } else {
        item = value(at + 1, own, false, depth);
      }
      if (item == null || indent > own) {
        return null;
      }
      items.add(item);
      events += item.events();
      bytes += item.bytes();
      height = Math.max(height, item.height());
    }
    return new YamlNode.Sequence(start, items, events, bytes, height + 1);
  }

  /** A value behind a colon or dash that ends at an index, in a block of some indentation. */
  private @Nullable YamlNode value(int start, int own, boolean inMapping, int depth) {
    int i = start;
    while (i < text.length() && text.charAt(i) == ' ') {
      i++;
    }
    if (i == text.length() || text.charAt(i) == '\n' || (text.charAt(i) == '#' && i > start)) {
      Position empty = position(start);
      nextLine(i);
      if (indent > own) {
        return block(depth + 1);
      }
      if (inMapping && indent == own && dash()) {
        return sequence(own, depth + 1);
      }
      return YamlReader.plain(empty, "", start, start);
    }
    char c = text.charAt(i);
    if (c == '\'' || c == '"') {
      return quoted(i, c);
    }
    if (c == '[' || c == '{') {
      return flow(i, c);
    }
    return c == '|' ? literal(i, own) : plainScalar(i);
  }

  private @Nullable YamlNode plainScalar(int start) {
    char first = text.charAt(start);
    boolean safe = letter(first) || "./$(~+<=^;\\".indexOf(first) >= 0 || first > '~';
    if (!safe && !(first == '-' && start + 1 < text.length() && letter(text.charAt(start + 1)))) {
      return null;
    }
    int end = start;
    int lineEnd = lineEnd(start);
    for (int i = start; i < lineEnd; i++) {
      char c = text.charAt(i);
      if (c == '#' && text.charAt(i - 1) == ' ') {
        break;
      }
      if (c == ':' && (i + 1 == lineEnd || text.charAt(i + 1) == ' ')) {
        return null;
      }
      if (c != ' ') {
        end = i + 1;
      }
    }
    String value = text.substring(start, end);
    if (unsafe(value)) {
      return null;
    }
    YamlNode scalar = YamlReader.plain(position(start), value, start, end);
    nextLine(end);
    return scalar;
  }

  private @Nullable YamlNode quoted(int start, char quote) {
    int close = close(start, quote);
    if (close < 0) {
      return null;
    }
    Position position = position(start);
    return ends(close + 1) ? quotedScalar(position, start, close, quote) : null;
  }

  private YamlNode.Scalar quotedScalar(Position position, int start, int close, char quote) {
    String value = text.substring(start + 1, close);
    boolean single = quote == '\'';
    return new YamlNode.Scalar(
        position,
        YamlNode.Kind.STRING,
        single ? value.replace("''", "'") : value,
        0,
        single ? YamlNode.Style.SINGLE_QUOTED : YamlNode.Style.DOUBLE_QUOTED,
        start,
        close + 1);
  }

  /** The closing quote on the same line, or -1; also for escapes. */
  private int close(int start, char quote) {
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || (c == '\\' && quote == '"')) {
        return -1;
      }
      if (c == quote) {
        if (quote == '"' || i + 1 == text.length() || text.charAt(i + 1) != '\'') {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /** Whether only blanks and a comment follow; goes to the next line with content then. */
  private boolean ends(int start) {
    int i = start;
    while (i < text.length() && text.charAt(i) == ' ') {
      i++;
    }
    boolean end =
        i == text.length() || text.charAt(i) == '\n' || (text.charAt(i) == '#' && i > start);
    if (end) {
      nextLine(i);
    }
    return end;
  }

  private @Nullable YamlNode flow(int start, char open) {
    Position position = position(start);
    if (open == '{') {
      boolean empty = start + 1 < text.length() && text.charAt(start + 1) == '}';
      return empty && ends(start + 2) ? new YamlNode.Mapping(position, List.of(), 2, 24, 1) : null;
    }
    List<YamlNode> items = new ArrayList<>();
    long bytes = 24;
    int i = blanks(start + 1);
    while (i < text.length() && text.charAt(i) != ']') {
      char c = text.charAt(i);
      YamlNode.Scalar item;
      if (c == '\'' || c == '"') {
        int close = close(i, c);
        if (close < 0) {
          return null;
        }
        item = quotedScalar(position(i), i, close, c);
        i = close + 1;
      } else {
        int end = i;
        while (end < text.length() && keyCharacter(text.charAt(end))) {
          end++;
        }
        String value = text.substring(i, end);
        if (value.isEmpty() || !letter(c) || unsafe(value)) {
          return null;
        }
        item = YamlReader.plain(position(i), value, i, end);
        i = end;
      }
      items.add(item);
      bytes += item.bytes();
      i = blanks(i);
      if (i == text.length()
          || (text.charAt(i) != ',' && text.charAt(i) != ']')
          || ++nodes > MOST_NODES) {
        return null;
      }
      i = text.charAt(i) == ',' ? blanks(i + 1) : i;
    }
    return i < text.length() && ends(i + 1)
        ? new YamlNode.Sequence(position, items, 2L + items.size(), bytes, 1)
        : null;
  }

  private int blanks(int start) {
    int i = start;
    while (i < text.length() && text.charAt(i) == ' ') {
      i++;
    }
    return i;
  }

  private @Nullable YamlNode literal(int start, int own) {
    Position position = position(start);
    int i = start + 1;
    char chomp =
        i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')
            ? text.charAt(i++)
            : ' ';
    i = blanks(i);
    if (i >= text.length() - 1
        || text.charAt(i) != '\n'
        || text.charAt(text.length() - 1) != '\n') {
      return null;
    }
    StringBuilder value = new StringBuilder();
    int content = -1;
    int breaks = 0;
    int longestBlank = 0;
    int number = line + 1;
    i++;
    int end = i;
    while (i < text.length()) {
      int first = blanks(i);
      int lineEnd = lineEnd(i);
      boolean blank = first == lineEnd;
      int depth = first - i;
      if (content < 0 && !blank) {
        if (depth <= own || longestBlank > depth) {
          return null;
        }
        content = depth;
      }
      if (blank && (content < 0 || depth <= content)) {
        longestBlank = Math.max(longestBlank, depth);
        breaks++;
      } else if (depth < content) {
        break;
      } else {
        newlines(value, breaks);
        value.append(text, i + content, lineEnd);
        breaks = 1;
      }
      i = lineEnd + 1;
      number++;
      end = i;
    }
    if (content < 0) {
      return null;
    }
    newlines(value, chomp == '+' ? breaks : chomp == '-' ? 0 : 1);
    line = number;
    content(i);
    return new YamlNode.Scalar(
        position, YamlNode.Kind.STRING, value.toString(), 0, YamlNode.Style.LITERAL, start, end);
  }

  private static void newlines(StringBuilder value, int count) {
    for (int i = 0; i < count; i++) {
      value.append('\n');
    }
  }
}
