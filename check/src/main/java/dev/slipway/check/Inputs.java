package dev.slipway.check;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The files that a gate reads, of those of the project: below one of some folders, and of these
 * all, or those with one of some endings or names.
 */
public final class Inputs {
  private final String folder;
  private final Set<String> endings;
  private final Set<String> names;
  private final List<GlobPath> globs;

  private Inputs(String folder, Set<String> endings, Set<String> names, List<GlobPath> globs) {
    this.folder = folder.isEmpty() ? "" : folder + "/";
    this.endings = endings;
    this.names = names;
    this.globs = globs;
  }

  /** Every file below a folder; the empty text is the root. */
  public static Inputs all(String folder) {
    return new Inputs(folder, Set.of(), Set.of(), List.of());
  }

  /** Files below a folder with these endings, without the dot, and files anywhere named so. */
  static Inputs of(String folder, List<String> endings, List<String> names) {
    return new Inputs(folder, new HashSet<>(endings), new HashSet<>(names), List.of());
  }

  /** Files that match one of some patterns, from a folder on. */
  static Inputs matching(String folder, List<String> patterns) {
    List<GlobPath> globs = new java.util.ArrayList<>();
    for (String pattern : patterns) {
      globs.add(GlobPath.of(SourceTree.in(folder, pattern)));
    }
    return new Inputs(folder, Set.of(), Set.of(), globs);
  }

  /** Whether it reads files with this ending, in its folder. */
  boolean hasEnding(String ending) {
    return globs.isEmpty() && (endings.isEmpty() || endings.contains(ending));
  }

  /** The hashes of names that it reads anywhere. */
  int[] nameHashes() {
    int[] hashes = new int[names.size()];
    int i = 0;
    for (String name : names) {
      hashes[i++] = name.hashCode();
    }
    return hashes;
  }

  /**
   * Whether a file with an ending that it reads is in its folder, or it reads it by name or
   * pattern.
   */
  boolean has(String path, boolean ending, boolean name) {
    if (ending && path.startsWith(folder)) {
      return true;
    }
    if (name && names.contains(SourceTree.name(path))) {
      return true;
    }
    for (GlobPath glob : globs) {
      if (glob.matches(path)) {
        return true;
      }
    }
    return false;
  }

  /** Whether only endings and names say what it reads. */
  boolean plain() {
    return globs.isEmpty();
  }

  /** As {@code --explain} tells it. */
  public String text() {
    String where = folder.isEmpty() ? "the project" : folder;
    if (!globs.isEmpty()) {
      List<String> shown = new java.util.ArrayList<>();
      globs.forEach(glob -> shown.add(glob.text()));
      return String.join(", ", shown);
    }
    if (endings.isEmpty()) {
      return "every file of " + where;
    }
    List<String> shown = new java.util.ArrayList<>();
    endings.stream().sorted().forEach(ending -> shown.add("*." + ending));
    names.stream().sorted().forEach(shown::add);
    return String.join(", ", shown) + " in " + where;
  }
}
