package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Rules about gates: jobs that stand for others in the list of required checks. */
final class GateRules {
  private static final Set<String> NAMES =
      Set.of(
          "gate",
          "ci-ok",
          "all-green",
          "allgreen",
          "ci-success",
          "success",
          "ci-gate",
          "required",
          "required-checks",
          "all-checks",
          "checks-passed",
          "all-passed",
          "ci-passed",
          "ci-status",
          "alls-green",
          "all-ok",
          "build-success",
          "tests-passed",
          "all-tests-passed",
          "conclusion",
          "status-check",
          "merge-gate",
          "pr-gate",
          "ci-complete",
          "ci-done");
  private static final List<String> PARTS =
      List.of(
          "required-check",
          "all-check",
          "checks-pass",
          "all-required",
          "all-green",
          "all-jobs-pass",
          "ci-pass",
          "ci-success",
          "ci-status",
          "tests-pass",
          "all-tests-pass",
          "merge-gate");

  /** The beginning of examples: two jobs that check something. */
  static final String TWO =
      """
      on: pull_request
      jobs:
        test:
          runs-on: ubuntu-latest
          steps:
            - run: make test
        lint:
          runs-on: ubuntu-latest
          steps:
            - run: make lint
      """;

  private static final String SOUND =
      TWO
          + """
            ci-ok:
              needs: [test, lint]
              if: always()
              runs-on: ubuntu-latest
              steps:
                - run: test "$RESULTS" = 'success success'
                  env:
                    RESULTS: ${{ join(needs.*.result, ' ') }}
          """;

  private GateRules() {}

  static List<Rule> all() {
    return List.of(SKIPPED, BLIND, FAILURE_ONLY, FORGETS);
  }

  private static Rule rule(String id, Severity severity, String title) {
    return Rule.of(id, Topic.HONESTY, severity, Profile.DEFAULT, title);
  }

  private static final Rule SKIPPED =
      rule(
              "gate-skipped-into-green",
              Severity.ERROR,
              "A gate that is skipped when a job before it fails")
          .why(
              """
              A job without a status function in `if:` is skipped when one that it needs fails, and a required check that is
              skipped counts as passed. The gate is green exactly when it should be red.
              """)
          .example(SOUND.replace("    if: always()\n", ""), SOUND)
          .check((file, found) -> {
            for (JobNode job : gates(file)) {
              if (!runsAlways(file, job)) {
                found.at(
                    job.key(),
                    "Gate '"
                        + job.id()
                        + "' is skipped when a job that it needs fails, and a"
                        + " skipped check passes",
                    "add 'if: always()' and compare every needs.*.result with 'success'",
                    GateFixes.always(file, job, readsNeeds(file, job)));
              }
            }
          });

  private static final Rule BLIND =
      rule(
              "gate-without-check",
              Severity.ERROR,
              "A gate that always runs and never looks at how the others ended")
          .why("With `if: always()` and no look at `needs.*.result` it is green whatever happened.")
          .example(
              SOUND
                  .replace("test \"$RESULTS\" = 'success success'", "echo all done")
                  .replace(
                      "        env:\n          RESULTS: ${{ join(needs.*.result, ' ') }}\n", ""),
              SOUND)
          .check((file, found) -> {
            for (JobNode job : gates(file)) {
              if (runsAlways(file, job) && !readsNeeds(file, job)) {
                found.at(
                    job.key(),
                    "Gate '" + job.id() + "' passes however the jobs that it needs ended",
                    "fail unless every needs.*.result is 'success'",
                    GateFixes.judging(file, job));
              }
            }
          });

  private static final Rule FAILURE_ONLY =
      rule(
              "gate-tests-failure-only",
              Severity.WARNING,
              "A gate that lets cancelled and skipped jobs pass")
          .why(
              """
              A gate that looks only for `failure` is green when a job was cancelled, ran into its time limit, or was skipped
              because one before it failed.
              """)
          .example(
              SOUND.replace(
                  "      - run: test \"$RESULTS\" = 'success success'\n"
                      + "        env:\n"
                      + "          RESULTS: ${{ join(needs.*.result, ' ') }}\n",
                  "      - if: contains(needs.*.result, 'failure')\n        run: exit 1\n"),
              SOUND)
          .check(GateRules::failureOnly);

  private static final Rule FORGETS =
      rule("gate-forgets-job", Severity.WARNING, "A gate that does not wait for all jobs")
          .why("A job that the gate does not need may fail, and the gate is green.")
          .example(
              SOUND
                  .replace("needs: [test, lint]", "needs: [test]")
                  .replace("'success success'", "success"),
              SOUND)
          .check(GateRules::forgets);

  /**
   * Jobs that need others, are called as gates are, and do nothing but judge: no checkout, no
   * action.
   */
  private static List<JobNode> gates(LintFile file) {
    List<JobNode> gates = new ArrayList<>();
    for (JobNode job : file.jobs()) {
      if (!job.needs().isEmpty() && !job.call() && named(job) && judges(file, job)) {
        gates.add(job);
      }
    }
    if (!gates.isEmpty()) {
      // One in the middle of a graph guards what follows, by success.
      Set<String> needed = new HashSet<>();
      for (JobNode job : file.jobs()) {
        for (String need : job.needs()) {
          needed.add(need.toLowerCase(Locale.ROOT));
        }
      }
      gates.removeIf(gate -> needed.contains(gate.id().toLowerCase(Locale.ROOT)));
    }
    return gates;
  }

  private static boolean named(JobNode job) {
    return named(job.id()) || named(job.text("name"));
  }

  private static boolean named(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
    if (NAMES.contains(plain)) {
      return true;
    }
    for (String part : PARTS) {
      if (plain.contains(part)) {
        return true;
      }
    }
    return false;
  }

  private static boolean judges(LintFile file, JobNode job) {
    for (StepNode step : job.steps()) {
      YamlNode.Scalar run = step.run();
      if (run == null && !step.uses("re-actors/alls-green")) {
        return false;
      }
      if (run != null) {
        StepScript script = step.script(file);
        for (ShellCommand command : script == null ? List.<ShellCommand>of() : script.commands()) {
          if (Checks.matters(command)) {
            return false;
          }
        }
      }
    }
    return !job.steps().isEmpty();
  }

  static boolean runsAlways(LintFile file, JobNode job) {
    YamlNode.Scalar condition = job.scalar("if");
    if (condition == null) {
      return false;
    }
    for (ExpressionUse use : file.expressions(job)) {
      if (use.scalar() == condition) {
        return use.expression().callsStatusFunction();
      }
    }
    // One that cannot be read is another rule's business.
    return true;
  }

  private static boolean readsNeeds(LintFile file, JobNode job) {
    for (ExpressionUse use : file.expressions(job)) {
      if (use.step() != null && use.expression().callsStatusFunction()) {
        return true;
      }
      for (List<String> path : use.paths()) {
        if (ExpressionUse.begins(path, "needs")) {
          return true;
        }
      }
    }
    return alls(job) != null;
  }

  private static @Nullable StepNode alls(JobNode job) {
    for (StepNode step : job.steps()) {
      if (step.uses("re-actors/alls-green")) {
        return step;
      }
    }
    return null;
  }

  private static void failureOnly(LintFile file, Found found) {
    for (JobNode job : gates(file)) {
      if (!runsAlways(file, job) || alls(job) != null) {
        continue;
      }
      boolean failure = false;
      boolean others = false;
      ExpressionUse first = null;
      for (ExpressionUse use : file.expressions(job)) {
        if (!aboutResults(use)) {
          continue;
        }
        String text = use.expression().source();
        failure |= text.contains("'failure'");
        others |=
            !text.contains("'failure'")
                || text.contains("'cancelled'")
                || text.contains("'skipped'")
                || text.contains("'success'");
        first = first == null ? use : first;
      }
      for (ExpressionUse use : file.expressions(job)) {
        others |= use.expression().source().contains("cancelled");
      }
      for (StepNode step : job.steps()) {
        String run = step.text("run");
        others |= run.contains("cancelled") || run.contains("success");
      }
      if (failure && !others && first != null) {
        found.at(
            first.scalar(),
            first.start(),
            first.end(),
            "Jobs that were cancelled or skipped pass this gate",
            "require 'success': fail when a result is anything else",
            GateFixes.stricter(file, first));
      }
    }
  }

  private static boolean aboutResults(ExpressionUse use) {
    for (List<String> path : use.paths()) {
      if (ExpressionUse.begins(path, "needs")) {
        return true;
      }
    }
    return false;
  }

  private static void forgets(LintFile file, Found found) {
    List<JobNode> gates = gates(file);
    if (gates.size() != 1) {
      return;
    }
    JobNode gate = gates.getFirst();
    Set<String> covered = new TreeSet<>();
    reach(file, gate, covered);
    Set<String> conditional = conditional(file);
    List<String> forgotten = new ArrayList<>();
    for (JobNode job : file.jobs()) {
      // A job with a condition of its own runs in other cases than the gate's.
      if (job != gate
          && !covered.contains(job.id().toLowerCase(Locale.ROOT))
          && job.scalar("if") == null
          && !Trees.is(job.scalar("continue-on-error"), true)
          && !conditional.contains(job.id().toLowerCase(Locale.ROOT))) {
        forgotten.add(job.id());
      }
    }
    YamlNode.Member needs = Trees.member(gate.body(), "needs");
    if (!forgotten.isEmpty() && needs != null) {
      found.at(
          needs.key(),
          "Gate '" + gate.id() + "' does not wait for '" + String.join("', '", forgotten) + "'",
          "add " + (forgotten.size() == 1 ? "it" : "them") + " to its 'needs:'",
          GateFixes.needing(file, needs, forgotten));
    }
  }

  /** The jobs, by id in lower case, that have a condition or need one that has, however far. */
  private static Set<String> conditional(LintFile file) {
    Map<String, List<String>> dependents = new HashMap<>();
    Deque<String> next = new ArrayDeque<>();
    Set<String> found = new HashSet<>();
    for (JobNode job : file.jobs()) {
      String id = job.id().toLowerCase(Locale.ROOT);
      for (String need : job.needs()) {
        dependents.computeIfAbsent(need.toLowerCase(Locale.ROOT), n -> new ArrayList<>()).add(id);
      }
      if (job.scalar("if") != null && found.add(id)) {
        next.add(id);
      }
    }
    while (!next.isEmpty()) {
      for (String id : dependents.getOrDefault(next.remove(), List.of())) {
        if (found.add(id)) {
          next.add(id);
        }
      }
    }
    return found;
  }

  private static void reach(LintFile file, JobNode from, Set<String> covered) {
    Deque<JobNode> next = new ArrayDeque<>(List.of(from));
    while (!next.isEmpty()) {
      for (String need : next.remove().needs()) {
        if (covered.add(need.toLowerCase(Locale.ROOT))) {
          JobNode needed = file.job(need);
          if (needed != null) {
            next.add(needed);
          }
        }
      }
    }
  }
}
