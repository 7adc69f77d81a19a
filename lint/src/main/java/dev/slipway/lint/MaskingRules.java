package dev.slipway.lint;

import dev.slipway.shell.Dialect;
import dev.slipway.shell.ShellCall;
import dev.slipway.shell.ShellOptions;
import dev.slipway.shell.ShellRedirect;
import dev.slipway.shell.ShellScript;
import dev.slipway.shell.ShellSpan;
import dev.slipway.shell.ShellStatus;
import dev.slipway.shell.ShellWord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules about scripts whose checks may fail without the step failing. */
final class MaskingRules {
  private static final String HEAD =
      """
      on: push
      jobs:
        test:
          runs-on: ubuntu-latest
          steps:
      """;

  private MaskingRules() {}

  static List<Rule> all() {
    return List.of(MASKED, ERREXIT, PIPE, SWALLOWED, PASSED_OVER, BACKGROUND, INNER);
  }

  private static Rule rule(String id, Severity severity, Profile profile, String title) {
    return Rule.of(id, Topic.HONESTY, severity, profile, title);
  }

  private static String script(String... lines) {
    return HEAD + "      - run: |\n          " + String.join("\n          ", lines) + "\n";
  }

  private static final Rule MASKED =
      rule(
              "masked-failure",
              Severity.ERROR,
              Profile.DEFAULT,
              "A check whose failure `||` throws away")
          .why(
              """
              With `|| true`, `|| :`, `|| exit 0` or `|| echo` behind it the command always succeeds, so the step is green
              whatever the tests, the linter or the scanner say. Nobody looks into a green step.
              """)
          .example(HEAD + "      - run: npm test || true\n", HEAD + "      - run: npm test\n")
          .check(MaskingRules::masked);

  private static final Rule ERREXIT =
      rule(
              "errexit-off",
              Severity.WARNING,
              Profile.DEFAULT,
              "A check in a script that goes on after failures")
          .why(
              """
              After `set +e`, and in a shell such as `bash {0}` that is started without `-e`, only the last command of the
              script decides how the step ends; every check before it may fail unseen.
              """)
          .example(
              script("set +e", "pytest", "echo done"),
              script("set +e", "pytest", "status=$?", "echo done", "exit $status"))
          .check(MaskingRules::errexit);

  private static final Rule PIPE =
      rule(
              "pipe-without-pipefail",
              Severity.WARNING,
              Profile.STRICT,
              "A check piped into a command whose status is the only one that counts")
          .why(
              """
              A step without `shell:` runs `bash -e`, in which a pipeline ends as its last command does: `pytest | tee log` is
              green when the tests fail. `shell: bash` adds `-o pipefail`.
              """)
          .example(
              HEAD + "      - run: pytest | tee log.txt\n",
              HEAD + "      - run: pytest | tee log.txt\n        shell: bash\n")
          .check(MaskingRules::pipe);

  private static final Rule SWALLOWED =
      rule(
              "swallowed-failure",
              Severity.WARNING,
              Profile.STRICT,
              "A check whose failure an `if` answers with a message only")
          .why(
              """
              A command that `if` asks about does not end the script when it fails. When the branch for the failure only prints
              something, the step is green.
              """)
          .example(
              script("if ! npm test; then", "  echo 'tests failed'", "fi"),
              script("if ! npm test; then", "  echo 'tests failed'", "  exit 1", "fi"))
          .check(MaskingRules::swallowed);

  private static final Rule PASSED_OVER =
      rule(
              "failure-before-and",
              Severity.WARNING,
              Profile.DEFAULT,
              "A check before `&&` whose failure does not end the script")
          .why(
              """
              `-e` looks only at the last command of a list. When a command before `&&` fails, the rest of the list is left out,
              and the script goes on in the next line as if nothing had happened.
              """)
          .example(
              script("npm run lint && npm test", "echo done"),
              script("npm run lint", "npm test", "echo done"))
          .check(MaskingRules::passedOver);

  private static final Rule BACKGROUND =
      rule(
              "unwaited-check",
              Severity.WARNING,
              Profile.STRICT,
              "A check in the background that nothing waits for")
          .why(
              """
              The script ends while the command runs on, and its status is lost. `wait` with the number of the process gives the
              status; `wait` alone does not.
              """)
          .example(
              script("npm test &", "npm run lint"),
              script("npm test &", "tests=$!", "npm run lint", "wait $tests"))
          .check(MaskingRules::background);

  private static final Rule INNER =
      rule(
              "inner-shell-without-errexit",
              Severity.WARNING,
              Profile.STRICT,
              "A script in a script that goes on after failures")
          .why(
              """
              The `-e` of the step does not reach a shell that it starts: in `bash -c 'a; b'` only b decides. Commands given to
              a container are such scripts too.
              """)
          .example(
              HEAD + "      - run: docker run node:22 bash -c 'npm test; npm run report'\n",
              HEAD + "      - run: docker run node:22 bash -ec 'npm test; npm run report'\n")
          .check(MaskingRules::inner);

  private static boolean readsStatus(String text) {
    return text.contains("$?") || text.contains("${?}") || text.contains("PIPESTATUS");
  }

  private static void masked(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      StepScript script = step.script(file);
      if (script == null
          || !script.text().contains("||")
          || readsStatus(script.text())
          || uploaded(step)) {
        continue;
      }
      List<ShellCommand> commands = script.commands();
      for (int i = 0; i < commands.size() && !found.full(); i++) {
        ShellCommand command = commands.get(i);
        ShellSpan instead = command.call().instead();
        if (command.status() != ShellStatus.RESCUED
            || instead == null
            || !Checks.matters(command)
            || guarded(commands, i, script.text())
            || !quiet(commands, i, instead)) {
          continue;
        }
        String handler = script.text().substring(instead.start(), instead.end()).strip();
        Edit edit = ScriptEdits.place(file, script.run(), instead.start(), instead.end(), "");
        boolean brief = handler.length() <= 40 && !handler.contains("\n");
        found.at(
            script.run(),
            command.start(),
            instead.end(),
            "'" + command.head() + "' can fail and the step still passes",
            "remove '" + (brief ? handler : "||") + "', or keep the status and end with it",
            edit == null || handler.contains("\n")
                ? null
                : new Fix("Let the failure count", Fix.Safety.UNSAFE, List.of(edit)));
      }
    }
  }

  /** Whether a command runs only after a test, as in {@code [ -f x ] && make || true}. */
  private static boolean guarded(List<ShellCommand> commands, int i, String text) {
    ShellCommand command = commands.get(i);
    if (!command.before().equals("&&")) {
      return false;
    }
    for (int j = i - 1; j >= 0; j--) {
      ShellCommand left = commands.get(j);
      if (!left.call().substituted()) {
        boolean direct =
            left.after().equals("&&")
                && text.substring(left.call().stop(), command.start()).strip().equals("&&");
        List<ShellWord> words = left.call().words();
        String head = words.isEmpty() ? "" : words.getFirst().value();
        return !direct
            || head.equals("[")
            || head.equals("test")
            || head.equals("command")
            || head.equals("which")
            || head.equals("type");
      }
    }
    return true;
  }

  /** Whether all that runs after a failure is a word or two to the log. */
  private static boolean quiet(List<ShellCommand> commands, int from, ShellSpan span) {
    boolean any = false;
    for (int i = from + 1; i < commands.size(); i++) {
      ShellCommand command = commands.get(i);
      if (!span.has(command.start())) {
        if (command.start() >= span.end()) {
          break;
        }
        continue;
      }
      if (!command.call().substituted()) {
        if (!says(command)) {
          return false;
        }
        any = true;
      }
    }
    return any;
  }

  private static boolean says(ShellCommand command) {
    List<ShellWord> words = command.call().words();
    if (words.isEmpty() || !command.call().assignments().isEmpty()) {
      return false;
    }
    String head = words.getFirst().value();
    return switch (head) {
      case "true", ":" -> true;
      case "exit" -> words.size() == 2 && words.get(1).value().equals("0");
      case "echo", "printf" -> toLog(command) && !recording(words);
      default -> false;
    };
  }

  private static boolean toLog(ShellCommand command) {
    for (ShellRedirect redirect : command.call().redirects()) {
      if (redirect.output() && !redirect.operator().equals(">&")) {
        return false;
      }
    }
    return !command.after().equals("|");
  }

  private static boolean recording(List<ShellWord> words) {
    for (ShellWord word : words) {
      if (word.written().contains("::set-output")) {
        return true;
      }
    }
    return false;
  }

  /** Whether a later step of the job hands what a scan found to code scanning, which judges it. */
  static boolean uploaded(StepNode step) {
    JobNode job = step.job();
    return job != null && step.index() < job.lastUpload();
  }

  private static void errexit(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      StepScript script = step.script(file);
      if (script == null || readsStatus(script.text())) {
        continue;
      }
      boolean off = script.text().contains("set +") || script.text().contains("set -");
      if (script.shell().errexit() && !off) {
        continue;
      }
      ShellCommand last = null;
      for (ShellCommand command : script.commands()) {
        if (command.head().equals("set")) {
          last = command;
        }
        if (command.status() == ShellStatus.IGNORED
            && !command.call().substituted()
            && Checks.matters(command)) {
          ShellCommand at = last == null ? command : last;
          found.at(
              script.run(),
              at.start(),
              at.end(),
              last == null
                  ? "'" + command.head() + "' can fail and this shell goes on"
                  : "After this '" + command.head() + "' can fail and the step still passes",
              last == null
                  ? "start the shell with '-e', or write 'set -e' first"
                  : "keep its status in a variable and end with it, or remove 'set +e'",
              null);
          break;
        }
      }
    }
  }

  private static void pipe(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      StepScript script = step.script(file);
      if (script == null
          || script.shell().pipefail()
          || script.shell().mixed()
          || script.text().indexOf('|') < 0
          || script.text().contains("PIPESTATUS")) {
        continue;
      }
      for (ShellCommand command : script.commands()) {
        if (command.status() == ShellStatus.PIPED
            && !command.call().substituted()
            && Checks.matters(command)) {
          found.at(
              script.run(),
              command.start(),
              command.end(),
              "'" + command.head() + "' can fail and the pipeline still passes",
              "add 'shell: bash' to the step, or 'set -o pipefail' to the script",
              script.shell().named() || step.body().get("shell") != null ? null : bash(file, step));
        }
      }
    }
  }

  private static @Nullable Fix bash(LintFile file, StepNode step) {
    Edit edit = BlockEdits.first(file, step.body(), "shell: bash");
    return edit == null
        ? null
        : new Fix("Run the step with bash -eo pipefail", Fix.Safety.UNSAFE, List.of(edit));
  }

  private static void swallowed(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      StepScript script = step.script(file);
      if (script == null || readsStatus(script.text()) || uploaded(step)) {
        continue;
      }
      List<ShellCommand> commands = script.commands();
      for (int i = 0; i < commands.size(); i++) {
        ShellCommand command = commands.get(i);
        ShellCall call = command.call();
        if (command.tested()
            && call.instead() != null
            && !call.repeated()
            && call.function().isEmpty()
            && Checks.matters(command)
            && quiet(commands, i, call.instead())
            && !says(commands, call.instead(), "exit")) {
          found.at(
              script.run(),
              command.start(),
              command.end(),
              "'" + command.head() + "' can fail and the step still passes",
              "end the branch for its failure with 'exit 1'",
              null);
        }
      }
    }
  }

  private static boolean says(List<ShellCommand> commands, ShellSpan span, String head) {
    for (ShellCommand command : commands) {
      if (span.has(command.start()) && command.head().equals(head)) {
        return true;
      }
    }
    return false;
  }

  private static void passedOver(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      StepScript script = step.script(file);
      if (script != null && script.text().contains("&&") && !readsStatus(script.text())) {
        for (ShellCommand command : checks(script, ShellStatus.PASSED_OVER, "&&")) {
          at(
              found,
              script,
              command,
              "When '" + command.head() + "' fails here, the script goes on in the next line",
              "write the commands on lines of their own instead of joining them with '&&'");
        }
      }
    }
  }

  private static void background(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      StepScript script = step.script(file);
      if (script != null && script.text().indexOf('&') >= 0 && !script.text().contains("wait")) {
        for (ShellCommand command : checks(script, ShellStatus.BACKGROUND, "&")) {
          at(
              found,
              script,
              command,
              "Nothing waits for '" + command.head() + "', so its failure is lost",
              "keep its number, tests=$!, and end with: wait $tests");
        }
      }
    }
  }

  /** The commands that check something, whose status is used so and that are followed by this. */
  private static List<ShellCommand> checks(StepScript script, ShellStatus status, String after) {
    List<ShellCommand> checks = new ArrayList<>();
    for (ShellCommand command : script.commands()) {
      if (command.status() == status && command.after().equals(after) && Checks.matters(command)) {
        checks.add(command);
      }
    }
    return checks;
  }

  private static void at(
      Found found, StepScript script, ShellCommand command, String message, String hint) {
    found.at(script.run(), command.start(), command.end(), message, hint, null);
  }

  private static void inner(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      StepScript script = step.script(file);
      if (script == null || !script.text().contains("sh ")) {
        continue;
      }
      for (ShellCommand command : script.commands()) {
        ShellWord inner = inner(command.call().words());
        if (inner == null || inner.value().contains("set -")) {
          continue;
        }
        for (ShellCommand one :
            ShellCommands.of(
                ShellScript.read(inner.value(), Dialect.BASH).calls(ShellOptions.none()))) {
          if (one.status() == ShellStatus.IGNORED && Checks.matters(one)) {
            found.at(
                script.run(),
                inner.start(),
                inner.end(),
                "In this script '" + one.head() + "' can fail and what follows runs on",
                "give the shell -e, as in 'bash -ec', or join the commands with '&&'",
                null);
            break;
          }
        }
      }
    }
  }

  /** The script that a command gives to a shell with {@code -c}, without {@code -e}. */
  private static @Nullable ShellWord inner(List<ShellWord> words) {
    for (int i = 0; i + 2 < words.size(); i++) {
      String program = words.get(i).value();
      boolean shell =
          program.equals("sh")
              || program.equals("bash")
              || program.equals("/bin/sh")
              || program.equals("/bin/bash");
      if (shell) {
        for (int j = i + 1; j + 1 < words.size(); j++) {
          String option = words.get(j).value();
          if (!option.startsWith("-") || (option.indexOf('e') > 0 && !option.startsWith("--"))) {
            return null;
          }
          if (option.indexOf('c') > 0 && !option.startsWith("--")) {
            ShellWord inner = words.get(j + 1);
            return inner.constant() ? inner : null;
          }
        }
        return null;
      }
    }
    return null;
  }
}
