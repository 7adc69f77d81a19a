package dev.slipway.shell;

/** The language a script is written in. */
public enum Dialect {
  /** What POSIX describes, with the {@code local} that every sh has. */
  SH,
  BASH
}
