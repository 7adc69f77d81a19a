package dev.slipway.workflow;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the YAML that nearly every workflow is written in: block mappings and lists, plain and
 * quoted scalars, literal and folded blocks, collections in brackets. It gives up on anything else,
 * wrong or merely unusual, and leaves that to {@link YamlReader}'s parser, whose nodes it equals
 * where it does not give up. Its purpose is speed in a program that has just started.
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
  private boolean wide;

  private BlockYaml(String text) {
    this.text = text;
  }

  /** The root, or null when the text holds something that is not read here. */
  static @Nullable YamlNode read(String text) {
    BlockYaml reader = new BlockYaml(text);
    if (!reader.plain()) {
      return null;
    }
    reader.content(0);
    if (text.startsWith("---\n", reader.at) && reader.indent == 0) {
      reader.nextLine(reader.at);
    }
    if (reader.indent != 0) {
      return null;
    }
    YamlNode root = reader.mapping(0, 1);
    return reader.indent < 0 ? root : null;
  }

  private boolean plain() {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > '~' ? !letterBeyond(c, i) : c < ' ' && c != '\n') {
        return false;
      }
      if (Character.isHighSurrogate(c)) {
        wide = true;
        i++;
      }
    }
    return true;
  }

  /** Whether a character is one of those beyond ASCII that mean nothing in YAML; also a pair. */
  private boolean letterBeyond(char c, int index) {
    if (Character.isHighSurrogate(c)) {
      return index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1));
    }
    return (c >= '\u00A0' && c <= '\uD7FF' && c != '\u2028' && c != '\u2029')
        || (c >= '\uE000' && c <= '\uFFFD' && c != '\uFEFF');
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
    int column = wide ? text.codePointCount(lineStart, index) : index - lineStart;
    return new Position(line, column + 1);
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

  /** What begins on a line of its own below a key or dash with some indentation. */
  private @Nullable YamlNode block(int own, int depth) {
    if (dash()) {
      return sequence(indent, depth);
    }
    boolean key = colon(at) >= 0 || quotedColon(at) >= 0;
    return key ? mapping(indent, depth) : inline(at, own, depth);
  }

  /** The index of the colon behind a quoted key that begins at an index, or -1. */
  private int quotedColon(int start) {
    char c = text.charAt(start);
    int close = c == '\'' || c == '"' ? close(start, c) : -1;
    boolean key =
        close > start + 1
            && close - start <= LONGEST_KEY
            && close + 1 < text.length()
            && text.charAt(close + 1) == ':'
            && (close + 2 == text.length()
                || text.charAt(close + 2) == ' '
                || text.charAt(close + 2) == '\n');
    return key ? close + 1 : -1;
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
      YamlNode.Scalar key = key();
      if (key == null || ++nodes > MOST_NODES || !keys.add(key.text().toLowerCase(Locale.ROOT))) {
        return null;
      }
      YamlNode value = value(key.end() + 1, own, true, depth);
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

  private YamlNode.@Nullable Scalar key() {
    int colon = colon(at);
    if (colon >= 0) {
      String name = text.substring(at, colon);
      return unsafe(name) ? null : YamlReader.plain(position(at), name, at, colon);
    }
    int quoted = quotedColon(at);
    return quoted < 0 ? null : quotedScalar(position(at), at, quoted - 1, text.charAt(at));
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
        return block(own, depth + 1);
      }
      if (inMapping && indent == own && dash()) {
        return sequence(own, depth + 1);
      }
      return YamlReader.plain(empty, "", start, start);
    }
    char c = text.charAt(i);
    return c == '|' || c == '>' ? literal(i, own, c == '>') : inline(i, own, depth);
  }

  /** A scalar or a collection in brackets below some indentation. */
  private @Nullable YamlNode inline(int start, int own, int depth) {
    char c = text.charAt(start);
    if (c == '\'' || c == '"') {
      return quoted(start, c);
    }
    if (c == '[' || c == '{') {
      YamlNode node = new Flow().node(start, depth + 1);
      return node != null && ends(flowEnd) ? node : null;
    }
    return plainScalar(start, own);
  }

  private @Nullable YamlNode plainScalar(int start, int own) {
    char first = text.charAt(start);
    boolean safe = letter(first) || "./$(~+<=^;\\".indexOf(first) >= 0 || first > '~';
    if (!safe && !(first == '-' && option(start + 1))) {
      return null;
    }
    Position position = position(start);
    int end = plainEnd(start);
    if (end < 0) {
      return null;
    }
    int next = blanks(end) == lineEnd(end) ? continued(end, own) : -1;
    String value = text.substring(start, end);
    if (next >= 0) {
      StringBuilder whole = new StringBuilder(value);
      while (next >= 0) {
        fold(whole, lines(end, next));
        end = plainEnd(next);
        if (end < 0) {
          return null;
        }
        whole.append(text, next, end);
        next = blanks(end) == lineEnd(end) ? continued(end, own) : -1;
      }
      value = whole.toString();
    } else if (unsafe(value)) {
      return null;
    }
    nextLine(end);
    return YamlReader.plain(position, value, start, end);
  }

  /** Where the part of a plain scalar ends that begins at an index; -1 if it is a key. */
  private int plainEnd(int start) {
    int end = start;
    int lineEnd = lineEnd(start);
    for (int i = start; i < lineEnd; i++) {
      char c = text.charAt(i);
      if (c == '#' && text.charAt(i - 1) == ' ') {
        break;
      }
      if (c == ':' && (i + 1 == lineEnd || text.charAt(i + 1) == ' ')) {
        return -1;
      }
      if (c != ' ') {
        end = i + 1;
      }
    }
    return end;
  }

  /** Where a plain scalar goes on that ended its line at an index; -1 if it does not. */
  private int continued(int from, int own) {
    int begin = lineEnd(from) + 1;
    while (begin < text.length()) {
      int first = blanks(begin);
      if (first == text.length()) {
        return -1;
      }
      if (text.charAt(first) != '\n') {
        return first - begin > own && text.charAt(first) != '#' ? first : -1;
      }
      begin = first + 1;
    }
    return -1;
  }

  /** How many lines end between two places, which are counted. */
  private int lines(int from, int to) {
    int count = 0;
    for (int i = lineEnd(from); i < to; i = lineEnd(i + 1)) {
      count++;
    }
    line += count;
    return count;
  }

  /** Whether what follows a dash makes an option of it, such as {@code -x} or {@code --x}. */
  private boolean option(int start) {
    int i = start < text.length() && text.charAt(start) == '-' ? start + 1 : start;
    return i < text.length() && letter(text.charAt(i));
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

  /** Where the flow collection ended that was read last. */
  private int flowEnd;

  /** Reads a list or a mapping in brackets, over several lines too. */
  private final class Flow {
    @Nullable YamlNode node(int start, int depth) {
      if (depth > DEEPEST || start >= text.length() || ++nodes > MOST_NODES) {
        return null;
      }
      char c = text.charAt(start);
      if (c == '[') {
        return list(start, depth);
      }
      return c == '{' ? members(start, depth) : scalar(start);
    }

    private YamlNode.@Nullable Scalar scalar(int start) {
      char c = text.charAt(start);
      if (c == '\'' || c == '"') {
        int close = close(start, c);
        flowEnd = close + 1;
        return close < 0 ? null : quotedScalar(position(start), start, close, c);
      }
      if (!letter(c) && "./$~+<=^".indexOf(c) < 0 && c <= '~') {
        return null;
      }
      int end = start;
      for (int i = start; i < text.length(); i++) {
        char at = text.charAt(i);
        boolean over = at == '\n' || at == ',' || at == '[' || at == ']' || at == '{' || at == '}';
        if (over || (at == '#' && text.charAt(i - 1) == ' ')) {
          break;
        }
        if (at == ':') {
          return null;
        }
        if (at != ' ') {
          end = i + 1;
        }
      }
      String value = text.substring(start, end);
      if (unsafe(value)) {
        return null;
      }
      flowEnd = end;
      return YamlReader.plain(position(start), value, start, end);
    }

    private @Nullable YamlNode list(int start, int depth) {
      Position position = position(start);
      List<YamlNode> items = new ArrayList<>();
      long events = 2;
      long bytes = 24;
      int height = 0;
      int i = skip(start + 1);
      while (i >= 0 && text.charAt(i) != ']') {
        YamlNode item = node(i, depth + 1);
        i = item == null ? -1 : next(flowEnd, ']');
        if (item == null || i < 0) {
          return null;
        }
        items.add(item);
        events += item.events();
        bytes += item.bytes();
        height = Math.max(height, item.height());
      }
      flowEnd = i + 1;
      return i < 0 ? null : new YamlNode.Sequence(position, items, events, bytes, height + 1);
    }

    private @Nullable YamlNode members(int start, int depth) {
      Position position = position(start);
      List<YamlNode.Member> members = new ArrayList<>();
      Set<String> keys = new HashSet<>();
      long events = 2;
      long bytes = 24;
      int height = 0;
      int i = skip(start + 1);
      while (i >= 0 && text.charAt(i) != '}') {
        int colon = colon(i);
        String name = colon < 0 ? "" : text.substring(i, colon);
        if (colon < 0
            || text.charAt(i) == '.'
            || ++nodes > MOST_NODES
            || !keys.add(name.toLowerCase(Locale.ROOT))
            || unsafe(name)) {
          return null;
        }
        YamlNode.Scalar key = YamlReader.plain(position(i), name, i, colon);
        int from = blanks(colon + 1);
        YamlNode value = node(from, depth + 1);
        i = value == null ? -1 : next(flowEnd, '}');
        if (value == null || i < 0) {
          return null;
        }
        members.add(new YamlNode.Member(key, value));
        events += 1 + value.events();
        bytes += key.bytes() + value.bytes();
        height = Math.max(height, value.height());
      }
      flowEnd = i + 1;
      return i < 0 ? null : new YamlNode.Mapping(position, members, events, bytes, height + 1);
    }

    /** Where the next item begins, or the closing bracket stands; -1 where neither follows. */
    private int next(int from, char close) {
      int i = skip(from);
      if (i >= 0 && text.charAt(i) == ',') {
        return skip(i + 1);
      }
      return i >= 0 && text.charAt(i) == close ? i : -1;
    }

    /**
     * Goes over blanks, comments and line ends; -1 at the end, and where a line is not indented.
     */
    private int skip(int from) {
      int i = from;
      while (true) {
        i = blanks(i);
        if (i < text.length() && text.charAt(i) == '#' && text.charAt(i - 1) == ' ') {
          i = lineEnd(i);
        }
        if (i >= text.length()) {
          return -1;
        }
        if (text.charAt(i) != '\n') {
          return i == lineStart ? -1 : i;
        }
        i++;
        line++;
        lineStart = i;
      }
    }
  }

  private int blanks(int start) {
    int i = start;
    while (i < text.length() && text.charAt(i) == ' ') {
      i++;
    }
    return i;
  }

  private @Nullable YamlNode literal(int start, int own, boolean folded) {
    Position position = position(start);
    int i = start + 1;
    char chomp =
        i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')
            ? text.charAt(i++)
            : ' ';
    i = blanks(i);
    if (i >= text.length() - 1 || text.charAt(i) != '\n') {
      return null;
    }
    StringBuilder value = new StringBuilder();
    int content = -1;
    int breaks = 0;
    int longestBlank = 0;
    boolean indented = false;
    int number = line + 1;
    i++;
    int end = i;
    while (i < text.length()) {
      int first = blanks(i);
      int lineEnd = lineEnd(i);
      boolean blank = first == lineEnd;
      if (blank && lineEnd == text.length()) {
        return null;
      }
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
        boolean further = text.charAt(i + content) == ' ';
        if (folded && breaks > 0 && !value.isEmpty() && !further && !indented) {
          fold(value, breaks);
        } else {
          newlines(value, breaks);
        }
        value.append(text, i + content, lineEnd);
        breaks = 1;
        indented = further;
      }
      i = Math.min(lineEnd + 1, text.length());
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
        position,
        YamlNode.Kind.STRING,
        value.toString(),
        0,
        folded ? YamlNode.Style.FOLDED : YamlNode.Style.LITERAL,
        start,
        end);
  }

  /** Joins lines of a folded scalar: a line break is a blank, and more are one less. */
  private static void fold(StringBuilder value, int breaks) {
    if (breaks == 1) {
      value.append(' ');
    } else {
      newlines(value, breaks - 1);
    }
  }

  private static void newlines(StringBuilder value, int count) {
    for (int i = 0; i < count; i++) {
      value.append('\n');
    }
  }
}
