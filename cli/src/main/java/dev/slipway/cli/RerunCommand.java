package dev.slipway.cli;

import java.io.IOException;

/** {@code slipway rerun}. */
final class RerunCommand implements Command {
  @Override
  public Usage usage() {
    Usage usage =
        Usage.of("rerun", "Run an earlier run again")
            .details(
                "The event, the workflow and the commit's reference are those of the earlier run;"
                    + " the files are those that are here now. Secrets are never recorded: give"
                    + " them again.")
            .operand("RUN", "The run's id or 'latest'")
            .option(
                Option.flag(
                    "failed",
                    "Only jobs that did not succeed, and what needs them; results of the others are"
                        + " kept"));
    return RunArguments.execution(RunArguments.values(usage))
        .example("slipway rerun latest --failed", "What failed, once more")
        .example("slipway rerun 12", "A certain run");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings)
      throws IOException, InterruptedException {
    return Wiring.rerun(arguments.required(0), arguments, RunOutput.of(arguments), surroundings);
  }
}
