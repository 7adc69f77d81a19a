package dev.slipway.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link RunState#decide} is told. Inputs may come late or twice; those that no longer fit change nothing. */
sealed interface RunInput {
  /** The run begins. */
  record Begin() implements RunInput {}

  /** A machine took the job. */
  record JobStarted(String key) implements RunInput {}

  /** The job ended. */
  record JobEnded(
      String key, Conclusion conclusion, Map<String, String> outputs, @Nullable String cause)
      implements RunInput {}

  /** The machine that ran the job is gone. */
  record JobLost(String key) implements RunInput {}

  /** The run is to end. */
  record Cancel() implements RunInput {}

  /** The holder may go on: its concurrency group is free. */
  record GroupGranted(String holder) implements RunInput {}

  /** The holder has to give way to another of its concurrency group. */
  record GroupRevoked(String holder) implements RunInput {}
}
