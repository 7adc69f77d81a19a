package dev.slipway.cli;

import dev.slipway.engine.Conclusion;
import dev.slipway.engine.RunEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The runs of a project, as the commands that look back see them. */
interface RunRecord {
  /** All runs, the newest first. */
  List<Entry> runs() throws IOException;

  /** Hands over the run's events in order. */
  void read(String run, Consumer<RunEvent> events) throws IOException;

  /** Hands over the run's events in order, without the lines of its log. */
  void readWithoutLog(String run, Consumer<RunEvent> events) throws IOException;

  /** One run. {@code conclusion} is null while it runs or when it was cut off. */
  record Entry(
      String id,
      String workflow,
      String file,
      String event,
      String ref,
      String sha,
      String actor,
      Instant startedAt,
      @Nullable Conclusion conclusion,
      boolean interrupted,
      @Nullable Long durationMs) {
    /** {@code success} …, {@code interrupted}, or {@code running}. */
    String state() {
      if (interrupted) {
        return "interrupted";
      }
      return conclusion == null ? "running" : conclusion.text();
    }
  }

  /** The run that a user named: an id or {@code latest}. */
  default Entry find(String named) throws IOException {
    List<Entry> runs = runs();
    if (runs.isEmpty()) {
      throw CommandException.usage("nothing was run here yet", "start with: slipway run");
    }
    if (named.equals("latest")) {
      return runs.getFirst();
    }
    for (Entry entry : runs) {
      if (entry.id().equals(named)) {
        return entry;
      }
    }
    throw CommandException.usage("there is no run '" + named + "'", "see: slipway runs");
  }
}
