package dev.slipway.cli;

import dev.slipway.engine.RunStore;
import org.jspecify.annotations.Nullable;

/**
 * Where the commands meet the engine: the one place that makes its parts and puts them together.
 */
@SuppressWarnings("DoNotCallSuggester") // until the engine is joined on
final class Wiring {
  private Wiring() {}

  static int run(RunOptions options, RunOutput output, Surroundings surroundings) {
    throw notYet("run");
  }

  static int plan(
      RunOptions options, String format, @Nullable String file, Surroundings surroundings) {
    throw notYet("plan");
  }

  static int rerun(String run, Arguments arguments, RunOutput output, Surroundings surroundings) {
    throw notYet("rerun");
  }

  /** The record of the project around the working directory. */
  static RunRecord record(Surroundings surroundings) {
    return new StoredRuns(RunStore.open(ProjectRoot.of(surroundings.directory())));
  }

  private static CommandException notYet(String what) {
    return CommandException.broken(what + " is not part of this build", null);
  }
}
