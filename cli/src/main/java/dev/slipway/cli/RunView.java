package dev.slipway.cli;

import dev.slipway.engine.RunListener;

/**
 * Shows runs while they go on. Closing it prints the ending and leaves the terminal as it was
 * found.
 */
interface RunView extends RunListener, AutoCloseable {
  @Override
  void close();
}
