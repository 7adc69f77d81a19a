package dev.slipway.check;

import java.util.HashSet;
import java.util.Set;

/** The names of files that say what a folder is. */
final class Marks {
  private static final Set<String> NAMES =
      new HashSet<>(
          java.util.Arrays.asList(
              "pyproject.toml",
              "setup.py",
              "setup.cfg",
              "requirements.txt",
              "package.json",
              "pom.xml",
              "build.gradle",
              "build.gradle.kts",
              "settings.gradle",
              "settings.gradle.kts",
              "go.mod",
              "go.work",
              "Cargo.toml",
              "Dockerfile"));

  private static final int SHORTEST = 6;
  private static final int LONGEST = 19;
  private static final String FIRST = "psrbgCD";

  private Marks() {}

  /** Whether the last part of a path is one of them. */
  static boolean ends(String path) {
    int start = path.lastIndexOf('/') + 1;
    int length = path.length() - start;
    return length >= SHORTEST
        && length <= LONGEST
        && FIRST.indexOf(path.charAt(start)) >= 0
        && NAMES.contains(path.substring(start));
  }
}
