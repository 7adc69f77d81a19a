package dev.slipway.engine;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The files that a step writes for the runner, fresh for each step. */
final class CommandFiles {
  private final File env;
  private final File path;
  private final File output;
  private final File state;
  private final File summary;

  CommandFiles(Path folder, String id) {
    File parent = folder.toFile();
    env = new File(parent, "set_env_" + id);
    path = new File(parent, "add_path_" + id);
    output = new File(parent, "set_output_" + id);
    state = new File(parent, "save_state_" + id);
    summary = new File(parent, "step_summary_" + id);
  }

  private List<File> all() {
    return List.of(env, path, output, state, summary);
  }

  void create(Machine.Launcher launcher) throws IOException {
    try {
      for (File file : all()) {
        launcher.createFile(file.toPath());
      }
    } catch (IOException removedByAStep) {
      Files.createDirectories(env.toPath().getParent());
      for (File file : all()) {
        Files.deleteIfExists(file.toPath());
        launcher.createFile(file.toPath());
      }
    }
  }

  /** Names them in the {@code github} context. */
  void describe(LiveObject github) {
    github
        .put("env", env.getPath())
        .put("path", path.getPath())
        .put("output", output.getPath())
        .put("state", state.getPath())
        .put("step_summary", summary.getPath());
  }

  /** Reads what the step wrote. @return what is wrong with it */
  List<String> read(Effects effects) throws IOException {
    List<String> problems = new ArrayList<>();
    if (env.length() > 0) {
      try {
        for (Map.Entry<String, String> pair : FileCommand.pairs(text(env))) {
          if (pair.getKey().equalsIgnoreCase("NODE_OPTIONS")) {
            problems.add("Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
          } else {
            effects.env.put(pair.getKey(), pair.getValue());
          }
        }
      } catch (FileCommand.FormatException e) {
        problems.add("Unable to process file command 'env' successfully. " + e.getMessage());
      }
    }
    if (path.length() > 0) {
      text(path)
          .lines()
          .filter(line -> !line.isEmpty())
          .forEach(line -> {
            effects.path.remove(line);
            effects.path.add(line);
          });
    }
    pairs(output, "output", effects.outputs, problems);
    pairs(state, "state", effects.state, problems);
    return problems;
  }

  private static void pairs(
      File file, String command, Map<String, String> into, List<String> problems)
      throws IOException {
    if (file.length() == 0) {
      return;
    }
    try {
      for (Map.Entry<String, String> pair : FileCommand.pairs(text(file))) {
        into.put(pair.getKey(), pair.getValue());
      }
    } catch (FileCommand.FormatException e) {
      problems.add(
          "Unable to process file command '" + command + "' successfully. " + e.getMessage());
    }
  }

  private static String text(File file) throws IOException {
    String text = new String(Files.readAllBytes(file.toPath()), StandardCharsets.UTF_8);
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  /** The step's summary: at most one byte more than {@code limit}. */
  byte[] summary(int limit) throws IOException {
    if (summary.length() == 0) {
      return new byte[0];
    }
    try (InputStream in = Files.newInputStream(summary.toPath())) {
      return in.readNBytes(limit + 1);
    }
  }

  void delete() {
    for (File file : all()) {
      // A file that the step itself removed is as gone as one removed here.
      boolean ignored = file.delete();
    }
  }
}
