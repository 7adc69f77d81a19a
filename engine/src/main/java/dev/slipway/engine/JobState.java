package dev.slipway.engine;

import dev.slipway.workflow.expression.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a job of a workflow is: it waits for the jobs it needs, then has legs that run, then an
 * outcome.
 *
 * @param missing how many of the jobs it needs have not ended
 * @param legs none until its {@code if} has held
 * @param outcome null until it has ended
 */
record JobState(JobNode node, int missing, JobLegs legs, Tally tally, @Nullable Outcome outcome) {
  static JobState waiting(JobNode node) {
    return new JobState(node, node.needs().length, JobLegs.NONE, Tally.NONE, null);
  }

  boolean waits() {
    return outcome == null && legs.size() == 0;
  }

  boolean runs() {
    return outcome == null && legs.size() > 0;
  }

  boolean ended() {
    return outcome != null;
  }

  JobState needEnded() {
    return new JobState(node, missing - 1, legs, tally, outcome);
  }

  JobState with(JobLegs changed) {
    return new JobState(node, missing, changed, tally, outcome);
  }

  JobState with(Tally changed) {
    return new JobState(node, missing, legs, changed, outcome);
  }

  JobState finished(Outcome how) {
    return new JobState(node, missing, legs, tally, how);
  }

  /** How it ended; null while it has not. */
  @Nullable Conclusion result() {
    return outcome == null ? null : outcome.conclusion();
  }

  boolean clean() {
    return outcome != null && outcome.clean();
  }

  boolean tainted() {
    return outcome != null && outcome.tainted();
  }

  /** The job as {@code needs.<id>} and {@code jobs.<id>} show it. */
  Value value() {
    Map<String, Value> outputs = new LinkedHashMap<>();
    tally.outputs().forEach((name, value) -> outputs.put(name, Value.of(value)));
    Map<String, Value> values = new LinkedHashMap<>();
    Conclusion how = result();
    values.put("result", Value.of(how == null ? "" : how.text()));
    values.put("outputs", Value.object(outputs));
    return Value.object(values);
  }

  /**
   * How a job ended.
   *
   * @param clean whether it and all above it succeeded
   * @param tainted whether it or one above it failed
   */
  record Outcome(Conclusion conclusion, boolean clean, boolean tainted) {}

  /**
   * What the legs that have ended come to.
   *
   * @param realFailure whether one failed that {@code continue-on-error} does not forgive
   * @param ran whether one was not skipped
   * @param outputs of all legs, the last non-empty value winning
   */
  record Tally(
      boolean anyFailure,
      boolean realFailure,
      boolean anyCancelled,
      boolean ran,
      Map<String, String> outputs) {
    static final Tally NONE = new Tally(false, false, false, false, Map.of());

    Tally add(JobResult result, boolean forgiven) {
      Map<String, String> merged = outputs;
      if (!result.outputs().isEmpty()) {
        merged = new LinkedHashMap<>(outputs);
        for (Map.Entry<String, String> output : result.outputs().entrySet()) {
          if (!output.getValue().isEmpty()) {
            merged.put(output.getKey(), output.getValue());
          }
        }
      }
      boolean failed = result.conclusion() == Conclusion.FAILURE;
      return new Tally(
          anyFailure || failed,
          realFailure || (failed && !forgiven),
          anyCancelled || result.conclusion() == Conclusion.CANCELLED,
          ran || result.conclusion() != Conclusion.SKIPPED,
          merged);
    }

    Conclusion conclusion() {
      if (anyFailure) {
        return Conclusion.FAILURE;
      }
      if (anyCancelled) {
        return Conclusion.CANCELLED;
      }
      return ran ? Conclusion.SUCCESS : Conclusion.SKIPPED;
    }
  }
}
