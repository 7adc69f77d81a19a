package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A step as written. */
final class StepNode {
  private final @Nullable JobNode job;
  private final int index;
  private final YamlNode.Mapping body;
  private final YamlNode.@Nullable Scalar run;
  private final YamlNode.@Nullable Scalar uses;

  /** The action it uses, in lower case; empty when it uses none. */
  private final String action;

  private @Nullable StepScript script;

  /** What is known of its action, none or one; null until it is asked for. */
  private @Nullable List<UsedAction> known;

  StepNode(@Nullable JobNode job, int index, YamlNode.Mapping body) {
    this.job = job;
    this.index = index;
    this.body = body;
    this.run = Trees.scalar(body, "run");
    this.uses = Trees.scalar(body, "uses");
    this.action = uses == null ? "" : uses.text().toLowerCase(Locale.ROOT);
  }

  /** The job it belongs to; null in an action. */
  @Nullable JobNode job() {
    return job;
  }

  /** 0-based in its job or action. */
  int index() {
    return index;
  }

  YamlNode.Mapping body() {
    return body;
  }

  YamlNode.@Nullable Scalar scalar(String key) {
    return Trees.scalar(body, key);
  }

  String text(String key) {
    return Trees.text(body, key);
  }

  YamlNode.@Nullable Scalar run() {
    return run;
  }

  YamlNode.@Nullable Scalar uses() {
    return uses;
  }

  /** The script that it runs; null when it runs none. */
  @Nullable StepScript script(LintFile file) {
    StepScript known = script;
    if (known == null && run != null) {
      known = new StepScript(run, StepShell.of(file, this));
      script = known;
    }
    return known;
  }

  /** What is known of the action that it uses; null when nothing is. */
  @Nullable UsedAction action(LintFile file) {
    List<UsedAction> of = known;
    if (of == null) {
      UsedAction found = UsedAction.find(file, this);
      of = found == null ? List.of() : List.of(found);
      known = of;
    }
    return of.isEmpty() ? null : of.getFirst();
  }

  /** Whether it uses this action, in any version. */
  boolean uses(String slug) {
    return action.startsWith(slug)
        && action.length() > slug.length()
        && (action.charAt(slug.length()) == '@' || action.charAt(slug.length()) == '/');
  }

  YamlNode.@Nullable Scalar with(String input) {
    return Trees.scalar(Trees.get(body, "with"), input);
  }

  /** The shell it names, or its job or workflow does; empty for the machine's default. */
  String shell(LintFile file) {
    String own = text("shell");
    if (!own.isEmpty()) {
      return own;
    }
    String ofJob =
        job == null ? "" : Trees.text(Trees.get(Trees.get(job.body(), "defaults"), "run"), "shell");
    return ofJob.isEmpty()
        ? Trees.text(Trees.get(Trees.get(file.root(), "defaults"), "run"), "shell")
        : ofJob;
  }

  /** What people call it. */
  String label() {
    String name = text("name");
    if (!name.isEmpty()) {
      return "step '" + name + "'";
    }
    String uses = text("uses");
    return uses.isEmpty() ? "step " + (index + 1) : "step '" + uses + "'";
  }
}
