package dev.slipway.runtime;

/**
 * A request that is not granted.
 *
 * @see Response#refusal
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;

  private RefusedException(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  static RefusedException malformed(String message) {
    return new RefusedException(400, "malformed", message);
  }

  static RefusedException invalid(String message) {
    return new RefusedException(400, "invalid_argument", message);
  }

  /** The token is missing or wrong. */
  public static RefusedException unauthenticated() {
    return new RefusedException(401, "unauthenticated", "the token is not valid for this request");
  }

  static RefusedException denied(String message) {
    return new RefusedException(403, "permission_denied", message);
  }

  static RefusedException notFound(String message) {
    return new RefusedException(404, "not_found", message);
  }

  static RefusedException exists(String message) {
    return new RefusedException(409, "already_exists", message);
  }

  /** A refusal in the words of the protocol that the request speaks. */
  public static RefusedException of(int status, String code, String message) {
    return new RefusedException(status, code, message);
  }

  /** The status code. */
  public int status() {
    return status;
  }

  String code() {
    return code;
  }

  String text() {
    String message = getMessage();
    return message == null ? code : message;
  }
}
