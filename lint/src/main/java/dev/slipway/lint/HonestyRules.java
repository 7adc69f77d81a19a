package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.List;

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
    return List.of(MASKED, CONTINUE, ERREXIT, PIPE);
  }

  private static final Rule MASKED =
      Rule.of(
              "masked-failure",
              Topic.HONESTY,
              Severity.ERROR,
              Profile.DEFAULT,
              "A check whose failure `||` throws away")
          .why(
              """
              With `|| true`, `|| :`, `|| exit 0` or `|| echo` behind it the command always succeeds, so the step is green
              whatever the tests, the linter or the scanner say. Nobody looks into a green step.
              """)
          .example(
              HEAD + "    steps:\n      - run: npm test || true\n",
              HEAD + "    steps:\n      - run: npm test\n")
          .check(HonestyRules::masked);

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

  private static final Rule ERREXIT =
      Rule.of(
              "errexit-off",
              Topic.HONESTY,
              Severity.WARNING,
              Profile.DEFAULT,
              "`set +e` before checks, and nothing looks at how they end")
          .why(
              """
              After `set +e` only the last command of the script decides how the step ends; every check before it may fail
              unseen.
              """)
          .example(
              HEAD
                  + "    steps:\n"
                  + "      - run: |\n"
                  + "          set +e\n"
                  + "          pytest\n"
                  + "          echo done\n",
              HEAD
                  + "    steps:\n"
                  + "      - run: |\n"
                  + "          set +e\n"
                  + "          pytest\n"
                  + "          status=$?\n"
                  + "          echo done\n"
                  + "          exit $status\n")
          .check(HonestyRules::errexit);

  private static final Rule PIPE =
      Rule.of(
              "pipe-without-pipefail",
              Topic.HONESTY,
              Severity.WARNING,
              Profile.STRICT,
              "A check piped into a command whose status is the only one that counts")
          .why(
              """
              A step without `shell:` runs `bash -e`, in which a pipeline ends as its last command does: `pytest | tee log` is
              green when the tests fail. `shell: bash` adds `-o pipefail`.
              """)
          .example(
              HEAD + "    steps:\n      - run: pytest | tee log.txt\n",
              HEAD + "    steps:\n      - run: pytest | tee log.txt\n        shell: bash\n")
          .check(HonestyRules::pipe);

  private static boolean posix(LintFile file, StepNode step) {
    String shell = step.shell(file);
    return shell.isEmpty()
        || shell.equals("bash")
        || shell.equals("sh")
        || shell.startsWith("bash ")
        || shell.startsWith("sh ");
  }

  private static void masked(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      YamlNode.Scalar run = step.run();
      if (run == null
          || !run.text().contains("||")
          || !posix(file, step)
          || readsStatus(run)
          || uploaded(step)) {
        continue;
      }
      List<ShellCommand> commands = ShellCommands.of(run.text());
      for (int i = 0; i + 1 < commands.size() && !found.full(); i++) {
        ShellCommand command = commands.get(i);
        ShellCommand other = commands.get(i + 1);
        if (!command.after().equals("||")
            || !other.before().equals("||")
            || command.tested()
            || conditional(commands, i)
            || !Checks.matters(command)
            || !swallows(other, commands, i + 2)) {
          continue;
        }
        Fix fix =
            new Fix(
                "Let the failure count",
                Fix.Safety.UNSAFE,
                List.of(
                    new Edit(
                        file.index(run, command.end() - 1) + 1,
                        file.index(run, other.end() - 1) + 1,
                        "")));
        found.at(
            run,
            command.start(),
            other.end(),
            "'" + command.head() + "' can fail and the step still passes",
            "remove '|| "
                + String.join(" ", other.words())
                + "', or keep the status and end with it",
            other.redirected() || !other.after().equals(";") ? null : fix);
      }
    }
  }

  /** Whether a command runs only after a test, as in {@code [ -f x ] && make || true}. */
  private static boolean conditional(List<ShellCommand> commands, int i) {
    if (i == 0 || !commands.get(i).before().equals("&&")) {
      return false;
    }
    String head = commands.get(i - 1).head();
    return head.equals("[") || head.equals("[[") || head.equals("test") || head.equals("command");
  }

  /** Whether a later step of the job hands what a scan found to code scanning, which judges it. */
  private static boolean uploaded(StepNode step) {
    JobNode job = step.job();
    if (job != null) {
      for (StepNode later : job.steps()) {
        if (later.index() > step.index() && later.text("uses").contains("/upload-sarif@")) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean swallows(ShellCommand command, List<ShellCommand> all, int next) {
    String head = command.words().getFirst();
    if (head.equals("true") || head.equals(":")) {
      return true;
    }
    if (head.equals("exit")) {
      return command.words().size() == 2 && command.words().get(1).equals("0");
    }
    boolean goesOn = next < all.size() && command.after().equals("&&");
    return head.equals("echo") && !command.redirected() && !goesOn;
  }

  private static boolean readsStatus(YamlNode.Scalar run) {
    return run.text().contains("$?") || run.text().contains("PIPESTATUS");
  }

  private static void continued(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      YamlNode.Scalar flag = step.scalar("continue-on-error");
      if (flag == null || !Trees.is(flag, true) || !matters(file, step) || uploaded(step)) {
        continue;
      }
      String id = step.text("id");
      if (id.isEmpty() || !outcomeRead(file, step, id)) {
        found.at(
            flag,
            "This "
                + (step.label().startsWith("step '") ? step.label().substring(5) : "check")
                + " may fail and the job still passes",
            "remove it, or give the step an id and read steps.ID.outcome later");
      }
    }
    for (JobNode job : file.jobs()) {
      YamlNode.Scalar flag = job.scalar("continue-on-error");
      if (flag != null && Trees.is(flag, true)) {
        for (StepNode step : job.steps()) {
          if (matters(file, step)) {
            found.at(
                flag,
                "Job '" + job.id() + "' may fail and the run still passes",
                "remove it, or make it depend on the matrix:"
                    + " continue-on-error: ${{ matrix.experimental }}");
            break;
          }
        }
      }
    }
  }

  private static boolean matters(LintFile file, StepNode step) {
    YamlNode.Scalar run = step.run();
    if (run == null) {
      return Checks.matters(step.text("uses"));
    }
    if (posix(file, step)) {
      for (ShellCommand command : ShellCommands.of(run.text())) {
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

  private static void errexit(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      YamlNode.Scalar run = step.run();
      if (run == null || !run.text().contains("set +e") || !posix(file, step) || readsStatus(run)) {
        continue;
      }
      List<ShellCommand> commands = ShellCommands.of(run.text());
      ShellCommand off = null;
      for (int i = 0; i < commands.size(); i++) {
        ShellCommand command = commands.get(i);
        if (command.head().equals("set") && command.words().contains("+e")) {
          off = command;
        } else if (command.head().equals("set") && command.words().contains("-e")) {
          off = null;
        } else if (off != null
            && i < commands.size() - 1
            && !command.tested()
            && command.after().equals(";")
            && Checks.matters(command)) {
          found.at(
              run,
              off.start(),
              off.end(),
              "After this '" + command.head() + "' can fail and the step still passes",
              "keep its status in a variable and end with it, or remove 'set +e'",
              null);
          break;
        }
      }
    }
  }

  private static void pipe(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      YamlNode.Scalar run = step.run();
      if (run == null
          || !run.text().contains("|")
          || !step.shell(file).isEmpty()
          || run.text().contains("pipefail")
          || run.text().contains("PIPESTATUS")
          || windows(step)) {
        continue;
      }
      for (ShellCommand command : ShellCommands.of(run.text())) {
        if (command.after().equals("|") && !command.tested() && Checks.matters(command)) {
          found.at(
              run,
              command.start(),
              command.end(),
              "'" + command.head() + "' can fail and the pipeline still passes",
              "add 'shell: bash' to the step, or 'set -o pipefail' to the script",
              null);
        }
      }
    }
  }

  private static boolean windows(StepNode step) {
    return step.job() != null && step.job().text("runs-on").startsWith("windows");
  }
}
