package dev.slipway.engine;

/** Whose home and environment the steps of jobs on this machine have. */
public enum Homes {
  /** Each job has a home of its own, so that what it does to its user stays with it. */
  OF_JOBS,

  /** Steps work as the user would by hand: with the user's home and the user's variables. */
  OF_USER
}
