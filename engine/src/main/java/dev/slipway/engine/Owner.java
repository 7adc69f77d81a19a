package dev.slipway.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A process, told from a later one with the same number by when it started (field 22 of
 * {@code /proc/PID/stat}, see proc_pid_stat(5)).
 */
record Owner(long pid, String started) {
  static Owner current() {
    long pid = ProcessHandle.current().pid();
    return new Owner(pid, startedAt(pid));
  }

  static @Nullable Owner parse(String text) {
    int at = text.indexOf('@');
    try {
      return at < 0 ? null : new Owner(Long.parseLong(text.substring(0, at)), text.substring(at + 1));
    } catch (NumberFormatException damaged) {
      return null;
    }
  }

  String text() {
    return pid + "@" + started;
  }

  boolean alive() {
    return !started.isEmpty() && started.equals(startedAt(pid));
  }

  private static String startedAt(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return afterName[0].equals("Z") ? "" : afterName[19];
    } catch (IOException gone) {
      return "";
    }
  }
}
