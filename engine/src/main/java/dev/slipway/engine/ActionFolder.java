package dev.slipway.engine;

import dev.slipway.workflow.expression.Value;
import java.nio.file.Path;

/**
 * An action on disk.
 *
 * @param root of its repository
 * @param path within it, empty for the root
 * @param slug {@code owner/name}, empty for a folder of the workspace
 * @param ref as asked for
 * @param sha the commit
 */
record ActionFolder(Path root, String path, String slug, String ref, String sha) {
  /** Names the action's repository in the step's {@code github} context; takes the job's lock. */
  void describe(StepRun run) {
    synchronized (run.job.lock) {
      run.github.put("action_repository", slug.isEmpty() ? Value.NULL : Value.of(slug));
      run.github.put("action_ref", slug.isEmpty() ? Value.NULL : Value.of(ref));
    }
  }

  Path directory() {
    return path.isEmpty() ? root : root.resolve(path);
  }
}
