package dev.slipway.cache;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry's name in a store of blobs: {@code SCOPE/VERSION/KEY/ID-SIZE-CRC32C-SHA256}. The name
 * says all there is to know, so putting one blob in its place makes an entry, and a listing is an
 * index.
 *
 * <p>Scope, version and key are percent-encoded byte by byte, so that a prefix of a key is a prefix
 * of its encoding.
 */
final class EntryName {
  private static final String HEX = "0123456789ABCDEF";
  private static final String PLAIN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-=@";

  private EntryName() {}

  /** What the names of all entries of this scope and version begin with. */
  static String prefix(String scope, String version) {
    return encoded(scope) + "/" + encoded(version) + "/";
  }

  static String prefix(String scope, String version, String key) {
    return prefix(scope, version) + encoded(key) + "/";
  }

  static String of(CacheEntry entry) {
    BlobDigest digest = entry.digest();
    return prefix(entry.scope(), entry.version(), entry.key())
        + entry.id()
        + "-"
        + digest.size()
        + "-"
        + Integer.toHexString(digest.crc32c())
        + "-"
        + digest.sha256();
  }

  /** The entry of this name; null when it is no entry's. */
  static @Nullable CacheEntry entry(String name, Instant usedAt) {
    String[] parts = name.split("/", -1);
    String[] facts = parts[parts.length - 1].split("-", -1);
    if (parts.length != 4 || facts.length != 4 || facts[3].length() != 64) {
      return null;
    }
    try {
      long id = Long.parseLong(facts[0]);
      BlobDigest digest =
          new BlobDigest(
              Long.parseLong(facts[1]), facts[3], Integer.parseUnsignedInt(facts[2], 16));
      return new CacheEntry(
          id,
          decoded(parts[0]),
          decoded(parts[2]),
          decoded(parts[1]),
          digest,
          Instant.ofEpochMilli(id / 1000),
          usedAt);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  static String encoded(String text) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      // A leading dot would hide a folder, or name the one above.
      if (PLAIN.indexOf(b) >= 0 && !(b == '.' && encoded.isEmpty())) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
      }
    }
    return encoded.toString();
  }

  private static String decoded(String text) {
    byte[] bytes = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        if (i + 2 >= text.length()) {
          throw new NumberFormatException("cut off");
        }
        bytes[length++] = (byte) Integer.parseInt(text, i + 1, i + 3, 16);
        i += 2;
      } else {
        bytes[length++] = (byte) c;
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
