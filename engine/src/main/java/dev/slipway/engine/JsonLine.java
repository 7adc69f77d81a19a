package dev.slipway.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object a line into a growing byte array. Log lines go from the bytes a process
 * printed to the bytes on disk without becoming a string, which a general writer does not offer;
 * reading is left to a library.
 *
 * <p>Not thread-safe.
 */
final class JsonLine {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ESCAPES = escapes();

  byte[] bytes;
  int size;

  JsonLine(int capacity) {
    bytes = new byte[capacity];
  }

  /** 0: as it is; 'u': six characters; else the letter behind the backslash. */
  private static byte[] escapes() {
    byte[] table = new byte[128];
    for (int i = 0; i < 32; i++) {
      table[i] = 'u';
    }
    table['"'] = '"';
    table['\\'] = '\\';
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    return table;
  }

  void clear() {
    size = 0;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = java.util.Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  JsonLine raw(byte[] text) {
    ensure(text.length);
    System.arraycopy(text, 0, bytes, size, text.length);
    size += text.length;
    return this;
  }

  JsonLine raw(String ascii) {
    int length = ascii.length();
    ensure(length);
    for (int i = 0; i < length; i++) {
      bytes[size++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  JsonLine number(long value) {
    ensure(20);
    if (value < 0) {
      return raw(Long.toString(value));
    }
    int start = size;
    long rest = value;
    do {
      bytes[size++] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    for (int i = start, j = size - 1; i < j; i++, j--) {
      byte swap = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = swap;
    }
    return this;
  }

  /** A string in quotes. */
  JsonLine string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return string(utf8, 0, utf8.length);
  }

  /** A string in quotes, from valid UTF-8. */
  JsonLine string(byte[] utf8, int offset, int length) {
    ensure(length * 6 + 2);
    byte[] target = bytes;
    int at = size;
    target[at++] = '"';
    int end = offset + length;
    byte[] escapes = ESCAPES;
    for (int i = offset; i < end; i++) {
      byte b = utf8[i];
      if (b < 0 || escapes[b] == 0) {
        target[at++] = b;
      } else {
        at = escape(target, at, b);
      }
    }
    target[at++] = '"';
    size = at;
    return this;
  }

  /** A string in quotes, in which nothing needs an escape. */
  JsonLine quoted(byte[] plain, int offset, int length) {
    ensure(length + 2);
    bytes[size++] = '"';
    System.arraycopy(plain, offset, bytes, size, length);
    size += length;
    bytes[size++] = '"';
    return this;
  }

  private static int escape(byte[] target, int at, byte b) {
    int next = at;
    target[next++] = '\\';
    target[next++] = ESCAPES[b];
    if (ESCAPES[b] == 'u') {
      target[next++] = '0';
      target[next++] = '0';
      target[next++] = HEX[b >> 4];
      target[next++] = HEX[b & 15];
    }
    return next;
  }

  /** {@code ,"name":"value"}; nothing for null. */
  JsonLine member(String name, @Nullable String value) {
    if (value != null) {
      key(name).string(value);
    }
    return this;
  }

  JsonLine member(String name, long value) {
    return key(name).number(value);
  }

  JsonLine member(String name, @Nullable Integer value) {
    return value == null ? this : key(name).number(value);
  }

  JsonLine member(String name, List<String> values) {
    key(name).raw("[");
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        raw(",");
      }
      string(values.get(i));
    }
    return raw("]");
  }

  JsonLine member(String name, Map<String, String> values) {
    key(name).raw("{");
    boolean first = true;
    for (Map.Entry<String, String> entry : values.entrySet()) {
      if (!first) {
        raw(",");
      }
      first = false;
      string(entry.getKey()).raw(":").string(entry.getValue());
    }
    return raw("}");
  }

  JsonLine key(String name) {
    return raw(",\"").raw(name).raw("\":");
  }
}
