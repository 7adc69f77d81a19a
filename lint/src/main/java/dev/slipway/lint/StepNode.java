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
  private @Nullable StepScript script;

  /** What is known of its action, none or one; null until it is asked for. */
  private @Nullable List<UsedAction> action;

  StepNode(@Nullable JobNode job, int index, YamlNode.Mapping body) {
    this.job = job;
    this.index = index;
    this.body = body;
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
    return scalar("run");
  }

  YamlNode.@Nullable Scalar uses() {
    return scalar("uses");
  }

  /** The script that it runs; null when it runs none. */
  @Nullable StepScript script(LintFile file) {
    StepScript known = script;
    YamlNode.Scalar run = known == null ? run() : null;
    if (run != null) {
      known = new StepScript(run, StepShell.of(file, this));
      script = known;
    }
    return known;
  }

  /** What is known of the action that it uses; null when nothing is. */
  @Nullable UsedAction action(LintFile file) {
    List<UsedAction> known = action;
    if (known == null) {
      UsedAction found = UsedAction.find(file, this);
      known = found == null ? List.of() : List.of(found);
      action = known;
    }
    return known.isEmpty() ? null : known.getFirst();
  }

  /** Whether it uses this action, in any version. */
  boolean uses(String slug) {
    String uses = text("uses").toLowerCase(Locale.ROOT);
    return uses.startsWith(slug)
        && uses.length() > slug.length()
        && (uses.charAt(slug.length()) == '@' || uses.charAt(slug.length()) == '/');
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
