package dev.slipway.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of a project as gates are found in them: paths from its root with {@code /}, sorted,
 * and the text of those that somebody asks for.
 */
public final class SourceTree {
  /** Reads a file of the tree; null when it cannot be read. */
  @FunctionalInterface
  public interface Texts {
    @Nullable String text(String path);
  }

  private final String[] paths;
  private final Texts texts;
  private final Map<String, String> read = new HashMap<>();
  private final Map<String, List<String>> named = new HashMap<>();

  private SourceTree(String[] paths, Texts texts) {
    this.paths = paths;
    this.texts = texts;
  }

  /** A tree of these files. */
  public static SourceTree of(Collection<String> paths, Texts texts) {
    String[] sorted = paths.toArray(new String[0]);
    Arrays.sort(sorted);
    SourceTree tree = new SourceTree(sorted, texts);
    for (String path : sorted) {
      tree.index(path);
    }
    for (List<String> same : tree.named.values()) {
      // A folder comes before those in it.
      same.sort((one, other) -> folder(one).compareTo(folder(other)));
    }
    return tree;
  }

  /** Files by their name, for the names that say what a folder is. */
  private void index(String path) {
    if (Marks.ends(path)) {
      named.computeIfAbsent(name(path), key -> new ArrayList<>(2)).add(path);
    }
  }

  /** How many files there are. */
  public int size() {
    return paths.length;
  }

  /** All files, sorted. */
  List<String> paths() {
    return Arrays.asList(paths);
  }

  boolean has(String path) {
    return Arrays.binarySearch(paths, path) >= 0;
  }

  /** The files with this name, outer folders first; the name has to be one of the {@link Marks}. */
  List<String> named(String name) {
    return named.getOrDefault(name, List.of());
  }

  /** Whether a file below a folder has this ending. */
  boolean hasBelow(String folder, String ending) {
    for (int i = first(folder); i < paths.length && inside(paths[i], folder); i++) {
      if (paths[i].endsWith(ending)) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is any file below a folder. */
  boolean hasFolder(String folder) {
    int first = first(folder);
    return first < paths.length && inside(paths[first], folder);
  }

  /** The files below a folder; the empty text is the root. */
  List<String> below(String folder) {
    int from = first(folder);
    int to = from;
    while (to < paths.length && inside(paths[to], folder)) {
      to++;
    }
    return Arrays.asList(paths).subList(from, to);
  }

  private int first(String folder) {
    if (folder.isEmpty()) {
      return 0;
    }
    int at = Arrays.binarySearch(paths, folder + "/");
    return at < 0 ? -at - 1 : at;
  }

  private static boolean inside(String path, String folder) {
    return folder.isEmpty() || (path.startsWith(folder) && path.charAt(folder.length()) == '/');
  }

  /** What is in a file; empty when it is not there. */
  String text(String path) {
    String known = read.get(path);
    if (known != null) {
      return known;
    }
    String text = has(path) ? texts.text(path) : null;
    read.put(path, text == null ? "" : text);
    return text == null ? "" : text;
  }

  /** The last part of a path. */
  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The folder of a path; empty for the root. */
  static String folder(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  /** A file of a folder as a path from the root. */
  static String in(String folder, String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }
}
