package dev.slipway.cache.step;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a container's files, where the kernel's overlay puts them together: below, those of
 * its image, which never change; above, one with all that was written, put in place of something or
 * removed since the container began. A path that the upper one has nothing for is as it is in the
 * image, and who knows the image knows it. Immutable.
 *
 * <p>Folders are in the upper layer as soon as anything in them is. What is in such a folder is the
 * image's all the same, unless the folder hides what is below it or stands for one of another name.
 */
final class Layers {
  private static final String[] HIDES = {"trusted.overlay.opaque", "user.overlay.opaque"};
  private static final String[] RENAMED = {"trusted.overlay.redirect", "user.overlay.redirect"};

  private final byte[] upper;
  private final List<byte[]> lower;
  private final List<byte[]> mounts;

  private Layers(byte[] upper, List<byte[]> lower, List<byte[]> mounts) {
    this.upper = upper;
    this.lower = lower;
    this.mounts = mounts;
  }

  /**
   * Reads what a process has mounted; null when its root is no overlay, or none that can be seen
   * from here.
   *
   * @param lines of its {@code mountinfo}
   * @param made a folder that the image does not have and the container does, so that it has to be
   *     in the upper layer
   */
  static @Nullable Layers of(List<String> lines, String made) {
    String options = "";
    List<byte[]> mounts = new ArrayList<>();
    for (String line : lines) {
      // ID PARENT DEVICE ROOT POINT OPTIONS [FIELD...] - TYPE SOURCE OPTIONS
      String[] words = line.split(" ");
      int dash = 6;
      while (dash < words.length && !words[dash].equals("-")) {
        dash++;
      }
      if (words.length < dash + 4) {
        return null;
      }
      if (!words[4].equals("/")) {
        mounts.add(plain(words[4]));
      } else if (words[dash + 1].equals("overlay")) {
        options = words[dash + 3];
      } else {
        // Of several that cover each other the last is the one that is seen.
        options = "";
      }
    }
    byte[] upper = {};
    List<byte[]> lower = new ArrayList<>();
    // Where a name has a colon, a comma or a space in it, nothing is taken apart.
    if (options.indexOf('\\') < 0) {
      for (String option : options.split(",")) {
        if (option.startsWith("upperdir=")) {
          upper = plain(option.substring("upperdir=".length()));
        } else if (option.startsWith("lowerdir")) {
          for (String folder : option.substring(option.indexOf('=') + 1).split(":")) {
            lower.add(plain(folder));
          }
        }
      }
    }
    if (upper.length < 2 || upper[0] != '/') {
      return null;
    }
    Status status = new Status();
    try (Posix posix = new Posix(View.here())) {
      posix.status(joined(upper, Names.bytes(made)), status);
    }
    return status.isFolder() ? new Layers(upper, lower, mounts) : null;
  }

  /** A name without the escapes that the kernel writes it with. */
  private static byte[] plain(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(name.length());
    int at = 0;
    while (at < name.length()) {
      if (name.charAt(at) == '\\' && at + 3 < name.length()) {
        bytes.write(Integer.parseInt(name.substring(at + 1, at + 4), 8));
        at += 4;
      } else {
        bytes.write(name.charAt(at));
        at++;
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] joined(byte[] folder, byte[] path) {
    byte[] joined = Arrays.copyOf(folder, folder.length + path.length);
    System.arraycopy(path, 0, joined, folder.length, path.length);
    return joined;
  }

  /**
   * Whether what is at a path, be it nothing, is what the image has there.
   *
   * @param path absolute, without links on its way
   * @param posix that sees what this program sees
   */
  boolean ofImage(byte[] path, Posix posix) {
    for (byte[] mount : mounts) {
      if (Roots.below(mount, path, path.length)) {
        return false;
      }
    }
    Status status = new Status();
    int end = 0;
    while (end < path.length) {
      end++;
      while (end < path.length && path[end] != '/') {
        end++;
      }
      byte[] above = joined(upper, end == path.length ? path : Arrays.copyOf(path, end));
      int error = posix.status(above, status);
      if (error != 0) {
        return error == Posix.ENOENT;
      }
      if (end == path.length || !status.isFolder() || any(HIDES, above, posix)) {
        return false;
      }
      if (any(RENAMED, above, posix)) {
        return false;
      }
    }
    return false;
  }

  private static boolean any(String[] attributes, byte[] folder, Posix posix) {
    for (String attribute : attributes) {
      if (posix.hasAttribute(folder, attribute)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The place of one of the image's files in the image's own layer, where it is the same file for
   * all containers; null when it cannot be found.
   *
   * @param seen its status in the container
   * @param found filled in with its status there
   */
  byte @Nullable [] file(byte[] path, Status seen, Status found, Posix posix) {
    for (byte[] layer : lower) {
      byte[] below = joined(layer, path);
      if (layer.length > 0 && layer[0] == '/' && posix.status(below, found) == 0) {
        boolean same =
            found.isFile()
                && found.size == seen.size
                && found.modified == seen.modified
                && found.changed == seen.changed;
        return same ? below : null;
      }
    }
    return null;
  }
}
