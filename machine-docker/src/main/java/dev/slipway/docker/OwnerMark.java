package dev.slipway.docker;

import dev.slipway.engine.ContainerEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Says on everything that is made whose it is, so that what a dead process left can be told from
 * what a living one uses.
 *
 * <p>A process is told from a later one with the same number by when it started, and from one of
 * another machine or another PID namespace by where it runs: of those nobody here knows whether
 * they live.
 */
final class OwnerMark {
  static final String OWNER = "dev.slipway.owner";
  private static final String PLACE = "dev.slipway.place";
  private static final String PROJECT = "dev.slipway.project";
  private static final String TOKEN = "dev.slipway.token";
  private static final String JOB = "dev.slipway.job";

  private final String process;
  private final String place;
  private final Instant booted;

  private OwnerMark(String process, String place, Instant booted) {
    this.process = process;
    this.place = place;
    this.booted = booted;
  }

  static OwnerMark current() {
    ProcessHandle self = ProcessHandle.current();
    String place = "";
    Instant booted = Instant.MIN;
    try {
      place =
          Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
              + " "
              + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
      for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
        if (line.startsWith("btime ")) {
          booted = Instant.ofEpochSecond(Long.parseLong(line.substring(6).strip()));
        }
      }
    } catch (IOException noLinux) {
      place = System.getProperty("os.name", "");
    }
    return new OwnerMark(self.pid() + "@" + started(self), place, booted);
  }

  /** As text without spaces or slashes: the process, and when it started. */
  String process() {
    return process;
  }

  Map<String, String> labels(ContainerEngine.Owner owner) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(PROJECT, owner.project());
    labels.put(TOKEN, owner.token());
    labels.put(JOB, owner.job());
    labels.put(OWNER, process);
    labels.put(PLACE, place);
    return labels;
  }

  /**
   * Whether the process that made something is dead for sure.
   *
   * @param running whether it does something still; a network does not
   */
  boolean abandoned(Json labels, Instant created, boolean running) {
    if (labels.get(PLACE).text().equals(place)) {
      return !alive(labels.get(OWNER).text());
    }
    // What stopped before this machine started cannot be in use.
    return !running && created.isBefore(booted);
  }

  /** Whether a process of this machine, as {@link #process} writes it, lives. */
  static boolean alive(String process) {
    int at = process.indexOf('@');
    if (at <= 0) {
      return false;
    }
    try {
      return ProcessHandle.of(Long.parseLong(process.substring(0, at)))
          .map(handle -> started(handle).equals(process.substring(at + 1)))
          .orElse(false);
    } catch (NumberFormatException foreign) {
      return false;
    }
  }

  /** When a process started: field 22 of {@code /proc/PID/stat}, in ticks since the machine did. */
  private static String started(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return afterName[0].equals("Z") ? "" : afterName[19];
    } catch (IOException noLinuxOrGone) {
      return process
          .info()
          .startInstant()
          .map(Instant::toEpochMilli)
          .map(String::valueOf)
          .orElse("");
    }
  }
}
