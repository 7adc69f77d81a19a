package dev.slipway.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Processes that steps left behind, found by the {@code RUNNER_TRACKING_ID} in their environment, as GitHub's
 * runner does.
 */
final class Orphans {
  private Orphans() {}

  /** Whether the process has exactly this tracking id. */
  static boolean carries(int pid, String trackingId) {
    byte[] wanted = ("RUNNER_TRACKING_ID=" + trackingId + "\0").getBytes(StandardCharsets.UTF_8);
    return contains(environment(Path.of("/proc/" + pid)), wanted);
  }

  /** Kills every process whose tracking id begins with {@code token}. @return how many */
  static int end(String token) {
    byte[] wanted = ("RUNNER_TRACKING_ID=" + token).getBytes(StandardCharsets.UTF_8);
    long self = ProcessHandle.current().pid();
    int ended = 0;
    try (Native c = new Native();
        DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        long pid = Long.parseLong(process.getFileName().toString());
        if (pid != self && contains(environment(process), wanted)) {
          c.kill((int) pid, Native.SIGKILL);
          ended++;
        }
      }
    } catch (IOException noProc) {
      return ended;
    }
    return ended;
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
