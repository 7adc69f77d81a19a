package dev.slipway.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the output of a job's steps adds to its record beside lines: annotations, groups, what
 * problem matchers find. Thread-safe.
 */
final class JobOutput {
  private final String key;
  private final RunRecorder recorder;
  private final Masker masker;
  private final Path workspace;
  private final String slug;
  private final boolean debug;
  private final Map<String, Integer> annotations = new HashMap<>();
  private final Set<Integer> groups = new HashSet<>();
  private volatile Matchers matchers = new Matchers(0, List.of());
  private volatile Path repository;
  private volatile @Nullable StepHost steps;

  /**
   * The output of a job.
   *
   * @param slug of the workflow's repository, {@code owner/name}
   */
  JobOutput(
      String key, RunRecorder recorder, Masker masker, Path workspace, String slug, boolean debug) {
    this.key = key;
    this.slug = slug;
    this.recorder = recorder;
    this.masker = masker;
    this.workspace = workspace;
    this.repository = workspace;
    this.debug = debug;
  }

  /** The steps run elsewhere, where paths are others. */
  void runIn(StepHost host) {
    steps = host;
  }

  String key() {
    return key;
  }

  RunRecorder recorder() {
    return recorder;
  }

  Masker masker() {
    return masker;
  }

  boolean debug() {
    return debug;
  }

  /** The repository was checked out here. */
  void repository(Path checkout) {
    repository = checkout;
  }

  /** How many annotations of this level the phase of the step has with this one. */
  synchronized int countAnnotation(int step, RunEvent.Phase phase, String level) {
    return annotations.merge(step + " " + phase + " " + level, 1, Integer::sum);
  }

  synchronized void groupStarted(int step, String title) {
    groupFinished(step);
    groups.add(step);
    String masked = masker.mask(title);
    recorder.emit(
        (seq, at) -> new RunEvent.GroupStarted(seq, at, recorder.run(), key, step, masked));
  }

  /** Ends the step's group, if one is open. */
  synchronized void groupFinished(int step) {
    if (groups.remove(step)) {
      recorder.emit((seq, at) -> new RunEvent.GroupFinished(seq, at, recorder.run(), key, step));
    }
  }

  /** The job's problem matchers, first come first asked; each change makes another version. */
  record Matchers(int version, List<ProblemMatcher> all) {
    Matchers {
      all = List.copyOf(all);
    }

    private Matchers next(List<ProblemMatcher> changed) {
      return new Matchers(version + 1, changed);
    }
  }

  Matchers matchers() {
    return matchers;
  }

  /** Adds the matchers in a file before those that there are; one of the same owner goes. */
  void addMatchers(String file) {
    List<ProblemMatcher> added = matchersIn(file);
    synchronized (this) {
      List<ProblemMatcher> changed = new ArrayList<>(added);
      for (ProblemMatcher matcher : matchers.all()) {
        if (!owned(added, matcher.owner())) {
          changed.add(matcher);
        }
      }
      matchers = matchers.next(changed);
    }
  }

  synchronized void removeMatcher(String owner) {
    List<ProblemMatcher> changed = new ArrayList<>(matchers.all());
    changed.removeIf(matcher -> matcher.owner().equalsIgnoreCase(owner));
    matchers = matchers.next(changed);
  }

  /** Removes the matchers of the owners that a file names. */
  void removeMatchers(String file) {
    for (ProblemMatcher matcher : matchersIn(file)) {
      removeMatcher(matcher.owner());
    }
  }

  private static boolean owned(List<ProblemMatcher> matchers, String owner) {
    for (ProblemMatcher matcher : matchers) {
      if (matcher.owner().equalsIgnoreCase(owner)) {
        return true;
      }
    }
    return false;
  }

  private List<ProblemMatcher> matchersIn(String file) {
    Path path = file.isBlank() ? null : resolve(file.strip());
    if (path == null || !Files.isRegularFile(path)) {
      throw new ProblemMatcher.InvalidMatcherException(
          "There is no problem matcher file '" + file + "'");
    }
    try {
      return ProblemMatcher.parse(Files.readString(path));
    } catch (IOException e) {
      throw new ProblemMatcher.InvalidMatcherException(
          "The problem matcher file '" + file + "' cannot be read: " + e.getMessage());
    }
  }

  private @Nullable Path resolve(String path) {
    try {
      StepHost elsewhere = steps;
      return workspace.resolve(elsewhere == null ? path : elsewhere.pathHere(path)).normalize();
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** A path of an annotation as seen from the repository's root, where it lies in it. */
  String repositoryPath(String file) {
    Path path = file.startsWith("/") ? resolve(file) : null;
    if (path == null) {
      return file.replace('\\', '/');
    }
    if (path.startsWith(repository)) {
      return repository.relativize(path).toString();
    }
    return path.startsWith(workspace) ? workspace.relativize(path).toString() : file;
  }

  /**
   * A file that a matcher found, from the root of its repository; null when it is no file of the
   * workflow's repository.
   */
  @Nullable String matchedFile(String file, @Nullable String fromPath) {
    Path path = resolve(file);
    if (fromPath != null && !fromPath.isBlank() && !file.startsWith("/")) {
      Path from = resolve(fromPath);
      Path folder = from == null ? null : from.getParent();
      path = folder == null ? null : resolve(folder + "/" + file);
    }
    if (path == null || !path.startsWith(repository) || !Files.isRegularFile(path)) {
      return null;
    }
    for (Path folder = path.getParent();
        folder != null && !folder.equals(repository);
        folder = folder.getParent()) {
      Path config = folder.resolve(".git").resolve("config");
      if (Files.isRegularFile(config)) {
        return isWorkflowRepository(config) ? folder.relativize(path).toString() : null;
      }
    }
    return repository.relativize(path).toString();
  }

  private boolean isWorkflowRepository(Path gitConfig) {
    List<String> lines;
    try {
      lines = Files.readAllLines(gitConfig);
    } catch (IOException unreadable) {
      return false;
    }
    for (String line : lines) {
      String text = line.strip();
      if (text.equalsIgnoreCase("url = https://github.com/" + slug)
          || text.equalsIgnoreCase("url = git@github.com:" + slug + ".git")) {
        return true;
      }
    }
    return false;
  }
}
