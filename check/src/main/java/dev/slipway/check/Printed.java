package dev.slipway.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a gate left behind.
 *
 * @param root the project's
 * @param directory of the gate, from the root
 * @param log its lines, without escape sequences
 * @param report where it may have written a report
 * @param since reports elsewhere that are older are those of another run; milliseconds
 */
record Printed(Path root, String directory, List<String> log, boolean ok, Path report, long since) {
  private static final int LARGEST = 64 * 1024 * 1024;

  /** The report; empty when there is none. */
  String reportText() {
    return text(report);
  }

  /** A file of the gate's folder; empty when there is none. */
  String text(String name) {
    return text(root.resolve(directory).resolve(name));
  }

  private static String text(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) <= LARGEST
          ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
          : "";
    } catch (IOException unreadable) {
      return "";
    }
  }

  /** The texts of files below the gate's folder that this run wrote. */
  List<String> written(String pattern) {
    Path folder = root.resolve(directory);
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files.filter(file -> matcher.matches(folder.relativize(file))).sorted().toList()) {
        if (Files.getLastModifiedTime(file).toMillis() >= since && Files.size(file) <= LARGEST) {
          texts.add(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        }
      }
    } catch (IOException | UncheckedIOException changedMeanwhile) {
      return texts;
    }
    return texts;
  }

  /** A path as a tool printed it, from the project's root. */
  String path(String printed) {
    String path = printed;
    String here = root + "/";
    if (path.startsWith(here)) {
      return path.substring(here.length());
    }
    if (path.startsWith("/")) {
      return path;
    }
    while (path.startsWith("./")) {
      path = path.substring(2);
    }
    return directory.isEmpty() ? path : Path.of(directory).resolve(path).normalize().toString();
  }
}
