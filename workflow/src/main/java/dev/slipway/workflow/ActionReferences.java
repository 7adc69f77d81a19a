package dev.slipway.workflow;

import org.jspecify.annotations.Nullable;

/** Reads what {@code uses} of a step names. */
final class ActionReferences {
  private static final String DOCKER = "docker://";

  private ActionReferences() {}

  /** The reference, or null when it has none of the known forms. */
  static @Nullable ActionReference read(String uses) {
    if (uses.startsWith(DOCKER)) {
      return new ActionReference.Docker(uses, uses.substring(DOCKER.length()));
    }
    if (uses.startsWith("./") || uses.startsWith(".\\")) {
      return new ActionReference.Local(uses, uses.substring(2).replace('\\', '/'));
    }
    if (uses.startsWith("$/")) {
      return new ActionReference.Self(uses, uses.substring(2));
    }
    int at = uses.indexOf('@');
    if (at < 0 || at != uses.lastIndexOf('@') || at == uses.length() - 1) {
      return null;
    }
    String[] segments = uses.substring(0, at).replace('\\', '/').split("/", -1);
    StringBuilder path = new StringBuilder();
    String owner = "";
    String name = "";
    for (String segment : segments) {
      if (segment.isEmpty()) {
        continue;
      }
      if (owner.isEmpty()) {
        owner = segment;
      } else if (name.isEmpty()) {
        name = segment;
      } else {
        path.append(path.isEmpty() ? "" : "/").append(segment);
      }
    }
    return name.isEmpty()
        ? null
        : new ActionReference.Repository(
            uses, owner, name, path.toString(), uses.substring(at + 1));
  }

  /** What the generated id of a step that uses this is made from. */
  static String idBase(String uses) {
    ActionReference reference = read(uses);
    if (reference instanceof ActionReference.Docker docker) {
      return docker.image();
    }
    if (reference instanceof ActionReference.Local) {
      return "self";
    }
    if (reference instanceof ActionReference.Self) {
      return "selfRepository";
    }
    return reference instanceof ActionReference.Repository repository ? repository.slug() : "run";
  }
}
