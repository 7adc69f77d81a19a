package dev.slipway.shell;

import static java.util.Objects.requireNonNull;

/**
 * A redirection of a command, or of a group that the command is in.
 *
 * @param descriptor the digits before the operator, or nothing
 * @param operator such as {@code >>}
 * @param target the word behind it; of a here-document, its delimiter
 */
public record ShellRedirect(String descriptor, String operator, ShellWord target) {
  public ShellRedirect {
    requireNonNull(descriptor, "descriptor is null");
    requireNonNull(operator, "operator is null");
    requireNonNull(target, "target is null");
  }

  /** Whether what the command prints goes there. */
  public boolean output() {
    boolean printed = descriptor.isEmpty() || descriptor.equals("1");
    return operator.startsWith("&>") || (printed && operator.startsWith(">"));
  }
}
