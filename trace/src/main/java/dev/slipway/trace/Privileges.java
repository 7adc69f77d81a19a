package dev.slipway.trace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process may do. */
final class Privileges {
  private static final int CAP_SYS_ADMIN = 21;

  private Privileges() {}

  /** Whether this process is the system's administrator. */
  static boolean isRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether processes under its filters become another user as before, or are one that may all. */
  static boolean ofThisProcess() {
    return of("self");
  }

  /** The same of another process. */
  static boolean of(String process) {
    try {
      for (String line :
          Files.readAllLines(
              Path.of("/proc/" + process + "/status"), StandardCharsets.ISO_8859_1)) {
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
