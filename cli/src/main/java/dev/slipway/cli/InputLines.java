package dev.slipway.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Lines of UTF-8 from a stream. What was answered so far is written out before waiting for more.
 */
final class InputLines {
  private final InputStream in;
  private final Sink answers;
  private final byte[] buffer = new byte[64 * 1024];
  private int start;
  private int end;

  InputLines(InputStream in, Sink answers) {
    this.in = in;
    this.answers = answers;
  }

  /** The next line without its end, or null. */
  @Nullable String next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean any = false;
    while (true) {
      for (int i = start; i < end; i++) {
        if (buffer[i] == '\n') {
          line.write(buffer, start, i - start);
          start = i + 1;
          return text(line);
        }
      }
      line.write(buffer, start, end - start);
      any |= end > start;
      answers.flush();
      start = 0;
      end = Math.max(0, in.read(buffer));
      if (end == 0) {
        return any ? text(line) : null;
      }
    }
  }

  private static String text(ByteArrayOutputStream line) {
    String text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
