package dev.slipway.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds the files that {@code lint} looks through. */
final class LintFiles {
  private static final int DEEPEST = 5;

  /** More than the largest file that is looked through can have, whatever its characters. */
  private static final int LARGEST = 4 * 1024 * 1024;

  private static final List<String> CONFIGURATIONS =
      List.of(
          ".github/dependabot.yml",
          ".github/dependabot.yaml",
          ".pre-commit-config.yaml",
          ".pre-commit-config.yml");
  private static final Set<String> PASSED_OVER =
      Set.of("node_modules", "target", "build", "vendor", "dist", "out");

  private LintFiles() {}

  /**
   * The root that paths in findings count from: the nearest directory, upwards, with {@code .git},
   * else with {@code .github/workflows}, else the one given.
   */
  static Path root(Path directory) {
    for (Path at = directory; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(".git"))) {
        return at;
      }
    }
    for (Path at = directory; at != null; at = at.getParent()) {
      if (DoctorCommand.hasWorkflows(at)) {
        return at;
      }
    }
    return directory;
  }

  /**
   * What a path means: a file itself, of a directory its workflows, its action manifests, and what
   * configures Dependabot and pre-commit.
   */
  static List<Path> in(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    Set<Path> files = new TreeSet<>();
    Path workflows = path.resolve(".github/workflows");
    boolean project = Files.isDirectory(workflows);
    yaml(project ? workflows : path, files);
    manifests(path, files);
    for (String configuration : CONFIGURATIONS) {
      Path file = path.resolve(configuration);
      if (Files.isRegularFile(file)) {
        files.add(file);
      }
    }
    return new ArrayList<>(files);
  }

  private static void yaml(Path directory, Set<Path> files) throws IOException {
    try (var list = Files.newDirectoryStream(directory)) {
      for (Path file : list) {
        String name = file.getFileName().toString();
        if ((name.endsWith(".yml") || name.endsWith(".yaml"))
            && Files.isRegularFile(file)
            && workflow(directory, file)) {
          files.add(file);
        }
      }
    }
  }

  /** Whether a YAML file is to be read as a workflow: all in that folder, elsewhere by its keys. */
  private static boolean workflow(Path directory, Path file) {
    if (directory.endsWith(".github/workflows")) {
      return true;
    }
    String text;
    try {
      text = new String(bytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      // Whoever reads it says so.
      return true;
    }
    boolean on = text.startsWith("on:") || text.contains("\non:") || text.contains("\n\"on\":");
    return on && (text.startsWith("jobs:") || text.contains("\njobs:"));
  }

  /**
   * The content of a file, or its beginning when it is larger than any that GitHub takes.
   *
   * @throws IOException when it cannot be read, or is a device or a pipe that may never end; those
   *     that a shell hands over as a file are read
   */
  static byte[] bytes(Path file) throws IOException {
    boolean handedOver = file.startsWith("/dev/fd") || file.equals(Path.of("/dev/stdin"));
    if (!handedOver && !Files.isRegularFile(file)) {
      throw new IOException("'" + file + "' is no regular file");
    }
    try (InputStream in = new FileInputStream(file.toFile())) {
      return in.readNBytes(LARGEST);
    }
  }

  private static void manifests(Path root, Set<Path> files) throws IOException {
    Files.walkFileTree(
        root,
        Set.of(),
        DEEPEST,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
            String name = at.equals(root) ? "" : at.getFileName().toString();
            boolean hidden = name.startsWith(".") && !name.equals(".github");
            return hidden || PASSED_OVER.contains(name)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (attributes.isRegularFile()
                && (name.equals("action.yml") || name.equals("action.yaml"))) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
