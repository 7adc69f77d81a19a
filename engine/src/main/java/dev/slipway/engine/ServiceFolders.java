package dev.slipway.engine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folders for the data of services. They lie where another user can get to, because some services
 * refuse to run as root, and have short names, because sockets need them. A lock tells which are in
 * use; the others are what killed processes left. Thread-safe.
 */
final class ServiceFolders {
  private static final int ENTER_ONLY = 0711;

  private final Map<Path, RandomAccessFile> held = new HashMap<>();

  /** A folder of one job's own. */
  synchronized Path take() throws IOException {
    Path base = base();
    removeAbandoned(base);
    for (int i = 0; ; i++) {
      Path folder = base.resolve(Integer.toString(i));
      if (lock(folder)) {
        Trees.delete(folder);
        Files.createDirectory(folder);
        return folder;
      }
    }
  }

  /** Deletes a folder that was taken. */
  synchronized void release(Path folder) throws IOException {
    Trees.delete(folder);
    unlock(folder);
  }

  private void removeAbandoned(Path base) throws IOException {
    String[] names = base.toFile().list();
    if (names == null) {
      throw new IOException("cannot list " + base);
    }
    for (String name : names) {
      Path folder = base.resolve(name);
      if (!name.contains(".") && lock(folder)) {
        Trees.delete(folder);
        unlock(folder);
      }
    }
  }

  private static Path base() throws IOException {
    try (Native c = new Native()) {
      long user = c.call(Native.function("geteuid"), 0) & 0xffffffffL;
      Path base = Path.of("/tmp/slipway-services-" + user);
      c.call(Native.function("mkdir"), c.string(base.toString()).address(), ENTER_ONLY);
      // Anybody can make folders there: only one that is this user's alone will do.
      FileStatus status = FileStatus.of(c, base);
      if (!status.isFolder()
          || Integer.toUnsignedLong(status.owner()) != user
          || (status.permissions() & 022) != 0) {
        throw new IOException(base + " belongs to someone else");
      }
      return base;
    }
  }

  /** Closing any file of a process gives up all its locks on it, so those held are not opened. */
  private boolean lock(Path folder) throws IOException {
    if (held.containsKey(folder)) {
      return false;
    }
    RandomAccessFile file = new RandomAccessFile(folder + ".lock", "rw");
    FileLock lock = tryLock(file);
    if (lock == null) {
      file.close();
      return false;
    }
    held.put(folder, file);
    return true;
  }

  private static @Nullable FileLock tryLock(RandomAccessFile file) throws IOException {
    try {
      return file.getChannel().tryLock();
    } catch (java.nio.channels.OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  private void unlock(Path folder) throws IOException {
    RandomAccessFile file = held.remove(folder);
    if (file != null) {
      file.close();
    }
  }
}
