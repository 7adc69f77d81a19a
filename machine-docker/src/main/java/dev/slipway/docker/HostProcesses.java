package dev.slipway.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Processes of containers as this machine numbers them. The engine tells such numbers, but it may
 * run on another machine or in another PID namespace, where the same number is another process; a
 * process is only taken for a container's when its control groups are the container's.
 */
final class HostProcesses {
  private HostProcesses() {}

  /** Whether a process of this machine is one of a container. */
  static boolean belongs(long pid, String container) {
    if (pid <= 0 || container.isEmpty()) {
      return false;
    }
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cgroup")).contains(container);
    } catch (IOException goneOrElsewhere) {
      return false;
    }
  }

  /** The number that a process of this machine has in its innermost PID namespace. */
  static Optional<Long> numberInside(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("NSpid:")) {
          String[] numbers = line.substring(6).strip().split("\\s+");
          return Optional.of(Long.parseLong(numbers[numbers.length - 1]));
        }
      }
    } catch (IOException gone) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
