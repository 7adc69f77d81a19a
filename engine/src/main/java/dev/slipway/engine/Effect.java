package dev.slipway.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link RunState#decide} wants done, in order. */
sealed interface Effect {
  /** The job is known and will run when a machine is free. {@code matrix} is JSON. */
  record Queue(String key, String id, String name, List<String> needs, @Nullable String matrix)
      implements Effect {}

  /** Run the job on the machine. */
  record Start(JobSpec spec, String machine) implements Effect {}

  /** The job does not run. */
  record Skip(String key, String name, String reason) implements Effect {}

  /** The job has ended without a machine's doing: it could not be evaluated, it called a workflow, it was not started in time. */
  record End(
      String key, String name, Conclusion conclusion, Map<String, String> outputs, @Nullable String cause)
      implements Effect {}

  /** Stop the job that a machine runs. */
  record Stop(String key) implements Effect {}

  /** Ask for a concurrency group; a grant or a revocation answers. */
  record Acquire(String holder, String group, boolean cancelInProgress, boolean queueAll)
      implements Effect {}

  /** Give a concurrency group back, held or still asked for. */
  record Release(String holder, String group) implements Effect {}

  /** The run has ended. */
  record Finish(Conclusion conclusion) implements Effect {}
}
