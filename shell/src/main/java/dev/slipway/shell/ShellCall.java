package dev.slipway.shell;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A simple command of a script, and what becomes of its failure.
 *
 * @param start offset of its first character
 * @param end offset after its last word
 * @param stop offset after its last redirection
 * @param assignments those before it, or all there is of it
 * @param words the program and its arguments
 * @param before the operator before it in its list or pipeline; {@code ;} when it begins one
 * @param after the operator behind it; {@code ;} also for the end of a line
 * @param status what becomes of its failure
 * @param instead what runs when it has failed, with the operator before: the rest of the list
 *     behind {@code ||}, or the branch of an {@code if}; empty where nothing runs instead, null
 *     where the question does not arise
 * @param function the innermost function that it is in, or nothing
 * @param substituted whether it is in a substitution
 * @param repeated whether it is in a loop
 */
public record ShellCall(
    int start,
    int end,
    int stop,
    List<ShellWord> assignments,
    List<ShellWord> words,
    List<ShellRedirect> redirects,
    String before,
    String after,
    ShellStatus status,
    @Nullable ShellSpan instead,
    String function,
    boolean substituted,
    boolean repeated) {
  public ShellCall {
    assignments = List.copyOf(assignments);
    words = List.copyOf(words);
    redirects = List.copyOf(redirects);
    requireNonNull(before, "before is null");
    requireNonNull(after, "after is null");
    requireNonNull(status, "status is null");
    requireNonNull(function, "function is null");
  }
}
