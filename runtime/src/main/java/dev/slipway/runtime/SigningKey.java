package dev.slipway.runtime;

import dev.slipway.cache.DurableFile;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The RSA key that signs OIDC tokens, the same for all runs of a user. */
final class SigningKey {
  private static final int BITS = 2048;
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  private final RSAPrivateCrtKey key;
  private final Map<String, Value> publicKey;
  private final String id;

  private SigningKey(RSAPrivateCrtKey key) throws GeneralSecurityException {
    this.key = key;
    publicKey = new LinkedHashMap<>();
    publicKey.put("e", Value.of(encoded(key.getPublicExponent())));
    publicKey.put("kty", Value.of("RSA"));
    publicKey.put("n", Value.of(encoded(key.getModulus())));
    // The thumbprint of RFC 7638.
    byte[] canonical = Json.writeCompact(Value.object(publicKey)).getBytes(StandardCharsets.UTF_8);
    id = encoded(MessageDigest.getInstance("SHA-256").digest(canonical));
  }

  /** The key in this file, which is made when it is not there or not a key. */
  static SigningKey in(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("'" + file + "' cannot be a file");
    }
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    try (FileChannel lock =
        FileChannel.open(
            folder.resolve(file.getFileName() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      lock.lock();
      RSAPrivateCrtKey key = read(file);
      if (key == null) {
        key = generate();
        DurableFile.writePrivately(file, pem(key));
      }
      return new SigningKey(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has RSA", e);
    }
  }

  /** A JSON web token with these claims. */
  String token(ObjectValue claims) {
    ObjectValue header =
        Value.object(Map.of("alg", Value.of("RS256"), "typ", Value.of("JWT"), "kid", Value.of(id)));
    String content =
        encoded(Json.writeCompact(header).getBytes(StandardCharsets.UTF_8))
            + "."
            + encoded(Json.writeCompact(claims).getBytes(StandardCharsets.UTF_8));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(content.getBytes(StandardCharsets.US_ASCII));
      return content + "." + encoded(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java signs with RSA", e);
    }
  }

  /** The public half, as a JSON web key. */
  ObjectValue publicKey() {
    Map<String, Value> members = new LinkedHashMap<>(publicKey);
    members.put("alg", Value.of("RS256"));
    members.put("use", Value.of("sig"));
    members.put("kid", Value.of(id));
    return Value.object(members);
  }

  private static @Nullable RSAPrivateCrtKey read(Path file)
      throws IOException, GeneralSecurityException {
    String pem;
    try {
      pem = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return null;
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    int start = pem.indexOf(BEGIN);
    int end = pem.indexOf(END);
    if (start < 0 || end < start) {
      return null;
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(pem.substring(start + BEGIN.length(), end));
      PrivateKey key =
          KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes));
      return key instanceof RSAPrivateCrtKey rsa ? rsa : null;
    } catch (InvalidKeySpecException | IllegalArgumentException e) {
      return null;
    }
  }

  private static RSAPrivateCrtKey generate() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(BITS);
    return (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
  }

  private static byte[] pem(RSAPrivateCrtKey key) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return (BEGIN + "\n" + body + "\n" + END + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static String encoded(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int sign = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
    return encoded(Arrays.copyOfRange(bytes, sign, bytes.length));
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
