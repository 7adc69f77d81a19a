package dev.slipway.lint;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What outsiders can put into contexts: titles, branch names, comments, commit messages. */
final class Taint {
  private Taint() {}

  /** Whether the value at the end of a way is text that anybody may choose. */
  static boolean outsider(List<String> path) {
    String way = String.join(".", path).toLowerCase(Locale.ROOT);
    if (way.equals("github.head_ref")) {
      return true;
    }
    if (!way.startsWith("github.event.")) {
      return false;
    }
    String rest = way.substring("github.event.".length());
    return switch (rest) {
      case "issue.title",
          "issue.body",
          "pull_request.title",
          "pull_request.body",
          "pull_request.head.ref",
          "pull_request.head.label",
          "pull_request.head.repo.default_branch",
          "discussion.title",
          "discussion.body",
          "comment.body",
          "review.body",
          "review_comment.body",
          "head_commit.message",
          "head_commit.author.email",
          "head_commit.author.name",
          "workflow_run.head_branch",
          "workflow_run.head_commit.message",
          "workflow_run.head_commit.author.email",
          "workflow_run.head_commit.author.name" ->
          true;
      default -> listed(rest);
    };
  }

  private static boolean listed(String rest) {
    return (rest.startsWith("commits.")
            && (rest.endsWith(".message")
                || rest.endsWith(".author.email")
                || rest.endsWith(".author.name")))
        || (rest.startsWith("pages.") && rest.endsWith(".page_name"));
  }

  /**
   * The way from an outsider's text that flows into an expression, directly or through a variable
   * of the step, job or workflow; null when there is none.
   */
  static @Nullable List<String> source(LintFile file, ExpressionUse use) {
    for (List<String> path : use.flows()) {
      if (outsider(path)) {
        return path;
      }
      if (ExpressionUse.begins(path, "env") && path.size() == 2) {
        List<String> through = variable(file, use, path.get(1));
        if (through != null) {
          return through;
        }
      }
    }
    return null;
  }

  private static @Nullable List<String> variable(LintFile file, ExpressionUse use, String name) {
    StepNode step = use.step();
    JobNode job = use.job();
    ExpressionUse nearest = step == null ? null : named(file.variables(step.body()), name);
    nearest = nearest == null && job != null ? named(file.variables(job.body()), name) : nearest;
    nearest = nearest == null ? named(file.variables(file.root()), name) : nearest;
    if (nearest != null && nearest != use) {
      for (List<String> path : nearest.flows()) {
        if (outsider(path)) {
          return path;
        }
      }
    }
    return null;
  }

  private static @Nullable ExpressionUse named(List<ExpressionUse> variables, String name) {
    for (ExpressionUse use : variables) {
      if (use.key().equalsIgnoreCase(name)) {
        return use;
      }
    }
    return null;
  }
}
