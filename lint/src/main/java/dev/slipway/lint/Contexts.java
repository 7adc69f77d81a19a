package dev.slipway.lint;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who decides what stands in the {@code github} context. Payloads of events hold three kinds of
 * values: what people type, which may be any text; what GitHub makes, numbers, hashes, addresses
 * and names of a narrow alphabet, which no shell minds; and objects of both.
 */
final class Contexts {
  private static final Set<String> TYPED =
      Set.of(
          "title",
          "body",
          "body_html",
          "body_text",
          "ref",
          "label",
          "description",
          "homepage",
          "default_branch",
          "message",
          "path",
          "diff_hunk",
          "display_title",
          "head_branch",
          "page_name",
          "summary",
          "text",
          "bio",
          "blog",
          "company",
          "location");
  private static final Set<String> LONG =
      Set.of(
          "body",
          "body_html",
          "body_text",
          "message",
          "diff_hunk",
          "summary",
          "text",
          "description",
          "bio");
  private static final Set<String> OF_OUTSIDERS =
      Set.of(
          "issue",
          "pull_request",
          "discussion",
          "comment",
          "review",
          "review_comment",
          "answer",
          "thread",
          "changes",
          "forkee");
  private static final Set<String> OF_INSIDERS =
      Set.of(
          "release",
          "label",
          "milestone",
          "deployment",
          "deployment_status",
          "check_run",
          "registry_package",
          "package",
          "client_payload",
          "project",
          "project_card",
          "project_column",
          "workflow_job",
          "rule");

  private Contexts() {}

  /** Who decides what is at the end of a way that begins with {@code github}. */
  static Chooser chooser(LintFile file, List<String> path) {
    if (path.size() == 1) {
      return outsidersStart(file) ? Chooser.ANYBODY : Chooser.INSIDER;
    }
    String second = lower(path, 1);
    return switch (second) {
      case "head_ref" -> Chooser.ANYBODY;
      case "event" -> event(file, path);
      case "ref", "ref_name" -> branchesVary(file) ? Chooser.INSIDER : Chooser.NOBODY;
      case "base_ref" -> Chooser.INSIDER;
      default -> Chooser.NOBODY;
    };
  }

  /** Whether the value there may have several lines. */
  static boolean lines(List<String> path) {
    String leaf = lower(path, path.size() - 1);
    boolean whole = path.size() == 1 || (path.size() <= 3 && lower(path, 1).equals("event"));
    return whole || LONG.contains(leaf) || path.getLast().equals("*");
  }

  private static Chooser event(LintFile file, List<String> path) {
    if (path.size() == 2) {
      return outsidersStart(file) ? Chooser.ANYBODY : Chooser.INSIDER;
    }
    String kind = lower(path, 2);
    String leaf = lower(path, path.size() - 1);
    if (leaf.equals("*") && path.size() > 3) {
      leaf = lower(path, path.size() - 2);
    }
    return switch (kind) {
      case "commits", "head_commit" -> commit(path, leaf);
      case "pages" -> TYPED.contains(leaf) || path.size() <= 4 ? Chooser.ANYBODY : Chooser.NOBODY;
      case "workflow_run", "check_suite" -> run(path, leaf);
      case "ref", "base_ref" -> branchesVary(file) ? Chooser.INSIDER : Chooser.NOBODY;
      case "inputs" -> Chooser.INSIDER;
      default -> other(path, kind, leaf);
    };
  }

  private static Chooser commit(List<String> path, String leaf) {
    return switch (leaf) {
      case "message", "email", "name", "added", "removed", "modified", "author", "committer" ->
          Chooser.ANYBODY;
      default ->
          path.size() == 3 || (path.size() == 4 && path.getLast().equals("*"))
              ? Chooser.ANYBODY
              : Chooser.NOBODY;
    };
  }

  private static Chooser run(List<String> path, String leaf) {
    if (path.size() == 3
        || leaf.equals("pull_requests")
        || leaf.equals("head_branch")
        || leaf.equals("display_title")
        || leaf.equals("head_commit")
        || leaf.equals("head_repository")) {
      return Chooser.ANYBODY;
    }
    if (has(path, "head_commit")) {
      return commit(path, leaf);
    }
    boolean ofHead = has(path, "head_repository") || has(path, "head");
    return ofHead && TYPED.contains(leaf) ? Chooser.ANYBODY : Chooser.NOBODY;
  }

  private static Chooser other(List<String> path, String kind, String leaf) {
    if (OF_OUTSIDERS.contains(kind)) {
      if (kind.equals("changes")) {
        return leaf.equals("from") && !has(path, "base") ? Chooser.ANYBODY : Chooser.NOBODY;
      }
      boolean whole =
          path.size() == 3
              || (kind.equals("pull_request") && (leaf.equals("head") || leaf.equals("repo")));
      boolean ofInsiders =
          has(path, "base")
              || has(path, "labels")
              || has(path, "milestone")
              || has(path, "category")
              || has(path, "requested_teams");
      if (whole && !has(path, "base")) {
        return Chooser.ANYBODY;
      }
      if (ofInsiders) {
        return leaf.equals("name") || TYPED.contains(leaf) || leaf.equals("labels")
            ? Chooser.INSIDER
            : Chooser.NOBODY;
      }
      return TYPED.contains(leaf) ? Chooser.ANYBODY : Chooser.NOBODY;
    }
    if (kind.equals("client_payload")) {
      return Chooser.INSIDER;
    }
    if (OF_INSIDERS.contains(kind)) {
      boolean typed =
          TYPED.contains(leaf)
              || leaf.equals("name")
              || leaf.equals("tag_name")
              || leaf.equals("target_commitish")
              || leaf.equals("environment")
              || path.size() == 3;
      return typed ? Chooser.INSIDER : Chooser.NOBODY;
    }
    return Chooser.NOBODY;
  }

  /** Whether runs are started by events that outsiders cause, or it is not known. */
  static boolean outsidersStart(LintFile file) {
    if (file.kind() != FileKind.WORKFLOW) {
      return true;
    }
    for (var event : Security.events(file)) {
      switch (event.text()) {
        case "push",
            "schedule",
            "workflow_dispatch",
            "repository_dispatch",
            "release",
            "create",
            "delete",
            "merge_group",
            "deployment",
            "milestone",
            "label" -> {}
        default -> {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the name of the branch or tag is not one that the workflow itself fixes. */
  private static boolean branchesVary(LintFile file) {
    if (file.kind() != FileKind.WORKFLOW) {
      return true;
    }
    for (var event : Security.events(file)) {
      switch (event.text()) {
        case "pull_request",
            "pull_request_target",
            "pull_request_review",
            "pull_request_review_comment",
            "issues",
            "issue_comment",
            "discussion",
            "discussion_comment",
            "schedule",
            "workflow_run",
            "repository_dispatch",
            "fork",
            "watch",
            "gollum",
            "label",
            "milestone" -> {}
        case "push" -> {
          if (!namedBranchesOnly(file)) {
            return true;
          }
        }
        default -> {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean namedBranchesOnly(LintFile file) {
    var filters = file.filters("push");
    if (filters == null || Trees.get(filters, "branches") == null) {
      return false;
    }
    for (String key : List.of("branches", "tags")) {
      for (var item : Trees.items(Trees.get(filters, key))) {
        var scalar = item.scalar();
        if (scalar == null || varies(scalar.text())) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean varies(String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      if ("*?+[]!".indexOf(pattern.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(List<String> path, String name) {
    for (int i = 3; i < path.size(); i++) {
      if (path.get(i).equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  private static String lower(List<String> path, int index) {
    return path.get(index).toLowerCase(Locale.ROOT);
  }
}
