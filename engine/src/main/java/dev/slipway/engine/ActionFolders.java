package dev.slipway.engine;

import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where the actions of a job are; each is fetched once. Thread-safe. */
final class ActionFolders {
  private final JobContext job;
  private final Actions actions;

  /** An {@link ActionFolder} each, or the {@link ActionException} that told why there is none. */
  private final Map<ActionReference.Repository, Object> fetched = new HashMap<>();

  ActionFolders(JobContext job, Actions actions) {
    this.job = job;
    this.actions = actions;
  }

  /**
   * The folder that a reference means in a frame.
   *
   * @throws ActionException when there is none
   */
  ActionFolder folder(ActionReference reference, Frame frame) {
    if (reference instanceof ActionReference.Repository repository) {
      return fetch(repository);
    }
    if (reference instanceof ActionReference.Local local) {
      Path path = job.workspace().resolve(local.path()).normalize();
      if (!Files.isDirectory(path)) {
        throw new ActionException(
            "There is no folder '"
                + local.source()
                + "' in the workspace. Did you forget to run actions/checkout before running your"
                + " local action?");
      }
      return new ActionFolder(path, "", "", "", "");
    }
    if (reference instanceof ActionReference.Self self) {
      ActionFolder origin = frame.origin() == null ? workflowOrigin() : frame.origin();
      return origin == null
          ? new ActionFolder(job.options.root(), self.path(), "", "", "")
          : new ActionFolder(origin.root(), self.path(), origin.slug(), origin.ref(), origin.sha());
    }
    throw new IllegalStateException("no folder for " + reference.source());
  }

  /**
   * What is in a folder.
   *
   * @throws ActionException when it is no action
   */
  ActionManifest manifest(ActionFolder folder) {
    return actions.manifest(folder);
  }

  /** The repository that the job's workflow came from; null for the project itself. */
  private @Nullable ActionFolder workflowOrigin() {
    String origin = job.spec.origin();
    if (origin.isEmpty()) {
      return null;
    }
    int slash = origin.indexOf('/');
    int at = origin.lastIndexOf('@');
    return fetch(
        new ActionReference.Repository(
            origin,
            origin.substring(0, slash),
            origin.substring(slash + 1, at),
            "",
            origin.substring(at + 1)));
  }

  private ActionFolder fetch(ActionReference.Repository repository) {
    Object known;
    synchronized (job.lock) {
      known = fetched.get(repository);
    }
    if (known == null) {
      try {
        known = actions.fetch(repository);
      } catch (ActionException e) {
        known = e;
      }
      synchronized (job.lock) {
        fetched.put(repository, known);
      }
    }
    if (known instanceof ActionException e) {
      throw new ActionException(Objects.requireNonNullElse(e.getMessage(), "unknown"));
    }
    return (ActionFolder) known;
  }
}
