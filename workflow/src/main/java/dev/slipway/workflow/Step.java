package dev.slipway.workflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of a job or of a composite action.
 *
 * @param number 1-based in document order; the steps of a {@code parallel} group follow the group's
 *     own number
 * @param id as written; null when not given
 * @param contextName {@code id}, or the generated one ({@code __run}, {@code __run_2}, {@code
 *     __owner_repo} …)
 */
public record Step(
    int number,
    Position at,
    @Nullable String id,
    String contextName,
    @Nullable Node name,
    Condition condition,
    Node.@Nullable Mapping env,
    @Nullable Node continueOnError,
    @Nullable Node timeoutMinutes,
    boolean background,
    Body body) {

  /** What a step does. */
  public sealed interface Body permits Run, Uses, Wait, WaitAll, Cancel, Parallel {}

  /** A script. */
  public record Run(Node script, @Nullable Node shell, @Nullable Node workingDirectory)
      implements Body {}

  /** An action. */
  public record Uses(Position at, ActionReference action, Node.@Nullable Mapping with)
      implements Body {}

  /** Waits for background steps, by id. */
  public record Wait(List<String> ids) implements Body {
    public Wait {
      ids = List.copyOf(ids);
    }
  }

  /** Waits for all background steps so far. */
  public record WaitAll() implements Body {}

  /** Cancels a background step. */
  public record Cancel(String target) implements Body {}

  /** Steps that run at the same time; ends when all have ended. */
  public record Parallel(List<Step> steps) implements Body {
    public Parallel {
      steps = List.copyOf(steps);
    }
  }
}
