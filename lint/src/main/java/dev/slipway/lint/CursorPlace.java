package dev.slipway.lint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where in a YAML file a cursor is, told by indentation alone, so that it is known while the file
 * is being typed and is no YAML.
 *
 * <p>Every line opens items and keys at columns. Upwards from the cursor, the next opening further
 * left each time is what the place is inside of. Only flow collections on one line are looked into.
 */
final class CursorPlace {
  /** A key or an item of a list that the cursor is in. */
  record Opening(String key, int line, int column) {
    boolean item() {
      return key.isEmpty();
    }
  }

  private final List<String> lines;
  private final int line;
  private final List<Opening> way = new ArrayList<>();
  private boolean value;
  private boolean block;
  private String before = "";
  private int column;

  private CursorPlace(List<String> lines, int line) {
    this.lines = lines;
    this.line = line;
  }

  /**
   * The place of an index.
   *
   * @param lines of the text, without their ends
   * @param line counts from 0, as does {@code column}
   */
  static CursorPlace of(List<String> lines, int line, int column) {
    CursorPlace place = new CursorPlace(lines, line);
    String text = lines.get(line);
    String head = text.substring(0, Math.min(column, text.length()));
    if (!place.blockScalar(head)) {
      place.plain(head);
    }
    Collections.reverse(place.way);
    return place;
  }

  /** The keys and items around the cursor, the outermost first. */
  List<Opening> way() {
    return way;
  }

  /** Whether the cursor is where a value is, not a key. */
  boolean value() {
    return value;
  }

  /** Whether it is in a block scalar. */
  boolean block() {
    return block;
  }

  /** What stands before the cursor of the key or value that it is in. */
  String before() {
    return before;
  }

  /** The line, from 0. */
  int line() {
    return line;
  }

  /** The key whose value the cursor is in, through items; empty at the top. */
  String key() {
    for (int i = way.size() - 1; i >= 0; i--) {
      if (!way.get(i).item()) {
        return way.get(i).key();
      }
    }
    return "";
  }

  /** The keys that lead to the cursor; an item is an empty one. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    for (Opening opening : way) {
      keys.add(opening.key());
    }
    return keys;
  }

  /** Whether the keys are these, where {@code *} is any and the empty text an item. */
  boolean at(String... keys) {
    if (keys.length != way.size()) {
      return false;
    }
    for (int i = 0; i < keys.length; i++) {
      if (!keys[i].equals("*") && !keys[i].equals(way.get(i).key())) {
        return false;
      }
    }
    return true;
  }

  private boolean blockScalar(String head) {
    String text = lines.get(line);
    int indent = text.isBlank() ? head.length() : indent(text);
    for (int i = line - 1; i >= 0 && indent > 0; i--) {
      String above = lines.get(i);
      if (above.isBlank() || indent(above) >= indent) {
        continue;
      }
      List<Opening> openings = openings(above, i);
      if (header(above) && !openings.isEmpty()) {
        block = true;
        value = true;
        before = head.stripLeading();
        up(openings, Integer.MAX_VALUE);
        climb(i, way.getLast());
        return true;
      }
      indent = indent(above);
    }
    return false;
  }

  private void plain(String head) {
    List<Opening> openings = openings(head, line);
    int end = openings.isEmpty() ? indent(head) : contentStart(head, openings.getLast());
    String rest = head.substring(Math.min(end, head.length()));
    Opening last = openings.isEmpty() ? null : openings.getLast();
    value = last != null && !last.item();
    before = rest.stripLeading();
    column = value && last != null ? last.column() : head.length() - before.length();
    Opening flow = flow();
    if (flow != null) {
      way.add(flow);
    }
    up(openings, Integer.MAX_VALUE);
    // A list's items may stand as far left as its key; so may the next key after a list.
    climb(line, way.isEmpty() ? new Opening("?", line, column) : way.getLast());
  }

  /** In a flow collection the key is in the text before, and the cursor behind the last comma. */
  private @Nullable Opening flow() {
    int open = Math.max(before.lastIndexOf('['), before.lastIndexOf('{'));
    boolean expression = before.startsWith("{{", Math.max(0, open - 1));
    if (open < 0 || expression || (!value && open > 0)) {
      return null;
    }
    if (before.indexOf(before.charAt(open) == '[' ? ']' : '}', open) >= 0) {
      return null;
    }
    boolean list = before.charAt(open) == '[';
    String rest = before.substring(Math.max(open, before.lastIndexOf(',')) + 1).stripLeading();
    int colon = rest.indexOf(": ");
    String key = list ? "" : colon < 0 ? null : rest.substring(0, colon);
    value = list || colon >= 0;
    before = colon >= 0 && !list ? rest.substring(colon + 2).stripLeading() : rest;
    return key == null ? null : new Opening(key, line, Integer.MAX_VALUE - 1);
  }

  private void up(List<Opening> openings, int left) {
    for (int i = openings.size() - 1; i >= 0; i--) {
      if (openings.get(i).column() < left) {
        way.add(openings.get(i));
      }
    }
  }

  private void climb(int from, Opening first) {
    Opening last = first;
    for (int i = from - 1; i >= 0 && (last.column() > 0 || last.item()); i--) {
      String above = lines.get(i);
      // Most lines are further right; they are passed over without a look inside.
      if (above.isBlank() || indent(above) > last.column()) {
        continue;
      }
      List<Opening> openings = openings(above, i);
      for (int k = openings.size() - 1; k >= 0; k--) {
        Opening opening = openings.get(k);
        boolean list = last.item() && !opening.item() && opening.column() == last.column();
        if (opening.column() < last.column() || list) {
          way.add(opening);
          last = opening;
        }
      }
    }
  }

  /** The keys of the mapping at a depth of the way, or, behind its end, of the cursor's. */
  Map<String, Opening> siblings(int depth) {
    Map<String, Opening> found = new LinkedHashMap<>();
    int at = depth < way.size() ? way.get(depth).column() : column;
    int start = depth < way.size() ? way.get(depth).line() : line;
    int first = start;
    for (int i = start - 1; i >= 0 && !dashed(lines.get(start), at); i--) {
      String text = lines.get(i);
      if (text.isBlank() || indent(text) > at) {
        continue;
      }
      if (indent(text) < at) {
        // The line of the item's dash has the first key of its mapping.
        first = dashed(text, at) ? i : first;
        break;
      }
      first = i;
    }
    for (int i = first; i < lines.size(); i++) {
      String text = lines.get(i);
      if (i > first && i != start && !text.isBlank() && indent(text) < at) {
        break;
      }
      Opening key = text.isBlank() || indent(text) > at ? null : key(text, i, at);
      if (key != null) {
        found.putIfAbsent(key.key().toLowerCase(Locale.ROOT), key);
      }
    }
    return found;
  }

  private static boolean dashed(String text, int at) {
    int indent = indent(text);
    return indent < at && indent < text.length() && text.charAt(indent) == '-';
  }

  /** The key of a line at whose name a column is; null when it is elsewhere. */
  static @Nullable Opening keyAt(String text, int line, int column) {
    for (Opening opening : openings(text, line)) {
      boolean inside =
          column >= opening.column() && column <= opening.column() + opening.key().length();
      if (!opening.item() && inside) {
        return opening;
      }
    }
    return null;
  }

  private static @Nullable Opening key(String text, int line, int column) {
    for (Opening opening : openings(text, line)) {
      if (!opening.item() && opening.column() == column) {
        return opening;
      }
    }
    return null;
  }

  /** What is written behind a key on its line, without quotes and comment. */
  String written(Opening key) {
    String text = lines.get(key.line());
    String rest = text.substring(Math.min(text.length(), contentStart(text, key))).strip();
    int comment = rest.startsWith("#") ? 0 : rest.indexOf(" #");
    rest = comment < 0 ? rest : rest.substring(0, comment).strip();
    boolean quoted =
        rest.length() > 1
            && (rest.charAt(0) == '\'' || rest.charAt(0) == '"')
            && rest.charAt(rest.length() - 1) == rest.charAt(0);
    return quoted ? rest.substring(1, rest.length() - 1) : rest;
  }

  private static int indent(String text) {
    int at = 0;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  /** Whether a line ends in the header of a block scalar. */
  private static boolean header(String text) {
    String line = text.strip();
    int comment = line.indexOf(" #");
    line = comment < 0 ? line : line.substring(0, comment).strip();
    int at = line.length();
    while (at > 0 && "+-0123456789".indexOf(line.charAt(at - 1)) >= 0) {
      at--;
    }
    return at > 1
        && (line.charAt(at - 1) == '|' || line.charAt(at - 1) == '>')
        && (line.charAt(at - 2) == ' ');
  }

  private static int contentStart(String text, Opening last) {
    int at = last.column();
    if (last.item()) {
      return at + 1;
    }
    int colon = colon(text, at);
    return colon < 0 ? text.length() : colon + 1;
  }

  /** What a line opens: its dashes, and its key when it has one. */
  private static List<Opening> openings(String text, int line) {
    List<Opening> found = new ArrayList<>();
    int at = indent(text);
    while (at < text.length() && text.charAt(at) == '-') {
      if (at + 1 < text.length() && text.charAt(at + 1) != ' ') {
        return found;
      }
      found.add(new Opening("", line, at));
      at++;
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
    }
    if (at >= text.length() || text.charAt(at) == '#') {
      return found;
    }
    int colon = colon(text, at);
    if (colon > at) {
      String key = text.substring(at, colon).strip();
      boolean quoted =
          key.length() > 1
              && (key.charAt(0) == '"' || key.charAt(0) == '\'')
              && key.charAt(key.length() - 1) == key.charAt(0);
      key = quoted ? key.substring(1, key.length() - 1) : key;
      if (!key.isEmpty()) {
        found.add(new Opening(key, line, at));
      }
    }
    return found;
  }

  /** The colon behind a key that begins at a column; -1 when none does. */
  private static int colon(String text, int from) {
    char first = text.charAt(from);
    int at = from;
    if (first == '[' || first == '{' || first == '#' || first == '|' || first == '>') {
      return -1;
    }
    if (first == '"' || first == '\'') {
      at = text.indexOf(first, from + 1);
      if (at < 0) {
        return -1;
      }
    }
    for (int colon = text.indexOf(':', at); colon >= 0; colon = text.indexOf(':', colon + 1)) {
      if (colon + 1 == text.length() || text.charAt(colon + 1) == ' ') {
        return colon;
      }
    }
    return -1;
  }
}
