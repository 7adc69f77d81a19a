package dev.slipway.cache.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Files that are there whole or as they were, whatever becomes of the process that writes them.
 * Unlike {@link dev.slipway.cache.DurableFile} it does not wait for the disk: what a failing
 * machine loses of the memory of steps is a miss.
 */
final class WholeFile {
  private WholeFile() {}

  /** Puts these bytes in the place of the file; its folder is there. */
  static void write(Path file, byte[] bytes) throws IOException {
    String unique = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Path beside = file.resolveSibling("." + file.getFileName() + "." + unique + ".part");
    try {
      Files.write(beside, bytes);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(beside);
      throw e;
    }
  }
}
