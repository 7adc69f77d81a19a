package dev.slipway.engine;

/** How hard a step is asked to stop. */
public enum Stop {
  /** Not at all. */
  NONE,
  /** SIGINT, then SIGTERM, then SIGKILL, as GitHub's runner does. */
  GRACEFUL,
  /** SIGKILL at once. */
  KILL
}
