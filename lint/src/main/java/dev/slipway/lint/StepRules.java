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

/** Rules about steps that do not work as written, and about what nobody uses. */
final class StepRules {
  private static final int LONGEST = 21_000;
  private static final String HEAD =
      "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n";

  private StepRules() {}

  static List<Rule> all() {
    return List.of(TOKEN, LENGTH, VARIABLE, EXCLUDED, UNUSED_ID, UNUSED_OUTPUT);
  }

  private static Rule rule(String id, Severity severity, Profile profile, String title) {
    return Rule.of(id, Topic.CORRECTNESS, severity, profile, title);
  }

  private static final Rule TOKEN =
      rule("gh-without-token", Severity.WARNING, Profile.STRICT, "The gh command without a token")
          .why("In a workflow `gh` asks nobody to log in: without GH_TOKEN it fails.")
          .example(
              HEAD + "      - run: gh pr list\n",
              HEAD
                  + "      - run: gh pr list\n"
                  + "        env:\n"
                  + "          GH_TOKEN: ${{ github.token }}\n")
          .check(StepRules::token);

  private static void token(LintFile file, Found found) {
    // A composite action runs with what its caller has set.
    if (file.action() || token(Trees.get(file.root(), "env"))) {
      return;
    }
    for (JobNode job : file.jobs()) {
      if (token(Trees.get(job.body(), "env")) || Trees.get(job.body(), "container") != null) {
        continue;
      }
      for (StepNode step : job.steps()) {
        YamlNode.Scalar run = step.run();
        String text = run == null ? "" : run.text();
        boolean set = text.contains("GH_TOKEN") || text.contains("GITHUB_TOKEN");
        if (set && text.contains("GITHUB_ENV")) {
          break;
        }
        if (run == null || set || !text.contains("gh ") || token(Trees.get(step.body(), "env"))) {
          continue;
        }
        if (text.contains("gh auth login") || text.contains("--hostname")) {
          break;
        }
        if (!posix(step.shell(file)) || !hosted(job)) {
          continue;
        }
        command(run, found);
      }
    }
  }

  private static void command(YamlNode.Scalar run, Found found) {
    for (ShellCommand command : ShellCommands.of(run.text())) {
      String verb = command.argument(0);
      boolean offline =
          verb.isEmpty()
              || verb.startsWith("-")
              || verb.equals("version")
              || verb.equals("completion")
              || verb.equals("help")
              || verb.equals("config")
              || verb.equals("alias");
      if (command.head().equals("gh") && !offline) {
        found.at(
            run,
            command.start(),
            command.end(),
            "'gh " + verb + "' has no token here",
            "set GH_TOKEN: ${{ github.token }} under 'env:'",
            null);
        return;
      }
    }
  }

  private static boolean posix(String shell) {
    return shell.isEmpty() || shell.startsWith("bash") || shell.startsWith("sh");
  }

  private static boolean hosted(JobNode job) {
    String label = job.text("runs-on");
    return label.startsWith("ubuntu-") || label.startsWith("macos-");
  }

  private static boolean token(@Nullable YamlNode env) {
    if (Trees.scalar(env) != null) {
      return true;
    }
    for (YamlNode.Member member : Trees.members(env)) {
      String name = member.key().text();
      if (name.contains("${{")
          || name.equals("GH_TOKEN")
          || name.equals("GITHUB_TOKEN")
          || name.equals("GH_ENTERPRISE_TOKEN")
          || name.equals("GITHUB_ENTERPRISE_TOKEN")) {
        return true;
      }
    }
    return false;
  }

  private static final Rule LENGTH =
      rule(
              "long-script",
              Severity.ERROR,
              Profile.DEFAULT,
              "A script with expressions that is too long")
          .why(
              "With an expression in it, the whole text is one expression, and those may have"
                  + " 21,000 characters; GitHub refuses the file.")
          .example(
              HEAD
                  + "      - run: |\n          echo ${{ github.sha }}\n"
                  + "          echo 0123456789012345678901234567890123456789\n".repeat(500),
              HEAD + "      - run: ./build.sh ${{ github.sha }}\n")
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar run = step.run();
              if (run != null && run.text().length() > LONGEST && run.text().contains("${{")) {
                found.refused(
                    run,
                    "This script has "
                        + run.text().length()
                        + " characters; with expressions in it, "
                        + LONGEST
                        + " are allowed",
                    "hand the values over under 'env:', or move the script into a file");
              }
            }
          });

  private static final Rule VARIABLE =
      rule(
              "variable-name",
              Severity.WARNING,
              Profile.DEFAULT,
              "A name that no environment variable can have")
          .covers("actionlint:env-var")
          .why("Programs and shells cannot read a variable whose name has a blank, `=` or `&`.")
          .example(
              HEAD + "      - run: make\n        env:\n          MY FLAG: 1\n",
              HEAD + "      - run: make\n        env:\n          MY_FLAG: 1\n")
          .check((file, found) -> {
            names(Trees.get(file.root(), "env"), found);
            for (JobNode job : file.jobs()) {
              names(Trees.get(job.body(), "env"), found);
            }
            for (StepNode step : file.steps()) {
              names(Trees.get(step.body(), "env"), found);
            }
          });

  private static void names(@Nullable YamlNode env, Found found) {
    for (YamlNode.Member member : Trees.members(env)) {
      String name = member.key().text();
      boolean odd = name.indexOf(' ') >= 0 || name.indexOf('=') >= 0 || name.indexOf('&') >= 0;
      if (odd && !name.contains("${{")) {
        found.at(
            member.key(),
            "'" + name + "' cannot be the name of an environment variable",
            "use letters, digits and _");
      }
    }
  }

  private static final Rule EXCLUDED =
      rule(
              "idle-matrix-exclude",
              Severity.WARNING,
              Profile.DEFAULT,
              "An exclude that takes nothing out of the matrix")
          .covers("actionlint:matrix")
          .why("The value does not occur, so the combination that was meant still runs.")
          .example(
              matrix("exclude: [{node: 18, os: linux}]"),
              matrix("exclude: [{node: 20, os: linux}]"))
          .check((file, found) -> {
            for (JobNode job : file.jobs()) {
              YamlNode matrix = Trees.get(Trees.get(job.body(), "strategy"), "matrix");
              Map<String, Set<String>> rows = new HashMap<>();
              YamlNode excludes = Trees.get(matrix, "exclude");
              for (YamlNode item : excludes == null ? List.<YamlNode>of() : Trees.items(excludes)) {
                for (YamlNode.Member member : Trees.members(item)) {
                  excluded(matrix, member, rows, found);
                }
              }
            }
          });

  private static String matrix(String exclude) {
    return "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    strategy:\n      matrix:\n"
        + "        node: [20, 22]\n        os: [linux, alpine]\n        "
        + exclude
        + "\n    steps:\n      - run: make\n";
  }

  private static void excluded(
      @Nullable YamlNode matrix,
      YamlNode.Member member,
      Map<String, Set<String>> rows,
      Found found) {
    YamlNode.Scalar value = member.value().scalar();
    String name = member.key().text();
    if (value == null || value.text().contains("${{")) {
      return;
    }
    YamlNode row = Trees.get(matrix, name);
    if (row == null || row.sequence() == null) {
      return;
    }
    Set<String> values = rows.get(name);
    if (values == null) {
      values = new HashSet<>();
      for (YamlNode item : Trees.items(row)) {
        YamlNode.Scalar scalar = item.scalar();
        // An expression may yield anything, and what is no scalar is compared in another way.
        values.add(scalar == null || scalar.text().contains("${{") ? "*" : plain(scalar));
      }
      rows.put(name, values);
    }
    if (!values.contains("*") && !values.contains(plain(value))) {
      found.at(
          value,
          "The matrix has no '" + value.text() + "' under '" + name + "'",
          "correct the value, or remove the line");
    }
  }

  /** A value as {@code ==} sees it: without regard to case, numbers by their value. */
  private static String plain(YamlNode.Scalar scalar) {
    String text = scalar.text().toLowerCase(Locale.ROOT);
    try {
      return text.isEmpty() ? "0.0" : String.valueOf(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return text.equals("true") ? "1.0" : text.equals("false") ? "0.0" : text;
    }
  }

  private static final Rule UNUSED_ID =
      rule(
              "unused-step-id",
              Severity.STYLE,
              Profile.PEDANTIC,
              "A step has an id that nothing refers to")
          .why("An id says that somebody reads the step's outputs or result; here nobody does.")
          .example(HEAD + "      - id: build\n        run: make\n", HEAD + "      - run: make\n")
          .check((file, found) -> {
            Map<Object, Set<String>> used = new HashMap<>();
            Set<Object> open = new HashSet<>();
            for (ExpressionUse use : file.expressions()) {
              Object owner = use.job() == null ? file : use.job();
              for (List<String> path : use.paths()) {
                if (path.getFirst().equals("steps")) {
                  if (path.size() < 2 || path.get(1).equals("*")) {
                    open.add(owner);
                  } else {
                    used.computeIfAbsent(owner, o -> new HashSet<>())
                        .add(path.get(1).toLowerCase(Locale.ROOT));
                  }
                }
              }
            }
            for (StepNode step : file.steps()) {
              Object owner = step.job() == null ? file : step.job();
              YamlNode.Scalar id = step.scalar("id");
              if (id != null
                  && !open.contains(owner)
                  && step.body().get("background") == null
                  && !used.getOrDefault(owner, Set.of())
                      .contains(id.text().toLowerCase(Locale.ROOT))) {
                found.at(id, "Nothing refers to the step '" + id.text() + "'", "remove the id");
              }
            }
          });

  private static final Rule UNUSED_OUTPUT =
      rule(
              "unused-job-output",
              Severity.STYLE,
              Profile.PEDANTIC,
              "A job has an output that no other job reads")
          .why("What is handed on and never read is a leftover, or its reader has a typo.")
          .example(
              "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    outputs:\n      a: 1\n"
                  + "    steps:\n      - run: make\n",
              HEAD + "      - run: make\n")
          .check((file, found) -> {
            Set<String> used = new HashSet<>();
            List<String> open = new ArrayList<>();
            for (ExpressionUse use : file.expressions()) {
              for (List<String> path : use.paths()) {
                boolean jobs = path.getFirst().equals("needs") || path.getFirst().equals("jobs");
                if (jobs
                    && path.size() > 3
                    && !path.get(1).equals("*")
                    && !path.get(3).equals("*")) {
                  used.add((path.get(1) + " " + path.get(3)).toLowerCase(Locale.ROOT));
                } else if (jobs && (path.size() < 3 || path.get(2).equalsIgnoreCase("outputs"))) {
                  open.add(path.size() > 1 ? path.get(1).toLowerCase(Locale.ROOT) : "*");
                }
              }
            }
            for (JobNode job : file.jobs()) {
              String id = job.id().toLowerCase(Locale.ROOT);
              if (open.contains("*") || open.contains(id)) {
                continue;
              }
              for (YamlNode.Member output : Trees.members(Trees.get(job.body(), "outputs"))) {
                String name = output.key().text().toLowerCase(Locale.ROOT);
                if (!used.contains(id + " " + name) && !name.contains("${{")) {
                  found.at(
                      output.key(),
                      "No job reads the output '" + output.key().text() + "'",
                      "remove it, or correct the name where it is read");
                }
              }
            }
          });
}
