package dev.slipway.trace;

/**
 * A connection that a watched process asked for, other than to what watched processes themselves
 * listen on.
 *
 * @param address {@code 192.0.2.1:443}, {@code [2001:db8::1]:443}, a path, or {@code @name} of an
 *     abstract socket
 */
public record Contact(Kind kind, String address) {
  /** What kind of place it leads to. */
  public enum Kind {
    /** Another machine. */
    NETWORK,
    /** Another process by this machine's loopback. */
    LOOPBACK,
    /** Another process by a socket in the file system or an abstract name. */
    UNIX
  }
}
