package dev.slipway.prove;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was proven of a workflow.
 *
 * @param event the event that the run is supposed to be of
 * @param gate the id of the job whose result counts; null where that of the run does
 * @param steps how many steps can fail
 * @param unreached steps that run in no way that was tried, unless something failed before
 * @param masked the steps whose failure leaves the end green
 * @param worlds how many ways to fill in what is not known were tried
 * @param complete whether these were all
 * @param redAnyway how many of them end red though nothing that can succeed fails
 * @param assumptions what was supposed, in sentences
 */
public record Proof(
    String file,
    String name,
    String event,
    @Nullable String gate,
    int steps,
    List<ProvenStep> unreached,
    List<Masked> masked,
    int worlds,
    boolean complete,
    int redAnyway,
    List<String> assumptions) {
  public Proof {
    unreached = List.copyOf(unreached);
    masked = List.copyOf(masked);
    assumptions = List.copyOf(assumptions);
  }

  /** The job whose result counts. */
  public Optional<String> gateJob() {
    return Optional.ofNullable(gate);
  }
}
