package dev.slipway.plan;

import static java.util.Objects.requireNonNull;

import dev.slipway.workflow.expression.ObjectValue;

/**
 * What triggers workflows.
 *
 * @param name {@code push}, {@code pull_request} …
 * @param ref {@code refs/heads/main}, {@code refs/tags/v1}, {@code refs/pull/1/merge}
 * @param sha the commit it is about
 * @param baseSha the commit before, or that a pull request goes to; empty when there is none
 * @param headRef a pull request's branch; empty for other events
 * @param baseRef the branch that a pull request goes to; empty for other events
 * @param payload {@code github.event}
 */
public record EventContext(
    String name,
    String ref,
    String sha,
    String baseSha,
    String headRef,
    String baseRef,
    ObjectValue payload,
    String actor,
    String repository,
    ChangedFiles changedFiles) {
  public EventContext {
    requireNonNull(name, "name is null");
    requireNonNull(payload, "payload is null");
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
