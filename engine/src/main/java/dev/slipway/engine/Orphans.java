package dev.slipway.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Processes that steps left behind, found by the {@code RUNNER_TRACKING_ID} in their environment,
 * as GitHub's runner does.
 */
final class Orphans {
  /** A process that cannot be killed, as one that waits for a broken disk, is given up. */
  private static final int MAX_PASSES = 1000;

  private Orphans() {}

  /** Whether the process has exactly this tracking id. */
  static boolean carries(int pid, String trackingId) {
    byte[] wanted = ("RUNNER_TRACKING_ID=" + trackingId + "\0").getBytes(StandardCharsets.UTF_8);
    return contains(environment(Path.of("/proc/" + pid)), wanted);
  }

  /**
   * Kills every process whose tracking id begins with {@code token}, and those that they start
   * meanwhile; comes back when they are gone. @return how many
   */
  static int end(String token) {
    byte[] wanted = ("RUNNER_TRACKING_ID=" + token).getBytes(StandardCharsets.UTF_8);
    Set<Integer> ended = new HashSet<>();
    try (Native c = new Native()) {
      for (int pass = 0; pass < MAX_PASSES; pass++) {
        List<Integer> found = carriers(wanted);
        if (found.isEmpty()) {
          break;
        }
        for (int pid : found) {
          c.kill(pid, Native.SIGKILL);
        }
        ended.addAll(found);
      }
    } catch (IOException noProc) {
      return ended.size();
    }
    return ended.size();
  }

  private static List<Integer> carriers(byte[] wanted) throws IOException {
    long self = ProcessHandle.current().pid();
    List<Integer> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        int pid = Integer.parseInt(process.getFileName().toString());
        if (pid != self && contains(environment(process), wanted)) {
          found.add(pid);
        }
      }
    }
    return found;
  }

  private static byte[] environment(Path process) {
    try {
      return Files.readAllBytes(process.resolve("environ"));
    } catch (IOException goneOrForeign) {
      return new byte[0];
    }
  }

  private static boolean contains(byte[] text, byte[] wanted) {
    outer:
    for (int i = 0; i + wanted.length <= text.length; i++) {
      if (i > 0 && text[i - 1] != 0) {
        continue;
      }
      for (int j = 0; j < wanted.length; j++) {
        if (text[i + j] != wanted[j]) {
          continue outer;
        }
      }
      return true;
    }
    return false;
  }
}
