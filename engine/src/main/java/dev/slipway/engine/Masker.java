package dev.slipway.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Replaces secrets by {@code ***}, also where they appear encoded.
 *
 * <p>Every value and each of its lines, without the blanks around it, is looked for as it is and in
 * eleven encodings (actions/runner, ValueEncoders): base64 at each of the three alignments, whole
 * and as far as it depends on nothing but the value (ADR 0297 there), escaped for a command line,
 * an expression, JSON, a URI, XML, without surrounding quotes, and the two halves PowerShell prints
 * of a value with an ampersand. Overlapping and touching finds become one replacement.
 *
 * <p>The search is Wu and Manber's ("A fast algorithm for multi-pattern searching", 1994) with
 * blocks of two bytes: it looks at one block in every few bytes, so long logs cost little however
 * many secrets there are.
 *
 * <p>Thread-safe.
 */
final class Masker {
  private static final byte[] STARS = {'*', '*', '*'};
  private static final int MAX_WINDOW = 16;
  private static final int SHORTEST_POWERSHELL_PART = 6;

  private final Set<String> values = new LinkedHashSet<>();
  private volatile Table table = Table.EMPTY;

  Masker() {}

  /** A masker of the same values, to which more can be added without changing this one. */
  synchronized Masker copy() {
    Masker copy = new Masker();
    copy.values.addAll(values);
    copy.table = table;
    return copy;
  }

  /** Masks these values from now on; empty ones are passed over. */
  synchronized void addAll(Collection<String> secrets) {
    boolean added = false;
    for (String secret : secrets) {
      added |= addValue(secret);
      for (String line : secret.split("[\r\n]+")) {
        added |= addValue(line.strip());
      }
    }
    if (added) {
      table = Table.of(values);
    }
  }

  void add(String secret) {
    addAll(List.of(secret));
  }

  private boolean addValue(String value) {
    return !value.isBlank() && values.add(value);
  }

  /** All values that are masked. */
  synchronized Set<String> secrets() {
    return Set.copyOf(values);
  }

  /** Whether a secret occurs in the bytes. */
  boolean occursIn(byte[] bytes) {
    Table t = table;
    return t != Table.EMPTY && t.find(bytes, 0, bytes.length) >= 0;
  }

  boolean empty() {
    return table == Table.EMPTY;
  }

  /** The text with every secret replaced. */
  String mask(String text) {
    Table t = table;
    if (t == Table.EMPTY || text.isEmpty()) {
      return text;
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int first = t.find(utf8, 0, utf8.length);
    if (first < 0) {
      return text;
    }
    JsonLine masked = new JsonLine(utf8.length + 16);
    t.replace(utf8, 0, utf8.length, masked);
    return new String(masked.bytes, 0, masked.size, StandardCharsets.UTF_8);
  }

  /**
   * Whether a secret occurs in the bytes; if so, {@code masked} receives them with every secret
   * replaced.
   */
  boolean mask(byte[] utf8, int offset, int length, JsonLine masked) {
    Table t = table;
    if (t == Table.EMPTY || t.find(utf8, offset, offset + length) < 0) {
      return false;
    }
    masked.clear();
    t.replace(utf8, offset, offset + length, masked);
    return true;
  }

  /**
   * Where an unfinished line may be cut so that no secret is cut with it: what follows may still
   * grow into one. 0 when nowhere.
   */
  int cutBefore(byte[] utf8, int length) {
    return table.cutBefore(utf8, length);
  }

  static Set<String> encodings(String value) {
    Set<String> forms = new LinkedHashSet<>();
    forms.add(value);
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    for (int shift = 0; shift < 3 && shift < utf8.length; shift++) {
      byte[] rest = java.util.Arrays.copyOfRange(utf8, shift, utf8.length);
      String base64 = Base64.getEncoder().encodeToString(rest);
      forms.add(base64);
      // What more characters after the value leave of it.
      forms.add(base64.substring(0, rest.length * 8 / 6));
    }
    forms.add(value.replace("\"", "\\\""));
    forms.add(value.replace("'", "''"));
    forms.add(json(value));
    forms.add(uri(utf8));
    forms.add(
        value
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;")
            .replace("'", "&apos;"));
    if (value.length() > 8 && value.startsWith("\"") && value.endsWith("\"")) {
      forms.add(value.substring(1, value.length() - 1));
    }
    int ampersand = value.indexOf("&+");
    int before = ampersand >= 0 ? ampersand + 2 : value.lastIndexOf('&') + 1;
    int after = ampersand >= 0 ? Math.min(value.length(), ampersand + 3) : before;
    if (before > 0) {
      if (before >= SHORTEST_POWERSHELL_PART) {
        forms.add(value.substring(0, before));
      }
      if (value.length() - after >= SHORTEST_POWERSHELL_PART) {
        forms.add(value.substring(after));
      }
    }
    return forms;
  }

  private static String json(String value) {
    StringBuilder escaped = new StringBuilder(value.length() + 8);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> escaped.append("\\\"");
        case '\\' -> escaped.append("\\\\");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        case '\b' -> escaped.append("\\b");
        case '\f' -> escaped.append("\\f");
        default -> {
          if (c < 0x20) {
            escaped
                .append("\\u00")
                .append(Character.forDigit(c >> 4, 16))
                .append(Character.forDigit(c & 15, 16));
          } else {
            escaped.append(c);
          }
        }
      }
    }
    return escaped.toString();
  }

  private static String uri(byte[] utf8) {
    StringBuilder escaped = new StringBuilder(utf8.length + 8);
    for (byte b : utf8) {
      boolean unreserved =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || b == '-'
              || b == '_'
              || b == '.'
              || b == '~';
      if (unreserved) {
        escaped.append((char) b);
      } else {
        escaped
            .append('%')
            .append(Character.toUpperCase(Character.forDigit((b >> 4) & 15, 16)))
            .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
      }
    }
    return escaped.toString();
  }

  /** Patterns with their shift table; immutable. */
  private static final class Table {
    static final Table EMPTY = new Table(List.of(), 0, new byte[0], new int[0], new int[0]);

    private final List<byte[]> patterns;
    private final int window;
    private final byte[] shifts;
    private final int[] heads;
    private final int[] next;

    private Table(List<byte[]> patterns, int window, byte[] shifts, int[] heads, int[] next) {
      this.patterns = patterns;
      this.window = window;
      this.shifts = shifts;
      this.heads = heads;
      this.next = next;
    }

    static Table of(Set<String> values) {
      Set<String> forms = new HashSet<>();
      for (String value : values) {
        forms.addAll(encodings(value));
      }
      List<byte[]> patterns = new ArrayList<>(forms.size());
      int window = MAX_WINDOW;
      for (String form : forms) {
        byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
        // What base64 leaves of one or two characters would hide half of every log.
        if (bytes.length >= 2 || values.contains(form)) {
          patterns.add(bytes);
          window = Math.min(window, bytes.length);
        }
      }
      if (patterns.isEmpty()) {
        return EMPTY;
      }
      byte[] shifts = new byte[65536];
      java.util.Arrays.fill(shifts, (byte) Math.max(1, window - 1));
      int[] heads = new int[65536];
      java.util.Arrays.fill(heads, -1);
      int[] next = new int[patterns.size()];
      for (int p = 0; p < patterns.size(); p++) {
        byte[] pattern = patterns.get(p);
        if (window == 1) {
          for (int low = 0; low < 256; low++) {
            shifts[block(pattern[0], (byte) low)] = 0;
          }
          continue;
        }
        for (int i = 1; i < window; i++) {
          int block = block(pattern[i - 1], pattern[i]);
          shifts[block] = (byte) Math.min(shifts[block], window - 1 - i);
        }
        int last = block(pattern[window - 2], pattern[window - 1]);
        next[p] = heads[last];
        heads[last] = p;
      }
      return new Table(patterns, window, shifts, heads, next);
    }

    int cutBefore(byte[] text, int length) {
      int longest = 1;
      for (byte[] pattern : patterns) {
        longest = Math.max(longest, pattern.length);
      }
      int cut = Math.max(0, length - longest);
      for (int at = 0; !patterns.isEmpty() && at < cut; ) {
        int start = find(text, at, length);
        if (start < 0 || start >= cut) {
          break;
        }
        if (start + longest(text, start, length) > cut) {
          cut = start;
        }
        at = start + 1;
      }
      return cut;
    }

    private static int block(byte high, byte low) {
      return ((high & 255) << 8) | (low & 255);
    }

    /** The start of the first find, or -1. */
    int find(byte[] text, int from, int to) {
      if (window == 1) {
        return findSlowly(text, from, to);
      }
      int last = from + window - 1;
      byte[] shifts = this.shifts;
      while (last < to) {
        int block = ((text[last - 1] & 255) << 8) | (text[last] & 255);
        int shift = shifts[block];
        if (shift > 0) {
          last += shift;
          continue;
        }
        int start = last - window + 1;
        if (lengthAt(text, start, to, block) > 0) {
          return start;
        }
        last++;
      }
      return -1;
    }

    private int findSlowly(byte[] text, int from, int to) {
      for (int start = from; start < to; start++) {
        if (longest(text, start, to) > 0) {
          return start;
        }
      }
      return -1;
    }

    private int lengthAt(byte[] text, int start, int to, int block) {
      int longest = 0;
      for (int p = heads[block]; p >= 0; p = next[p]) {
        longest = Math.max(longest, matches(patterns.get(p), text, start, to));
      }
      return longest;
    }

    private int longest(byte[] text, int start, int to) {
      int longest = 0;
      for (byte[] pattern : patterns) {
        longest = Math.max(longest, matches(pattern, text, start, to));
      }
      return longest;
    }

    private static int matches(byte[] pattern, byte[] text, int start, int to) {
      if (start + pattern.length > to) {
        return 0;
      }
      for (int i = 0; i < pattern.length; i++) {
        if (text[start + i] != pattern[i]) {
          return 0;
        }
      }
      return pattern.length;
    }

    void replace(byte[] text, int from, int to, JsonLine masked) {
      int copied = from;
      int at = from;
      int rangeStart = -1;
      int rangeEnd = -1;
      while (at < to) {
        int start = find(text, at, to);
        if (start < 0) {
          break;
        }
        int length =
            window == 1
                ? longest(text, start, to)
                : lengthAt(
                    text, start, to, block(text[start + window - 2], text[start + window - 1]));
        if (start > rangeEnd) {
          copied = close(text, copied, rangeStart, rangeEnd, masked);
          rangeStart = start;
        }
        rangeEnd = Math.max(rangeEnd, start + length);
        at = start + 1;
      }
      copied = close(text, copied, rangeStart, rangeEnd, masked);
      masked.raw(java.util.Arrays.copyOfRange(text, copied, to));
    }

    private static int close(byte[] text, int copied, int start, int end, JsonLine masked) {
      if (start < 0) {
        return copied;
      }
      masked.raw(java.util.Arrays.copyOfRange(text, copied, start)).raw(STARS);
      return end;
    }
  }
}
