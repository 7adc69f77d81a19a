package dev.slipway.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Blobs by name. A name has parts between slashes; a blob never changes, but may go. */
public interface Blobs extends AutoCloseable {
  /**
   * A blob that is there.
   *
   * @param usedAt when it was last written or used, as far as the store knows
   */
  record Found(String name, Instant usedAt) {}

  /** The blobs whose names begin so. */
  List<Found> list(String prefix) throws IOException;

  /**
   * Puts a copy of the blob into this new file.
   *
   * @throws java.nio.file.NoSuchFileException when the blob is not there
   */
  void get(String name, Path file) throws IOException;

  /** Takes the blob; it is there whole or not at all. */
  void put(String name, Path file) throws IOException;

  /** Removes a blob, if it is there. */
  void remove(String name) throws IOException;

  /** Ends the connection, where there is one. */
  @Override
  void close();
}
