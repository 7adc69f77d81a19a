package dev.slipway.cli;

import java.io.IOException;

/** {@code slipway run}. */
final class RunCommand implements Command {
  @Override
  public Usage usage() {
    Usage usage =
        Usage.of("run", "Run the workflows that an event triggers, on this machine")
            .details(
                """
                Runs what GitHub would run for the event, jobs in parallel as `needs` allows. The project is the Git \
                repository around the working directory, or the nearest directory with `.github/workflows` inside it. \
                For `push` the branch, the commit and the changed files are those of the repository as it is.

                On a terminal it draws the jobs as they run; elsewhere, and with `--plain`, it prints the log as lines of \
                `job | text`. With `--json` every event of the run is one JSON object a line on standard output.

                Exit code: 0 every job succeeded, 1 the run failed or a workflow is invalid, 2 the command was not \
                understood, 3 Slipway or the machine failed, 130 interrupted.\
                """);
    return RunArguments.execution(RunArguments.values(RunArguments.selection(usage)))
        .option(Option.flag("dry-run", "Say what would run and run nothing").letter("n"))
        .example("slipway run", "What a push of this branch would run")
        .example("slipway run -j test --matrix java:25", "One job, one combination of its matrix")
        .example(
            "slipway run workflow_dispatch -W .github/workflows/deploy.yml --input target=staging",
            "A workflow started by hand")
        .example(
            "slipway run --secret TOKEN --var REGION=eu",
            "With a secret from the environment and a variable")
        .example(
            "slipway run pull_request --event-file event.json --json > run.ndjson",
            "The events of a run, for a program");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings)
      throws IOException, InterruptedException {
    RunOptions options = RunArguments.read(arguments, surroundings);
    return Wiring.run(options, RunOutput.of(arguments), surroundings);
  }
}
