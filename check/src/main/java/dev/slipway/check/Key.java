package dev.slipway.check;

import java.io.File;

/** A number of 128 bits for all that was added, in its order. Not for use against attackers. */
final class Key {
  private static final long A = 0x9e3779b97f4a7c15L;
  private static final long B = 0xc2b2ae3d27d4eb4fL;

  private long first = A;
  private long second = B;

  /** A number in which every bit of another has a part. */
  static long mixed(long value) {
    long x = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
    return x ^ (x >>> 31);
  }

  void add(long value) {
    first = Long.rotateLeft((first ^ value) * A, 29);
    second = (Long.rotateLeft(second, 31) + value) * B;
    second ^= second >>> 33;
  }

  void add(String text) {
    add(text.length());
    long word = 0;
    for (int i = 0; i < text.length(); i++) {
      word = word << 16 | text.charAt(i);
      if ((i & 3) == 3) {
        add(word);
        word = 0;
      }
    }
    add(word);
  }

  /** What a file looks like, without reading it. */
  void addFile(File file) {
    add(file.getPath());
    add(file.length());
    add(file.lastModified());
  }

  long first() {
    return first;
  }

  long second() {
    return second;
  }
}
