package dev.slipway.cache.step;

import java.util.Arrays;

/** A path as a key; also one that looks at a part of an array, to ask with. */
final class PathKey {
  private byte[] bytes;
  private int length;
  private int hash;

  PathKey(byte[] path) {
    this(path, path.length);
  }

  PathKey(byte[] path, int length) {
    this.bytes = path;
    this.length = length;
    this.hash = hash(path, length);
  }

  /** Makes this key the key of another path; only for keys that are in no table. */
  PathKey at(byte[] path, int length) {
    this.bytes = path;
    this.length = length;
    this.hash = hash(path, length);
    return this;
  }

  /** A key of its own that may be put into a table. */
  PathKey kept() {
    return new PathKey(Arrays.copyOf(bytes, length));
  }

  byte[] path() {
    return bytes;
  }

  private static int hash(byte[] path, int length) {
    int hash = 1;
    for (int i = 0; i < length; i++) {
      hash = hash * 31 + path[i];
    }
    return hash;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PathKey key
        && hash == key.hash
        && Arrays.equals(bytes, 0, length, key.bytes, 0, key.length);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
