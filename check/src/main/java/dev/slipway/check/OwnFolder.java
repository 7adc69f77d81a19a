package dev.slipway.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Where a project's checks keep what can be found out again; Git leaves it alone.
 *
 * @param path {@code .slipway/check}
 */
record OwnFolder(Path path) {
  static OwnFolder of(Path root) {
    return new OwnFolder(root.resolve(".slipway").resolve("check"));
  }

  Path file(String name) {
    return path.resolve(name);
  }

  /** Makes the folder. */
  OwnFolder made() throws IOException {
    if (!path.toFile().isDirectory()) {
      Files.createDirectories(path);
    }
    Path ignore = path.resolveSibling(".gitignore");
    if (!ignore.toFile().exists()) {
      Files.writeString(ignore, "*\n");
    }
    return this;
  }

  /** Writes a file so that it is there as a whole or as it was. */
  void write(String name, byte[] content) throws IOException {
    made();
    Path fresh = Files.createTempFile(path, name, null);
    Files.write(fresh, content);
    Files.move(fresh, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
