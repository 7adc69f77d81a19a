package dev.slipway.cli;

/** The exit codes of every command. */
final class Exit {
  static final int SUCCESS = 0;

  /** The thing that was checked or run failed. */
  static final int FAILED = 1;

  /** The command was not understood, or named something that cannot be read. */
  static final int USAGE = 2;

  /** Slipway or the machine failed. */
  static final int BROKEN = 3;

  static final int INTERRUPTED = 130;

  private Exit() {}
}
