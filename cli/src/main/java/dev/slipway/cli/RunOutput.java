package dev.slipway.cli;

/** How a run is shown. */
enum RunOutput {
  /** A tree where there is a terminal, else lines. */
  AUTOMATIC,
  LINES,
  JSON;

  static RunOutput of(Arguments arguments) {
    if (arguments.has("json")) {
      return JSON;
    }
    return arguments.has("plain") ? LINES : AUTOMATIC;
  }
}
