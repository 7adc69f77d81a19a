package dev.slipway.lint;

/** How exactly an action must be named. */
enum ActionPin {
  /** By a commit's hash. */
  HASH,
  /** By a tag, a branch or a hash. */
  REF,
  ANY
}
