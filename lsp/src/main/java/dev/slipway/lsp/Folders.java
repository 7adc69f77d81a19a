package dev.slipway.lsp;

import dev.slipway.lint.ProjectFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which project a document belongs to, and what is in the project: open documents, then files. */
final class Folders {
  private static final String WORKFLOWS = ".github/workflows";

  private final List<Path> workspace = new CopyOnWriteArrayList<>();
  private final Function<String, @Nullable String> open;

  /**
   * @param open the text of the open document at an address, or null
   */
  Folders(Function<String, @Nullable String> open) {
    this.open = open;
  }

  void add(String uri) {
    Path path = path(uri);
    if (path != null) {
      workspace.add(path);
    }
  }

  /** The file at an address; null when it is of another kind. */
  static @Nullable Path path(String uri) {
    try {
      URI address = URI.create(uri);
      return "file".equals(address.getScheme()) ? Path.of(address).normalize() : null;
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      return null;
    }
  }

  /** The root of the project that a file is in; null when it is in none. */
  @Nullable Path root(Path file) {
    for (Path at = file.getParent(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(".git"))) {
        return at;
      }
    }
    for (Path at = file.getParent(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve(WORKFLOWS))) {
        return at;
      }
    }
    for (Path folder : workspace) {
      if (file.startsWith(folder)) {
        return folder;
      }
    }
    return null;
  }

  ProjectFiles project(@Nullable Path root) {
    return root == null ? ProjectFiles.UNKNOWN : new OpenProject(root, open);
  }

  /** A project as the editor shows it. */
  private record OpenProject(Path root, Function<String, @Nullable String> open)
      implements ProjectFiles {
    @Override
    public boolean known() {
      return true;
    }

    @Override
    public @Nullable String text(String path) {
      Path file = inside(path);
      if (file == null) {
        return null;
      }
      String shown = open.apply(address(file));
      try {
        return shown == null && Files.isRegularFile(file)
            ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
            : shown;
      } catch (IOException e) {
        return null;
      }
    }

    @Override
    public boolean exists(String path) {
      Path file = inside(path);
      return file != null && (Files.exists(file) || open.apply(address(file)) != null);
    }

    private @Nullable Path inside(String path) {
      try {
        Path file = root.resolve(path).normalize();
        return file.startsWith(root) ? file : null;
      } catch (InvalidPathException e) {
        return null;
      }
    }
  }

  /** The same for all ways of writing a file's address. */
  static String address(Path file) {
    return file.toString();
  }
}
