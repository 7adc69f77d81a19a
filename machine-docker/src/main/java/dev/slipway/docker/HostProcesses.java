package dev.slipway.docker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

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

  /**
   * The number here of a process that a container numbers otherwise.
   *
   * @param inside its number there
   * @param other a process of the same container, as it is numbered here
   */
  static OptionalInt numberHere(int inside, long other) {
    try (DirectoryStream<Path> processes =
        Files.newDirectoryStream(Path.of("/proc"), HostProcesses::isProcess)) {
      Path numbering = numbering(Path.of("/proc/" + other));
      for (Path process : processes) {
        int number = Integer.parseInt(String.valueOf(process.getFileName()));
        if (numbered(process, numbering)
            && numberInside(number).equals(Optional.of((long) inside))) {
          return OptionalInt.of(number);
        }
      }
    } catch (IOException containerIsGone) {
      return OptionalInt.empty();
    }
    return OptionalInt.empty();
  }

  private static boolean isProcess(Path file) {
    char first = String.valueOf(file.getFileName()).charAt(0);
    return first >= '0' && first <= '9';
  }

  /** The namespace that numbers a process. */
  private static Path numbering(Path process) throws IOException {
    return Files.readSymbolicLink(process.resolve("ns/pid"));
  }

  private static boolean numbered(Path process, Path numbering) {
    try {
      return numbering(process).equals(numbering);
    } catch (IOException goneOrOfAnotherUser) {
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
