package dev.slipway.lint;

import dev.slipway.workflow.ActionReference;
import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rules about what steps give to the actions they use, by what the actions' manifests say. */
final class ActionRules {
  private static final String HEAD =
      "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n";

  private ActionRules() {}

  static List<Rule> all() {
    return List.of(UNKNOWN, MISSING, DEPRECATED, RUNTIME, ENDING, ABSENT, CHECKOUT);
  }

  private static Rule rule(String id, Severity severity, Profile profile, String title) {
    return Rule.of(id, Topic.CORRECTNESS, severity, profile, title).covers("actionlint:action");
  }

  private static String given(String input) {
    return HEAD
        + "      - uses: actions/setup-node@v6\n        with:\n          "
        + input
        + ": 22\n";
  }

  private static final Rule UNKNOWN =
      rule(
              "unknown-action-input",
              Severity.WARNING,
              Profile.DEFAULT,
              "An input that the action does not have")
          .why(
              "GitHub only warns in the log and goes on without it, so the step does something"
                  + " else than it says.")
          .example(given("node-verison"), given("node-version"))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              List<YamlNode.Member> members = Trees.members(Trees.get(step.body(), "with"));
              UsedAction action = members.isEmpty() ? null : UsedAction.of(file, step);
              if (action != null && action.settled()) {
                unknown(members, action, found);
              }
            }
          });

  private static void unknown(List<YamlNode.Member> members, UsedAction action, Found found) {
    ActionFacts facts = action.facts();
    for (YamlNode.Member member : members) {
      String name = member.key().text();
      boolean container =
          facts.using().equals("docker") && (name.equals("args") || name.equals("entrypoint"));
      if (facts.input(name) == null && !container && !name.contains("${{")) {
        List<String> names = new ArrayList<>();
        for (ActionFacts.Input input : facts.inputs()) {
          names.add(input.name());
        }
        found.at(
            member.key(),
            "'" + action.name() + "' has no input '" + name + "'",
            NearName.hint(name, names));
      }
    }
  }

  private static final Rule MISSING =
      rule(
              "missing-action-input",
              Severity.WARNING,
              Profile.DEFAULT,
              "An input that the action requires is not given")
          .why("GitHub does not check it; the action fails when it looks for the value.")
          .example(
              HEAD + "      - uses: actions/cache@v5\n        with:\n          path: out\n",
              HEAD
                  + "      - uses: actions/cache@v5\n        with:\n          path: out\n"
                  + "          key: out\n")
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode with = Trees.get(step.body(), "with");
              YamlNode.Scalar uses = step.uses();
              UsedAction action = UsedAction.of(file, step);
              if (action == null || uses == null || open(with)) {
                continue;
              }
              for (ActionFacts.Input input : action.facts().inputs()) {
                // A deprecated input that is required is one whose successor may be given instead.
                if (input.required()
                    && !input.deprecated()
                    && Trees.get(with, input.name()) == null) {
                  found.at(
                      uses,
                      "'" + action.name() + "' requires the input '" + input.name() + "'",
                      "give it under 'with:'");
                }
              }
            }
          });

  /** Whether inputs may come from an expression. */
  private static boolean open(@Nullable YamlNode with) {
    if (Trees.scalar(with) != null) {
      return true;
    }
    for (YamlNode.Member member : Trees.members(with)) {
      if (member.key().text().contains("${{")) {
        return true;
      }
    }
    return false;
  }

  private static String token(String id) {
    return HEAD
        + "      - uses: actions/create-github-app-token@v1\n        with:\n          "
        + id
        + ": 1\n          private-key: ${{ secrets.KEY }}\n"
        + "          permission-contents: read\n";
  }

  private static final Rule DEPRECATED =
      rule(
              "deprecated-action-input",
              Severity.WARNING,
              Profile.DEFAULT,
              "An input that the action wants to get rid of")
          .why("The action warns at each run, and a later version will not know the input.")
          .example(token("app_id"), token("app-id"))
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              List<YamlNode.Member> members = Trees.members(Trees.get(step.body(), "with"));
              UsedAction action = members.isEmpty() ? null : UsedAction.of(file, step);
              for (YamlNode.Member member : members) {
                ActionFacts.Input input =
                    action == null ? null : action.facts().input(member.key().text());
                if (action != null && input != null && input.deprecated()) {
                  found.at(
                      member.key(),
                      "The input '" + input.name() + "' of '" + action.name() + "' is deprecated",
                      "see what the action's documentation names instead");
                }
              }
            }
          });

  private static final Rule RUNTIME =
      rule(
              "old-action-runtime",
              Severity.WARNING,
              Profile.DEFAULT,
              "An action made for a Node.js that GitHub no longer has")
          .why(
              "GitHub runs it on a newer Node.js, which it was never tried on, and warns at each"
                  + " run.")
          .example(
              HEAD + "      - uses: actions/setup-node@v2\n",
              HEAD + "      - uses: actions/setup-node@v6\n")
          .check((file, found) -> runtimes(file, found, "12", "16"));

  private static final Rule ENDING =
      rule(
              "ending-action-runtime",
              Severity.WARNING,
              Profile.STRICT,
              "An action made for a Node.js whose end at GitHub is announced")
          .why(
              "Actions for Node.js 20 run on Node.js 24 since 2026, when Node.js 20 itself went out"
                  + " of support; few break, but nobody tries them on it any more.")
          .example(
              HEAD + "      - uses: actions/setup-node@v4\n",
              HEAD + "      - uses: actions/setup-node@v6\n")
          .check((file, found) -> runtimes(file, found, "20"));

  private static void runtimes(LintFile file, Found found, String... versions) {
    for (StepNode step : file.steps()) {
      YamlNode.Scalar uses = step.uses();
      UsedAction action = UsedAction.of(file, step);
      for (String version : versions) {
        if (action != null && uses != null && action.facts().using().equals("node" + version)) {
          found.at(
              uses,
              "'" + action.name() + "' is made for Node.js " + version + ended(version),
              action.local() ? "set 'using: node24' in its manifest" : "use a newer version of it");
        }
      }
    }
  }

  private static String ended(String version) {
    return Retirements.ended("node" + version);
  }

  private static final Rule ABSENT =
      rule(
              "missing-local-action",
              Severity.ERROR,
              Profile.DEFAULT,
              "An action of the project that is not there")
          .why("The step fails: there is no action.yml, action.yaml or Dockerfile in the folder.")
          .example(HEAD + "      - uses: ./missing/action\n", HEAD + "      - run: make\n")
          .check(ActionRules::absent);

  private static void absent(LintFile file, Found found) {
    if (!file.project().known()) {
      return;
    }
    for (StepNode step : file.steps()) {
      if (found.full()) {
        return;
      }
      YamlNode.Scalar uses = step.uses();
      String folder = uses == null ? null : UsedAction.folder(ActionReference.read(uses.text()));
      if (uses == null || folder == null || folder.contains("${{")) {
        continue;
      }
      // An action's own steps run wherever the caller has put the project.
      boolean elsewhere = file.action() && !folder.startsWith(".github/");
      if (folder.startsWith(".git/") || folder.contains("..") || elsewhere) {
        continue;
      }
      String at = folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
      String prefix = at.isEmpty() || at.equals(".") ? "" : at + "/";
      boolean there =
          file.project().exists(prefix + "action.yml")
              || file.project().exists(prefix + "action.yaml")
              || file.project().exists(prefix + "Dockerfile");
      // What another checkout or an earlier step puts into the workspace cannot be seen here.
      if (!there && !madeBefore(step, prefix)) {
        found.at(
            uses,
            "There is no action in '" + (at.isEmpty() ? "." : at) + "'",
            "correct the path, which counts from the project's root");
      }
    }
  }

  private static boolean madeBefore(StepNode step, String prefix) {
    JobNode job = step.job();
    if (job == null) {
      return false;
    }
    for (StepNode before : job.steps()) {
      if (before.index() >= step.index()) {
        return false;
      }
      boolean elsewhere =
          before.uses("actions/checkout")
              && (before.with("path") != null
                  || before.with("repository") != null
                  || before.with("ref") != null);
      YamlNode.Scalar run = before.run();
      String first = prefix.isEmpty() ? "" : prefix.substring(0, prefix.indexOf('/'));
      boolean made =
          run != null
              && (run.text().contains("git clone")
                  || run.text().contains("git checkout")
                  || (!first.isEmpty() && run.text().contains(first)));
      if (elsewhere || made || before.uses("actions/download-artifact")) {
        return true;
      }
    }
    return false;
  }

  private static final Rule CHECKOUT =
      rule(
              "local-action-before-checkout",
              Severity.ERROR,
              Profile.DEFAULT,
              "An action of the project is used before the project is checked out")
          .why("`./PATH` is a folder of the workspace, and the workspace is empty at first.")
          .example(
              HEAD + "      - uses: ./.github/actions/setup\n",
              HEAD
                  + "      - uses: actions/checkout@v6\n        with:\n"
                  + "          persist-credentials: false\n"
                  + "      - uses: ./.github/actions/setup\n")
          .check((file, found) -> {
            for (JobNode job : file.jobs()) {
              checkedOut(job, found);
            }
          });

  private static void checkedOut(JobNode job, Found found) {
    YamlNode runsOn = Trees.get(job.body(), "runs-on");
    for (StepNode step : job.steps()) {
      YamlNode.Scalar uses = step.uses();
      YamlNode.Scalar run = step.run();
      if (run != null && (run.text().contains("git ") || run.text().contains("checkout"))) {
        return;
      }
      if (uses == null) {
        if (step.body().get("parallel") != null) {
          return;
        }
        continue;
      }
      String text = uses.text().toLowerCase(Locale.ROOT);
      if (text.startsWith("./")) {
        // A machine of one's own may keep its workspace.
        boolean hosted = Trees.scalar(runsOn) != null && !hasOwn(runsOn);
        if (hosted) {
          found.at(
              uses,
              "Nothing has checked the project out before this",
              "put actions/checkout before it, or use '$/' instead of './'");
        }
        return;
      }
      if (!known(text)) {
        return;
      }
    }
  }

  private static boolean hasOwn(@Nullable YamlNode runsOn) {
    YamlNode.Scalar label = Trees.scalar(runsOn);
    return label == null
        || label.text().contains("self-hosted")
        || !(label.text().startsWith("ubuntu-")
            || label.text().startsWith("macos-")
            || label.text().startsWith("windows-"));
  }

  /** Whether an action surely leaves the workspace without the project. */
  private static boolean known(String uses) {
    return uses.startsWith("actions/setup-")
        || uses.startsWith("actions/cache")
        || uses.startsWith("step-security/harden-runner@")
        || uses.startsWith("docker/")
        || uses.startsWith("docker://");
  }
}
