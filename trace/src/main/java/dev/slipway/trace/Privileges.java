package dev.slipway.trace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process may do. */
final class Privileges {
  private static final int CAP_SYS_ADMIN = 21;
  private static final int CAP_PERFMON = 38;
  private static final int CAP_BPF = 39;

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
    String status = status(process);
    return word(status, "\nUid:", 1).equals("0") || has(CAP_SYS_ADMIN, capabilities(status));
  }

  /** Whether it may have programs run in the kernel that look at any process. */
  static boolean toLoadPrograms() {
    long capabilities = capabilities(status("self"));
    return has(CAP_SYS_ADMIN, capabilities)
        || (has(CAP_BPF, capabilities) && has(CAP_PERFMON, capabilities));
  }

  /** Which numbering of processes it sees, as the kernel names it; empty when that is not told. */
  static String namespaceOfProcesses() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static boolean has(int capability, long capabilities) {
    return (capabilities & (1L << capability)) != 0;
  }

  private static long capabilities(String status) {
    String effective = word(status, "\nCapEff:", 0);
    return effective.isEmpty() ? 0 : Long.parseUnsignedLong(effective, 16);
  }

  /** What the kernel says of a process; empty when that cannot be had. */
  private static String status(String process) {
    try {
      return new String(
          Files.readAllBytes(Path.of("/proc/" + process + "/status")), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** A word of a line of a process's status. */
  private static String word(String status, String label, int index) {
    int at = status.indexOf(label);
    int end = status.indexOf('\n', at + 1);
    if (at < 0 || end < 0) {
      return "";
    }
    at += label.length();
    for (int i = 0; i < index; i++) {
      at = status.indexOf('\t', at + 1);
    }
    int next = status.indexOf('\t', at + 1);
    return status.substring(at + 1, next >= 0 && next < end ? next : end);
  }
}
