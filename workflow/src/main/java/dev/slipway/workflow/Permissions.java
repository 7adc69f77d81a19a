package dev.slipway.workflow;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code permissions}: what the token may do. Naming any scope sets all others to none.
 *
 * @param scopes scope to access, in the order written; for {@code read-all} and {@code write-all}
 *     every scope
 */
public record Permissions(Position at, Map<String, Access> scopes) {
  /** Access to one scope, weakest first. */
  public enum Access {
    NONE,
    READ,
    WRITE
  }

  public Permissions {
    scopes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(scopes));
  }

  /** Access to a scope, {@code NONE} when it is not named. */
  public Access of(String scope) {
    return scopes.getOrDefault(scope, Access.NONE);
  }
}
