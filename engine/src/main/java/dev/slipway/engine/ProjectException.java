package dev.slipway.engine;

/** The project cannot be worked with as it is; the message is for the user. */
public final class ProjectException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String hint;

  /**
   * @param hint how to mend it, empty where nothing helpful is known
   */
  public ProjectException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  /** How to mend it; empty where nothing helpful is known. */
  public String hint() {
    return hint;
  }
}
