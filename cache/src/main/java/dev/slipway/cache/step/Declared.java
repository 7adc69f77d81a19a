package dev.slipway.cache.step;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Files that are named by patterns, for steps that are not watched. */
final class Declared {
  private Declared() {}

  /** Is given each folder that patterns look into, and each file that one of them fits. */
  interface Taker {
    void take(byte[] path, boolean folder);
  }

  /**
   * Finds the files.
   *
   * @param patterns as for {@code glob:} of Java's file systems, relative to the folder; one that
   *     begins with {@code !} takes files out again
   */
  static void walk(Path folder, List<String> patterns, Taker taker) {
    List<PathMatcher> in = new ArrayList<>();
    List<PathMatcher> out = new ArrayList<>();
    for (String pattern : patterns) {
      boolean not = pattern.startsWith("!");
      String glob = not ? pattern.substring(1) : pattern;
      List<PathMatcher> to = not ? out : in;
      to.add(FileSystems.getDefault().getPathMatcher("glob:" + glob));
      if (glob.startsWith("**/")) {
        to.add(FileSystems.getDefault().getPathMatcher("glob:" + glob.substring(3)));
      }
    }
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
              if (at.endsWith(".git") || at.endsWith(".slipway")) {
                return FileVisitResult.SKIP_SUBTREE;
              }
              taker.take(Names.bytes(at.toString()), true);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              Path relative = folder.relativize(file);
              if (matches(in, relative) && !matches(out, relative)) {
                taker.take(Names.bytes(file.toString()), false);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException nothingToSee) {
      return;
    }
  }

  private static boolean matches(List<PathMatcher> matchers, Path path) {
    for (PathMatcher matcher : matchers) {
      if (matcher.matches(path)) {
        return true;
      }
    }
    return false;
  }
}
