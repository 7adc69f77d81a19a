package dev.slipway.shell;

/** How bad a finding is, worst first. */
public enum ShellSeverity {
  /** The script does not do what it says. */
  ERROR,
  /** The script most likely does not do what it says. */
  WARNING,
  /** The script does what it says until a value is unusual. */
  INFO,
  /** The script works and could be plainer. */
  STYLE
}
