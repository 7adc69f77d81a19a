package dev.slipway.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Blobs as files below a folder, a folder for each part of a name. A part longer than file systems
 * take is several folders; all but the last of them end in {@code +}, which no part has in it.
 */
final class DiskBlobs implements Blobs {
  private static final int MAX_PART = 240;

  private final Path folder;

  DiskBlobs(Path folder) {
    this.folder = folder;
  }

  @Override
  public List<Found> list(String prefix) throws IOException {
    List<Found> found = new ArrayList<>();
    Path start = file(prefix.substring(0, prefix.lastIndexOf('/') + 1));
    if (!Files.isDirectory(start)) {
      return found;
    }
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = name(file);
            if (attributes.isRegularFile() && name.startsWith(prefix)) {
              found.add(new Found(name, attributes.lastModifiedTime().toInstant()));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            return gone(e);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
              throws IOException {
            return e == null ? FileVisitResult.CONTINUE : gone(e);
          }

          // Others may remove what is being listed.
          private FileVisitResult gone(IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return found;
  }

  @Override
  public void get(String name, Path file) throws IOException {
    Files.copy(file(name), file);
  }

  @Override
  public void put(String name, Path file) throws IOException {
    Path target = place(name);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    sync(target);
  }

  @Override
  public void remove(String name) throws IOException {
    Path file = file(name);
    Files.deleteIfExists(file);
    for (Path at = file.getParent(); at != null && !at.equals(folder); at = at.getParent()) {
      try {
        Files.deleteIfExists(at);
      } catch (DirectoryNotEmptyException e) {
        return;
      }
    }
  }

  @Override
  public void close() {}

  /** Where a blob of this name is, if it is there. */
  Path file(String name) {
    Path file = folder;
    for (String part : name.split("/")) {
      int at = 0;
      while (part.length() - at > MAX_PART) {
        file = file.resolve(part.substring(at, at + MAX_PART) + "+");
        at += MAX_PART;
      }
      file = file.resolve(part.substring(at));
    }
    return file;
  }

  /** Where a new blob of this name goes. */
  Path place(String name) throws IOException {
    Path file = file(name);
    Files.createDirectories(file.getParent());
    return file;
  }

  /** Ends the making of a blob that was moved to its {@link #place}. */
  void settle(String name, Instant now) throws IOException {
    touch(name, now);
    sync(file(name));
  }

  /** Notes that a blob was used. */
  void touch(String name, Instant now) throws IOException {
    try {
      Files.setLastModifiedTime(file(name), FileTime.from(now));
    } catch (NoSuchFileException e) {
      return;
    }
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private String name(Path file) {
    StringBuilder name = new StringBuilder();
    for (Path part : folder.relativize(file)) {
      String text = part.toString();
      if (text.endsWith("+")) {
        name.append(text, 0, text.length() - 1);
      } else {
        name.append(text).append('/');
      }
    }
    name.setLength(Math.max(0, name.length() - 1));
    return name.toString();
  }
}
