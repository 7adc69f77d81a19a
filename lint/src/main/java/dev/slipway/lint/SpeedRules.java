package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Rules about minutes that are paid and bring nothing. */
final class SpeedRules {
  private static final String STEPS =
      "    runs-on: ubuntu-latest\n    steps:\n      - run: make test\n";

  /** Programs that do what files of the project say. */
  private static final Set<String> OPAQUE =
      Set.of(
          "python",
          "python3",
          "bash",
          "sh",
          "make",
          "node",
          "just",
          "task",
          "spin",
          "pixi",
          "tox",
          "nox",
          "source",
          ".",
          "gh",
          "docker",
          "mkdocs",
          "goreleaser");

  private SpeedRules() {}

  static List<Rule> all() {
    return List.of(TIMEOUT, CONCURRENCY, TWICE, HISTORY);
  }

  private static Rule rule(String id, Severity severity, Profile profile, String title) {
    return Rule.of(id, Topic.SPEED, severity, profile, title);
  }

  private static final Rule TIMEOUT =
      rule("missing-timeout", Severity.WARNING, Profile.STRICT, "A job without a time limit")
          .why("A job that hangs runs for six hours, GitHub's limit, and every minute is paid.")
          .example(
              "on: push\njobs:\n  test:\n" + STEPS,
              "on: push\njobs:\n  test:\n    timeout-minutes: 30\n" + STEPS)
          .check((file, found) -> {
            for (JobNode job : file.jobs()) {
              if (job.call()
                  || job.body().get("timeout-minutes") != null
                  || job.body().members().isEmpty()) {
                continue;
              }
              YamlNode.Scalar first = job.body().members().getFirst().key();
              boolean block = job.body().at().line() > job.key().at().line();
              String newline = file.newline();
              String indent = " ".repeat(job.body().at().column() - 1);
              found.at(
                  job.key(),
                  "Job '" + job.id() + "' may run for six hours",
                  "add 'timeout-minutes:', about three times what it usually takes",
                  block
                      ? new Fix(
                          "Limit the job to 30 minutes",
                          Fix.Safety.UNSAFE,
                          List.of(
                              new Edit(
                                  first.start(),
                                  first.start(),
                                  "timeout-minutes: 30" + newline + indent)))
                      : null);
            }
          });

  private static final Rule CONCURRENCY =
      rule(
              "missing-concurrency",
              Severity.INFO,
              Profile.STRICT,
              "Runs of commits that are outdated go on")
          .covers("zizmor:concurrency-limits")
          .why(
              """
              Each push to a pull request starts a run, and without `concurrency` the runs of the commits before go on to the
              end although nobody waits for them.
              """)
          .example(
              "on: pull_request\njobs:\n  test:\n" + STEPS,
              "on: pull_request\n"
                  + "concurrency:\n"
                  + "  group: ${{ github.workflow }}-${{ github.ref }}\n"
                  + "  cancel-in-progress: true\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + STEPS)
          .check(SpeedRules::concurrency);

  private static void concurrency(LintFile file, Found found) {
    YamlNode.Member on = Trees.member(file.root(), "on");
    if (on == null || !file.on("pull_request") || Trees.get(file.root(), "concurrency") != null) {
      return;
    }
    for (JobNode job : file.jobs()) {
      String name = (job.id() + job.text("name")).toLowerCase(Locale.ROOT);
      if (job.body().get("concurrency") != null
          || name.contains("deploy")
          || name.contains("release")
          || name.contains("publish")) {
        return;
      }
    }
    YamlNode.Member jobs = Trees.member(file.root(), "jobs");
    if (jobs == null) {
      return;
    }
    String newline = file.newline();
    int start = jobs.key().start();
    YamlNode.Mapping block = jobs.value().mapping();
    String unit =
        block != null && block.at().line() > jobs.key().at().line()
            ? " ".repeat(block.at().column() - 1)
            : "  ";
    found.at(
        on.key(),
        "Runs of outdated commits of a pull request go on to the end",
        "add a 'concurrency:' group with 'cancel-in-progress' for pull requests",
        new Fix(
            "Cancel outdated runs of pull requests",
            Fix.Safety.UNSAFE,
            List.of(
                new Edit(
                    start,
                    start,
                    "concurrency:"
                        + newline
                        + unit
                        + "group: ${{ github.workflow }}-${{ github.event.pull_request.number ||"
                        + " github.ref }}"
                        + newline
                        + unit
                        + "cancel-in-progress: ${{ github.event_name == 'pull_request' }}"
                        + newline))));
  }

  private static final Rule TWICE =
      rule(
              "runs-twice",
              Severity.INFO,
              Profile.STRICT,
              "A push to a pull request's branch starts the workflow twice")
          .why(
              "Both `push` and `pull_request` fire for it; the same commit is tested, and paid,"
                  + " twice.")
          .example(
              "on: [push, pull_request]\njobs:\n  test:\n" + STEPS,
              "on:\n  push:\n    branches: [main]\n  pull_request:\njobs:\n  test:\n" + STEPS)
          .check((file, found) -> {
            YamlNode.Member on = Trees.member(file.root(), "on");
            YamlNode.Mapping push = file.filters("push");
            YamlNode.Mapping pull = file.filters("pull_request");
            boolean filtered =
                push != null
                    && (push.get("branches") != null
                        || push.get("branches-ignore") != null
                        || push.get("tags") != null
                        || push.get("paths") != null
                        || push.get("paths-ignore") != null);
            if (on != null
                && file.on("push")
                && file.on("pull_request")
                && !filtered
                && (pull == null || pull.get("types") == null)) {
              found.at(
                  on.key(),
                  "A push to a pull request's branch starts this twice",
                  "let 'push' name the branches that are not pull requests: branches: [main]");
            }
          });

  private static final Rule HISTORY =
      rule(
              "whole-history",
              Severity.INFO,
              Profile.PEDANTIC,
              "A checkout fetches the whole history and nothing seems to read it")
          .why("Fetching every commit and branch takes from seconds to minutes in each job.")
          .example(
              "on: push\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - uses: actions/checkout@v6\n"
                  + "        with:\n"
                  + "          fetch-depth: 0\n"
                  + "      - run: npm test\n",
              "on: push\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - uses: actions/checkout@v6\n"
                  + "      - run: npm test\n")
          .check(SpeedRules::history);

  private static void history(LintFile file, Found found) {
    JobNode looked = null;
    boolean plain = true;
    for (StepNode step : file.steps()) {
      YamlNode.Scalar depth = step.with("fetch-depth");
      JobNode job = step.job();
      if (depth == null
          || job == null
          || !depth.text().equals("0")
          || !step.uses("actions/checkout")) {
        continue;
      }
      if (job != looked) {
        looked = job;
        plain = readsNoHistory(job);
      }
      if (plain) {
        found.at(
            depth,
            "The whole history is fetched, and nothing in this job seems to read it",
            "remove 'fetch-depth: 0'");
      }
    }
  }

  private static boolean readsNoHistory(JobNode job) {
    for (StepNode step : job.steps()) {
      String run = step.text("run");
      boolean known =
          step.uses("actions/checkout")
              || step.uses("actions/setup-node")
              || step.uses("actions/setup-java")
              || step.uses("actions/setup-python")
              || step.uses("actions/setup-go")
              || step.uses("actions/cache");
      if (step.run() == null ? !known : run.contains("version") || !readsNoHistory(run)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a script surely does not look at commits: scripts of the project may do anything. */
  private static boolean readsNoHistory(String run) {
    if (run.contains("git")) {
      return false;
    }
    for (ShellCommand command : ShellCommands.of(run)) {
      if (command.words().getFirst().contains("/") || OPAQUE.contains(command.head())) {
        return false;
      }
    }
    return true;
  }
}
