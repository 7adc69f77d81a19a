package dev.slipway.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds the project that a directory belongs to: the nearest directory, upwards, that has {@code
 * .github/workflows} or {@code .git}. So a project may lie within another's repository.
 */
final class ProjectRoot {
  private ProjectRoot() {}

  /** The project's root; null when there is neither upwards of here. */
  static @Nullable Path find(Path directory) {
    for (Path at = directory; at != null; at = at.getParent()) {
      if (DoctorCommand.hasWorkflows(at) || Files.exists(at.resolve(".git"))) {
        return at;
      }
    }
    return null;
  }

  /** The project's root, or a mistake with a hint. */
  static Path of(Path directory) {
    Path root = find(directory);
    if (root == null) {
      throw CommandException.usage(
          "no project here: neither .github/workflows nor .git in '" + directory + "' or above",
          "go into a repository, or name one: -C DIR");
    }
    return root;
  }
}
