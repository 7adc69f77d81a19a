package dev.slipway.shell;

/** The place where a text stops being a script; ends the parsing of it. */
final class SyntaxStop extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int offset;
  private final String problem;

  SyntaxStop(int offset, String problem) {
    super(problem, null, false, false);
    this.offset = offset;
    this.problem = problem;
  }

  int offset() {
    return offset;
  }

  String problem() {
    return problem;
  }
}
