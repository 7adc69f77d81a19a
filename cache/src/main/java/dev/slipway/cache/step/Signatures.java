package dev.slipway.cache.step;

import dev.slipway.cache.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signs what goes elsewhere and checks what comes from there, by Ed25519 (RFC 8032). A store of
 * objects is written by everybody who has its credentials; only who has a trusted key is believed.
 * Immutable and thread-safe.
 */
public final class Signatures {
  private static final int SEED = 32;

  private final @Nullable PrivateKey own;
  private final List<PublicKey> trusted;
  private final String shown;

  private Signatures(@Nullable PrivateKey own, List<PublicKey> trusted, String shown) {
    this.own = own;
    this.trusted = trusted;
    this.shown = shown;
  }

  /**
   * Signatures of everybody who knows a secret, and of owners of other keys.
   *
   * @param secret null to sign nothing
   * @param trust public keys in Base64, as {@link #publicKey} shows them
   * @throws IllegalArgumentException when one of them is none
   */
  public static Signatures of(@Nullable String secret, List<String> trust) {
    List<PublicKey> trusted = new ArrayList<>();
    for (String key : trust) {
      trusted.add(publicKey(key));
    }
    if (secret == null) {
      return new Signatures(null, trusted, "");
    }
    KeyPair pair = pair(Digest.of(("slipway-steps\0" + secret).getBytes(StandardCharsets.UTF_8)));
    trusted.add(pair.getPublic());
    return new Signatures(
        pair.getPrivate(),
        trusted,
        Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
  }

  /** The secret in a file that only this user may read; made when there is none. */
  public static String secretIn(Path file) throws IOException {
    if (Files.isRegularFile(file)) {
      String secret = Files.readString(file).strip();
      if (!secret.isEmpty()) {
        return secret;
      }
    }
    byte[] made = new byte[SEED];
    new SecureRandom().nextBytes(made);
    String secret = Base64.getEncoder().encodeToString(made);
    Files.createDirectories(file.getParent());
    DurableFile.writePrivately(file, (secret + "\n").getBytes(StandardCharsets.UTF_8));
    return secret;
  }

  private static KeyPair pair(Digest seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      // The generator takes its 32 bytes of seed from here, and no more.
      generator.initialize(255, new Fixed(seed.bytes()));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException everyPlatformHasIt) {
      throw new AssertionError(everyPlatformHasIt);
    }
  }

  private static PublicKey publicKey(String base64) {
    try {
      return KeyFactory.getInstance("Ed25519")
          .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64.strip())));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("'" + base64 + "' is no public key", e);
    }
  }

  /** What others have to trust to believe this one; empty when it signs nothing. */
  public String publicKey() {
    return shown;
  }

  boolean signs() {
    return own != null;
  }

  /** A signature of these bytes under a name, with the signature's length in front. */
  byte[] sign(String name, byte[] bytes) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(own);
      signature.update(signed(name, bytes));
      byte[] made = signature.sign();
      byte[] all = new byte[1 + made.length + bytes.length];
      all[0] = (byte) made.length;
      System.arraycopy(made, 0, all, 1, made.length);
      System.arraycopy(bytes, 0, all, 1 + made.length, bytes.length);
      return all;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What was signed under this name by somebody trusted; null for anything else. */
  byte @Nullable [] open(String name, byte[] all) {
    int length = all.length == 0 ? 0 : all[0] & 255;
    if (length == 0 || all.length < 1 + length) {
      return null;
    }
    byte[] made = java.util.Arrays.copyOfRange(all, 1, 1 + length);
    byte[] bytes = java.util.Arrays.copyOfRange(all, 1 + length, all.length);
    for (PublicKey key : trusted) {
      try {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key);
        signature.update(signed(name, bytes));
        if (signature.verify(made)) {
          return bytes;
        }
      } catch (GeneralSecurityException notByThisOne) {
        continue;
      }
    }
    return null;
  }

  /** The name is signed too, so that nobody can give one step's results for another's. */
  private static byte[] signed(String name, byte[] bytes) {
    MessageDigest sha = Digest.sha256();
    sha.update(("slipway-trace-v1\0" + name + "\0").getBytes(StandardCharsets.UTF_8));
    return sha.digest(bytes);
  }

  /** Gives out the same bytes as "random" ones. */
  private static final class Fixed extends SecureRandom {
    private static final long serialVersionUID = 1;

    private final byte[] seed;

    Fixed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, Math.min(seed.length, bytes.length));
    }
  }
}
