package dev.slipway.shell;

/**
 * Something that looks at the pieces of a script as {@link Walk} comes by, before it goes into
 * them.
 */
interface Check {
  default void sequence(Syntax.Sequence sequence, Scope scope) {}

  default void simple(Syntax.Simple simple, Scope scope) {}

  default void pipeline(Syntax.Pipeline pipeline, Scope scope) {}

  default void chain(Syntax.Chain chain, Scope scope) {}

  default void compound(Syntax.Command command, Scope scope) {}

  default void clause(Syntax.Clause clause, Scope scope) {}

  default void assignment(Syntax.Assignment assignment, Scope scope) {}

  /** A variable gets a value: by an assignment, {@code read}, a loop, and so on. */
  default void assigned(String name, Syntax at, Value value, Scope scope) {}

  /** A name stands in arithmetic. */
  default void calculated(String name, Syntax at, Scope scope) {}

  default void redirect(Syntax.Redirect redirect, Scope scope) {}

  default void word(Syntax.Word word, Position position, Scope scope) {}

  default void piece(Syntax.Piece piece, Position position, Scope scope) {}
}
