package dev.slipway.lint;

import static dev.slipway.lint.Security.job;
import static dev.slipway.lint.Security.rule;
import static dev.slipway.lint.Security.workflow;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Rules about what makes a workflow hard to look through, and about what it could do without. */
final class HabitRules {
  private HabitRules() {}

  static List<Rule> all() {
    return List.of(NAMELESS, NAMELESS_JOB, SUPERFLUOUS, DOUBTFUL, SHELL);
  }

  private static final Rule NAMELESS =
      rule(
              "nameless-workflow",
              Severity.STYLE,
              Profile.PEDANTIC,
              "A workflow or action without a name",
              "zizmor:anonymous-definition")
          .why("Lists of runs show the path of the file instead, which says little.")
          .example(
              workflow("push", "      - run: make\n"),
              "name: Build\n" + workflow("push", "      - run: make\n"))
          .check((file, found) -> {
            YamlNode.Mapping root = file.root();
            if (root != null && !root.members().isEmpty() && root.get("name") == null) {
              found.at(
                  root.members().getFirst().key(),
                  file.action() ? "This action has no name" : "This workflow has no name",
                  "add 'name:' at the top");
            }
          });

  private static final Rule NAMELESS_JOB =
      rule(
              "nameless-job",
              Severity.STYLE,
              Profile.AUDIT,
              "A job without a name",
              "zizmor:anonymous-definition")
          .why("Checks of a pull request show the job's id instead.")
          .example(
              job("push", "    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"),
              job(
                  "push",
                  "    name: Build\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"))
          .check((file, found) -> {
            for (JobNode each : file.jobs()) {
              if (each.body().get("name") == null) {
                found.at(each.key(), "Job '" + each.id() + "' has no name", "add 'name:'");
              }
            }
          });

  private static final Rule SUPERFLUOUS =
      rule(
              "superfluous-action",
              Severity.STYLE,
              Profile.PEDANTIC,
              "An action for what the machine has a program for",
              "zizmor:superfluous-actions")
          .why(
              """
              Every action is code of somebody else with the job's token. GitHub's machines have `gh`, `git` and `rustup`, which
              do the same in a line.
              """)
          .example(
              workflow("push", "      - uses: softprops/action-gh-release@v2\n"),
              workflow("push", "      - run: gh release create \"$TAG\"\n"))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar uses = step.uses();
              String instead =
                  uses == null ? null : instead(Security.repository(Security.slug(uses.text())));
              if (uses != null && instead != null) {
                found.at(
                    Severity.STYLE,
                    Confidence.MEDIUM,
                    uses.start(),
                    uses.end(),
                    "'" + instead + "' does the same",
                    "run '" + instead + "' in a step of your own",
                    List.of("zizmor:superfluous-actions"),
                    null);
              }
            }
          });

  private static @Nullable String instead(String repository) {
    return switch (repository) {
      case "softprops/action-gh-release",
          "ncipollo/release-action",
          "svenstaro/upload-release-action",
          "actions/create-release",
          "actions/upload-release-asset",
          "elgohr/github-release-action",
          "marvinpinto/action-automatic-releases" ->
          "gh release";
      case "peter-evans/create-pull-request" -> "gh pr create";
      case "peter-evans/create-or-update-comment",
          "thollander/actions-comment-pull-request",
          "marocchino/sticky-pull-request-comment" ->
          "gh pr comment";
      case "stefanzweifel/git-auto-commit-action",
          "endbug/add-and-commit",
          "ad-m/github-push-action" ->
          "git commit";
      case "dtolnay/rust-toolchain", "actions-rs/toolchain" -> "rustup";
      case "actions-rs/cargo" -> "cargo";
      case "actions-ecosystem/action-add-labels", "actions-ecosystem/action-remove-labels" ->
          "gh issue edit";
      case "peter-evans/create-issue-from-file", "dacbd/create-issue-action" -> "gh issue create";
      default -> null;
    };
  }

  private static final Rule DOUBTFUL =
      rule(
              "doubtful-feature",
              Severity.INFO,
              Profile.STRICT,
              "A feature that promises more than it holds",
              "zizmor:misfeature")
          .why(
              """
              `pip-install` of setup-python installs into the machine's own Python without a lockfile. `cmd` replaces
              `%NAME%` before it reads the line, so no variable is safe in it, and it goes on after failures.
              """)
          .example(
              workflow("push", "      - run: build.bat\n        shell: cmd\n"),
              workflow("push", "      - run: ./build.bat\n        shell: pwsh\n"))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Member pip =
                  step.uses("actions/setup-python")
                      ? Trees.member(Trees.get(step.body(), "with"), "pip-install")
                      : null;
              if (pip != null) {
                found.at(
                    pip.key(),
                    "This installs packages into the machine's Python, and no lockfile pins them",
                    "make a virtual environment and install from a lockfile");
              }
            }
            shells(
                file,
                shell -> {
                  if (shell.text().equalsIgnoreCase("cmd")) {
                    found.at(
                        shell,
                        "cmd goes on after failures and cannot quote what variables hold",
                        "use pwsh or bash");
                  }
                });
          });

  private static final Rule SHELL =
      rule(
              "odd-shell",
              Severity.INFO,
              Profile.AUDIT,
              "A shell that tools do not know",
              "zizmor:misfeature")
          .why("Nothing that looks through scripts, this neither, knows what such a shell does.")
          .example(
              workflow("push", "      - run: make\n        shell: nu {0}\n"),
              workflow("push", "      - run: make\n        shell: bash\n"))
          .check((file, found) ->
              shells(
                  file,
                  shell -> {
                    String first = shell.text().strip();
                    int end = first.indexOf(' ');
                    String program =
                        (end < 0 ? first : first.substring(0, end)).toLowerCase(Locale.ROOT);
                    boolean known =
                        switch (program) {
                          case "bash",
                              "sh",
                              "pwsh",
                              "powershell",
                              "python",
                              "python3",
                              "cmd",
                              "node",
                              "zsh",
                              "dash",
                              "" ->
                              true;
                          default -> program.contains("${{");
                        };
                    if (!known) {
                      found.at(
                          shell,
                          "Tools do not know the shell '" + program + "'",
                          "use bash or pwsh");
                    }
                  }));

  private static void shells(LintFile file, Consumer<YamlNode.Scalar> take) {
    shell(Trees.get(Trees.get(file.root(), "defaults"), "run"), take);
    for (JobNode each : file.jobs()) {
      shell(Trees.get(Trees.get(each.body(), "defaults"), "run"), take);
    }
    for (StepNode step : file.steps()) {
      shell(step.body(), take);
    }
  }

  private static void shell(@Nullable YamlNode owner, Consumer<YamlNode.Scalar> take) {
    YamlNode.Scalar shell = Trees.scalar(owner, "shell");
    if (shell != null) {
      take.accept(shell);
    }
  }
}
