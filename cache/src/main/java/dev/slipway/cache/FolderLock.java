package dev.slipway.cache;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A lock between processes, which ends with the process that holds it. Its file must not be opened
 * again by that process: closing any of its descriptors would end the lock.
 */
final class FolderLock implements AutoCloseable {
  private static final int PAUSE_MILLIS = 10;

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits for the lock. */
  static FolderLock of(Path file) throws IOException {
    FileChannel channel = open(file);
    try {
      while (!lock(channel)) {
        Thread.sleep(PAUSE_MILLIS);
      }
      return new FolderLock(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    } catch (InterruptedException e) {
      channel.close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another process had the caches locked");
    }
  }

  /** The lock, or null when somebody has it. */
  static @Nullable FolderLock tryOf(Path file) throws IOException {
    FileChannel channel = open(file);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new FolderLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      return null;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Whether it has the lock now; not so while another part of this process has it. */
  private static boolean lock(FileChannel channel) throws IOException {
    try {
      channel.lock();
      return true;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }
}
