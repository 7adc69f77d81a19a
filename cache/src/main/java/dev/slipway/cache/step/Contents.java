package dev.slipway.cache.step;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Contents of files by their SHA-256. A content is there under its name whole or not at all, since
 * it is written elsewhere and renamed; and it is checked whenever it is read, so that one that a
 * crash, a bad disk or a person changed counts as not there, and is removed. Thread-safe.
 */
final class Contents {
  private static final AtomicLong SERIAL = new AtomicLong();

  private final Path folder;

  Contents(Path folder) {
    this.folder = folder;
  }

  Path file(Digest digest) {
    String hex = digest.hex();
    return folder.resolve(hex.substring(0, 2)).resolve(hex);
  }

  boolean has(Digest digest) {
    return Files.isRegularFile(file(digest));
  }

  /** Keeps these bytes. */
  Digest put(byte[] content) throws IOException {
    Digest digest = Digest.of(content);
    if (!has(digest)) {
      Path beside = beside(digest);
      Files.write(beside, content);
      settle(beside, digest);
    }
    return digest;
  }

  /** What became of a file's content. */
  enum Kept {
    /** It is here. */
    YES,
    /** It is no longer what it was said to be. */
    CHANGED,
    /** It holds what may not be kept. */
    REFUSED
  }

  /**
   * Keeps a file's content, unless what may not be kept is found in it.
   *
   * @param refused sees all of it
   */
  Kept put(byte[] path, Digest digest, Posix posix, Parts refused) throws IOException {
    refused.begin();
    if (get(digest, refused)) {
      return refused.end() ? Kept.REFUSED : Kept.YES;
    }
    refused.begin();
    Path beside = beside(digest);
    MessageDigest sha = Digest.sha256();
    try (OutputStream out = Files.newOutputStream(beside)) {
      posix.read(
          path,
          (bytes, length) -> {
            sha.update(bytes, 0, length);
            out.write(bytes, 0, length);
            refused.bytes(bytes, length);
          });
    } catch (IOException e) {
      Files.deleteIfExists(beside);
      throw e;
    }
    boolean same = new Digest(sha.digest()).equals(digest);
    if (!same || refused.end()) {
      Files.deleteIfExists(beside);
      return same ? Kept.REFUSED : Kept.CHANGED;
    }
    settle(beside, digest);
    return Kept.YES;
  }

  /** Takes a file over that was written with {@link #beside}. */
  private void settle(Path beside, Digest digest) throws IOException {
    try {
      Files.move(beside, file(digest), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(beside);
      throw e;
    }
  }

  private Path beside(Digest digest) throws IOException {
    Path file = file(digest);
    Files.createDirectories(file.getParent());
    return file.resolveSibling(
        "." + ProcessHandle.current().pid() + "-" + SERIAL.incrementAndGet() + ".part");
  }

  /** A content; null when it is not there, or not what it should be. */
  byte @Nullable [] get(Digest digest) throws IOException {
    byte[] content;
    try {
      content = Files.readAllBytes(file(digest));
    } catch (NoSuchFileException none) {
      return null;
    }
    if (!Digest.of(content).equals(digest)) {
      Files.deleteIfExists(file(digest));
      return null;
    }
    return content;
  }

  /**
   * Hands on a content.
   *
   * @return false when it is not there, or not what it should be; the sink may have had some of it
   */
  boolean get(Digest digest, Posix.Sink sink) throws IOException {
    MessageDigest sha = Digest.sha256();
    byte[] buffer = new byte[128 * 1024];
    try (InputStream in = Files.newInputStream(file(digest))) {
      int count;
      while ((count = in.read(buffer)) > 0) {
        sha.update(buffer, 0, count);
        sink.bytes(buffer, count);
      }
    } catch (NoSuchFileException none) {
      return false;
    }
    if (!new Digest(sha.digest()).equals(digest)) {
      Files.deleteIfExists(file(digest));
      return false;
    }
    return true;
  }
}
