package dev.slipway.workflow;

import org.jspecify.annotations.Nullable;

/** What a step's {@code uses} names. */
public sealed interface ActionReference {
  /** As written. */
  String source();

  /** What {@code uses} names, or null when it has none of the known forms. */
  static @Nullable ActionReference read(String uses) {
    return ActionReferences.read(uses);
  }

  /** {@code owner/name[/path]@ref}; {@code path} is empty for the root. */
  record Repository(String source, String owner, String name, String path, String ref)
      implements ActionReference {
    /** {@code owner/name}. */
    public String slug() {
      return owner + "/" + name;
    }
  }

  /** {@code ./path}: a folder of the workspace when the step runs. */
  record Local(String source, String path) implements ActionReference {}

  /**
   * {@code $/path}: a folder of the repository, at the commit, that the workflow or the parent
   * action came from.
   */
  record Self(String source, String path) implements ActionReference {}

  /** {@code docker://image}. */
  record Docker(String source, String image) implements ActionReference {}
}
