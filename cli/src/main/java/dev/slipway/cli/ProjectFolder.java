package dev.slipway.cli;

import dev.slipway.lint.ProjectFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The project of files that are looked through, as a folder. */
final class ProjectFolder implements ProjectFiles {
  private final Path root;

  ProjectFolder(Path root) {
    this.root = root;
  }

  @Override
  public boolean known() {
    return true;
  }

  @Override
  public @Nullable String text(String path) {
    Path file = inside(path);
    try {
      return file != null && Files.isRegularFile(file)
          ? new String(LintFiles.bytes(file), StandardCharsets.UTF_8)
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public boolean exists(String path) {
    Path file = inside(path);
    return file != null && Files.exists(file);
  }

  /** A path of the project; null when it is none, or leads out of it. */
  private @Nullable Path inside(String path) {
    try {
      Path file = root.resolve(path).normalize();
      return file.startsWith(root) ? file : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
