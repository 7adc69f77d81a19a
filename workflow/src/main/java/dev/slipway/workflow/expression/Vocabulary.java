package dev.slipway.workflow.expression;

import java.util.Set;

/**
 * What an expression may name: contexts (lower case), and functions besides those that are always there.
 * Immutable.
 */
public final class Vocabulary {
  /** Functions that exist only in some places. */
  public enum Function {
    ALWAYS,
    CANCELLED,
    SUCCESS,
    FAILURE,
    HASH_FILES
  }

  private final Set<String> contexts;
  private final Set<Function> functions;

  private Vocabulary(Set<String> contexts, Set<Function> functions) {
    this.contexts = Set.copyOf(contexts);
    this.functions = Set.copyOf(functions);
  }

  /** These contexts, in lower case, and these functions. */
  public static Vocabulary of(Set<String> contexts, Set<Function> functions) {
    return new Vocabulary(contexts, functions);
  }

  boolean context(String lowerCase) {
    return contexts.contains(lowerCase);
  }

  boolean function(Function function) {
    return functions.contains(function);
  }

  /** The contexts, in lower case. */
  public Set<String> contexts() {
    return contexts;
  }

  /** The functions besides those that are always there. */
  public Set<Function> functions() {
    return functions;
  }
}
