package dev.slipway.lint;

import static dev.slipway.lint.Security.job;
import static dev.slipway.lint.Security.rule;
import static dev.slipway.lint.Security.workflow;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rules about who can start what, and where it runs. */
final class TriggerRules {
  private TriggerRules() {}

  static List<Rule> all() {
    return List.of(TRIGGER, MERGE, SELF_HOSTED, OWN_MACHINE, DEBUG, INSECURE);
  }

  private static final Rule TRIGGER =
      rule(
              "privileged-trigger",
              Severity.WARNING,
              Profile.AUDIT,
              "A trigger by which outsiders start a privileged run",
              "zizmor:dangerous-triggers")
          .why(
              "Such runs have secrets and a writing token; every step must be read with that in"
                  + " mind.")
          .example(
              workflow("pull_request_target", "      - run: make\n"),
              workflow("pull_request", "      - run: make\n"))
          .check((file, found) -> {
            for (YamlNode.Scalar name : Security.events(file)) {
              boolean privileged =
                  name.text().equals("pull_request_target") || name.text().equals("workflow_run");
              if (privileged && !onlyLabels(file)) {
                found.at(
                    name,
                    "Outsiders can start this workflow with the repository's secrets and token",
                    "see whether pull_request would do");
              }
            }
          });

  private static boolean onlyLabels(LintFile file) {
    return file.steps().size() == 1
        && file.jobs().size() == 1
        && file.steps().getFirst().uses("actions/labeler");
  }

  private static final Rule MERGE =
      rule(
              "unguarded-merge",
              Severity.ERROR,
              Profile.DEFAULT,
              "Pull requests of anybody are approved or merged by the workflow",
              "poutine:confused_deputy_auto_merge")
          .why(
              """
              A step that approves or merges with the repository's token acts for whoever opened the pull request. Without a
              condition on the author that is everybody; `github.actor` alone is no such condition, for it is whoever caused
              the last event.
              """)
          .example(
              workflow(
                  "pull_request_target", "      - run: gh pr merge --auto --squash \"$URL\"\n"),
              workflow(
                  "pull_request_target",
                  "      - if: github.event.pull_request.user.login == 'dependabot[bot]'\n"
                      + "        run: gh pr merge --auto --squash \"$URL\"\n"))
          .check((file, found) -> {
            if (!Security.privileged(file)) {
              return;
            }
            for (StepNode step : file.steps()) {
              String conditions = Security.conditions(step.job(), step);
              YamlNode.Scalar place = merges(step);
              if (place != null && !guarded(conditions)) {
                found.at(
                    place,
                    "This approves or merges the pull request of anybody",
                    "let it run only for an author you trust:"
                        + " github.event.pull_request.user.login == '…'");
              }
            }
          });

  private static YamlNode.@Nullable Scalar merges(StepNode step) {
    YamlNode.Scalar run = step.run();
    if (run != null && (run.text().contains("gh pr merge") || approves(run.text()))) {
      return run;
    }
    String slug = Security.slug(step.text("uses"));
    boolean action =
        switch (slug) {
          case "ahmadnassri/action-dependabot-auto-merge",
              "hmarr/auto-approve-action",
              "pascalgn/automerge-action",
              "peter-evans/enable-pull-request-automerge",
              "fastify/github-action-merge-dependabot",
              "juliangruber/approve-pull-request-action" ->
              true;
          default -> false;
        };
    // These look at the author themselves.
    boolean asks = slug.contains("dependabot") || step.with("merge-labels") != null;
    return action && !asks ? step.uses() : null;
  }

  private static boolean approves(String script) {
    int at = script.indexOf("gh pr review");
    int end = at < 0 ? -1 : script.indexOf('\n', at);
    return at >= 0 && script.substring(at, end < 0 ? script.length() : end).contains("--approve");
  }

  /** Whether conditions ask for anything that an outsider cannot bring about. */
  private static boolean guarded(String conditions) {
    return conditions.contains("login")
        || conditions.contains("actor")
        || conditions.contains("author_association")
        || conditions.contains("head.repo")
        || conditions.contains("head_repository")
        || conditions.contains("label")
        || conditions.contains("needs.")
        || conditions.contains("steps.")
        || conditions.contains("workflow_run.event")
        || conditions.contains("merged");
  }

  private static final Rule SELF_HOSTED =
      rule(
              "self-hosted-on-pull-request",
              Severity.WARNING,
              Profile.STRICT,
              "Pull requests run on a machine of one's own",
              "zizmor:self-hosted-runner",
              "poutine:pr_runs_on_self_hosted")
          .why("Code from a fork may stay on the machine and see what later jobs do there.")
          .example(
              job("pull_request", "    runs-on: self-hosted\n    steps:\n      - run: make\n"),
              job("pull_request", "    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"))
          .check((file, found) -> {
            if (!file.on("pull_request") && !file.on("pull_request_target")) {
              return;
            }
            for (JobNode each : file.jobs()) {
              if (Security.trustedOnly(Security.conditions(each, null))) {
                continue;
              }
              for (YamlNode item : Trees.items(Trees.get(each.body(), "runs-on"))) {
                YamlNode.Scalar label = item.scalar();
                if (label != null && label.text().equals("self-hosted")) {
                  found.at(
                      label,
                      "Pull requests run on a machine of one's own",
                      "use machines that are thrown away after each job");
                }
              }
            }
          });

  private static final Rule OWN_MACHINE =
      rule(
              "self-hosted-runner",
              Severity.INFO,
              Profile.AUDIT,
              "A job runs on a machine of one's own, or may",
              "zizmor:self-hosted-runner")
          .why(
              """
              Such a machine keeps what a job leaves behind, unless it is made anew for each, and stands in a network of one's
              own.
              """)
          .example(
              job("push", "    runs-on: self-hosted\n    steps:\n      - run: make\n"),
              job("push", "    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"))
          .check((file, found) -> {
            boolean requests = file.on("pull_request") || file.on("pull_request_target");
            for (JobNode each : file.jobs()) {
              YamlNode machine = Trees.get(each.body(), "runs-on");
              YamlNode.Member group = Trees.member(machine, "group");
              if (group != null) {
                found.at(
                    group.key(),
                    "This job runs on a group of machines of one's own",
                    "make sure that they are made anew for each job");
                continue;
              }
              for (YamlNode item : Trees.items(machine)) {
                YamlNode.Scalar label = item.scalar();
                boolean own = label != null && label.text().equals("self-hosted");
                boolean computed =
                    label != null
                        && label.text().startsWith("${{")
                        && MatrixValues.gives(file, each, label, "self-hosted");
                if (label != null && ((own && !requests) || computed)) {
                  found.at(
                      label,
                      own
                          ? "This job runs on a machine of one's own"
                          : "This job may run on a machine of one's own",
                      "make sure that the machine is made anew for each job");
                }
              }
            }
          });

  private static final Rule DEBUG =
      rule(
              "debug-logging",
              Severity.INFO,
              Profile.STRICT,
              "Debug logs are always on",
              "poutine:debug_enabled")
          .why(
              """
              Debug logs show inputs, variables and headers of requests that nobody thought of masking, and everybody who can
              read the repository can read them.
              """)
          .example(
              "on: push\npermissions: {}\nenv:\n  ACTIONS_STEP_DEBUG: true\n"
                  + workflow("push", "      - run: make\n")
                      .substring("on: push\npermissions: {}\n".length()),
              workflow("push", "      - run: make\n"))
          .check((file, found) -> {
            debug(file.root(), found);
            for (JobNode each : file.jobs()) {
              debug(each.body(), found);
            }
            for (StepNode step : file.steps()) {
              debug(step.body(), found);
            }
          });

  private static void debug(YamlNode.@Nullable Mapping owner, Found found) {
    for (YamlNode.Member member : Trees.members(Trees.get(owner, "env"))) {
      String name = member.key().text();
      if ((name.equals("ACTIONS_STEP_DEBUG") || name.equals("ACTIONS_RUNNER_DEBUG"))
          && Trees.is(member.value().scalar(), true)) {
        found.at(
            member.key(),
            "Debug logs are on in every run",
            "start a run again with debug logging when you need it");
      }
    }
  }

  private static final Rule INSECURE =
      rule(
              "insecure-commands",
              Severity.ERROR,
              Profile.DEFAULT,
              "Commands in logs that set variables are switched on again",
              "zizmor:insecure-commands")
          .why("Whatever a program prints, a test's output for instance, can then set variables.")
          .example(
              "on: push\n"
                  + "env:\n"
                  + "  MODE: ci\n"
                  + "  ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: make\n",
              "on: push\n"
                  + "env:\n"
                  + "  MODE: ci\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: make\n")
          .check((file, found) -> {
            insecure(file, file.root(), found);
            for (JobNode each : file.jobs()) {
              insecure(file, each.body(), found);
            }
            for (StepNode step : file.steps()) {
              insecure(file, step.body(), found);
            }
          });

  private static void insecure(LintFile file, YamlNode.@Nullable Mapping owner, Found found) {
    YamlNode.Member env = Trees.member(owner, "env");
    YamlNode.Member member =
        Trees.member(env == null ? null : env.value(), "ACTIONS_ALLOW_UNSECURE_COMMANDS");
    YamlNode.Scalar value = member == null ? null : member.value().scalar();
    if (env == null || member == null || value == null) {
      return;
    }
    String text = value.text().toLowerCase(Locale.ROOT);
    boolean on = text.equals("true") || text.equals("1");
    if (on || text.contains("${{")) {
      found.at(
          on ? Severity.ERROR : Severity.INFO,
          on ? Confidence.HIGH : Confidence.LOW,
          value.start(),
          value.end(),
          on
              ? "Programs may set variables by what they print"
              : "Programs may set variables by what they print when this turns out true",
          "write to $GITHUB_ENV and $GITHUB_PATH instead",
          List.of("zizmor:insecure-commands"),
          Removal.of(file, env, member, "Switch the commands off again", Fix.Safety.UNSAFE));
    }
  }
}
