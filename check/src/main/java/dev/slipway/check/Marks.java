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

  private Marks() {}

  static boolean has(String name) {
    return NAMES.contains(name);
  }
}
