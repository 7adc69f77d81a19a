package dev.slipway.cache;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Sums up a blob while it passes. */
final class Digesting {
  private final MessageDigest sha256 = sha256();
  private final CRC32C crc32c = new CRC32C();
  private long size;

  void add(byte[] bytes, int length) {
    sha256.update(bytes, 0, length);
    crc32c.update(bytes, 0, length);
    size += length;
  }

  BlobDigest digest() {
    return new BlobDigest(size, HexFormat.of().formatHex(sha256.digest()), (int) crc32c.getValue());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
