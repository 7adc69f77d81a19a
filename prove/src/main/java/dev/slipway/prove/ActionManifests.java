package dev.slipway.prove;

import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionReference;
import org.jspecify.annotations.Nullable;

/** Where the manifests of actions come from whose steps are to be looked into. */
@FunctionalInterface
public interface ActionManifests {
  /** None is known: an action is one step. */
  ActionManifests NONE = reference -> null;

  /** The manifest; null when it is not to be had, so that the action is one step. */
  @Nullable ActionManifest find(ActionReference reference);
}
