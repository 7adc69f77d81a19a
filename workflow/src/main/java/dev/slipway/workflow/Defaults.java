package dev.slipway.workflow;

import org.jspecify.annotations.Nullable;

/** {@code defaults.run} of a workflow or a job; null where not given. */
public record Defaults(@Nullable Node shell, @Nullable Node workingDirectory) {
  /** No defaults. */
  public static final Defaults NONE = new Defaults(null, null);
}
