package dev.slipway.lint;

import static dev.slipway.lint.Security.rule;
import static dev.slipway.lint.Security.workflow;

import dev.slipway.workflow.YamlNode;
import java.util.List;

/** Rules about what is written to the files that carry variables and outputs to later steps. */
final class FileInjectionRules {
  private FileInjectionRules() {}

  static List<Rule> all() {
    return List.of(ENVIRONMENT, OUTPUT, ANY);
  }

  private static final Rule ENVIRONMENT =
      rule(
              "environment-injection",
              Severity.ERROR,
              Profile.DEFAULT,
              "Text that outsiders choose is written to GITHUB_ENV or GITHUB_PATH",
              "zizmor:github-env",
              "codeql:actions/envvar-injection")
          .why(
              """
              A line more in that file sets any variable, `LD_PRELOAD` or `BASH_ENV` for instance, for all steps that follow.
              A text of one line, such as the name of a branch, can do no more than be the value.
              """)
          .example(
              workflow(
                  "pull_request_target",
                  "      - run: echo \"BODY=$BODY\" >> \"$GITHUB_ENV\"\n"
                      + "        env:\n"
                      + "          BODY: ${{ github.event.pull_request.body }}\n"),
              workflow(
                  "pull_request_target",
                  "      - run: echo \"$BODY\" | wc -c\n"
                      + "        env:\n"
                      + "          BODY: ${{ github.event.pull_request.body }}\n"))
          .check((file, found) -> writes(file, found, false));

  private static final Rule OUTPUT =
      rule(
              "output-clobbering",
              Severity.WARNING,
              Profile.STRICT,
              "Text of several lines that outsiders choose is written to GITHUB_OUTPUT",
              "codeql:actions/output-clobbering")
          .why(
              """
              Each line of the text is a line of the file, so it sets other outputs of the step too, those that later steps
              trust.
              """)
          .example(
              workflow(
                  "issue_comment",
                  "      - run: echo \"body=$BODY\" >> \"$GITHUB_OUTPUT\"\n"
                      + "        env:\n"
                      + "          BODY: ${{ github.event.comment.body }}\n"),
              workflow(
                  "issue_comment",
                  "      - run: echo \"size=$(echo \"$BODY\" | wc -c)\" >> \"$GITHUB_OUTPUT\"\n"
                      + "        env:\n"
                      + "          BODY: ${{ github.event.comment.body }}\n"))
          .check((file, found) -> writes(file, found, true));

  private static void writes(LintFile file, Found found, boolean outputs) {
    for (StepNode step : file.steps()) {
      YamlNode.Scalar run = step.run();
      if (run == null
          || found.full()
          || !(run.text().contains("GITHUB_") || run.text().contains("::set-output"))) {
        continue;
      }
      ScriptFlow flow = file.taint().flow(step);
      if (flow == null) {
        continue;
      }
      for (ScriptFlow.Write write : flow.writes()) {
        Origin origin = write.origin();
        boolean asked = (write.target() == ScriptFlow.Target.OUTPUT) == outputs;
        if (!asked || origin == null || !origin.anybody() || counted(run.text(), write)) {
          continue;
        }
        boolean whole = write.target() == ScriptFlow.Target.SEARCH_PATH || write.name().isEmpty();
        boolean dangerous = origin.lines() || whole;
        if (write.delimited() || !dangerous) {
          continue;
        }
        found.at(
            outputs ? Severity.WARNING : Severity.ERROR,
            Confidence.HIGH,
            file.index(run, write.start()),
            file.index(run, Math.max(write.start(), write.end() - 1)) + 1,
            origin.written()
                + " is text that outsiders choose, and it is written to "
                + write.target().variable(),
            outputs
                ? "write it between delimiters that are made up at random"
                : "pass it on as an output, and read it through 'env:' where it is needed",
            outputs
                ? List.of("codeql:actions/output-clobbering")
                : List.of("zizmor:github-env", "codeql:actions/envvar-injection"),
            null);
      }
    }
  }

  private static boolean counted(String script, ScriptFlow.Write write) {
    String line = script.substring(write.start(), write.end());
    return line.contains("wc -")
        || line.contains("sha256sum")
        || line.contains("tr -cd")
        || line.contains("tr -dc")
        || line.contains("tr -d '\\n'")
        || line.contains("tr '\\n'")
        || line.contains("head -n1")
        || line.contains("head -1")
        || line.contains("base64")
        || line.contains("jq -c");
  }

  private static final Rule ANY =
      rule(
              "environment-file-write",
              Severity.INFO,
              Profile.AUDIT,
              "A privileged workflow writes values to GITHUB_ENV or GITHUB_PATH",
              "zizmor:github-env")
          .why(
              """
              Where outsiders start runs with secrets, every value that goes into the environment of later steps deserves a
              look: outputs of programs that ran on their files are theirs too.
              """)
          .example(
              workflow(
                  "pull_request_target",
                  "      - run: echo \"VERSION=$(cat version.txt)\" >> \"$GITHUB_ENV\"\n"),
              workflow(
                  "pull_request_target",
                  "      - run: echo \"version=$(cat version.txt)\" >> \"$GITHUB_OUTPUT\"\n"))
          .check(FileInjectionRules::any);

  private static void any(LintFile file, Found found) {
    if (!file.action() && !Security.privileged(file)) {
      return;
    }
    for (StepNode step : file.steps()) {
      YamlNode.Scalar run = step.run();
      if (run == null
          || !(run.text().contains("GITHUB_ENV") || run.text().contains("GITHUB_PATH"))) {
        continue;
      }
      ScriptFlow flow = file.taint().flow(step);
      for (ScriptFlow.Write write : flow == null ? List.<ScriptFlow.Write>of() : flow.writes()) {
        Origin origin = write.origin();
        boolean said = origin != null && origin.anybody();
        if (write.target() != ScriptFlow.Target.OUTPUT && write.variable() && !said) {
          found.at(
              run,
              write.start(),
              write.end(),
              "What goes into " + write.target().variable() + " here is not fixed",
              "make sure that nothing from outside can be part of it",
              null);
        }
      }
    }
  }
}
