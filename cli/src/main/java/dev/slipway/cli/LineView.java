package dev.slipway.cli;

import dev.slipway.engine.Conclusion;
import dev.slipway.engine.RunEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prints runs as lines of {@code job | text}. A log line costs two copies into one large buffer;
 * the buffer is written when it is full, or a moment after the first unwritten byte.
 */
final class LineView implements RunView {
  private static final int BUFFER = 256 * 1024;
  private static final long MOMENT_MS = 20;
  private static final byte[] SEPARATOR = " | ".getBytes(StandardCharsets.UTF_8);

  private final Sink out;
  private final Colors colors;
  private final byte[] buffer = new byte[BUFFER];
  private int length;
  private boolean closed;
  private @Nullable Thread flusher;
  private Sink.@Nullable Closed problem;

  private final Map<String, RunPicture> runs = new HashMap<>();
  private final List<RunPicture> order = new ArrayList<>();
  private final Map<String, byte[]> prefixes = new HashMap<>();
  private @Nullable String lastRun;
  private @Nullable String lastJob;
  private byte[] lastPrefix = SEPARATOR;

  LineView(Sink out, Colors colors) {
    this.out = out;
    this.colors = colors;
  }

  @Override
  public synchronized void log(
      String run,
      String job,
      int step,
      RunEvent.Stream stream,
      byte[] line,
      int offset,
      int count) {
    byte[] prefix = prefix(run, job);
    append(prefix, 0, prefix.length);
    if (stream == RunEvent.Stream.SYSTEM && colors == Colors.ON) {
      appendText(colors.ofLog(new String(line, offset, count, StandardCharsets.UTF_8)));
    } else {
      append(line, offset, count);
    }
    end();
  }

  @Override
  public synchronized void event(RunEvent event) {
    RunPicture run = runs.get(event.run());
    if (run == null) {
      run = new RunPicture(event.run());
      runs.put(event.run(), run);
      order.add(run);
      lastRun = null;
      prefixes.clear();
    }
    run.accept(event);
    if (event instanceof RunEvent.StepStarted step) {
      print(step.run(), step.job(), colors.cyan("▸ " + Text.plain(step.name())));
    } else if (event instanceof RunEvent.StepFinished step) {
      stepFinished(run, step);
    } else if (event instanceof RunEvent.JobStarted job) {
      lastRun = null;
      prefixes.remove(key(job.run(), job.job()));
      print(job.run(), job.job(), colors.dim("started on " + job.machine()));
    } else if (event instanceof RunEvent.JobSkipped job) {
      print(job.run(), job.job(), colors.dim("– skipped: " + Text.plain(job.reason())));
    } else if (event instanceof RunEvent.JobFinished job) {
      String took = run.job(job.job()).state() + " in " + Durations.text(job.durationMs());
      print(
          job.run(),
          job.job(),
          RunEnding.mark(job.conclusion(), colors) + " " + colors.of(job.conclusion(), took));
    } else if (event instanceof RunEvent.GroupStarted group) {
      print(group.run(), group.job(), colors.bold("▾ " + Text.plain(group.title())));
    } else if (event instanceof RunEvent.Annotation annotation) {
      print(annotation.run(), annotation.job(), RunEnding.annotation(annotation, colors));
    } else if (event instanceof RunEvent.RunStarted) {
      appendText(
          colors.bold(Text.plain(run.title()))
              + colors.dim("  " + run.shortSha() + "  run " + run.id));
      end();
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
      appendText(RunEnding.text(order, colors));
      write();
      thread = flusher;
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

  private void stepFinished(RunPicture run, RunEvent.StepFinished finished) {
    if (finished.conclusion() == Conclusion.SUCCESS
        && !finished.cached()
        && finished.outcome() == Conclusion.SUCCESS) {
      return;
    }
    RunPicture.StepPicture step = run.job(finished.job()).step(finished.step());
    StringBuilder text = new StringBuilder();
    text.append(RunEnding.mark(finished.conclusion(), colors)).append(' ');
    text.append(step == null ? "step " + finished.step() : Text.plain(step.name)).append(": ");
    text.append(colors.of(finished.outcome(), finished.outcome().text()));
    if (finished.outcome() != finished.conclusion()) {
      text.append(" (continues on error)");
    }
    if (finished.cached()) {
      text.append(" (cached)");
    }
    Integer exit = finished.exitCode();
    if (exit != null && exit != 0) {
      text.append(", exit code ").append(exit);
    }
    if (finished.outcome() != Conclusion.SKIPPED) {
      text.append(" in ").append(Durations.text(finished.durationMs()));
    }
    print(finished.run(), finished.job(), text.toString());
  }

  private void print(String run, String job, String text) {
    byte[] prefix = prefix(run, job);
    append(prefix, 0, prefix.length);
    appendText(text);
    end();
  }

  private static String key(String run, String job) {
    return run + '\n' + job;
  }

  private byte[] prefix(String run, String job) {
    if (run.equals(lastRun) && job.equals(lastJob)) {
      return lastPrefix;
    }
    String key = key(run, job);
    byte[] prefix = prefixes.get(key);
    if (prefix == null) {
      RunPicture picture = runs.get(run);
      String name = picture == null ? job : Text.plain(picture.job(job).name);
      if (picture != null && runs.size() > 1) {
        name = Text.plain(picture.workflow) + " / " + name;
      }
      prefix = (colors.dim(name + " |") + " ").getBytes(StandardCharsets.UTF_8);
      prefixes.put(key, prefix);
    }
    lastRun = run;
    lastJob = job;
    lastPrefix = prefix;
    return prefix;
  }

  private void appendText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    append(bytes, 0, bytes.length);
  }

  private void end() {
    if (length == buffer.length) {
      write();
    }
    buffer[length++] = '\n';
    if (flusher == null) {
      start();
    }
  }

  private void append(byte[] bytes, int offset, int count) {
    if (count > buffer.length - length) {
      write();
      if (count > buffer.length) {
        send(bytes, offset, count);
        return;
      }
    }
    if (length == 0) {
      notifyAll();
    }
    System.arraycopy(bytes, offset, buffer, length, count);
    length += count;
  }

  private void write() {
    if (length > 0) {
      int count = length;
      length = 0;
      send(buffer, 0, count);
    }
  }

  /** After the first failure nothing more is written, but the run goes on to its end. */
  private void send(byte[] bytes, int offset, int count) {
    if (problem == null) {
      try {
        out.flush();
        out.print(bytes, offset, count).flush();
      } catch (Sink.Closed e) {
        problem = e;
      }
    }
  }

  private void start() {
    Thread thread = new Thread(this::flushNowAndThen, "slipway-output");
    thread.setDaemon(true);
    flusher = thread;
    thread.start();
  }

  @SuppressWarnings("WaitNotInLoop") // the second wait is a pause
  private synchronized void flushNowAndThen() {
    try {
      while (!closed) {
        while (length == 0 && !closed) {
          wait();
        }
        if (!closed) {
          wait(MOMENT_MS);
          write();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
