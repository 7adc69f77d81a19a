package dev.slipway.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Ends what the steps of a job left running. Slipway makes itself the reaper of its descendants
 * (prctl(2), PR_SET_CHILD_SUBREAPER): a process whose parents are gone becomes Slipway's child, so
 * one small file tells whether there is anything to end. Kernels without that file are searched
 * process by process.
 */
final class Reaper {
  private static final int PR_SET_CHILD_SUBREAPER = 36;

  private Reaper() {}

  /** Makes this process the parent of what its children leave behind. */
  static void adopt() {
    try (Native c = new Native()) {
      c.call(Native.PRCTL, PR_SET_CHILD_SUBREAPER, 1);
    }
  }

  /** Kills the orphans that carry this tracking id. @return how many */
  static int endOrphans(String trackingId) {
    String self = Long.toString(ProcessHandle.current().pid());
    Path children = Path.of("/proc/self/task/" + self + "/children");
    int ended = 0;
    Set<Integer> seen = new HashSet<>();
    while (true) {
      String adopted;
      try {
        adopted = new String(Files.readAllBytes(children), StandardCharsets.US_ASCII).strip();
      } catch (IOException noSuchFile) {
        return Orphans.end(trackingId);
      }
      if (adopted.isEmpty()) {
        return ended;
      }
      boolean found = false;
      try (Native c = new Native()) {
        for (String word : adopted.split(" ")) {
          int pid = Integer.parseInt(word);
          if (HostProcess.attended(pid)) {
            continue;
          }
          c.call(Native.WAITPID, pid, 0, 1 /* WNOHANG */);
          if (!seen.contains(pid) && Orphans.carries(pid, trackingId)) {
            seen.add(pid);
            c.kill(pid, Native.SIGKILL);
            c.call(Native.WAITPID, pid, 0, 0);
            ended++;
            found = true;
          }
        }
      }
      if (!found) {
        return ended;
      }
    }
  }
}
