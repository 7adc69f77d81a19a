package dev.slipway.engine;

import java.util.function.Consumer;

/**
 * Lines for the log of a step, or of the job itself, of which {@code ##[group]} and {@code
 * ##[endgroup]} fold those between them. Thread-safe.
 */
final class FoldedLog implements Consumer<String> {
  private static final String GROUP = "##[group]";
  private static final String END = "##[endgroup]";

  private final LogSink log;
  private final JobOutput output;
  private final int step;

  FoldedLog(LogSink log, JobOutput output, int step) {
    this.log = log;
    this.output = output;
    this.step = step;
  }

  @Override
  public synchronized void accept(String line) {
    if (line.startsWith(GROUP)) {
      output.groupStarted(step, line.substring(GROUP.length()));
    } else if (line.equals(END)) {
      output.groupFinished(step);
    } else {
      log.system(line);
    }
  }
}
