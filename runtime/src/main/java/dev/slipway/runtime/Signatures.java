package dev.slipway.runtime;

import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signs tokens and addresses with a key that only this process knows, and forgets. */
final class Signatures {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String HEADER =
      encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key = new SecretKeySpec(random(32), ALGORITHM);

  byte[] random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A JSON web token with these claims. */
  String token(ObjectValue claims) {
    String content =
        HEADER + "." + encoded(Json.writeCompact(claims).getBytes(StandardCharsets.UTF_8));
    return content + "." + of(content);
  }

  /** The claims of a token that was signed here; null when it was not. */
  @Nullable ObjectValue claims(String token) {
    int end = token.lastIndexOf('.');
    int start = token.indexOf('.');
    if (start < 0 || end <= start || !matches(token.substring(0, end), token.substring(end + 1))) {
      return null;
    }
    try {
      String json =
          new String(
              Base64.getUrlDecoder().decode(token.substring(start + 1, end)),
              StandardCharsets.UTF_8);
      return Json.parse(json) instanceof ObjectValue claims ? claims : null;
    } catch (IllegalArgumentException | ExpressionException e) {
      return null;
    }
  }

  /** The signature of a text. */
  String of(String text) {
    return encoded(bytes(text));
  }

  boolean matches(String text, String signature) {
    return MessageDigest.isEqual(
        of(text).getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] bytes(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
