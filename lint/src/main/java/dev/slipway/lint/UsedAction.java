package dev.slipway.lint;

import dev.slipway.workflow.ActionReference;
import dev.slipway.workflow.YamlNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The action that a step uses, where its manifest is known. */
final class UsedAction {
  /** Actions whose outputs depend on their inputs, or on what their scripts set. */
  private static final Set<String> FREE =
      Set.of(
          "dorny/paths-filter",
          "tj-actions/changed-files",
          "actions/github-script",
          "hashicorp/vault-action",
          "googleapis/release-please-action",
          "google-github-actions/get-secretmanager-secrets",
          "azure/get-keyvault-secrets",
          "1password/load-secrets-action",
          "aws-actions/aws-secretsmanager-get-secrets",
          "pulumi/actions",
          "docker/bake-action",
          "changesets/action",
          "azure/cli",
          "octokit/request-action",
          "appleboy/ssh-action",
          "cloudflare/wrangler-action");

  private final String name;
  private final ActionFacts facts;
  private final boolean local;
  private final boolean settled;

  private UsedAction(String name, ActionFacts facts, boolean local, boolean settled) {
    this.name = name;
    this.facts = facts;
    this.local = local;
    this.settled = settled;
  }

  /** What is known of a step's action; null when nothing is. */
  static @Nullable UsedAction of(LintFile file, StepNode step) {
    return step.action(file);
  }

  /** The same, looked up. */
  static @Nullable UsedAction find(LintFile file, StepNode step) {
    YamlNode.Scalar uses = step.uses();
    if (uses == null || uses.text().contains("${{")) {
      return null;
    }
    ActionReference reference = ActionReference.read(uses.text());
    if (reference instanceof ActionReference.Repository repository) {
      return published(file, uses, repository);
    }
    String folder = folder(reference);
    if (folder != null && file.project().known()) {
      LintFile manifest = file.project().action(folder);
      ActionFacts facts = manifest == null ? null : ActionFacts.of(manifest.root());
      return facts == null ? null : new UsedAction(uses.text(), facts, true, true);
    }
    return null;
  }

  /** The folder of an action of the project, from its root; null when it is none. */
  static @Nullable String folder(@Nullable ActionReference reference) {
    if (reference instanceof ActionReference.Local local) {
      return local.path();
    }
    return reference instanceof ActionReference.Self self ? self.path() : null;
  }

  private static @Nullable UsedAction published(
      LintFile file, YamlNode.Scalar uses, ActionReference.Repository repository) {
    Project project = file.project();
    String slug =
        repository.path().isEmpty()
            ? repository.slug()
            : repository.slug() + "/" + repository.path();
    String ref = repository.ref();
    if (sha(ref)) {
      String tag = project.tag(repository.slug(), ref);
      ref = tag == null ? comment(file, uses) : tag;
      if (ref == null) {
        return null;
      }
    }
    ActionFacts facts = project.facts(slug, ref);
    int dot = ref.indexOf('.');
    boolean settled = Character.isDigit(ref.charAt(ref.length() - 1));
    if (facts == null && dot > 0) {
      // A release that came after the data was made: the major version is the nearest known.
      facts = project.facts(slug, ref.substring(0, dot));
      settled = false;
    }
    return facts == null ? null : new UsedAction(slug + "@" + ref, facts, false, settled);
  }

  static boolean sha(String ref) {
    if (ref.length() != 40) {
      return false;
    }
    for (int i = 0; i < 40; i++) {
      if (Character.digit(ref.charAt(i), 16) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The version that the comment behind a pinned commit names; null when it names none. */
  private static @Nullable String comment(LintFile file, YamlNode.Scalar uses) {
    String text = file.text();
    int newline = text.indexOf('\n', uses.end());
    String rest = text.substring(uses.end(), newline < 0 ? text.length() : newline);
    int hash = rest.indexOf('#');
    if (hash < 0) {
      return null;
    }
    for (String word : ActionFacts.words(rest.substring(hash + 1).strip())) {
      String version = word.startsWith("tag=") ? word.substring(4) : word;
      version = version.substring(version.lastIndexOf('@') + 1).strip();
      int digit = version.startsWith("v") ? 1 : 0;
      if (version.length() > digit && Character.isDigit(version.charAt(digit))) {
        return version;
      }
    }
    return null;
  }

  /** As people know it. */
  String name() {
    return name;
  }

  ActionFacts facts() {
    return facts;
  }

  /** Whether it lies in the project. */
  boolean local() {
    return local;
  }

  /** Whether this version itself is known, and stands still, which a branch does not. */
  boolean settled() {
    return settled;
  }

  /** Whether it may have outputs that its manifest does not name. */
  boolean freeOutputs() {
    if (facts.using().equals("composite")) {
      return false;
    }
    int at = name.indexOf('@');
    return facts.outputs().isEmpty()
        || FREE.contains(
            (at < 0 ? name : name.substring(0, at)).toLowerCase(java.util.Locale.ROOT));
  }
}
