package dev.slipway.cli;

import java.io.IOException;

/** One of Slipway's commands. */
interface Command {
  /** Its table of arguments. */
  Usage usage();

  /** Does it; returns the exit code. */
  int run(Arguments arguments, Surroundings surroundings) throws IOException, InterruptedException;
}
