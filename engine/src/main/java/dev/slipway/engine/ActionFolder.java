package dev.slipway.engine;

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
  Path directory() {
    return path.isEmpty() ? root : root.resolve(path);
  }
}
