package dev.slipway.workflow;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Something wrong in a file a user wrote, with the place and, where one is known, a hint how to
 * mend it.
 *
 * @param file path relative to the repository root, with {@code /}
 * @param at where in the file
 * @param severity how bad it is
 * @param message what is wrong, in one sentence
 * @param hint how to mend it; null where nothing helpful is known
 * @param refused whether GitHub would refuse the file for it
 */
public record Problem(
    String file,
    Position at,
    Severity severity,
    String message,
    @Nullable String hint,
    boolean refused) {
  /** How bad a problem is. */
  public enum Severity {
    ERROR,
    WARNING
  }

  public Problem {
    requireNonNull(file, "file is null");
    requireNonNull(at, "at is null");
    requireNonNull(severity, "severity is null");
    requireNonNull(message, "message is null");
  }

  /** An error for which GitHub refuses the file. */
  public static Problem error(String file, Position at, String message, @Nullable String hint) {
    return new Problem(file, at, Severity.ERROR, message, hint, true);
  }

  /** {@code file:line:column: message}, and the hint in brackets. */
  public String text() {
    return file
        + ":"
        + at.line()
        + ":"
        + at.column()
        + ": "
        + message
        + (hint == null ? "" : " (" + hint + ")");
  }
}
