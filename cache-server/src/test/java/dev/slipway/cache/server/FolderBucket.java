package dev.slipway.cache.server;

import dev.slipway.cache.BlobService;
import dev.slipway.cache.Blobs;
import dev.slipway.cache.S3Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Plays a bucket: the folder of its name, which is down while it has a file {@code down}. */
public final class FolderBucket implements BlobService {
  @Override
  public Blobs connect(S3Location location, String folder) {
    Path bucket = Path.of(location.bucket());
    return new Blobs() {
      @Override
      public List<Found> list(String prefix) {
        return List.of();
      }

      @Override
      public void get(String name, Path file) throws IOException {
        Files.copy(place(name), file);
      }

      @Override
      public void put(String name, Path file) throws IOException {
        Path place = place(name);
        Files.createDirectories(place.getParent());
        Files.copy(file, place);
      }

      @Override
      public void remove(String name) throws IOException {
        Files.deleteIfExists(place(name));
      }

      @Override
      public void close() {}

      private Path place(String name) throws IOException {
        if (Files.exists(bucket.resolve("down"))) {
          throw new IOException("down");
        }
        return bucket.resolve(folder).resolve(name);
      }
    };
  }
}
