package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The place where a step takes the code of a pull request.
 *
 * @param fixed whether it names a commit, which nobody can change
 */
record ForeignCode(YamlNode.Scalar at, int start, int end, boolean fixed) {
  /** Where a step takes such code; null when it does not. */
  static @Nullable ForeignCode in(LintFile file, StepNode step) {
    if (step.uses(CheckoutRules.CHECKOUT)) {
      ForeignCode ref = input(file, step.with("ref"));
      return ref == null ? input(file, step.with("repository")) : ref;
    }
    YamlNode.Scalar run = step.run();
    return run == null || !(run.text().contains("git ") || run.text().contains("gh "))
        ? null
        : script(file, step, run);
  }

  private static @Nullable ForeignCode input(LintFile file, YamlNode.@Nullable Scalar value) {
    if (value == null) {
      return null;
    }
    if (value.text().contains("refs/pull/")) {
      return new ForeignCode(value, 0, value.text().length(), false);
    }
    for (ExpressionUse use : file.taint().in(value)) {
      for (List<String> path : use.flows()) {
        if (head(ExpressionUse.written(path).toLowerCase(Locale.ROOT), file, path, use)) {
          String name = path.getLast().toLowerCase(Locale.ROOT);
          boolean fixed =
              (name.equals("sha") || name.equals("head_sha") || name.equals("id"))
                  && path.getFirst().equals("github");
          return new ForeignCode(value, use.start(), use.end(), fixed);
        }
      }
    }
    return null;
  }

  private static boolean head(String way, LintFile file, List<String> path, ExpressionUse use) {
    if (way.startsWith("github.event.pull_request.head.")
        || way.equals("github.head_ref")
        || way.equals("github.event.pull_request.merge_commit_sha")
        || way.equals("github.event.number")
        || way.startsWith("github.event.workflow_run.head_")
        || way.startsWith("github.event.workflow_run.pull_requests")) {
      return true;
    }
    if (way.startsWith("steps.") && (way.endsWith("head_sha") || way.endsWith("head_ref"))) {
      return true;
    }
    Origin origin = path.getFirst().equals("github") ? null : file.taint().of(path, use);
    return origin != null
        && origin.anybody()
        && (origin.source().contains("head") || origin.source().contains("branch"));
  }

  private static @Nullable ForeignCode script(LintFile file, StepNode step, YamlNode.Scalar run) {
    String text = run.text();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      int stop = end < 0 ? text.length() : end;
      String line = text.substring(from, stop).strip();
      if (!line.startsWith("#") && takes(file, step, line)) {
        return new ForeignCode(run, from, stop, false);
      }
      from = stop + 1;
    }
    return null;
  }

  private static boolean takes(LintFile file, StepNode step, String line) {
    if (line.contains("gh pr checkout")) {
      return true;
    }
    boolean git =
        line.contains("git fetch")
            || line.contains("git checkout")
            || line.contains("git pull")
            || line.contains("git clone")
            || line.contains("git switch");
    if (!git) {
      return false;
    }
    if (line.contains("pull/")
        || line.contains("github.head_ref")
        || line.contains("pull_request.head.")
        || line.contains("workflow_run.head_")) {
      return line.contains("checkout") || !line.contains("git fetch") || line.contains("pull/");
    }
    ScriptFlow flow = line.indexOf('$') < 0 ? null : file.taint().flow(step);
    for (int at = line.indexOf('$'); flow != null && at >= 0; at = line.indexOf('$', at + 1)) {
      Origin origin = flow.variable(ScriptFlow.referred(line, at));
      if (origin != null && origin.anybody() && !line.contains("git fetch")) {
        return true;
      }
    }
    return false;
  }
}
