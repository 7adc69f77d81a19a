package dev.slipway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what went wrong inside Slipway itself, so that a user sees one line and can send a
 * file.
 */
final class CrashReport {
  private CrashReport() {}

  /** Writes the report and returns the line to show. */
  static String write(Throwable problem, List<String> words, Surroundings surroundings) {
    String what =
        problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
    StringWriter text = new StringWriter();
    text.append("slipway ")
        .append(Build.VERSION)
        .append(" (build ")
        .append(Build.id())
        .append(")\n");
    text.append("command: ").append(command(words)).append('\n');
    text.append("java: ").append(System.getProperty("java.vm.version", "?")).append('\n');
    text.append("system: ")
        .append(System.getProperty("os.name", "?"))
        .append(' ')
        .append(System.getProperty("os.version", "?"))
        .append(' ')
        .append(System.getProperty("os.arch", "?"))
        .append("\n\n");
    problem.printStackTrace(new PrintWriter(text, true));
    String line = "a fault in Slipway itself: " + oneLine(what);
    for (Path directory : directories(surroundings)) {
      try {
        Files.createDirectories(directory);
        Path file =
            Files.createTempFile(directory, "crash-" + Instant.now().toEpochMilli() + "-", ".txt");
        Files.writeString(file, text.toString());
        return line + " (report: " + file + ")";
      } catch (IOException e) {
        line = "a fault in Slipway itself, and no report could be written: " + oneLine(what);
      }
    }
    return line;
  }

  private static List<Path> directories(Surroundings surroundings) {
    List<Path> directories = new ArrayList<>();
    add(directories, surroundings.variable("XDG_STATE_HOME"), "");
    add(directories, surroundings.variable("HOME"), ".local/state");
    add(directories, System.getProperty("java.io.tmpdir"), "");
    return directories;
  }

  private static void add(List<Path> directories, @Nullable String base, String below) {
    if (base != null && !base.isEmpty()) {
      try {
        directories.add(Path.of(base).resolve(below).resolve("slipway/crashes"));
      } catch (InvalidPathException e) {
        return;
      }
    }
  }

  /** The command and the names of its options: values may be secrets. */
  private static String command(List<String> words) {
    StringBuilder line = new StringBuilder("slipway");
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.indexOf('=');
      if (word.startsWith("--")) {
        line.append(' ').append(equals < 0 ? word : word.substring(0, equals) + "=…");
      } else if (i == 0) {
        line.append(' ').append(Commands.NAMES.contains(word) ? word : "…");
      } else {
        line.append(
            word.startsWith("-") ? " " + word.substring(0, Math.min(2, word.length())) : " …");
      }
    }
    return line.toString();
  }

  private static String oneLine(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() > 300 ? line.substring(0, 300) + "…" : line;
  }
}
