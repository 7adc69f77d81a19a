package dev.slipway.workflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading a file: the value when there is no error, and every problem found.
 *
 * @param value null exactly when a problem of severity error was found
 */
public record Reading<T>(@Nullable T value, List<Problem> problems) {
  public Reading {
    problems = List.copyOf(problems);
  }

  /** Whether the value can be used. */
  public boolean ok() {
    return value != null;
  }
}
