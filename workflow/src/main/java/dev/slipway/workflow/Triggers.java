package dev.slipway.workflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code on}: what triggers a workflow. */
public record Triggers(Position at, List<Trigger> triggers) {
  public Triggers {
    triggers = List.copyOf(triggers);
  }

  /** The trigger for an event, or null. */
  public @Nullable Trigger trigger(String event) {
    for (Trigger trigger : triggers) {
      if (trigger.event().equals(event)) {
        return trigger;
      }
    }
    return null;
  }

  /**
   * One event with its filters.
   *
   * @param types activity types; empty when not given (then the event's defaults hold)
   */
  public record Trigger(
      Position at,
      String event,
      List<String> types,
      @Nullable Filter branches,
      @Nullable Filter tags,
      @Nullable Filter paths,
      List<String> workflows,
      List<Schedule> schedules,
      List<InputDefinition> inputs,
      List<SecretDefinition> secrets,
      List<OutputDefinition> outputs) {}

  /** {@code X} or, with {@code ignore}, {@code X-ignore}. */
  public record Filter(Position at, boolean ignore, List<String> patterns) {}

  /** One cron line; {@code timezone} null means UTC. */
  public record Schedule(Position at, String cron, @Nullable String timezone) {}

  /** A secret that a reusable workflow takes. */
  public record SecretDefinition(Position at, String id, boolean required) {}

  /** An output of a reusable workflow. */
  public record OutputDefinition(Position at, String id, Node value) {}
}
