package dev.slipway.shell;

/** What becomes of the status of a command that fails. */
public enum ShellStatus {
  /** It ends the script, or is the script's own. */
  COUNTS,
  /** {@code if}, {@code while}, {@code until} or {@code !} asks for it. */
  TESTED,
  /** Something behind {@code ||} runs instead. */
  RESCUED,
  /** Another command of the pipeline decides. */
  PIPED,
  /** What is behind {@code &&} does not run, and the script goes on in the next line. */
  PASSED_OVER,
  /** The script goes on at once; only {@code wait} would learn of it. */
  BACKGROUND,
  /** The command that takes what it prints has a status of its own. */
  SUBSTITUTED,
  /** Nothing looks at it: {@code -e} is off. */
  IGNORED
}
