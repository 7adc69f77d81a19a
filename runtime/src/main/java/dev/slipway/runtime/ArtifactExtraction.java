package dev.slipway.runtime;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Gives back what was uploaded, in a folder of its own, which is there whole or not at all. It is
 * filled beside its place and renamed, so nothing that lies there already can lead elsewhere.
 */
final class ArtifactExtraction {
  /** The most bytes that come out of an archive, where the disk has room for them. */
  private static final long LIMIT = 64L << 30;

  private ArtifactExtraction() {}

  static void extract(Artifact artifact, Path data, Path target) throws IOException {
    Path place = target.toAbsolutePath().normalize();
    checkFree(place);
    Path parent = place.getParent();
    if (parent == null) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Files.createDirectories(parent);
    String unique = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Path filling = Files.createDirectory(parent.resolve(".slipway-" + unique));
    try {
      if (artifact.archive()) {
        unpack(data, filling, Math.min(LIMIT, Files.getFileStore(filling).getUsableSpace()));
      } else {
        Files.copy(data, filling.resolve(artifact.name()));
      }
      Files.deleteIfExists(place);
      Files.move(filling, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      removeTree(filling);
    }
  }

  private static void checkFree(Path place) throws IOException {
    if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean empty = false;
    if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
        empty = !files.iterator().hasNext();
      }
    }
    if (!empty) {
      throw new FileAlreadyExistsException(place.toString());
    }
  }

  private static void unpack(Path data, Path folder, long limit) throws IOException {
    try (ZipArchive archive = ZipArchive.open(data, limit)) {
      for (ZipArchive.Entry entry : archive.entries()) {
        Path file = folder.resolve(entry.path());
        if (entry.folder()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(file.getParent());
        try (FileChannel out =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS)) {
          archive.copy(entry, out);
        }
      }
    }
  }

  private static void removeTree(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
