package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules about steps and jobs whose failure does not count. */
final class HonestyRules {
  private static final String HEAD =
      """
      on: push
      jobs:
        test:
          runs-on: ubuntu-latest
      """;

  private HonestyRules() {}

  static List<Rule> all() {
    return List.of(CONTINUE);
  }

  private static final Rule CONTINUE =
      Rule.of(
              "continue-on-error",
              Topic.HONESTY,
              Severity.WARNING,
              Profile.DEFAULT,
              "A check that may fail without anybody noticing")
          .why(
              """
              `continue-on-error: true` makes a failed step or job count as passed. It is fine when a later step reads the
              step's `outcome`; without that a failing test or scan looks like success for ever.
              """)
          .example(
              HEAD + "    steps:\n      - run: pytest\n        continue-on-error: true\n",
              HEAD
                  + "    steps:\n      - id: tests\n        run: pytest\n"
                  + "        continue-on-error: true\n"
                  + "      - if: steps.tests.outcome == 'failure'\n        run: exit 1\n")
          .check(HonestyRules::continued);

  private static void continued(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      YamlNode.Scalar flag = step.scalar("continue-on-error");
      if (flag == null
          || !Trees.is(flag, true)
          || !matters(file, step)
          || meantToFail(step.text("name") + " " + step.text("id"))
          || MaskingRules.uploaded(step)) {
        continue;
      }
      String id = step.text("id");
      if (id.isEmpty() || !outcomeRead(file, step, id)) {
        found.at(
            flag,
            "This "
                + (step.label().startsWith("step '") ? step.label().substring(5) : "check")
                + " may fail and the job still passes",
            "remove it, or give the step an id and read steps.ID.outcome later",
            removal(file, step.body()));
      }
    }
    for (JobNode job : file.jobs()) {
      YamlNode.Scalar flag = job.scalar("continue-on-error");
      if (flag != null
          && Trees.is(flag, true)
          && !meantToFail(job.id() + " " + Trees.text(job.body(), "name"))) {
        for (StepNode step : job.steps()) {
          if (matters(file, step)) {
            found.at(
                flag,
                "Job '" + job.id() + "' may fail and the run still passes",
                "remove it, or make it depend on the matrix:"
                    + " continue-on-error: ${{ matrix.experimental }}",
                removal(file, job.body()));
            break;
          }
        }
      }
    }
  }

  /**
   * Whether something says of itself that it fails, as what tests how failures are handled does.
   */
  private static boolean meantToFail(String name) {
    String lower = name.toLowerCase(java.util.Locale.ROOT);
    return lower.contains("fail") || lower.contains("expected");
  }

  private static @Nullable Fix removal(LintFile file, YamlNode.Mapping body) {
    YamlNode.Member member = Trees.member(body, "continue-on-error");
    Edit edit = member == null ? null : BlockEdits.without(file, body, member);
    return edit == null ? null : new Fix("Let the failure count", Fix.Safety.UNSAFE, List.of(edit));
  }

  private static boolean matters(LintFile file, StepNode step) {
    YamlNode.Scalar run = step.run();
    if (run == null) {
      return Checks.matters(step.text("uses"));
    }
    StepScript script = step.script(file);
    if (script != null) {
      for (ShellCommand command :
          script.shell().posix() ? script.commands() : ShellCommands.of(run.text())) {
        if (Checks.matters(command)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean outcomeRead(LintFile file, StepNode step, String id) {
    for (ExpressionUse use : file.expressions()) {
      if (use.job() == step.job()) {
        for (List<String> path : use.paths()) {
          boolean whole = ExpressionUse.begins(path, "steps") && path.size() == 1;
          if (whole
              || (path.size() >= 2
                  && ExpressionUse.begins(path, "steps")
                  && path.get(1).equalsIgnoreCase(id)
                  && (path.size() == 2 || path.get(2).equalsIgnoreCase("outcome")))) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
