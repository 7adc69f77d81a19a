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
import java.util.function.Consumer;
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
  private final boolean debug;
  private final List<ProblemMatcher> matchers = new ArrayList<>();
  private final Map<String, Integer> annotations = new HashMap<>();
  private final Set<Integer> groups = new HashSet<>();
  private volatile boolean hasMatchers;
  private volatile Path repository;

  JobOutput(String key, RunRecorder recorder, Masker masker, Path workspace, boolean debug) {
    this.key = key;
    this.recorder = recorder;
    this.masker = masker;
    this.workspace = workspace;
    this.repository = workspace;
    this.debug = debug;
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

  /** How many annotations of this level the step has with this one. */
  synchronized int countAnnotation(int step, String level) {
    return annotations.merge(step + level, 1, Integer::sum);
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

  boolean hasMatchers() {
    return hasMatchers;
  }

  void addMatcher(String file, Consumer<String> say) {
    List<ProblemMatcher> parsed = matchersIn(file);
    synchronized (this) {
      for (ProblemMatcher matcher : parsed) {
        matchers.removeIf(m -> m.owner().equalsIgnoreCase(matcher.owner()));
        matchers.addFirst(matcher);
      }
      hasMatchers = !matchers.isEmpty();
    }
    for (ProblemMatcher matcher : parsed) {
      say.accept("Added matcher '" + matcher.owner() + "'");
    }
  }

  void removeMatcher(String owner, String file, Consumer<String> say) {
    List<String> owners = new ArrayList<>();
    if (file.isEmpty()) {
      owners.add(owner);
    } else {
      for (ProblemMatcher matcher : matchersIn(file)) {
        owners.add(matcher.owner());
      }
    }
    synchronized (this) {
      for (String one : owners) {
        if (matchers.removeIf(m -> m.owner().equalsIgnoreCase(one))) {
          say.accept("Removed matcher '" + one + "'");
        }
      }
      hasMatchers = !matchers.isEmpty();
    }
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
      return workspace.resolve(path).normalize();
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /**
   * The problem that a line completes; {@code removed} receives the owners of matchers taken out.
   */
  synchronized ProblemMatcher.@Nullable Problem match(String line, List<String> removed) {
    ProblemMatcher.Problem found = null;
    ProblemMatcher finder = null;
    for (ProblemMatcher matcher : matchers) {
      found = matcher.match(line);
      if (found != null) {
        finder = matcher;
        break;
      }
    }
    for (ProblemMatcher matcher : matchers) {
      if (finder != null && matcher != finder) {
        matcher.reset();
      }
      if (matcher.removed()) {
        removed.add(matcher.owner());
      }
    }
    if (!removed.isEmpty()) {
      matchers.removeIf(ProblemMatcher::removed);
      hasMatchers = !matchers.isEmpty();
    }
    return found;
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
   * A file that a matcher found, from the repository's root; null when it is no file of the
   * repository.
   */
  @Nullable String matchedFile(String file, @Nullable String fromPath) {
    Path path;
    if (fromPath != null && !fromPath.isEmpty() && !file.startsWith("/")) {
      Path from = resolve(fromPath);
      Path folder = from == null ? null : from.getParent();
      path = folder == null ? null : folder.resolve(file).normalize();
    } else {
      path = resolve(file);
    }
    if (path == null || !path.startsWith(repository) || !Files.exists(path)) {
      return null;
    }
    return repository.relativize(path).toString();
  }
}
