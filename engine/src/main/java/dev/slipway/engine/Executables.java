package dev.slipway.engine;

import java.io.File;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds programs on a search path. Thread-safe. */
final class Executables {
  /** Steps install programs, but not the shells that run them: those are found once. */
  private final Map<String, String> shells = new HashMap<>();

  /** The program's file, or null. */
  @Nullable String find(String command, String searchPath) {
    if (command.indexOf('/') >= 0) {
      return new File(command).canExecute() ? command : null;
    }
    if (!command.equals("bash") && !command.equals("sh")) {
      return search(command, searchPath);
    }
    String key = command + '\0' + searchPath;
    synchronized (shells) {
      String known = shells.get(key);
      if (known == null) {
        known = search(command, searchPath);
        if (known != null) {
          shells.put(key, known);
        }
      }
      return known;
    }
  }

  private static @Nullable String search(String command, String searchPath) {
    for (String folder : searchPath.split(File.pathSeparator)) {
      if (!folder.isEmpty()) {
        File file = new File(folder, command);
        if (file.isFile() && file.canExecute()) {
          return file.getPath();
        }
      }
    }
    return null;
  }
}
