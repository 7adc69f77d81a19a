package dev.slipway.lint;

import static dev.slipway.lint.Security.job;
import static dev.slipway.lint.Security.rule;
import static dev.slipway.lint.Security.workflow;

import dev.slipway.workflow.YamlNode;
import dev.slipway.workflow.expression.Shape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules about who gets which secrets. */
final class SecretRules {
  private SecretRules() {}

  static List<Rule> all() {
    return List.of(INHERIT, INHERIT_HERE, ALL_SECRETS, PARSED_SECRETS, WIDE, OUTSIDE);
  }

  private static String call(String uses, String secrets) {
    return "on: push\njobs:\n  call:\n    uses: " + uses + "\n    secrets:" + secrets;
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
              call("o/r/.github/workflows/w.yml@v1", " inherit\n"),
              call("o/r/.github/workflows/w.yml@v1", "\n      token: ${{ secrets.TOKEN }}\n"))
          .check((file, found) -> inherit(file, found, false));

  private static final Rule INHERIT_HERE =
      rule(
              "inherited-secrets-locally",
              Severity.INFO,
              Profile.PEDANTIC,
              "A workflow of the same repository gets every secret",
              "zizmor:secrets-inherit")
          .why("Nobody sees which secrets a job uses when all of them are handed on.")
          .example(
              call("./.github/workflows/w.yml", " inherit\n"),
              call("./.github/workflows/w.yml", "\n      token: ${{ secrets.TOKEN }}\n"))
          .check((file, found) -> inherit(file, found, true));

  private static void inherit(LintFile file, Found found, boolean here) {
    for (JobNode job : file.jobs()) {
      YamlNode.Scalar secrets = job.scalar("secrets");
      String uses = job.text("uses");
      if (!uses.isEmpty()
          && secrets != null
          && secrets.text().equals("inherit")
          && Security.local(uses) == here) {
        found.at(
            secrets,
            "'" + uses + "' gets every secret",
            "name the secrets that it needs",
            here && !found.full() ? named(file, job, secrets, uses) : null);
      }
    }
  }

  /** Hands on the secrets that a local workflow declares or reads. */
  private static @Nullable Fix named(
      LintFile file, JobNode job, YamlNode.Scalar inherit, String uses) {
    LintFile callee = file.project().file(uses);
    if (callee == null || callee.root() == null || inherit.style() != YamlNode.Style.PLAIN) {
      return null;
    }
    Set<String> names = new LinkedHashSet<>();
    YamlNode call = Trees.get(Trees.get(callee.root(), "on"), "workflow_call");
    for (YamlNode.Member member : Trees.members(Trees.get(call, "secrets"))) {
      names.add(member.key().text());
    }
    for (ExpressionUse use : callee.expressions()) {
      for (List<String> path : use.paths()) {
        if (path.getFirst().equals("secrets")
            && (path.size() < 2 || !names.contains(path.get(1)))
            && !(path.size() == 2 && path.get(1).equalsIgnoreCase("GITHUB_TOKEN"))) {
          // It reads one that it does not declare, so only inheriting gives it that.
          return null;
        }
      }
    }
    for (JobNode other : callee.jobs()) {
      if (other.text("secrets").equals("inherit")) {
        return null;
      }
    }
    if (names.isEmpty()) {
      return null;
    }
    String newline = Security.newline(file);
    String indent = " ".repeat(job.body().at().column() - 1 + Insertion.unit(file));
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      text.append(newline)
          .append(indent)
          .append(name)
          .append(": ${{ secrets.")
          .append(name)
          .append(" }}");
    }
    int start = inherit.start();
    while (start > 0 && file.text().charAt(start - 1) == ' ') {
      start--;
    }
    return new Fix(
        "Hand on the secrets that it declares",
        Fix.Safety.UNSAFE,
        List.of(new Edit(start, inherit.end(), text.toString())));
  }

  private static final Rule ALL_SECRETS =
      rule(
              "whole-secrets-context",
              Severity.WARNING,
              Profile.DEFAULT,
              "All secrets go where a few are needed",
              "zizmor:overprovisioned-secrets",
              "codeql:actions/excessive-secrets-exposure")
          .why(
              """
              A step that gets `toJSON(secrets)`, or one whose name is computed, makes the runner hand every secret to the job,
              also those added later.
              """)
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
              for (List<String> path : use.paths()) {
                boolean all = path.size() == 1;
                boolean computed = path.size() == 2 && path.get(1).equals("*");
                if (path.getFirst().equals("secrets") && (all || computed)) {
                  found.at(
                      use,
                      all
                          ? "Every secret is handed over here"
                          : "The name of the secret is computed, so the job gets every secret",
                      "name the ones needed");
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
              "zizmor:unredacted-secrets",
              "codeql:actions/unmasked-secret-exposure")
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
          && !call.arguments().isEmpty()
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

  private static final Rule WIDE =
      rule(
              "wide-secret",
              Severity.WARNING,
              Profile.STRICT,
              "A secret in the environment of steps that do not need it",
              "ghalint:workflow_secrets",
              "ghalint:job_secrets")
          .why(
              """
              A secret under `env` of a workflow or job is in the environment of every step there, of every action and of
              every program that they run.
              """)
          .example(
              "on: push\npermissions: {}\nenv:\n  TOKEN: ${{ secrets.TOKEN }}\n"
                  + "jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
                  + "      - uses: some/action@v2\n      - run: ./deploy\n",
              workflow(
                  "push",
                  "      - uses: some/action@v2\n"
                      + "      - run: ./deploy\n"
                      + "        env:\n"
                      + "          TOKEN: ${{ secrets.TOKEN }}\n"))
          .check((file, found) -> {
            if (file.steps().size() > 1) {
              wide(file, file.root(), found, "step");
            }
            for (JobNode job : file.jobs()) {
              if (job.steps().size() > 1) {
                wide(file, job.body(), found, "step of this job");
              }
            }
          });

  private static void wide(
      LintFile file, YamlNode.@Nullable Mapping owner, Found found, String who) {
    for (ExpressionUse use : file.variables(owner)) {
      for (List<String> path : use.flows()) {
        if (path.getFirst().equals("secrets")
            && path.size() == 2
            && !path.get(1).equalsIgnoreCase("GITHUB_TOKEN")) {
          found.at(
              use,
              "Every " + who + " gets the secret '" + path.get(1) + "'",
              "put it under 'env:' of the steps that need it");
          break;
        }
      }
    }
  }

  private static final Rule OUTSIDE =
      rule(
              "secret-without-environment",
              Severity.INFO,
              Profile.AUDIT,
              "A secret that every run of the repository may read",
              "zizmor:secrets-outside-env")
          .why(
              """
              A secret of an environment is given out only after its rules are met, for named branches or after somebody has
              approved; one of the repository goes to every workflow on every branch.
              """)
          .example(
              job(
                  "push",
                  "    runs-on: ubuntu-latest\n"
                      + "    steps:\n"
                      + "      - run: ./deploy\n"
                      + "        env:\n"
                      + "          TOKEN: ${{ secrets.TOKEN }}\n"),
              job(
                  "push",
                  "    runs-on: ubuntu-latest\n"
                      + "    environment: production\n"
                      + "    steps:\n"
                      + "      - run: ./deploy\n"
                      + "        env:\n"
                      + "          TOKEN: ${{ secrets.TOKEN }}\n"))
          .check((file, found) -> {
            for (ExpressionUse use : file.expressions()) {
              JobNode job = use.job();
              if (job == null || job.body().get("environment") != null || job.call()) {
                continue;
              }
              for (String name : secrets(use)) {
                found.at(
                    use,
                    "The secret '" + name + "' is bound to no environment",
                    "make it a secret of an environment and name that in the job");
              }
            }
          });

  private static List<String> secrets(ExpressionUse use) {
    List<String> names = new ArrayList<>();
    for (List<String> path : use.paths()) {
      if (path.size() >= 2
          && path.getFirst().equals("secrets")
          && !path.get(1).toLowerCase(Locale.ROOT).equals("github_token")) {
        names.add(path.get(1));
      }
    }
    return names;
  }
}
