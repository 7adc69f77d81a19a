package dev.slipway.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The terminal's size: asked of {@code stty}, else {@code COLUMNS} and {@code LINES}, else 80 by
 * 24.
 */
final class TerminalSize {
  private static final long EVERY_NS = TimeUnit.SECONDS.toNanos(2);

  private int columns;
  private int rows;
  private boolean asks;
  private long askedAt;

  private TerminalSize(int columns, int rows, boolean asks) {
    this.columns = columns;
    this.rows = rows;
    this.asks = asks;
  }

  static TerminalSize of(Map<String, String> environment) {
    return new TerminalSize(
        number(environment.get("COLUMNS"), 80), number(environment.get("LINES"), 24), true);
  }

  static TerminalSize fixed(int columns, int rows) {
    return new TerminalSize(columns, rows, false);
  }

  int columns() {
    return columns;
  }

  int rows() {
    return rows;
  }

  /** Asks the terminal again when the last answer is old. */
  void refresh() throws InterruptedException {
    if (!asks || (askedAt != 0 && System.nanoTime() - askedAt < EVERY_NS)) {
      return;
    }
    askedAt = System.nanoTime();
    try {
      Process process =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(1, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return;
      }
      String[] answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
              .strip()
              .split(" ", -1);
      if (answer.length == 2) {
        rows = number(answer[0], rows);
        columns = number(answer[1], columns);
      }
    } catch (IOException e) {
      asks = false;
    }
  }

  private static int number(@Nullable String text, int otherwise) {
    if (text == null || text.isEmpty() || text.length() > 4) {
      return otherwise;
    }
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return otherwise;
      }
      number = number * 10 + (c - '0');
    }
    return number < 10 ? otherwise : number;
  }
}
