package dev.slipway.cli;

import org.jspecify.annotations.Nullable;

/** Ends a command with one message, perhaps a hint, and an exit code. */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exit;
  private final @Nullable String hint;

  private CommandException(int exit, String message, @Nullable String hint) {
    super(message, null, false, false);
    this.exit = exit;
    this.hint = hint;
  }

  /** The command line cannot be understood, or names what cannot be read. */
  static CommandException usage(String message, @Nullable String hint) {
    return new CommandException(Exit.USAGE, message, hint);
  }

  /** The machine does not let Slipway do its work. */
  static CommandException broken(String message, @Nullable String hint) {
    return new CommandException(Exit.BROKEN, message, hint);
  }

  /** The thing that was asked about failed. */
  static CommandException failed(String message, @Nullable String hint) {
    return new CommandException(Exit.FAILED, message, hint);
  }

  int exit() {
    return exit;
  }

  String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  @Nullable String hint() {
    return hint;
  }
}
