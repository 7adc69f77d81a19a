package dev.slipway.docker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts bytes into lines of text. */
final class LogLines {
  private static final int MAX_LINE = 1024 * 1024;

  private final Consumer<String> log;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  LogLines(Consumer<String> log) {
    this.log = log;
  }

  void write(byte[] bytes, int length) {
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n' || line.size() + i - start >= MAX_LINE) {
        int end = bytes[i] == '\n' ? i : i + 1;
        line.write(bytes, start, end - start);
        flush();
        start = i + 1;
      }
    }
    line.write(bytes, start, length - start);
  }

  /** Ends the last line, if it has begun. */
  void finish() {
    if (line.size() > 0) {
      flush();
    }
  }

  private void flush() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    log.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }
}
