package dev.slipway.cli;

import dev.slipway.engine.RunListener;
import java.time.Clock;

/**
 * Shows runs while they go on. Closing it prints the ending and leaves the terminal as it was
 * found.
 */
interface RunView extends RunListener, AutoCloseable {
  @Override
  void close();

  /** The view for people: a tree on a terminal unless lines are wanted, else lines. */
  static RunView of(RunOutput output, Surroundings surroundings) {
    boolean draws = output == RunOutput.AUTOMATIC && surroundings.outTerminal();
    if (draws && !"dumb".equals(surroundings.variable("TERM"))) {
      return new TreeView(
          surroundings.out(),
          surroundings.colors(),
          TerminalSize.of(surroundings.environment()),
          Clock.systemUTC());
    }
    return new LineView(surroundings.out(), surroundings.colors());
  }
}
