package dev.slipway.engine;

import dev.slipway.workflow.Position;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Reading;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.WorkflowReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A project on disk: the folder that has {@code .github/workflows}, in a Git repository.
 *
 * @param root where {@code .github/workflows} is, else the repository's root
 * @param git the repository it lies in
 */
public record Project(Path root, GitRepository git) {
  private static final long MAX_FILE = 1024 * 1024;

  /**
   * The project around a folder.
   *
   * @throws ProjectException when there is no Git repository
   */
  public static Project open(Path directory) {
    Path start = directory.toAbsolutePath().normalize();
    if (!Files.isDirectory(start)) {
      throw new ProjectException("'" + directory + "' is no folder", "");
    }
    GitRepository git =
        GitRepository.find(start)
            .orElseThrow(() ->
                new ProjectException(
                    "'" + start + "' is in no Git repository",
                    "run `git init` there, or name a folder with -C"));
    for (Path at = start; at != null && at.startsWith(git.workTree()); at = at.getParent()) {
      if (Files.isDirectory(at.resolve(".github/workflows"))) {
        return new Project(at, git);
      }
    }
    return new Project(git.workTree(), git);
  }

  /** A workflow file as read. */
  public record WorkflowFile(String file, Reading<Workflow> reading) {}

  /**
   * The project's workflow files in order of their names, or those of the files and folders named,
   * each once.
   *
   * @throws ProjectException when a path named is neither
   */
  public List<WorkflowFile> workflows(List<Path> named) {
    Set<Path> files = new LinkedHashSet<>();
    for (Path path : named) {
      Path full = root.resolve(path);
      Path here = Path.of("").toAbsolutePath().resolve(path);
      Path found = (Files.exists(here) ? here : full).normalize();
      if (Files.isDirectory(found)) {
        files.addAll(in(found));
      } else if (Files.isRegularFile(found)) {
        files.add(found);
      } else {
        throw new ProjectException("'" + path + "' is neither a file nor a folder", "");
      }
    }
    if (named.isEmpty()) {
      files.addAll(in(root.resolve(".github/workflows")));
    }
    List<WorkflowFile> read = new ArrayList<>(files.size());
    for (Path file : files) {
      read.add(read(file));
    }
    return read;
  }

  private static List<Path> in(Path folder) {
    List<Path> files = new ArrayList<>();
    String[] names = folder.toFile().list();
    if (names != null) {
      Arrays.sort(names);
      for (String name : names) {
        Path file = folder.resolve(name);
        if ((name.endsWith(".yml") || name.endsWith(".yaml")) && Files.isRegularFile(file)) {
          files.add(file);
        }
      }
    }
    return files;
  }

  /** Reads one workflow file. */
  public WorkflowFile read(Path file) {
    String shown = file.startsWith(root) ? root.relativize(file).toString() : file.toString();
    return new WorkflowFile(shown, read(shown, file));
  }

  static Reading<Workflow> read(String shown, Path file) {
    try {
      if (Files.size(file) > MAX_FILE) {
        return failed(
            shown, "The file is larger than 1 MiB", "split it, or move jobs to reusable workflows");
      }
      return WorkflowReader.read(shown, Files.readString(file));
    } catch (MalformedInputException e) {
      return failed(shown, "The file is not UTF-8", "save it as UTF-8");
    } catch (IOException e) {
      return failed(shown, "The file cannot be read: " + e.getMessage(), "check its permissions");
    }
  }

  private static Reading<Workflow> failed(String file, String message, String hint) {
    return new Reading<>(null, List.of(Problem.error(file, Position.START, message, hint)));
  }

  /** The name that workspaces carry: the repository's. */
  String name() {
    String slug = git.slug().orElse("");
    String name = slug.substring(slug.indexOf('/') + 1);
    if (name.isEmpty()) {
      Path last = root.getFileName();
      name = last == null ? "project" : last.toString();
    }
    return name;
  }

  /** {@code owner/name}; of a project without a remote, {@code local/name}. */
  public String slug() {
    return git.slug().orElseGet(() -> "local/" + name());
  }
}
