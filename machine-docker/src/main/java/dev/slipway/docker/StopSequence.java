package dev.slipway.docker;

import dev.slipway.engine.ProcessResult;
import dev.slipway.engine.Stop;
import dev.slipway.engine.StopSignal;
import java.util.Optional;

/**
 * How a process is stopped, as GitHub's runner does it: SIGINT, after 7.5 s SIGTERM, after 2.5 s
 * more SIGKILL; at once when asked to. Belongs to one thread.
 */
final class StopSequence {
  /** What is sent. */
  enum Signal {
    INT,
    TERM,
    KILL
  }

  private static final long TERM_AFTER_NANOS = 7_500_000_000L;
  private static final long KILL_AFTER_NANOS = 10_000_000_000L;

  private final StopSignal stop;
  private final long deadlineNanos;
  private ProcessResult.End end = ProcessResult.End.EXITED;
  private long began;
  private Optional<Signal> sent = Optional.empty();

  StopSequence(StopSignal stop, long deadlineNanos) {
    this.stop = stop;
    this.deadlineNanos = deadlineNanos;
  }

  /** The signal to send now, once. */
  Optional<Signal> due(long now) {
    Stop asked = stop.stop();
    if (sent.isEmpty()) {
      boolean late = deadlineNanos != Long.MAX_VALUE && now - deadlineNanos >= 0;
      if (asked == Stop.NONE && !late) {
        return Optional.empty();
      }
      began = now;
      end = asked != Stop.NONE ? ProcessResult.End.STOPPED : ProcessResult.End.TIMED_OUT;
      return send(asked == Stop.KILL ? Signal.KILL : Signal.INT);
    }
    Signal last = sent.get();
    if (last != Signal.KILL && (asked == Stop.KILL || now - began >= KILL_AFTER_NANOS)) {
      return send(Signal.KILL);
    }
    if (last == Signal.INT && now - began >= TERM_AFTER_NANOS) {
      return send(Signal.TERM);
    }
    return Optional.empty();
  }

  private Optional<Signal> send(Signal signal) {
    sent = Optional.of(signal);
    return sent;
  }

  /** How long until something is due without being asked; {@link Long#MAX_VALUE} for never. */
  long nanosUntilDue(long now) {
    if (sent.isEmpty()) {
      return deadlineNanos == Long.MAX_VALUE ? Long.MAX_VALUE : deadlineNanos - now;
    }
    return switch (sent.get()) {
      case INT -> began + TERM_AFTER_NANOS - now;
      case TERM -> began + KILL_AFTER_NANOS - now;
      case KILL -> Long.MAX_VALUE;
    };
  }

  /** Whether the last signal has been sent. */
  boolean killed() {
    return sent.isPresent() && sent.get() == Signal.KILL;
  }

  /** Why the process is over. */
  ProcessResult.End end() {
    return end;
  }
}
