package dev.slipway.trace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process may do. */
final class Privileges {
  private static final int CAP_SYS_ADMIN = 21;

  private Privileges() {}

  /** Whether processes under its filters become another user as before, or are one that may all. */
  static boolean ofThisProcess() {
    try {
      for (String line :
          Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
        String[] words = line.split("\\s+");
        if (words[0].equals("Uid:") && words[2].equals("0")) {
          return true;
        }
        if (words[0].equals("CapEff:")) {
          return (Long.parseUnsignedLong(words[1], 16) & (1L << CAP_SYS_ADMIN)) != 0;
        }
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }
}
