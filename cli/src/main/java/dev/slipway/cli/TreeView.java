package dev.slipway.cli;

import dev.slipway.engine.Conclusion;
import dev.slipway.engine.RunEvent;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Draws runs as a tree of jobs and steps that is redrawn in place, at most ten times a second. What
 * stays (the end of a failing step's log, annotations of errors) is printed above it. Every line is
 * cut to the terminal's width, so that the number of lines to go back is known.
 */
final class TreeView implements RunView {
  private static final long FRAME_MS = 100;
  private static final int TAIL = 20;
  private static final int LINE = 400;
  private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

  private final Sink out;
  private final Colors colors;
  private final TerminalSize size;
  private final Clock clock;
  private final Map<String, RunPicture> runs = new HashMap<>();
  private final List<RunPicture> order = new ArrayList<>();
  private final Map<String, Tail> tails = new HashMap<>();
  private final StringBuilder above = new StringBuilder();
  private @Nullable Thread painter;
  private boolean closed;
  private Sink.@Nullable Closed problem;
  private int drawn;
  private int frame;

  /** The last lines of one job's running step. */
  private static final class Tail {
    int step;
    final byte[][] lines = new byte[TAIL][];
    long count;

    void add(byte[] bytes, int offset, int length) {
      byte[] line = new byte[Math.min(length, LINE)];
      System.arraycopy(bytes, offset, line, 0, line.length);
      lines[(int) (count++ % TAIL)] = line;
    }

    List<String> text() {
      List<String> text = new ArrayList<>();
      for (long i = Math.max(0, count - TAIL); i < count; i++) {
        text.add(new String(lines[(int) (i % TAIL)], StandardCharsets.UTF_8));
      }
      return text;
    }
  }

  TreeView(Sink out, Colors colors, TerminalSize size, Clock clock) {
    this.out = out;
    this.colors = colors;
    this.size = size;
    this.clock = clock;
  }

  @Override
  public synchronized void log(
      String run,
      String job,
      int step,
      RunEvent.Stream stream,
      byte[] line,
      int offset,
      int length) {
    Tail tail = tail(run, job);
    if (tail.step != step) {
      tail.step = step;
      tail.count = 0;
    }
    tail.add(line, offset, length);
  }

  @Override
  public synchronized void event(RunEvent event) {
    RunPicture run = runs.get(event.run());
    if (run == null) {
      run = new RunPicture(event.run());
      runs.put(event.run(), run);
      order.add(run);
      start();
    }
    run.accept(event);
    if (event instanceof RunEvent.StepStarted step) {
      Tail tail = tail(step.run(), step.job());
      tail.step = step.step();
      tail.count = 0;
    } else if (event instanceof RunEvent.StepFinished step
        && step.outcome() == Conclusion.FAILURE) {
      keepFailure(run, step);
    } else if (event instanceof RunEvent.JobFinished job) {
      tails.remove(key(job.run(), job.job()));
    }
  }

  @Override
  public void close() {
    Thread thread;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      thread = painter;
      paint(List.of());
      send(RunEnding.text(order, colors));
      notifyAll();
    }
    if (thread != null) {
      thread.interrupt();
    }
    Sink.Closed failed = problem;
    if (failed != null) {
      throw failed;
    }
  }

  /** The lines of the tree as they are now; for a terminal of so many columns and rows. */
  synchronized List<String> lines(int columns, int rows) {
    List<String> lines = new ArrayList<>();
    Instant now = clock.instant();
    int hidden = 0;
    int room = Math.max(3, rows - 2);
    for (RunPicture run : order) {
      boolean last = run == order.getLast();
      long took = run.conclusion == null ? since(run.startedAt, now) : run.durationMs;
      lines.add(row(RunEnding.mark(run.conclusion, colors), 0, run.title(), took, columns, true));
      for (RunPicture.JobPicture job : run.jobs) {
        if (lines.size() >= room && (!last || !job.running())) {
          hidden++;
          continue;
        }
        job(lines, run, job, now, columns, room);
      }
    }
    while (lines.size() > room) {
      lines.removeLast();
      hidden++;
    }
    if (hidden > 0) {
      lines.add(colors.dim("  … " + hidden + " more"));
    }
    return lines;
  }

  private void job(
      List<String> lines,
      RunPicture run,
      RunPicture.JobPicture job,
      Instant now,
      int columns,
      int room) {
    if (job.conclusion != null) {
      String name = job.skipReason == null ? job.name : job.name + "  (" + job.skipReason + ")";
      lines.add(
          row(
              RunEnding.mark(job.conclusion, colors),
              1,
              name,
              job.skipReason == null ? job.durationMs : -1,
              columns,
              false));
      return;
    }
    Instant started = job.startedAt;
    if (started == null) {
      lines.add(row(colors.dim("·"), 1, job.name, -1, columns, false));
      return;
    }
    lines.add(row(spinner(), 1, job.name, since(started, now), columns, false));
    for (RunPicture.StepPicture step : job.steps) {
      if (lines.size() < room
          && (step.conclusion == null || step.conclusion == Conclusion.FAILURE)) {
        boolean running = step.conclusion == null;
        long took = running ? since(step.startedAt, now) : step.durationMs;
        lines.add(
            row(
                running ? spinner() : RunEnding.mark(step.conclusion, colors),
                2,
                step.name,
                took,
                columns,
                false));
        Tail tail = tails.get(key(run.id, job.key));
        if (running
            && tail != null
            && tail.step == step.number
            && tail.count > 0
            && lines.size() < room) {
          String latest = Text.plain(tail.text().getLast());
          lines.add(colors.dim("        " + Text.fit(latest, columns - 9)));
        }
      }
    }
  }

  private String row(String mark, int depth, String name, long took, int columns, boolean bold) {
    String time = took < 0 ? "" : Durations.text(took);
    int room = Math.max(1, columns - 1 - depth * 2 - 2 - time.length() - 2);
    String text = Text.fit(Text.plain(name), room);
    int gap = Math.max(2, Math.min(room, 70 - depth * 2 - time.length()) - Text.width(text) + 2);
    String shown = bold ? colors.bold(text) : text;
    return "  ".repeat(depth)
        + mark
        + " "
        + shown
        + (time.isEmpty() ? "" : " ".repeat(gap) + colors.dim(time));
  }

  private void keepFailure(RunPicture run, RunEvent.StepFinished finished) {
    RunPicture.JobPicture job = run.job(finished.job());
    RunPicture.StepPicture step = job.step(finished.step());
    Tail tail = tails.get(key(run.id, job.key));
    above
        .append(
            colors.red(
                "✗ " + Text.plain(job.name) + " › " + (step == null ? "" : Text.plain(step.name))))
        .append('\n');
    if (tail != null && tail.step == finished.step()) {
      if (tail.count > TAIL) {
        above
            .append(
                colors.dim("  … " + (tail.count - TAIL) + " lines before: slipway logs " + run.id))
            .append('\n');
      }
      for (String line : tail.text()) {
        above
            .append("  ")
            .append(colors == Colors.ON ? colors.ofLog(Text.colored(line)) : Text.plain(line))
            .append('\n');
      }
    }
  }

  private static String key(String run, String job) {
    return run + '\n' + job;
  }

  private Tail tail(String run, String job) {
    String key = key(run, job);
    Tail tail = tails.get(key);
    if (tail == null) {
      tail = new Tail();
      tails.put(key, tail);
    }
    return tail;
  }

  private String spinner() {
    int at = frame % SPINNER.length();
    return colors.cyan(SPINNER.substring(at, at + 1));
  }

  private static long since(@Nullable Instant start, Instant now) {
    return start == null ? 0 : Duration.between(start, now).toMillis();
  }

  private void start() {
    if (painter == null) {
      Thread thread = new Thread(this::paintNowAndThen, "slipway-tree");
      thread.setDaemon(true);
      painter = thread;
      thread.start();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the wait is the time between two frames
  private void paintNowAndThen() {
    try {
      while (true) {
        synchronized (this) {
          wait(FRAME_MS);
          if (closed) {
            return;
          }
        }
        size.refresh();
        synchronized (this) {
          if (closed) {
            return;
          }
          frame++;
          paint(lines(size.columns(), size.rows()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Replaces the tree on the screen; lines that stay go above it. */
  private void paint(List<String> lines) {
    StringBuilder text = new StringBuilder();
    if (drawn > 0) {
      text.append("\r\u001b[").append(drawn).append('A');
    }
    text.append("\u001b[J").append(above);
    above.setLength(0);
    if (!lines.isEmpty()) {
      text.append("\u001b[?7l");
      for (String line : lines) {
        text.append(line).append('\n');
      }
      text.append("\u001b[?7h");
    }
    drawn = lines.size();
    send(text.toString());
  }

  private void send(String text) {
    if (problem == null) {
      try {
        out.print(text).flush();
      } catch (Sink.Closed e) {
        problem = e;
      }
    }
  }
}
