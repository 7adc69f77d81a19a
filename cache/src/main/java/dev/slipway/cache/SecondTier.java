package dev.slipway.cache;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A repository's blobs elsewhere, for which work here never waits long and never fails: for five
 * minutes after a failure to read nothing is read there, after one to write nothing written, and
 * one warning says so.
 */
public final class SecondTier implements AutoCloseable {
  private static final long PAUSE_NANOS = Duration.ofMinutes(5).toNanos();

  private final S3Location location;
  private final String repository;
  private final Consumer<String> warnings;
  private final AtomicBoolean warned = new AtomicBoolean();
  private final AtomicLong unreadable = new AtomicLong();
  private final AtomicLong unwritable = new AtomicLong();
  private @Nullable Blobs blobs;

  private SecondTier(S3Location location, String repository, Consumer<String> warnings) {
    this.location = location;
    this.repository = repository;
    this.warnings = warnings;
  }

  /** The blobs of this folder there; connects when they are first needed. */
  public static SecondTier of(S3Location location, String repository, Consumer<String> warnings) {
    return new SecondTier(location, repository, warnings);
  }

  List<Blobs.Found> list(String prefix) {
    if (usable(unreadable)) {
      try {
        return blobs().list(prefix);
      } catch (IOException e) {
        failed(unreadable);
        warn("cannot be read", e);
      }
    }
    return List.of();
  }

  boolean has(String prefix) {
    return !list(prefix).isEmpty();
  }

  /** Puts a copy into the file; false when that did not work. */
  public boolean get(String name, Path file) {
    if (usable(unreadable)) {
      try {
        blobs().get(name, file);
        return true;
      } catch (NoSuchFileException e) {
        return false;
      } catch (IOException e) {
        failed(unreadable);
        warn("cannot be read", e);
      }
    }
    return false;
  }

  /** Takes a copy, if that is possible now. */
  public void put(String name, Path file) {
    if (usable(unwritable)) {
      try {
        blobs().put(name, file);
      } catch (IOException e) {
        failed(unwritable);
        warn("cannot be written", e);
      }
    }
  }

  /** Removes a blob, if that is possible now. */
  public void remove(String name) {
    if (usable(unwritable)) {
      try {
        blobs().remove(name);
      } catch (IOException e) {
        failed(unwritable);
        warn("cannot be written", e);
      }
    }
  }

  /** Removes what is not what its name says. */
  public void damaged(String name) {
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

  private static boolean usable(AtomicLong until) {
    long end = until.get();
    return end == 0 || System.nanoTime() - end >= 0;
  }

  private static void failed(AtomicLong until) {
    // Zero means that nothing failed.
    until.set((System.nanoTime() + PAUSE_NANOS) | 1);
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
