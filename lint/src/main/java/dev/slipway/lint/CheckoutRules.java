package dev.slipway.lint;

import static dev.slipway.lint.Security.rule;
import static dev.slipway.lint.Security.workflow;

import dev.slipway.workflow.YamlNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules about whose code is checked out, and what of the token stays in the clone. */
final class CheckoutRules {
  static final String CHECKOUT = "actions/checkout";

  /** Programs that run what they find in the folder they work in. */
  private static final Set<String> BUILDS =
      Set.of(
          ("make cmake ninja meson bazel bazelisk npm npx yarn pnpm bun deno node tsc eslint jest"
               + " vitest webpack vite python python3 pip pip3 pytest tox nox poetry uv pdm hatch"
               + " pre-commit mypy pylint flake8 go cargo rustup mvn mvnw gradle gradlew ant sbt"
               + " lein dotnet msbuild nuget ruby bundle rake gem rspec rubocop composer php"
               + " phpunit phpstan mix rebar3 stack cabal swift xcodebuild pod fastlane flutter"
               + " dart terraform tofu terragrunt helm kustomize ansible-playbook docker"
               + " docker-compose podman buildah packer goreleaser just task nix bash sh zsh pwsh"
               + " source . hugo jekyll mkdocs sphinx-build tflint checkov semgrep golangci-lint"
               + " prettier stylelint turbo nx lerna changeset zig")
              .split(" "));

  private CheckoutRules() {}

  static List<Rule> all() {
    return List.of(UNTRUSTED, MUTABLE, PERSISTED, KEPT);
  }

  private static final Rule UNTRUSTED =
      rule(
              "untrusted-checkout",
              Severity.ERROR,
              Profile.DEFAULT,
              "A privileged workflow checks out the code of a pull request",
              "zizmor:dangerous-triggers",
              "codeql:actions/untrusted-checkout",
              "poutine:untrusted_checkout_exec")
          .why(
              """
              `pull_request_target`, `workflow_run` and `issue_comment` run with the repository's secrets and a token that may
              write. Building or testing the head of a pull request there hands both to whoever opened it: build files, test
              files, hooks of package managers and settings of linters are programs of theirs.
              """)
          .example(
              workflow(
                  "pull_request_target",
                  "      - uses: actions/checkout@v6\n"
                      + "        with:\n"
                      + "          persist-credentials: false\n"
                      + "          ref: ${{ github.event.pull_request.head.sha }}\n"
                      + "      - run: make test\n"),
              workflow(
                  "pull_request",
                  "      - uses: actions/checkout@v6\n"
                      + "        with:\n"
                      + "          persist-credentials: false\n"
                      + "      - run: make test\n"))
          .check((file, found) -> {
            if (Security.privilegedOrCommented(file)) {
              for (JobNode job : file.jobs()) {
                untrusted(file, job, found);
              }
            }
          });

  private static void untrusted(LintFile file, JobNode job, Found found) {
    List<StepNode> steps = job.steps();
    @Nullable StepNode runs = null;
    // From the last step on, so that each is looked at once.
    for (int i = steps.size() - 1; i >= 0; i--) {
      StepNode step = steps.get(i);
      ForeignCode code = ForeignCode.in(file, step);
      if (code != null
          && i < steps.size() - 1
          && !Security.trustedOnly(Security.conditions(job, step))) {
        found.at(
            runs == null ? Severity.WARNING : Severity.ERROR,
            runs == null ? Confidence.LOW : Confidence.HIGH,
            file.index(code.at(), code.start()),
            file.index(code.at(), Math.max(code.start(), code.end() - 1)) + 1,
            "This checks out the code of a pull request in a workflow that has the repository's"
                + " secrets and token"
                + (runs == null ? "" : ", and " + runs.label() + " runs what is in it"),
            "use the trigger pull_request, or do nothing with what is checked out",
            List.of(
                "zizmor:dangerous-triggers",
                "codeql:actions/untrusted-checkout",
                "poutine:untrusted_checkout_exec"),
            null);
      }
      if (executes(step)) {
        runs = step;
      }
    }
  }

  /** Whether a step runs what lies in the folder it works in. */
  static boolean executes(StepNode step) {
    String uses = step.text("uses");
    if (uses.startsWith("./")) {
      return true;
    }
    YamlNode.Scalar run = step.run();
    if (run == null) {
      String slug = Security.slug(uses);
      return slug.contains("build-push-action")
          || slug.contains("setup-gradle")
          || slug.contains("gradle-build-action")
          || slug.contains("golangci-lint-action")
          || slug.contains("pre-commit/action")
          || slug.contains("cibuildwheel")
          || slug.contains("goreleaser-action")
          || slug.contains("bahmutov/npm-install")
          || slug.contains("cypress-io/github-action")
          || slug.contains("super-linter")
          || slug.contains("codeql-action/autobuild")
          || slug.contains("sonarqube-scan-action");
    }
    for (ShellCommand command : ShellCommands.of(run.text())) {
      List<String> program = command.program();
      String first = program.isEmpty() ? "" : program.getFirst();
      boolean prints = command.argument(0).isEmpty() && program.contains("--version");
      if (first.startsWith("./") || (BUILDS.contains(command.head()) && !prints)) {
        return true;
      }
    }
    return false;
  }

  private static final Rule MUTABLE =
      rule(
              "checkout-after-approval",
              Severity.WARNING,
              Profile.STRICT,
              "What was approved may not be what is checked out",
              "codeql:actions/untrusted-checkout-toctou")
          .why(
              """
              A label, a comment or an environment approves what somebody has looked at. A branch, or `refs/pull/N/head`, can be
              pushed to between that look and the checkout; a commit's hash from the event cannot change. A label also stays
              on the pull request when new commits come, so a workflow that runs on `synchronize` takes those unseen.
              """)
          .example(
              workflow(
                  "issue_comment",
                  "      - if: github.event.comment.author_association == 'OWNER'\n"
                      + "        uses: actions/checkout@v6\n"
                      + "        with:\n"
                      + "          persist-credentials: false\n"
                      + "          ref: refs/pull/${{ github.event.issue.number }}/head\n"
                      + "      - run: make test\n"),
              workflow(
                  "pull_request",
                  "      - uses: actions/checkout@v6\n"
                      + "        with:\n"
                      + "          persist-credentials: false\n"
                      + "      - run: make test\n"))
          .check((file, found) -> {
            if (!Security.privilegedOrCommented(file)) {
              return;
            }
            for (JobNode job : file.jobs()) {
              for (StepNode step : job.steps()) {
                mutable(file, job, step, found);
              }
            }
          });

  private static void mutable(LintFile file, JobNode job, StepNode step, Found found) {
    ForeignCode code = ForeignCode.in(file, step);
    if (code == null) {
      return;
    }
    String conditions = Security.conditions(job, step);
    boolean labelled = conditions.contains("label");
    boolean approved =
        labelled
            || job.body().get("environment") != null
            || conditions.contains("author_association")
            || conditions.contains("comment.user.login");
    boolean stale = labelled && repeats(file);
    if (approved && (!code.fixed() || stale)) {
      found.at(
          code.at(),
          code.start(),
          code.end(),
          stale
              ? "The label stays when new commits are pushed, and they are checked out unseen"
              : "This can change between the approval and the checkout",
          stale
              ? "run on the event 'labeled' alone, and take the label away afterwards"
              : "check out the hash of the commit that was approved",
          null);
    }
  }

  /** Whether new commits of a pull request start it again. */
  private static boolean repeats(LintFile file) {
    if (!file.on("pull_request_target")) {
      return false;
    }
    YamlNode types = Trees.get(file.filters("pull_request_target"), "types");
    if (types == null) {
      return true;
    }
    for (YamlNode item : Trees.items(types)) {
      YamlNode.Scalar type = item.scalar();
      if (type != null && type.text().equals("synchronize")) {
        return true;
      }
    }
    return false;
  }

  private static final Rule PERSISTED =
      rule(
              "persisted-credentials",
              Severity.WARNING,
              Profile.STRICT,
              "A checkout leaves the token where every later step can read it",
              "zizmor:artipacked")
          .why(
              """
              `actions/checkout` keeps the token in the clone, or since version 6 beside it, unless told not to; an artifact of
              the folder publishes it, and every later action can use it.
              """)
          .example(
              workflow("push", "      - uses: actions/checkout@v6\n      - run: make\n"),
              workflow(
                  "push",
                  "      - uses: actions/checkout@v6\n"
                      + "        with:\n"
                      + "          persist-credentials: false\n"
                      + "      - run: make\n"))
          .check((file, found) -> {
            if (file.action()) {
              persisted(file, file.steps(), found);
            }
            for (JobNode job : file.jobs()) {
              persisted(file, job.steps(), found);
            }
          });

  private static final Rule KEPT =
      rule(
              "kept-credentials",
              Severity.INFO,
              Profile.AUDIT,
              "A checkout leaves the token to later steps that seem to need it",
              "zizmor:artipacked")
          .why(
              """
              Somebody should see that the steps between need no token either, and that what pushes could not have one of its
              own.
              """)
          .example(
              workflow("push", "      - uses: actions/checkout@v6\n      - run: git push\n"),
              workflow(
                  "push",
                  "      - uses: actions/checkout@v6\n"
                      + "        with:\n"
                      + "          persist-credentials: false\n"
                      + "      - run: git push \"https://x:$TOKEN@github.com/o/r\"\n"
                      + "        env:\n"
                      + "          TOKEN: ${{ github.token }}\n"))
          .check((file, found) -> {
            if (file.action()) {
              kept(file.steps(), found);
            }
            for (JobNode job : file.jobs()) {
              kept(job.steps(), found);
            }
          });

  private static void kept(List<StepNode> steps, Found found) {
    boolean used = false;
    boolean uploaded = false;
    for (StepNode step : steps) {
      used |= usesToken(step);
      uploaded |= uploadsAll(step);
    }
    for (StepNode step : steps) {
      YamlNode.Scalar uses = step.uses();
      YamlNode.Scalar keeps = step.with("persist-credentials");
      if (uses == null || !Security.slug(uses.text()).equals(CHECKOUT)) {
        continue;
      }
      boolean asked = keeps != null && !Trees.is(keeps, false);
      if (asked || (keeps == null && used && !uploaded)) {
        found.at(
            uses,
            asked
                ? "The token is kept in the clone for every later step"
                : "The token stays in the clone, and a later step seems to need it",
            "see whether the step that needs it can get a token of its own");
      }
    }
  }

  private static void persisted(LintFile file, List<StepNode> steps, Found found) {
    boolean uploaded = false;
    boolean used = false;
    for (StepNode step : steps) {
      used |= usesToken(step);
    }
    for (int i = steps.size() - 1; i >= 0 && !found.full(); i--) {
      StepNode step = steps.get(i);
      uploaded |= uploadsAll(step);
      YamlNode.Scalar uses = step.uses();
      if (uses == null || !Security.slug(uses.text()).equals(CHECKOUT)) {
        continue;
      }
      YamlNode.Scalar keeps = step.with("persist-credentials");
      if (keeps != null || (used && !uploaded)) {
        continue;
      }
      boolean apart = apart(uses.text(), Security.comment(file, uses));
      found.at(
          uploaded && !apart ? Severity.ERROR : apart ? Severity.INFO : Severity.WARNING,
          uploaded ? Confidence.HIGH : Confidence.LOW,
          uses.start(),
          uses.end(),
          uploaded && !apart
              ? "The token stays in the clone, and a later step uploads the whole folder"
              : "The token stays in the clone for every later step",
          "add 'persist-credentials: false' under 'with:'",
          List.of("zizmor:artipacked"),
          fix(file, step));
    }
  }

  /** Whether the version keeps the token outside of the clone. */
  private static boolean apart(String uses, String comment) {
    String ref = Security.ref(uses);
    String named = Security.commit(ref) ? firstWord(comment) : ref;
    return Security.major(named) >= 6;
  }

  private static String firstWord(String comment) {
    String text = comment.startsWith("tag=") ? comment.substring(4) : comment;
    int end = text.indexOf(' ');
    return end < 0 ? text : text.substring(0, end);
  }

  /** Whether a step uploads the folder of the clone as a whole. */
  private static boolean uploadsAll(StepNode step) {
    YamlNode.Scalar path = step.uses("actions/upload-artifact") ? step.with("path") : null;
    for (String line : path == null ? new String[0] : path.text().split("\n", -1)) {
      String plain = line.strip().replace(" ", "");
      if (plain.equals(".")
          || plain.equals("./")
          || plain.equals("..")
          || plain.equals("${{github.workspace}}")
          || plain.equals("$GITHUB_WORKSPACE")) {
        return true;
      }
    }
    return false;
  }

  /** Whether a step needs the token that stays in the clone, as far as can be seen. */
  private static boolean usesToken(StepNode step) {
    String run = step.text("run");
    String uses = step.text("uses").toLowerCase(Locale.ROOT);
    return run.contains("git push")
        || run.contains("git fetch")
        || run.contains("git pull")
        || run.contains("git submodule")
        || run.contains("git lfs")
        || uses.contains("commit")
        || uses.contains("pages")
        || uses.contains("create-pull-request")
        || uses.contains("changesets");
  }

  private static @Nullable Fix fix(LintFile file, StepNode step) {
    YamlNode.Member uses = Trees.member(step.body(), "uses");
    Edit edit =
        uses == null
            ? null
            : Insertion.below(file, step.body(), uses, "with", "persist-credentials", "false");
    return edit == null
        ? null
        : new Fix("Do not keep the token in the clone", Fix.Safety.UNSAFE, List.of(edit));
  }
}
