package dev.slipway.cache.step;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folders that lie elsewhere for each run, user or machine: the workspace, the home, the folder for
 * temporary files. Paths below them are kept by the folder's name, so that what is known of a step
 * holds wherever its workspace lies. Immutable.
 */
public final class Roots {
  /** A root and where it lies. */
  record Root(String name, byte[] path, String text) {}

  private final List<Root> roots;

  private Roots(List<Root> roots) {
    this.roots = roots;
  }

  /**
   * Roots by name.
   *
   * @param folders absolute paths; at most 20, names of small letters
   */
  public static Roots of(Map<String, Path> folders) {
    List<Root> roots = new ArrayList<>();
    folders.forEach((name, folder) -> {
      String text = folder.toString();
      if (text.length() > 1) {
        roots.add(new Root(name, Names.bytes(text), text));
      }
    });
    // The innermost first.
    roots.sort(Comparator.comparingInt((Root root) -> root.path().length).reversed());
    return new Roots(List.copyOf(roots));
  }

  List<Root> all() {
    return roots;
  }

  @Nullable Root root(String name) {
    for (Root root : roots) {
      if (root.name().equals(name)) {
        return root;
      }
    }
    return null;
  }

  /** Whether a path lies in the root of this name, or is it. */
  boolean within(String name, byte[] path) {
    Root root = root(name);
    return root != null && below(root.path(), path, path.length);
  }

  static boolean below(byte[] folder, byte[] path, int length) {
    return length >= folder.length
        && Arrays.equals(folder, 0, folder.length, path, 0, folder.length)
        && (length == folder.length || path[folder.length] == '/');
  }

  /** A path with the innermost root's name, in braces, in its place. */
  byte[] named(byte[] path) {
    for (Root root : roots) {
      if (below(root.path(), path, path.length)) {
        byte[] name = ("{" + root.name() + "}").getBytes(StandardCharsets.US_ASCII);
        byte[] named = Arrays.copyOf(name, name.length + path.length - root.path().length);
        System.arraycopy(
            path, root.path().length, named, name.length, path.length - root.path().length);
        return named;
      }
    }
    return path;
  }

  /** The path that {@link #named(byte[])} was made of; null when there is no such root here. */
  byte @Nullable [] placed(byte[] named) {
    if (named.length == 0 || named[0] != '{') {
      return named;
    }
    int end = 1;
    while (end < named.length && named[end] != '}') {
      end++;
    }
    Root root = root(new String(named, 1, end - 1, StandardCharsets.US_ASCII));
    if (root == null) {
      return null;
    }
    int rest = named.length - end - 1;
    byte[] path = Arrays.copyOf(root.path(), root.path().length + rest);
    System.arraycopy(named, end + 1, path, root.path().length, rest);
    return path;
  }

  /** A text with each root's path replaced by its name in braces. */
  String named(String text) {
    String named = text;
    for (Root root : roots) {
      if (named.contains(root.text())) {
        named = named.replace(root.text(), "{" + root.name() + "}");
      }
    }
    return named;
  }

  /** The roots whose paths occur in these bytes. */
  List<Root> in(byte[] bytes, int length) {
    List<Root> found = new ArrayList<>();
    for (Root root : roots) {
      if (indexOf(bytes, length, root.path()) >= 0) {
        found.add(root);
      }
    }
    return found;
  }

  static int indexOf(byte[] bytes, int length, byte[] part) {
    byte first = part[0];
    int last = length - part.length;
    for (int i = 0; i <= last; i++) {
      if (bytes[i] == first && Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }
}
