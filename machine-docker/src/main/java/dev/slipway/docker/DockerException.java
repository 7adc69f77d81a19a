package dev.slipway.docker;

/** What the engine refused. */
final class DockerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String message;

  /**
   * @param status of HTTP; 0 when there was no answer
   */
  DockerException(int status, String message) {
    super(message);
    this.status = status;
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }

  int status() {
    return status;
  }

  /** Whether it is about something that is not there. */
  boolean notFound() {
    return status == 404;
  }
}
