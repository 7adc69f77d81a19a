package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Outputs of actions that hand on what outsiders wrote: names of files and branches, comments. */
final class UntrustedOutputs {
  /** Names of outputs; {@code *} for all, and a part of a name behind or before one. */
  private static final Map<String, List<String>> OUTPUTS =
      Map.ofEntries(
          Map.entry("tj-actions/changed-files", List.of("*_files", "*files", "*_keys")),
          Map.entry("tj-actions/branch-names", List.of("current_branch", "head_ref_branch")),
          Map.entry("tj-actions/verify-changed-files", List.of("changed-files", "changed_files")),
          Map.entry("dorny/paths-filter", List.of("*_files")),
          Map.entry("jitterbit/get-changed-files", List.of("*")),
          Map.entry("lots0logs/gh-action-get-changed-files", List.of("*")),
          Map.entry("trilom/file-changes-action", List.of("*")),
          Map.entry("masesgroup/retrieve-changed-files", List.of("*")),
          Map.entry("technote-space/get-diff-action", List.of("diff")),
          Map.entry("xt0rted/pull-request-comment-branch", List.of("head_ref")),
          Map.entry("alessbell/pull-request-comment-branch", List.of("head_ref")),
          Map.entry("khan/pull-request-comment-trigger", List.of("comment_body")),
          Map.entry("peter-evans/find-comment", List.of("comment-body")),
          Map.entry("potiuk/get-workflow-origin", List.of("sourceheadbranch")),
          Map.entry("stefanbuck/github-issue-parser", List.of("*")),
          Map.entry("zentered/issue-forms-body-parser", List.of("*")),
          Map.entry("peter-murray/issue-forms-body-parser", List.of("*")),
          Map.entry("8bitjonny/gh-get-current-pr", List.of("pr_title", "pr_body", "pr")),
          Map.entry("jwalton/gh-find-current-pr", List.of("title", "body")));

  static final String AS_JSON = " as JSON";

  private UntrustedOutputs() {}

  static @Nullable Origin of(StepNode step, String output) {
    String uses = step.text("uses");
    String slug = Security.slug(uses);
    int major = Security.major(Security.ref(uses));
    boolean escapes = (major < 0 || major > 40) && !Trees.is(step.with("safe_output"), false);
    if (slug.equals("tj-actions/changed-files") && escapes) {
      return null;
    }
    YamlNode.Scalar form = step.with("list-files");
    String listed = form == null ? "" : form.text();
    if (slug.equals("dorny/paths-filter") && (listed.equals("shell") || listed.equals("escape"))) {
      return null;
    }
    List<String> names = OUTPUTS.get(slug);
    String name = output.toLowerCase(Locale.ROOT);
    for (String pattern : names == null ? List.<String>of() : names) {
      boolean same =
          pattern.startsWith("*")
              ? name.endsWith(pattern.substring(1)) && !name.startsWith("any_")
              : name.equals(pattern);
      if (same) {
        return new Origin(
            Chooser.ANYBODY,
            false,
            output + " of " + slug + (listed.equals("json") ? AS_JSON : ""),
            List.of());
      }
    }
    return null;
  }
}
