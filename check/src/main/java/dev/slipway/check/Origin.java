package dev.slipway.check;

/** Whose idea a gate is. */
public enum Origin {
  /** The project names the tool in its files: a check without it would not be one. */
  CONFIGURED,

  /** Slipway proposes it, because the files are of its kind. */
  PROPOSED
}
