package dev.slipway.cli;

import dev.slipway.check.Gate;
import dev.slipway.check.Tier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** {@code slipway check}. */
final class CheckCommand implements Command {
  @Override
  public Usage usage() {
    return Usage.of("check", "Run the project's formatters, linters, types, tests and audits")
        .details(
            """
            Finds what guards the project from its files and from the tools that are installed, without any configuration, and \
            runs it in your tree and in parallel. No gate changes a file of the project. What read nothing that has \
            changed since is not run again.

            The tier `lite` formats and lints, `pro` adds types and tests, `strict` security, dependencies and coverage, `promax` \
            what only informs. Section `gates` of `slipway.yml` changes gates, switches them off and adds others.

            Exit code: 0 success, 1 a required gate failed or could not run, 2 the command was not understood, 3 Slipway or the \
            machine failed, 130 interrupted.\
            """)
        .option(
            Option.value("tier", "TIER", "How much to check; pro when left out")
                .choices("lite", "pro", "strict", "promax"))
        .option(
            Option.value("gate", "GATE", "Only this gate, of whatever tier, by its id").repeated())
        .option(Option.flag("list", "Say what would be checked, and run nothing"))
        .option(
            Option.value(
                "explain", "GATE", "What a gate runs, why it was chosen, how to change it"))
        .option(
            Option.value("cache", "MODE", "Whether results are remembered")
                .choices("on", "read", "off"))
        .option(Option.flag("no-cache", "Run everything; the same as --cache off"))
        .option(Option.flag("keep-going", "Run every gate, whatever fails; this is the default"))
        .option(Option.flag("fail-fast", "Stop at the first required gate that fails"))
        .option(
            Option.value(
                "jobs", "N", "Run at most N gates at a time; the machine's cores when left out"))
        .option(
            Option.flag(
                "allow-flaky",
                "Tests that fail and pass when tried again are named and fail nothing"))
        .option(Option.flag("plain", "Print lines instead of drawing, also on a terminal"))
        .example("slipway check", "Formatters, linters, types and tests")
        .example("slipway check --tier strict", "Security and dependencies as well")
        .example("slipway check --gate ruff --gate mypy", "Two gates")
        .example("slipway check --explain pytest", "Why it runs, and how to change that");
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    ProjectChecks checks = ProjectChecks.of(surroundings);
    String explained = arguments.value("explain");
    if (explained != null) {
      surroundings
          .out()
          .print(GatePages.explain(checks.gate(explained), checks, surroundings.colors()));
      return Exit.SUCCESS;
    }
    Tier tier = Tier.named(arguments.value("tier", "pro"));
    if (tier == null) {
      throw new IllegalArgumentException("no such tier");
    }
    List<Gate> gates = selected(arguments, checks, tier);
    if (arguments.has("list")) {
      surroundings
          .out()
          .print(
              arguments.has("json")
                  ? GatePages.json(gates)
                  : GatePages.list(gates, surroundings.colors()));
      return Exit.SUCCESS;
    }
    return checks.run(gates, tier, arguments, start);
  }

  private static List<Gate> selected(Arguments arguments, ProjectChecks checks, Tier tier) {
    Set<String> named = new LinkedHashSet<>();
    for (String id : arguments.values("gate")) {
      named.add(checks.gate(id).id());
    }
    List<Gate> gates = new ArrayList<>();
    for (Gate gate : checks.gates()) {
      if (named.isEmpty() ? tier.has(gate.tier()) : named.contains(gate.id())) {
        gates.add(gate);
      }
    }
    return gates;
  }
}
