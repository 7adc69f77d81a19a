package dev.slipway.engine;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that a step writes for the runner, under names of their own for each step.
 *
 * <p>Files that a step left as it found them serve the next under new names: a job of many steps
 * would else create and delete thousands, and a file system without a journal searches past all
 * that were deleted in the last minute before it gives out the next (ext4, recently_deleted).
 */
final class CommandFiles {
  /**
   * Files that nobody has touched, for steps to come: of the same job, or of the next one in the
   * same place. Thread-safe.
   */
  static final class Untouched {
    private final Deque<List<File>> files = new ArrayDeque<>();

    synchronized void put(List<File> unused) {
      files.addFirst(unused);
    }

    synchronized @Nullable List<File> take() {
      return files.pollFirst();
    }

    /** What they are called now. */
    synchronized Set<String> names() {
      Set<String> names = new HashSet<>();
      for (List<File> ofStep : files) {
        for (File file : ofStep) {
          names.add(file.getName());
        }
      }
      return names;
    }
  }

  private final File env;
  private final File path;
  private final File output;
  private final File state;
  private final File summary;
  private final File artifacts;

  CommandFiles(Path folder, String id) {
    File parent = folder.toFile();
    env = new File(parent, "set_env_" + id);
    path = new File(parent, "add_path_" + id);
    output = new File(parent, "set_output_" + id);
    state = new File(parent, "save_state_" + id);
    summary = new File(parent, "step_summary_" + id);
    artifacts = new File(parent, "artifacts_" + id);
  }

  private List<File> all() {
    return List.of(env, path, output, state, summary, artifacts);
  }

  /** Makes them, empty. */
  void create(Machine.Launcher launcher, Untouched untouched) throws IOException {
    List<File> old = untouched.take();
    if (old != null && renamed(old, launcher)) {
      return;
    }
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

  /** Takes over the files of an earlier step; what it left running may have come back to them. */
  private boolean renamed(List<File> old, Machine.Launcher launcher) {
    List<File> files = all();
    boolean all = true;
    for (int i = 0; i < files.size(); i++) {
      all &= launcher.asCreated(old.get(i).toPath()) && old.get(i).renameTo(files.get(i));
    }
    if (!all) {
      delete(old);
      delete(files);
    }
    return all;
  }

  /** Names them in the {@code github} context. */
  void describe(LiveObject github) {
    github
        .put("env", env.getPath())
        .put("path", path.getPath())
        .put("output", output.getPath())
        .put("state", state.getPath())
        .put("step_summary", summary.getPath())
        .put("artifacts", artifacts.getPath());
  }

  /** Reads what the step wrote. @return what is wrong with it */
  List<String> read(Effects effects) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, String> pair : pairs(env, "env", problems)) {
      if (pair.getKey().equalsIgnoreCase("NODE_OPTIONS")) {
        effects.refused.add(
            "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
      } else {
        effects.env.put(pair.getKey(), pair.getValue());
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
    for (Map.Entry<String, String> pair : pairs(output, "output", problems)) {
      effects.outputs.put(pair.getKey(), pair.getValue());
    }
    for (Map.Entry<String, String> pair : pairs(state, "state", problems)) {
      effects.state.put(pair.getKey(), pair.getValue());
    }
    return problems;
  }

  private static List<Map.Entry<String, String>> pairs(
      File file, String command, List<String> problems) throws IOException {
    if (file.length() == 0) {
      return List.of();
    }
    FileCommand read = FileCommand.parse(text(file));
    if (read.problem() != null) {
      problems.add(
          "Unable to process file command '" + command + "' successfully. " + read.problem());
    }
    return read.pairs();
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

  /**
   * Takes what the step says it made.
   *
   * @return how many artifacts are new
   */
  int declare(ArtifactSubjects subjects, Path workspace)
      throws IOException, ArtifactSubjects.DeclarationException {
    return artifacts.length() == 0 ? 0 : subjects.declare(artifacts.toPath(), workspace);
  }

  /** Ends their use; those that are still as they were created go to {@code untouched}. */
  void release(Machine.Launcher launcher, Untouched untouched) {
    List<File> files = all();
    for (File file : files) {
      if (!launcher.asCreated(file.toPath())) {
        delete(files);
        return;
      }
    }
    untouched.put(files);
  }

  private static void delete(List<File> files) {
    for (File file : files) {
      // A file that the step itself removed is as gone as one removed here.
      boolean ignored = file.delete();
    }
  }
}
