package dev.slipway.engine;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened in a run, as it is recorded and shown; texts are masked already. The
 * record of a run is the list of its events, and every view is a fold over it.
 *
 * <p>{@code seq} counts from 1 within a run. Log lines are events too, but reach listeners as bytes
 * through {@link RunListener#log}, so that long logs cost little.
 */
public sealed interface RunEvent {
  long seq();

  Instant at();

  /** The run's id. */
  String run();

  /** The key of the job that it belongs to; null when it belongs to the whole run. */
  default @Nullable String job() {
    return null;
  }

  /** Phases of an action. */
  enum Phase {
    PRE,
    MAIN,
    POST
  }

  /** Where a log line came from; {@code SYSTEM}: Slipway itself. */
  enum Stream {
    STDOUT,
    STDERR,
    SYSTEM
  }

  /** A run began. */
  record RunStarted(
      long seq,
      Instant at,
      String run,
      String workflow,
      String file,
      String event,
      String ref,
      String sha,
      String actor)
      implements RunEvent {}

  /**
   * A job is to run, all that it needs has ended. {@code needs} are keys of jobs without their
   * matrices; {@code matrixJson} is JSON, null without a matrix.
   */
  record JobQueued(
      long seq,
      Instant at,
      String run,
      String job,
      String id,
      String name,
      List<String> needs,
      @Nullable String matrixJson)
      implements RunEvent {}

  /** A machine took the job. */
  record JobStarted(long seq, Instant at, String run, String job, String name, String machine)
      implements RunEvent {}

  /** A job does not run. */
  record JobSkipped(long seq, Instant at, String run, String job, String name, String reason)
      implements RunEvent {}

  /** A step began; {@code uses} or {@code shell} is set by what it is. */
  record StepStarted(
      long seq,
      Instant at,
      String run,
      String job,
      int step,
      String name,
      Phase phase,
      @Nullable String uses,
      @Nullable String shell)
      implements RunEvent {}

  /** One printed line, without its end. */
  record Log(long seq, Instant at, String run, String job, int step, Stream stream, String text)
      implements RunEvent {}

  record GroupStarted(long seq, Instant at, String run, String job, int step, String title)
      implements RunEvent {}

  record GroupFinished(long seq, Instant at, String run, String job, int step)
      implements RunEvent {}

  /**
   * A notice, warning or error; {@code level} and {@code source} ({@code command}, {@code matcher})
   * as recorded.
   */
  record Annotation(
      long seq,
      Instant at,
      String run,
      String job,
      int step,
      String level,
      String message,
      @Nullable String title,
      @Nullable String file,
      @Nullable Integer line,
      @Nullable Integer endLine,
      @Nullable Integer column,
      @Nullable Integer endColumn,
      @Nullable String code,
      String source)
      implements RunEvent {}

  /** A step's summary. */
  record Summary(long seq, Instant at, String run, String job, int step, String markdown)
      implements RunEvent {}

  /** A step ended. {@code exitCode} only where a process ran. */
  record StepFinished(
      long seq,
      Instant at,
      String run,
      String job,
      int step,
      Phase phase,
      Conclusion outcome,
      Conclusion conclusion,
      long durationMs,
      boolean cached,
      @Nullable Integer exitCode,
      Map<String, String> outputs)
      implements RunEvent {}

  /**
   * A job ended. {@code cause}: why, where the conclusion alone does not say ({@code timed_out} …).
   */
  record JobFinished(
      long seq,
      Instant at,
      String run,
      String job,
      Conclusion conclusion,
      long durationMs,
      Map<String, String> outputs,
      @Nullable String cause)
      implements RunEvent {}

  /** A run ended. {@code cause}: {@code interrupted} when Slipway itself was killed, else null. */
  record RunFinished(
      long seq,
      Instant at,
      String run,
      Conclusion conclusion,
      long durationMs,
      @Nullable String cause)
      implements RunEvent {}
}
