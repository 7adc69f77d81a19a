package dev.slipway.lint;

/** Who can decide what a value is, the most dangerous first. */
enum Chooser {
  /** Whoever opens an issue or a pull request. */
  ANYBODY,
  /** Those who may write to the repository, start the workflow or call it. */
  INSIDER,
  /** It comes out of a step of which nothing is known. */
  UNKNOWN,
  /** Nobody: a number, a hash, a name of few characters, something fixed. */
  NOBODY;

  boolean worseThan(Chooser other) {
    return compareTo(other) < 0;
  }
}
