package dev.slipway.plan;

import dev.slipway.workflow.expression.ObjectValue;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a plan knows besides the event and the workflows.
 *
 * @param machines which machine takes which labels
 * @param durations how long jobs took before
 * @param costs what minutes cost
 * @param vars the {@code vars} context
 */
public record Forecasts(Machines machines, Durations durations, Costs costs, ObjectValue vars) {
  /** Takes every job, knows no duration and no cost. */
  public static final Forecasts NONE =
      new Forecasts(
          labels -> new Choice("host", null),
          (file, key) -> OptionalLong.empty(),
          (runsOn, milliseconds) -> null,
          dev.slipway.workflow.expression.Value.object(Map.of()));

  /** Chooses a machine by the labels of {@code runs-on}. */
  @FunctionalInterface
  public interface Machines {
    Choice choose(List<String> labels);
  }

  /**
   * A machine's name, or why none fits.
   *
   * @param machine null when none fits
   * @param reason null when one fits
   */
  public record Choice(@Nullable String machine, @Nullable String reason) {}

  /**
   * How long a job of a workflow file will take, in milliseconds. The key is that in a run of this
   * workflow alone.
   */
  @FunctionalInterface
  public interface Durations {
    OptionalLong estimateMs(String file, String key);
  }

  /** What a job of this length costs on these labels; null when not known. */
  @FunctionalInterface
  public interface Costs {
    @Nullable Cost cost(List<String> runsOn, long milliseconds);
  }

  /** Minutes that are charged, and their price. */
  public record Cost(double minutes, double cost) {}
}
