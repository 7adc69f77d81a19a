package dev.slipway.cache;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A repository's blobs elsewhere, for which work here never waits long and never fails: after one
 * failure to read nothing more is read there, after one to write nothing more written, and one
 * warning says so.
 */
final class SecondTier implements AutoCloseable {
  private final S3Location location;
  private final String repository;
  private final Consumer<String> warnings;
  private final AtomicBoolean warned = new AtomicBoolean();
  private volatile boolean readable = true;
  private volatile boolean writable = true;
  private @Nullable Blobs blobs;

  private SecondTier(S3Location location, String repository, Consumer<String> warnings) {
    this.location = location;
    this.repository = repository;
    this.warnings = warnings;
  }

  static SecondTier of(S3Location location, String repository, Consumer<String> warnings) {
    return new SecondTier(location, repository, warnings);
  }

  List<Blobs.Found> list(String prefix) {
    if (readable) {
      try {
        return blobs().list(prefix);
      } catch (IOException e) {
        readable = false;
        warn("cannot be read", e);
      }
    }
    return List.of();
  }

  boolean has(String prefix) {
    return !list(prefix).isEmpty();
  }

  /** Puts a copy into the file; false when that did not work. */
  boolean get(String name, Path file) {
    if (readable) {
      try {
        blobs().get(name, file);
        return true;
      } catch (NoSuchFileException e) {
        return false;
      } catch (IOException e) {
        readable = false;
        warn("cannot be read", e);
      }
    }
    return false;
  }

  void put(String name, Path file) {
    if (writable) {
      try {
        blobs().put(name, file);
      } catch (IOException e) {
        writable = false;
        warn("cannot be written", e);
      }
    }
  }

  void remove(String name) {
    if (writable) {
      try {
        blobs().remove(name);
      } catch (IOException e) {
        writable = false;
        warn("cannot be written", e);
      }
    }
  }

  /** Removes what is not what its name says. */
  void damaged(String name) {
    if (warned.compareAndSet(false, true)) {
      warnings.accept(
          "a cache in the bucket " + location.bucket() + " is damaged; work goes on without it");
    }
    remove(name);
  }

  @Override
  public synchronized void close() {
    if (blobs != null) {
      blobs.close();
      blobs = null;
    }
  }

  private synchronized Blobs blobs() throws IOException {
    if (blobs == null) {
      blobs = location.connect(repository);
    }
    return blobs;
  }

  private void warn(String what, IOException e) {
    if (warned.compareAndSet(false, true)) {
      warnings.accept(
          "caches in the bucket "
              + location.bucket()
              + " "
              + what
              + ", work goes on without them: "
              + e.getMessage());
    }
  }
}
