package dev.slipway.engine;

import dev.slipway.cache.step.Roots;
import dev.slipway.cache.step.View;
import dev.slipway.trace.Ending;
import dev.slipway.trace.Observer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The process of one step's script, seen from outside: what it is, what it sees, how it is run. */
interface Vantage {
  /** The script, with paths and variables as the process has them. */
  Script script();

  /** A script as it would be run. */
  record Script(
      String text,
      String executable,
      List<String> arguments,
      Path file,
      Path folder,
      Map<String, String> environment) {}

  /** Looks whether what it does can be seen; why not, or null when it can. Asked first. */
  @Nullable String obstacle();

  /** The files that it sees. */
  View view();

  /** The job's folders as it sees them. */
  Roots roots();

  /** What it is besides its script, by what that is called. */
  default Map<String, String> parts() {
    return Map.of();
  }

  /** Whether the project's files lie where this program sees them as the process does. */
  default boolean here() {
    return true;
  }

  /** A file of this machine as it is called in the process. */
  default Path inside(Path file) {
    return file;
  }

  /** Runs it to its end. */
  ProcessResult run(ProcessOutput output);

  /** Runs it to its end, watched if that can be done. */
  Seen watched(ProcessOutput output, Observer observer);

  /**
   * How a watched run ended.
   *
   * @param ending of the watch; null when it was not watched after all
   * @param obstacle why not; empty when it was
   */
  record Seen(ProcessResult result, @Nullable Ending ending, String obstacle) {}
}
