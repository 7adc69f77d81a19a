package dev.slipway.check;

import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The programs on this machine's search path, and those of a project. */
public final class InstalledTools implements Tools {
  private final Path root;
  private final String[] folders;
  private final @Nullable String slipway;
  private final Map<String, String> known = new HashMap<>();

  /**
   * @param path the search path
   * @param slipway how Slipway is started, or null
   */
  public InstalledTools(Path root, String path, @Nullable String slipway) {
    this.root = root;
    this.folders = path.split(File.pathSeparator);
    this.slipway = slipway;
  }

  @Override
  public @Nullable String onPath(String name) {
    if (name.equals(SLIPWAY) && slipway != null) {
      return slipway;
    }
    String found = known.computeIfAbsent(name, this::search);
    return found.isEmpty() ? null : found;
  }

  private String search(String name) {
    for (String folder : folders) {
      if (folder.startsWith("/")) {
        File file = new File(folder, name);
        if (file.isFile() && file.canExecute()) {
          return file.getPath();
        }
      }
    }
    return "";
  }

  @Override
  public boolean inProject(String path) {
    return new File(root.toFile(), path).exists();
  }
}
