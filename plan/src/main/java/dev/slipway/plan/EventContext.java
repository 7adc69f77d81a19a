package dev.slipway.plan;

import static java.util.Objects.requireNonNull;

import dev.slipway.workflow.Triggers;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What triggers workflows.
 *
 * @param name {@code push}, {@code pull_request} …
 * @param ref {@code refs/heads/main}, {@code refs/tags/v1}, {@code refs/pull/1/merge}
 * @param sha the commit it is about
 * @param baseSha the commit before, or that a pull request goes to; empty when there is none
 * @param headRef a pull request's branch; empty for other events
 * @param baseRef the branch that a pull request goes to; empty for other events
 * @param headMessage message of the commit that was pushed, or of a pull request's last; empty when
 *     it is not known
 * @param payload {@code github.event}
 */
public record EventContext(
    String name,
    String ref,
    String sha,
    String baseSha,
    String headRef,
    String baseRef,
    String headMessage,
    ObjectValue payload,
    String actor,
    String repository,
    ChangedFiles changedFiles) {
  public EventContext {
    requireNonNull(name, "name is null");
    requireNonNull(payload, "payload is null");
  }

  /**
   * {@code github.event} as runs of this workflow have it: all inputs of a dispatch as texts, also
   * those that were not given, and a cron line where a schedule names none.
   */
  public ObjectValue payload(Workflow workflow) {
    Triggers.Trigger trigger = workflow.on().trigger(name);
    if (trigger == null) {
      return payload;
    }
    return switch (name) {
      case "workflow_dispatch" -> with("inputs", Inputs.texts(trigger, payload));
      case "schedule" ->
          payload.get("schedule") != null || trigger.schedules().isEmpty()
              ? payload
              : with("schedule", Value.of(trigger.schedules().getFirst().cron()));
      default -> payload;
    };
  }

  private ObjectValue with(String member, Value value) {
    Map<String, Value> members = new LinkedHashMap<>();
    payload.forEach(members::put);
    members.put(member, value);
    return Value.object(members);
  }

  /** The branch or tag without its prefix, {@code 1/merge} for a pull request. */
  public String refName() {
    for (String prefix : new String[] {"refs/heads/", "refs/tags/", "refs/pull/"}) {
      if (ref.startsWith(prefix)) {
        return ref.substring(prefix.length());
      }
    }
    return ref;
  }

  /** {@code branch} or {@code tag}. */
  public String refType() {
    return ref.startsWith("refs/tags/") ? "tag" : "branch";
  }
}
