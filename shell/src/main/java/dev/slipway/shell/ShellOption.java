package dev.slipway.shell;

/** An option of the shell that changes when a script ends. */
public enum ShellOption {
  /** {@code -e}: a failing command ends the script. */
  ERREXIT,
  /** {@code -o pipefail}: a pipeline fails with any of its commands. */
  PIPEFAIL
}
