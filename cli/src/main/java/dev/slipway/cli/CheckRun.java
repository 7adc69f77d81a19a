package dev.slipway.cli;

import dev.slipway.check.Gate;
import dev.slipway.check.GateResult;
import dev.slipway.check.GateRuns;
import dev.slipway.engine.Project;
import dev.slipway.engine.StepCaching;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Runs gates before the user's eyes. Only here is anything of the engine started. */
final class CheckRun {
  private final Surroundings surroundings;
  private final Project project;
  private final Arguments arguments;
  private boolean interrupted;

  CheckRun(Surroundings surroundings, Project project, Arguments arguments) {
    this.surroundings = surroundings;
    this.project = project;
    this.arguments = arguments;
  }

  /**
   * Runs them.
   *
   * @param retryDelay how long to wait before a gate is tried again
   * @param width of the longest id
   */
  List<GateResult> run(List<Gate> gates, Duration retryDelay, int width)
      throws IOException, InterruptedException {
    boolean draws =
        surroundings.outTerminal()
            && !arguments.has("plain")
            && !arguments.has("json")
            && !"dumb".equals(surroundings.variable("TERM"));
    try (CheckView view =
        arguments.has("json")
            ? CheckView.silent()
            : new CheckView(
                surroundings.out(),
                surroundings.colors(),
                draws ? TerminalSize.of(surroundings.environment()) : null,
                width,
                Clock.systemUTC())) {
      GateRuns runs =
          new GateRuns(
              project,
              Objects.requireNonNullElse(System.getProperty("slipway.launcher"), ""),
              arguments.number("jobs", 1, Runtime.getRuntime().availableProcessors()),
              arguments.has("fail-fast") ? GateRuns.Ending.FAIL_FAST : GateRuns.Ending.KEEP_GOING,
              retryDelay,
              mode(arguments),
              view);
      try (Interrupts interrupts = Interrupts.handle(runs::cancel, runs::kill)) {
        List<GateResult> results = runs.run(gates);
        interrupted = interrupts.interrupted();
        return results;
      }
    }
  }

  private static StepCaching mode(Arguments arguments) {
    return arguments.has("no-cache") ? StepCaching.OFF : RunArguments.cacheMode(arguments);
  }

  /** Whether the user stopped it. */
  boolean interrupted() {
    return interrupted;
  }
}
