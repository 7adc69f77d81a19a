package dev.slipway.cache.step;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a step had to do with one path: what it found there, what it left there, and in which states
 * of the path its results still hold.
 *
 * @param path by root ({@link Roots#named(byte[])})
 * @param before what it found; null when it did not look before it wrote
 * @param after what it left; null when it did not write
 * @param replaceable whether, besides {@code before}, also nothing and {@code after} itself may be
 *     there: the step made it anew whatever was there
 * @param kept whether, besides {@code before}, also {@code after} itself may be there
 * @param names digest of the names that it found in this folder, without those that it may make
 *     itself; null when it did not list it
 */
record Fact(
    byte[] path,
    @Nullable Node before,
    @Nullable Node after,
    boolean replaceable,
    boolean kept,
    @Nullable Digest names) {
  /** Whether the step's results hold when this is at the path. */
  boolean allows(Node now) {
    if (before != null && now.looksLike(before)) {
      return true;
    }
    if (after == null) {
      return false;
    }
    if (before == null) {
      // It was replaced unseen, which does not work between files and folders.
      return after.kind() == Node.Kind.FOLDER || now.kind() != Node.Kind.FOLDER;
    }
    if (replaceable && (now.absent() || now.looksLike(after))) {
      return true;
    }
    return kept && now.looksLike(after);
  }

  /** Whether another name may come and go here without changing what the step does. */
  boolean unlisted() {
    return replaceable;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Fact fact && Arrays.equals(path, fact.path);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(path);
  }
}
