package dev.slipway.shell;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Something about a script that its author wants to know.
 *
 * @param rule what was looked for
 * @param code the ShellCheck code of this very finding, empty where ShellCheck has none
 * @param start offset of the first character meant
 * @param end offset after the last
 * @param severity how bad it is
 * @param message what is so
 * @param hint what to do
 * @param edits what to replace, in the order of the text, so that the script still means what its
 *     author meant; empty where that is for a human to decide
 */
public record ShellFinding(
    ShellRule rule,
    String code,
    int start,
    int end,
    ShellSeverity severity,
    String message,
    String hint,
    List<ShellEdit> edits) {
  public ShellFinding {
    requireNonNull(rule, "rule is null");
    requireNonNull(code, "code is null");
    requireNonNull(severity, "severity is null");
    requireNonNull(message, "message is null");
    requireNonNull(hint, "hint is null");
    edits = List.copyOf(edits);
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("not a range: " + start + ".." + end);
    }
  }
}
