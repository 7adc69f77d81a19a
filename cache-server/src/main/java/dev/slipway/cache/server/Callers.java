package dev.slipway.cache.server;

import dev.slipway.cache.CacheToken;
import dev.slipway.runtime.RefusedException;
import dev.slipway.runtime.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows whose requests are whose: by a bearer token, or by one as the password of whatever user.
 */
final class Callers {
  private static final String BASIC = "Basic ";

  private final List<CacheToken> tokens;

  /**
   * @param tokens none when everybody may do everything
   */
  Callers(List<CacheToken> tokens) {
    this.tokens = tokens.isEmpty() ? List.of(CacheToken.all("")) : tokens;
  }

  List<CacheToken> all() {
    return tokens;
  }

  /** Whose request it is. */
  CacheToken of(Request request) {
    if (tokens.getFirst().secret().isEmpty()) {
      return tokens.getFirst();
    }
    String secret = secret(request);
    CacheToken found = find(secret);
    if (found == null && secret.indexOf('.') >= 0) {
      // Clients that look into their token want the form of a JSON web token; ours is its last
      // part.
      found = find(secret.substring(secret.lastIndexOf('.') + 1));
    }
    if (found == null) {
      throw RefusedException.unauthenticated();
    }
    return found;
  }

  /** Takes as long for every secret of a length, and for every token. */
  private @Nullable CacheToken find(String secret) {
    byte[] given = secret.getBytes(StandardCharsets.UTF_8);
    CacheToken found = null;
    for (CacheToken token : tokens) {
      if (MessageDigest.isEqual(token.secret().getBytes(StandardCharsets.UTF_8), given)) {
        found = token;
      }
    }
    return found;
  }

  private static String secret(Request request) {
    String header = request.header("Authorization");
    if (!header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return request.bearer();
    }
    try {
      String text =
          new String(
              Base64.getDecoder().decode(header.substring(BASIC.length()).strip()),
              StandardCharsets.UTF_8);
      return text.substring(text.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
