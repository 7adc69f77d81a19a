package dev.slipway.shell;

/** Where an expansion stands, which decides what becomes of its value. */
enum Position {
  /** The name of the command. */
  COMMAND,
  /** A word that is split at blanks and matched with files. */
  ARGUMENT,
  /** The target of a redirection. */
  TARGET,
  /** A word that a {@code for} goes over. */
  ELEMENT_OF_LOOP,
  /** An element of an array. */
  ELEMENT,
  /** Where nothing is split: the value of an assignment, a test in {@code [[ ]]}, a subject. */
  WHOLE,
  /** The right side of a comparison in {@code [[ ]]}, or a pattern of a {@code case}. */
  PATTERN,
  /** In double quotes. */
  QUOTED,
  /** In a here-document. */
  DOCUMENT,
  ARITHMETIC,
  /** In the brackets of an array, which are arithmetic unless its keys are texts. */
  SUBSCRIPT;

  /** Whether the value of an expansion is split at blanks. */
  boolean splits() {
    return this == COMMAND || this == ARGUMENT || this == TARGET;
  }
}
