package dev.slipway.cli;

import dev.slipway.check.CheckListener;
import dev.slipway.check.Gate;
import dev.slipway.check.GateResult;
import java.io.OutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows gates while they run: on a terminal those that run now, each with the last line that it
 * printed, elsewhere a line for each that ended. Results themselves are told afterwards.
 */
final class CheckView implements CheckListener, AutoCloseable {
  private static final long FRAME_MS = 100;
  private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

  private final Sink out;
  private final Colors colors;
  private final @Nullable TerminalSize size;
  private final int width;
  private final Clock clock;
  private final Map<String, Running> running = new LinkedHashMap<>();
  private @Nullable Thread painter;
  private boolean closed;
  private int drawn;
  private int frame;

  /** A gate that runs now. */
  private static final class Running {
    final long startedMs;
    String line = "";

    Running(long startedMs) {
      this.startedMs = startedMs;
    }
  }

  /**
   * @param size of the terminal; null to print lines
   * @param width of the longest id
   */
  CheckView(Sink out, Colors colors, @Nullable TerminalSize size, int width, Clock clock) {
    this.out = out;
    this.colors = colors;
    this.size = size;
    this.width = width;
    this.clock = clock;
  }

  /** One that shows nothing. */
  static CheckView silent() {
    return new CheckView(
        new Sink(OutputStream.nullOutputStream()), Colors.OFF, null, 0, Clock.systemUTC());
  }

  @Override
  public synchronized void started(Gate gate) {
    running.put(gate.id(), new Running(clock.millis()));
    if (size != null && painter == null) {
      Thread thread = new Thread(this::paintNowAndThen, "slipway-check");
      thread.setDaemon(true);
      painter = thread;
      thread.start();
    }
  }

  @Override
  public synchronized void printed(Gate gate, String line) {
    Running one = running.get(gate.id());
    if (one != null && !line.isBlank()) {
      one.line = line;
    }
  }

  @Override
  public synchronized void retried(Gate gate, int attempt, int of) {
    running.put(gate.id(), new Running(clock.millis()));
    if (size == null) {
      line(
          colors.yellow("↻")
              + " "
              + Text.padded(gate.id(), width)
              + "  failed; trying again, "
              + attempt
              + " of "
              + of);
    }
  }

  @Override
  public synchronized void finished(GateResult result) {
    running.remove(result.gate().id());
    if (size == null) {
      line(CheckSummary.row(result, width, colors));
    }
  }

  private void line(String text) {
    out.line(text);
    out.flush();
  }

  @Override
  public void close() {
    Thread thread;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      paint(List.of());
      thread = painter;
      notifyAll();
    }
    if (thread != null) {
      thread.interrupt();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the wait is the time between two frames
  private void paintNowAndThen() {
    TerminalSize terminal = size;
    try {
      while (terminal != null) {
        synchronized (this) {
          wait(FRAME_MS);
          if (closed) {
            return;
          }
        }
        terminal.refresh();
        synchronized (this) {
          if (closed) {
            return;
          }
          frame++;
          paint(lines(terminal.columns(), terminal.rows()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is drawn now, for a terminal of so many columns and rows. */
  private List<String> lines(int columns, int rows) {
    List<String> lines = new ArrayList<>();
    int at = frame % SPINNER.length();
    for (Map.Entry<String, Running> one : running.entrySet()) {
      if (lines.size() >= rows - 2) {
        break;
      }
      String time = Durations.text(clock.millis() - one.getValue().startedMs);
      String id = Text.padded(one.getKey(), width);
      int room = Math.max(1, columns - width - time.length() - 8);
      lines.add(
          colors.cyan(SPINNER.substring(at, at + 1))
              + " "
              + id
              + "  "
              + time
              + "  "
              + colors.dim(Text.fit(Text.plain(one.getValue().line), room)));
    }
    return lines;
  }

  private void paint(List<String> lines) {
    if (size == null) {
      return;
    }
    StringBuilder text = new StringBuilder();
    if (drawn > 0) {
      text.append("\r\u001b[").append(drawn).append('A');
    }
    text.append("\u001b[J");
    if (!lines.isEmpty()) {
      text.append("\u001b[?7l");
      for (String line : lines) {
        text.append(line).append('\n');
      }
      text.append("\u001b[?7h");
    }
    drawn = lines.size();
    out.print(text.toString()).flush();
  }
}
