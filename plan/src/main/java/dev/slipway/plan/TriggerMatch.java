package dev.slipway.plan;

import dev.slipway.workflow.Globs;
import dev.slipway.workflow.Triggers;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether an event triggers a workflow, and why (GitHub's documentation of workflow syntax, {@code
 * on}).
 *
 * @param reason for a person, in either case
 */
public record TriggerMatch(boolean triggered, String reason) {
  private static final List<String> PULL_REQUEST_TYPES =
      List.of("opened", "synchronize", "reopened");
  private static final List<String> SKIP_WORDS =
      List.of("[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]");
  private static final int MAX_FILES = 300;

  /** Decides for one workflow. */
  public static TriggerMatch of(Triggers triggers, EventContext event) {
    Triggers.Trigger trigger = triggers.trigger(event.name());
    if (trigger == null) {
      StringBuilder names = new StringBuilder();
      for (Triggers.Trigger other : triggers.triggers()) {
        names.append(names.isEmpty() ? "" : ", ").append(other.event());
      }
      return no("runs on " + names + ", not on " + event.name());
    }
    if (event.name().equals("workflow_call")) {
      return no("is called by other workflows only");
    }
    TriggerMatch type = types(trigger, event);
    if (type != null) {
      return type;
    }
    return switch (event.name()) {
      case "push" -> push(trigger, event);
      case "pull_request", "pull_request_target" -> pullRequest(trigger, event);
      case "workflow_run" -> workflowRun(trigger, event);
      case "schedule" -> schedule(trigger, event);
      case "merge_group" ->
          branches(trigger, event, event.baseRef().isEmpty() ? event.refName() : event.baseRef());
      default -> yes(event.name());
    };
  }

  private static TriggerMatch yes(String reason) {
    return new TriggerMatch(true, reason);
  }

  private static TriggerMatch no(String reason) {
    return new TriggerMatch(false, reason);
  }

  private static @Nullable TriggerMatch types(Triggers.Trigger trigger, EventContext event) {
    String action = text(event.payload(), "action");
    List<String> types = trigger.types();
    if (types.isEmpty()
        && event.name().startsWith("pull_request")
        && !event.name().equals("pull_request_review")
        && !event.name().equals("pull_request_review_comment")) {
      types = PULL_REQUEST_TYPES;
    }
    if (types.isEmpty() || action.isEmpty()) {
      return null;
    }
    for (String type : types) {
      if (type.equalsIgnoreCase(action)) {
        return null;
      }
    }
    return no("activity '" + action + "' is none of its types " + types);
  }

  private static TriggerMatch push(Triggers.Trigger trigger, EventContext event) {
    if (truthy(event.payload(), "deleted") || zeros(text(event.payload(), "after"))) {
      return no("a branch that is deleted triggers nothing");
    }
    String skip = skipWord(event);
    if (skip != null) {
      return no("the commit message holds " + skip);
    }
    boolean tag = event.refType().equals("tag");
    Triggers.Filter own = tag ? trigger.tags() : trigger.branches();
    Triggers.Filter other = tag ? trigger.branches() : trigger.tags();
    String kind = tag ? "tag" : "branch";
    if (own == null) {
      if (other != null && (tag || trigger.paths() == null)) {
        return no("filters only " + (tag ? "branches" : "tags") + ", and this is a " + kind);
      }
    } else if (!passes(own, event.refName())) {
      return no(
          kind
              + " '"
              + event.refName()
              + "' does not pass "
              + describe(own, tag ? "tags" : "branches"));
    }
    if (tag) {
      return yes("push of tag '" + event.refName() + "'");
    }
    return paths(trigger, event, "push to '" + event.refName() + "'");
  }

  private static TriggerMatch pullRequest(Triggers.Trigger trigger, EventContext event) {
    String skip = event.name().equals("pull_request") ? skipWord(event) : null;
    if (skip != null) {
      return no("the commit message holds " + skip);
    }
    Triggers.Filter branches = trigger.branches();
    if (branches != null && !passes(branches, event.baseRef())) {
      return no(
          "base branch '" + event.baseRef() + "' does not pass " + describe(branches, "branches"));
    }
    return paths(trigger, event, event.name() + " to '" + event.baseRef() + "'");
  }

  private static TriggerMatch workflowRun(Triggers.Trigger trigger, EventContext event) {
    Value run = event.payload().get("workflow_run");
    ObjectValue of = run instanceof ObjectValue object ? object : Value.object(java.util.Map.of());
    String name = text(of, "name");
    if (!trigger.workflows().isEmpty() && !name.isEmpty() && !trigger.workflows().contains(name)) {
      return no("follows " + trigger.workflows() + ", not '" + name + "'");
    }
    String branch = text(of, "head_branch");
    return branches(trigger, event, branch.isEmpty() ? event.refName() : branch);
  }

  /** The event names the cron line that is due; without it any will do. */
  private static TriggerMatch schedule(Triggers.Trigger trigger, EventContext event) {
    String due = text(event.payload(), "schedule").strip();
    List<String> lines = new ArrayList<>();
    for (Triggers.Schedule schedule : trigger.schedules()) {
      lines.add(schedule.cron().strip());
    }
    return due.isEmpty() || lines.contains(due)
        ? yes(event.name())
        : no("its cron lines are " + lines + ", not '" + due + "'");
  }

  private static TriggerMatch branches(
      Triggers.Trigger trigger, EventContext event, String branch) {
    Triggers.Filter branches = trigger.branches();
    if (branches != null && !passes(branches, branch)) {
      return no("branch '" + branch + "' does not pass " + describe(branches, "branches"));
    }
    return yes(event.name());
  }

  private static TriggerMatch paths(Triggers.Trigger trigger, EventContext event, String reason) {
    Triggers.Filter paths = trigger.paths();
    if (paths == null) {
      return yes(reason);
    }
    Optional<List<String>> changed = event.changedFiles().paths();
    if (changed.isEmpty()) {
      return yes(reason + ", and the changed files cannot be told");
    }
    List<String> files = changed.get();
    int count = Math.min(files.size(), MAX_FILES);
    Globs globs = Globs.compile(paths.patterns());
    for (String file : files.subList(0, count)) {
      boolean matches = globs.matches(file);
      if (matches != paths.ignore()) {
        return yes(reason + " changed '" + file + "'");
      }
    }
    return no(unmatched(files.size()) + describe(paths, "paths"));
  }

  private static String unmatched(int changed) {
    return switch (changed) {
      case 0 -> "no file is changed that could pass ";
      case 1 -> "the 1 changed file does not pass ";
      default -> "none of the " + changed + " changed files passes ";
    };
  }

  private static boolean passes(Triggers.Filter filter, String name) {
    return Globs.matches(filter.patterns(), name) != filter.ignore();
  }

  private static String describe(Triggers.Filter filter, String key) {
    return key + (filter.ignore() ? "-ignore " : " ") + filter.patterns();
  }

  private static @Nullable String skipWord(EventContext event) {
    String message =
        event.payload().get("head_commit") instanceof ObjectValue commit
            ? text(commit, "message")
            : event.headMessage();
    String lower = message.toLowerCase(Locale.ROOT);
    for (String word : SKIP_WORDS) {
      if (lower.contains(word)) {
        return word;
      }
    }
    return skipsChecks(lower.replace("\r", "")) ? "skip-checks: true" : null;
  }

  /** Whether a message ends in the trailer {@code skip-checks: true}. */
  private static boolean skipsChecks(String message) {
    String text = message.stripTrailing();
    String last = text.substring(text.lastIndexOf('\n') + 1).replace(" ", "");
    return last.equals("skip-checks:true") && text.contains("\n\n");
  }

  /** Whether this names no commit: what a branch that is deleted comes to. */
  private static boolean zeros(String sha) {
    return !sha.isEmpty() && sha.chars().allMatch(c -> c == '0');
  }

  private static String text(ObjectValue object, String name) {
    Value value = object.get(name);
    return value == null ? "" : value.toText();
  }

  private static boolean truthy(ObjectValue object, String name) {
    Value value = object.get(name);
    return value != null && value.truthy();
  }
}
