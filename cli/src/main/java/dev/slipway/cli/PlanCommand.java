package dev.slipway.cli;

import java.io.IOException;

/** {@code slipway plan}. */
final class PlanCommand implements Command {
  @Override
  public Usage usage() {
    Usage usage =
        Usage.of("plan", "Tell what an event would run, and why")
            .details(
                """
                Lists every workflow with the reason it is triggered or not, its jobs with their matrix, what they need, whether \
                they run, where, and how long they took before, and names the critical path. Nothing is run.

                Exit code: 0 the plan was made, 1 a workflow is invalid (the problems are listed), 2 the command was not understood, \
                3 Slipway or the machine failed.\
                """);
    return RunArguments.values(RunArguments.selection(usage))
        .option(
            Option.value("format", "FORMAT", "How the plan is printed")
                .choices("text", "json", "mermaid", "svg"))
        .option(
            Option.value("output", "FILE", "Write there instead of to standard output")
                .letter("o")
                .file())
        .example("slipway plan", "What a push of this branch would run")
        .example("slipway plan pull_request", "What a pull request would run")
        .example("slipway plan --format svg -o plan.svg", "The graph as a picture")
        .example("slipway plan --json", "The plan for a program");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings)
      throws IOException, InterruptedException {
    RunOptions options = RunArguments.read(arguments, surroundings);
    String format = arguments.value("format", arguments.has("json") ? "json" : "text");
    return Wiring.plan(options, format, arguments.value("output"), surroundings);
  }
}
