package dev.slipway.workflow.expression;

import java.util.Set;

/**
 * What an expression may name: contexts (lower case), and functions besides those that are always
 * there. Immutable.
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

  private final boolean statusArguments;

  private Vocabulary(Set<String> contexts, Set<Function> functions, boolean statusArguments) {
    this.contexts = Set.copyOf(contexts);
    this.functions = Set.copyOf(functions);
    this.statusArguments = statusArguments;
  }

  /** These contexts, in lower case, and these functions. */
  public static Vocabulary of(Set<String> contexts, Set<Function> functions) {
    return new Vocabulary(contexts, functions, true);
  }

  /**
   * The same where {@code success} and {@code failure} take no arguments: in the {@code if} of a
   * step. In that of a job they take the ids of jobs.
   */
  public Vocabulary withoutStatusArguments() {
    return new Vocabulary(contexts, functions, false);
  }

  boolean statusArguments() {
    return statusArguments;
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
