package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules about jobs that call workflows of the same project. */
final class CallRules {
  /** How many workflows may lie inside each other, the first one counted. */
  private static final int DEEPEST = 10;

  private static final int ENDLESS = 1_000;

  private static final String CALL =
      "on: push\njobs:\n  call:\n    uses: ./.github/workflows/part.yml\n";
  private static final String PLAIN =
      "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n";

  private CallRules() {}

  static List<Rule> all() {
    return List.of(CALLED, UNSPECIFIED, PERMISSIONS, NESTING, DEADLOCK);
  }

  private static Rule rule(String id, Severity severity, String title) {
    return Rule.of(id, Topic.CORRECTNESS, severity, Profile.DEFAULT, title);
  }

  private static @Nullable LintFile called(LintFile file, JobNode job) {
    YamlNode.Scalar uses = job.scalar("uses");
    boolean local = uses != null && (uses.text().startsWith("./") || uses.text().startsWith("$/"));
    return uses != null && local && file.project().known()
        ? file.project().file(uses.text().substring(2))
        : null;
  }

  private static final Rule CALLED =
      rule(
              "uncallable-workflow",
              Severity.ERROR,
              "A call of a workflow that is not there, or that cannot be called")
          .covers("actionlint:workflow-call")
          .why("GitHub refuses the file, and no job of it runs.")
          .example(CALL.replace("part.yml", "missing.yml"), PLAIN)
          .check((file, found) -> {
            for (JobNode job : file.jobs()) {
              YamlNode.Scalar uses = job.scalar("uses");
              String text = uses == null ? "" : uses.text();
              if (uses == null
                  || !(text.startsWith("./.github/workflows/")
                      || text.startsWith("$/.github/workflows/"))
                  || !file.project().known()) {
                continue;
              }
              LintFile called = called(file, job);
              if (called == null) {
                refused(
                    uses,
                    found,
                    "There is no workflow '" + text.substring(2) + "'",
                    "correct the path, which counts from the project's root");
              } else if (called.root() != null && !called.on("workflow_call")) {
                refused(
                    uses,
                    found,
                    "'" + text.substring(2) + "' cannot be called",
                    "add 'workflow_call' to its 'on:'");
              }
            }
          });

  private static void refused(YamlNode.Scalar at, Found found, String message, String hint) {
    found.refused(at, message, hint);
  }

  private static final Rule UNSPECIFIED =
      rule(
              "call-arguments",
              Severity.ERROR,
              "A call that gives a workflow something else than it takes")
          .covers("actionlint:workflow-call")
          .why(
              "Inputs and secrets that the workflow does not declare, and those it requires and"
                  + " does not get, make GitHub refuse the file. A value of another type than the"
                  + " input's ends the run when the call is reached.")
          .example(
              "on:\n  push:\n  workflow_call:\n    inputs:\n      name:\n        type: string\n"
                  + "jobs:\n  call:\n    uses: ./.github/workflows/ci.yml\n    with:\n"
                  + "      nmae: x\n",
              PLAIN)
          .check(CallRules::arguments);

  private static void arguments(LintFile file, Found found) {
    for (JobNode job : file.jobs()) {
      LintFile called = job.call() ? called(file, job) : null;
      YamlNode.Scalar uses = job.scalar("uses");
      if (called == null || uses == null || !called.on("workflow_call")) {
        continue;
      }
      YamlNode inputs = Trees.get(called.filters("workflow_call"), "inputs");
      YamlNode with = Trees.get(job.body(), "with");
      given("input", with, inputs, uses, found);
      types(with, inputs, found);
      YamlNode secrets = Trees.get(job.body(), "secrets");
      if (Trees.scalar(secrets) == null) {
        given(
            "secret", secrets, Trees.get(called.filters("workflow_call"), "secrets"), uses, found);
      }
    }
    for (ExpressionCheck.Problem problem : file.expressionProblems()) {
      if (problem.kind() == ExpressionCheck.Kind.INPUT) {
        found.at(problem.use(), problem.message(), problem.hint());
      }
    }
  }

  private static void given(
      String what,
      @Nullable YamlNode given,
      @Nullable YamlNode declared,
      YamlNode.Scalar uses,
      Found found) {
    if (Trees.scalar(given) != null || Trees.scalar(declared) != null) {
      return;
    }
    Set<String> names = new HashSet<>();
    boolean open = false;
    List<String> written = new ArrayList<>();
    for (YamlNode.Member member : Trees.members(declared)) {
      names.add(member.key().text().toLowerCase(Locale.ROOT));
      written.add(member.key().text());
    }
    Set<String> present = new HashSet<>();
    for (YamlNode.Member member : Trees.members(given)) {
      String name = member.key().text();
      open |= name.contains("${{");
      present.add(name.toLowerCase(Locale.ROOT));
      if (!names.contains(name.toLowerCase(Locale.ROOT)) && !name.contains("${{")) {
        refused(
            member.key(),
            found,
            "'" + uses.text().substring(2) + "' takes no " + what + " '" + name + "'",
            NearName.hint(name, written));
      }
    }
    for (YamlNode.Member member : Trees.members(declared)) {
      boolean required = Trees.is(Trees.scalar(member.value(), "required"), true);
      if (required && !open && !present.contains(member.key().text().toLowerCase(Locale.ROOT))) {
        refused(
            uses,
            found,
            "The " + what + " '" + member.key().text() + "' is required and not given",
            "give it under '" + (what.equals("input") ? "with:" : "secrets:") + "'");
      }
    }
  }

  /** A literal of the wrong type; of expressions, the check of their types tells. */
  private static void types(@Nullable YamlNode with, @Nullable YamlNode inputs, Found found) {
    for (YamlNode.Member member : Trees.members(with)) {
      YamlNode.Scalar value = member.value().scalar();
      String type = Trees.text(Trees.get(inputs, member.key().text()), "type");
      if (value == null || value.text().contains("${{")) {
        continue;
      }
      boolean wrong =
          (type.equals("boolean") && value.kind() != YamlNode.Kind.BOOLEAN)
              || (type.equals("number") && value.kind() != YamlNode.Kind.NUMBER);
      if (wrong) {
        refused(
            value,
            found,
            "The input '" + member.key().text() + "' is a " + type + ", and this is none",
            type.equals("boolean") ? "write true or false, without quotes" : "write a number");
      }
    }
  }

  private static final List<String> LEVELS = List.of("none", "read", "write");

  private static final Rule PERMISSIONS =
      rule(
              "call-permissions",
              Severity.ERROR,
              "A called workflow asks for more than the caller may give")
          .why(
              "Permissions can only shrink on the way into a called workflow; asking for more makes"
                  + " GitHub refuse the file.")
          .example(
              "on:\n  push:\n  workflow_call:\npermissions:\n  contents: read\njobs:\n"
                  + "  call:\n    uses: ./.github/workflows/ci.yml\n"
                  + "  test:\n    runs-on: ubuntu-latest\n    permissions:\n      contents: write\n"
                  + "    steps:\n      - run: make\n",
              PLAIN)
          .check((file, found) -> {
            for (JobNode job : file.jobs()) {
              LintFile called = job.call() ? called(file, job) : null;
              YamlNode given = Trees.get(job.body(), "permissions");
              given = given == null ? Trees.get(file.root(), "permissions") : given;
              YamlNode.Scalar uses = job.scalar("uses");
              if (called == null || given == null || uses == null) {
                continue;
              }
              asked(called, given, uses, found);
            }
          });

  private static void asked(LintFile called, YamlNode given, YamlNode.Scalar uses, Found found) {
    YamlNode whole = Trees.get(called.root(), "permissions");
    Set<String> told = new HashSet<>();
    for (JobNode job : called.jobs()) {
      YamlNode own = Trees.get(job.body(), "permissions");
      YamlNode asked = own == null ? whole : own;
      String all = Trees.scalar(asked) == null ? "" : text(asked);
      if (all.equals("write-all") && !text(given).equals("write-all")) {
        if (told.add(all)) {
          refused(
              uses,
              found,
              "It asks for 'write-all', which this job does not have",
              "give this job what the workflow needs");
        }
        continue;
      }
      for (YamlNode.Member scope : Trees.members(asked)) {
        String name = scope.key().text();
        int wanted = LEVELS.indexOf(text(scope.value()));
        if (wanted > level(given, name) && told.add(name)) {
          refused(
              uses,
              found,
              "Its job '"
                  + job.id()
                  + "' asks for '"
                  + name
                  + ": "
                  + text(scope.value())
                  + "', which this job does not have",
              "add '" + name + ": " + text(scope.value()) + "' to the 'permissions:' here");
        }
      }
    }
  }

  private static String text(@Nullable YamlNode node) {
    YamlNode.Scalar scalar = Trees.scalar(node);
    return scalar == null ? "" : scalar.text();
  }

  private static int level(YamlNode given, String scope) {
    String all = text(given);
    if (all.equals("write-all")) {
      return 2;
    }
    if (all.equals("read-all")) {
      return scope.equals("id-token") ? 0 : 1;
    }
    return Math.max(0, LEVELS.indexOf(text(Trees.get(given, scope))));
  }

  private static final Rule NESTING =
      rule(
              "call-nesting",
              Severity.ERROR,
              "Workflows that call each other too deeply, or in circles")
          .covers("actionlint:workflow-call")
          .why("GitHub follows calls ten files deep, and refuses what goes on.")
          .example(
              "on:\n  push:\n  workflow_call:\njobs:\n  call:\n"
                  + "    uses: ./.github/workflows/ci.yml\n",
              PLAIN)
          .check((file, found) -> {
            Map<LintFile, Integer> heights = new HashMap<>();
            heights.put(file, ENDLESS);
            for (JobNode job : file.jobs()) {
              LintFile called = job.call() ? called(file, job) : null;
              YamlNode.Scalar uses = job.scalar("uses");
              boolean self = called != null && called.path().equals(file.path());
              if (called != null
                  && uses != null
                  && (self || 1 + height(called, heights) > DEEPEST)) {
                refused(
                    uses,
                    found,
                    "Calls from here go deeper than " + DEEPEST + " workflows, or in a circle",
                    "call the inner workflows from here instead");
              }
            }
          });

  /** How many workflows lie inside each other from a file on; endless in a circle. */
  private static int height(LintFile file, Map<LintFile, Integer> heights) {
    Integer known = heights.get(file);
    if (known != null) {
      return known;
    }
    // Until it is known, coming back to it is a circle.
    heights.put(file, ENDLESS);
    int highest = 0;
    for (JobNode job : file.jobs()) {
      LintFile called = job.call() ? called(file, job) : null;
      highest = Math.max(highest, called == null ? 0 : height(called, heights));
    }
    int height = Math.min(ENDLESS, 1 + highest);
    heights.put(file, height);
    return height;
  }

  private static final Rule DEADLOCK =
      rule(
              "concurrency-deadlock",
              Severity.ERROR,
              "A job waits in the concurrency group that its own run holds")
          .why(
              "The run holds the group until the job has ended, and the job waits for the group:"
                  + " GitHub cancels it.")
          .example(
              PLAIN
                  .replace("jobs:\n", "concurrency: ci\njobs:\n")
                  .replace("    steps:", "    concurrency: ci\n    steps:"),
              PLAIN
                  .replace("jobs:\n", "concurrency: ci\njobs:\n")
                  .replace("    steps:", "    concurrency: deploy\n    steps:"))
          .check((file, found) -> {
            String whole = group(Trees.get(file.root(), "concurrency"));
            for (JobNode job : file.jobs()) {
              YamlNode own = Trees.get(job.body(), "concurrency");
              YamlNode.Scalar at = groupNode(own);
              if (at != null && !whole.isEmpty() && group(own).equalsIgnoreCase(whole)) {
                found.at(at, "The run itself holds this group", "name the job's group differently");
              }
              deadlock(file, job, whole, group(own), found);
            }
          });

  private static void deadlock(LintFile file, JobNode job, String whole, String own, Found found) {
    LintFile called = job.call() ? called(file, job) : null;
    YamlNode.Scalar uses = job.scalar("uses");
    String inner = called == null ? "" : group(Trees.get(called.root(), "concurrency"));
    // Names of the workflow and the ref are those of the caller, so the texts can be compared.
    if (uses != null
        && !inner.isEmpty()
        && !inner.contains("inputs.")
        && (inner.equalsIgnoreCase(whole) || inner.equalsIgnoreCase(own))) {
      found.at(
          uses,
          "The called workflow waits for the group that this one holds",
          "name one of the groups differently, or leave it out of the called workflow");
    }
  }

  private static YamlNode.@Nullable Scalar groupNode(@Nullable YamlNode concurrency) {
    YamlNode.Scalar whole = Trees.scalar(concurrency);
    return whole == null ? Trees.scalar(concurrency, "group") : whole;
  }

  private static String group(@Nullable YamlNode concurrency) {
    YamlNode.Scalar scalar = groupNode(concurrency);
    // What differs from job to job is never the group of the run.
    return scalar == null || scalar.text().contains("matrix.") || scalar.text().contains("needs.")
        ? ""
        : scalar.text().replace(" ", "");
  }
}
