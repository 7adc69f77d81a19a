package dev.slipway.engine;

import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionReference;
import java.nio.file.Path;
import java.util.List;

/** Where actions come from. Thread-safe. */
interface Actions {
  /**
   * The action at the commit its reference means.
   *
   * @throws ActionException when it cannot be had
   */
  ActionFolder fetch(ActionReference.Repository reference);

  /**
   * The manifest in a folder.
   *
   * @throws ActionException when there is none, or it is not right
   */
  ActionManifest manifest(ActionFolder folder);

  /** Where the folders of actions lie: first the store, then folders that users named. */
  List<Path> folders();
}
