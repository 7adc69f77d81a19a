package dev.slipway.docker;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What BuildKit tells of a build, as lines: each step when it starts, and what it prints. It comes
 * as protocol buffers (moby/buildkit, {@code StatusResponse}), of which only texts are read: of a
 * vertex (field 1) its digest (1), name (3), whether it was cached (4) and when it started (5), and
 * of a log (field 3) its vertex (1) and message (4).
 */
final class BuildTrace {
  private static final int VERTEX = 1;
  private static final int LOG = 3;
  private static final int BYTES = 2;

  private final Consumer<String> log;
  private final Set<String> told = new HashSet<>();
  private final Map<String, LogLines> printed = new HashMap<>();

  BuildTrace(Consumer<String> log) {
    this.log = log;
  }

  /** Reads one message. */
  void read(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new DockerException(0, "the Docker engine sent a damaged report of the build");
    }
    Message message = new Message(bytes, 0, bytes.length);
    while (message.next()) {
      if (message.field == VERTEX && message.wire == BYTES) {
        vertex(message.inner());
      } else if (message.field == LOG && message.wire == BYTES) {
        printed(message.inner());
      }
    }
  }

  private void vertex(Message vertex) {
    String digest = "";
    String name = "";
    boolean cached = false;
    boolean started = false;
    while (vertex.next()) {
      switch (vertex.field) {
        case 1 -> digest = vertex.text();
        case 3 -> name = vertex.text();
        case 4 -> cached = vertex.number != 0;
        case 5 -> started = true;
        default -> {}
      }
    }
    if ((started || cached)
        && name.startsWith("[")
        && !name.startsWith("[internal]")
        && told.add(digest)) {
      log.accept((cached ? "CACHED " : "") + name);
    }
  }

  private void printed(Message entry) {
    String digest = "";
    byte[] text = {};
    while (entry.next()) {
      if (entry.field == 1) {
        digest = entry.text();
      } else if (entry.field == 4 && entry.wire == BYTES) {
        text = entry.bytes();
      }
    }
    printed.computeIfAbsent(digest, vertex -> new LogLines(log)).write(text, text.length);
  }

  /** Ends lines that have begun. */
  void finish() {
    printed.values().forEach(LogLines::finish);
  }

  /** A message of protocol buffers, field by field. */
  private static final class Message {
    private final byte[] bytes;
    private final int end;
    private int at;
    private int start;
    private int length;
    int field;
    int wire;
    long number;

    Message(byte[] bytes, int start, int end) {
      this.bytes = bytes;
      this.at = start;
      this.end = end;
    }

    boolean next() {
      if (at >= end) {
        return false;
      }
      long key = varint();
      field = (int) (key >>> 3);
      wire = (int) (key & 7);
      switch (wire) {
        case 0 -> number = varint();
        case 1 -> skip(8);
        case BYTES -> {
          long size = varint();
          start = at;
          length = (int) size;
          if (size < 0 || size > end - at) {
            throw damaged();
          }
          at += length;
        }
        case 5 -> skip(4);
        default -> throw damaged();
      }
      return true;
    }

    private void skip(int count) {
      at += count;
      if (at > end) {
        throw damaged();
      }
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        if (at >= end) {
          throw damaged();
        }
        byte b = bytes[at++];
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
      throw damaged();
    }

    private static DockerException damaged() {
      return new DockerException(0, "the Docker engine sent a damaged report of the build");
    }

    Message inner() {
      return new Message(bytes, start, start + length);
    }

    String text() {
      return new String(bytes, start, length, StandardCharsets.UTF_8);
    }

    byte[] bytes() {
      return java.util.Arrays.copyOfRange(bytes, start, start + length);
    }
  }
}
