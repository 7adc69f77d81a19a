package dev.slipway.cache.step;

import dev.slipway.cache.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Digests of values that must not be guessed from them, by HMAC-SHA256 with a key that only this
 * user, or those who share a remote cache, have.
 */
final class Keyed {
  private static final int LENGTH = 32;

  private final Path file;
  private final Map<String, Digest> known = new ConcurrentHashMap<>();
  private byte[] key = new byte[0];

  Keyed(Path file) {
    this.file = file;
  }

  Digest digest(String value) {
    return known.computeIfAbsent(value, this::make);
  }

  private Digest make(String value) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key(), "HmacSHA256"));
      return new Digest(mac.doFinal(value.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException everyPlatformHasIt) {
      throw new AssertionError(everyPlatformHasIt);
    }
  }

  private synchronized byte[] key() {
    if (key.length == 0) {
      key = read();
    }
    return key;
  }

  private byte[] read() {
    try {
      byte[] kept = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
      if (kept.length == LENGTH) {
        return kept;
      }
      byte[] made = new byte[LENGTH];
      new SecureRandom().nextBytes(made);
      Files.createDirectories(file.getParent());
      DurableFile.writePrivately(file, made);
      return made;
    } catch (IOException e) {
      // What is made now will match nothing later, which is a miss and no more.
      byte[] made = new byte[LENGTH];
      new SecureRandom().nextBytes(made);
      return made;
    }
  }
}
