package dev.slipway.engine;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Folders and all that is in them. */
final class Trees {
  private Trees() {}

  /** Deletes a folder with all that is in it; links are removed, never followed. */
  static void delete(Path path) throws IOException {
    File file = path.toFile();
    if (!remove(file) && (file.exists() || java.nio.file.Files.isSymbolicLink(path))) {
      if (file.isDirectory() && removedByName(path, Set.of()) && remove(file)) {
        return;
      }
      throw new IOException("cannot delete " + path);
    }
  }

  /** Deletes all that is in a folder. */
  static void empty(Path folder) throws IOException {
    emptyBut(folder, Set.of());
  }

  /** Deletes all that is in a folder but what has one of these names. */
  static void emptyBut(Path folder, Set<String> kept) throws IOException {
    String[] names = folder.toFile().list();
    if (names == null) {
      throw new IOException("cannot list " + folder);
    }
    boolean all = true;
    File at = folder.toFile();
    for (String name : names) {
      all &= kept.contains(name) || remove(new File(at, name)) || !new File(at, name).exists();
    }
    names = at.list();
    for (String name : names == null ? new String[0] : names) {
      all &= kept.contains(name);
    }
    if (!all && !removedByName(folder, kept)) {
      throw new IOException("cannot delete all that is in " + folder);
    }
  }

  /**
   * Deletes what has names that are no text: this JVM, which knows names as text only, cannot even
   * say which files are meant.
   */
  private static boolean removedByName(Path folder, Set<String> kept) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("find", folder.toString(), "-mindepth", "1", "-maxdepth", "1"));
    for (String name : kept) {
      command.add("!");
      command.add("-name");
      command.add(name);
    }
    command.addAll(List.of("-exec", "rm", "-rf", "--", "{}", "+"));
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean remove(File file) {
    // Succeeds for files, links and empty folders; what is left is a folder, or cannot be deleted
    // yet.
    if (file.delete()) {
      return true;
    }
    String[] names = file.list();
    if (names == null) {
      boolean writable = file.isDirectory() && file.setReadable(true) && file.setExecutable(true);
      names = writable ? file.list() : null;
      if (names == null) {
        return !file.exists();
      }
    }
    if (names.length > 0 && !file.canWrite()) {
      boolean ignored = file.setWritable(true) | file.setExecutable(true);
    }
    for (String name : names) {
      boolean ignored = remove(new File(file, name));
    }
    return file.delete() || !file.exists();
  }
}
