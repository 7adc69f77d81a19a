package dev.slipway.workflow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the problems of one file: each once, in the order of their places, at most ten errors
 * unless all are wanted.
 */
final class Problems {
  private static final int MOST_ERRORS = 10;
  private static final int MOST_SHOWN = 300;
  private static final int MOST_KEPT = 1_000;
  private static final int LONGEST_MESSAGE = 500;

  private final String file;
  private final List<Problem> found = new ArrayList<>();
  private final int most;
  private boolean failed;

  Problems(String file) {
    this(file, MOST_ERRORS);
  }

  private Problems(String file, int most) {
    this.file = file;
    this.most = most;
  }

  /** Keeps all that anybody may want to see. */
  static Problems all(String file) {
    return new Problems(file, MOST_SHOWN);
  }

  /** The same as of a file of this name. */
  Problems of(String name) {
    Problems named = new Problems(name, most);
    for (Problem problem : found) {
      named.add(
          problem.at(), problem.severity(), problem.message(), problem.hint(), problem.refused());
    }
    return named;
  }

  /** An error for which GitHub refuses the file. */
  void error(Position at, String message, @Nullable String hint) {
    add(at, Problem.Severity.ERROR, message, hint, true);
  }

  /** Something that GitHub accepts and that is hardly meant. */
  void warning(Position at, String message, @Nullable String hint) {
    add(at, Problem.Severity.WARNING, message, hint, false);
  }

  /** Something that GitHub accepts and that Slipway cannot run. */
  void unsupported(Position at, String message, String hint) {
    add(at, Problem.Severity.ERROR, message, hint, false);
  }

  private void add(
      Position at,
      Problem.Severity severity,
      String message,
      @Nullable String hint,
      boolean refused) {
    failed |= severity == Problem.Severity.ERROR;
    if (found.size() < MOST_KEPT) {
      found.add(new Problem(file, at, severity, cut(message), hint, refused));
    }
  }

  private static String cut(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE - 3) + "...";
  }

  /**
   * Whether more problems were found than anybody will read, so that hints are no longer worth
   * their time.
   */
  boolean many() {
    return found.size() > 10 * MOST_ERRORS;
  }

  /** How many there are so far. */
  int count() {
    return found.size();
  }

  /** What came of the reading: the value unless there was an error. */
  <T> Reading<T> reading(@Nullable T value) {
    if (found.isEmpty()) {
      return new Reading<>(value, List.of());
    }
    found.sort(
        Comparator.<Problem>comparingInt(p -> p.at().line())
            .thenComparingInt(p -> p.at().column()));
    List<Problem> kept = new ArrayList<>();
    Problem last = null;
    int errors = 0;
    int left = 0;
    for (Problem problem : found) {
      boolean error = problem.severity() == Problem.Severity.ERROR;
      if (repeated(problem, kept)) {
        continue;
      }
      if (error && errors >= most) {
        left++;
        last = problem;
      } else {
        kept.add(problem);
        errors += error ? 1 : 0;
      }
    }
    if (last != null && most == MOST_SHOWN) {
      kept.add(
          Problem.error(file, last.at(), left + " more errors like these were left out", null));
    }
    return new Reading<>(failed ? null : value, kept);
  }

  /** Whether the same was said at the same place; what is at one place lies together. */
  private static boolean repeated(Problem problem, List<Problem> kept) {
    for (int i = kept.size() - 1; i >= 0 && kept.get(i).at().equals(problem.at()); i--) {
      if (kept.get(i).equals(problem)) {
        return true;
      }
    }
    return false;
  }
}
