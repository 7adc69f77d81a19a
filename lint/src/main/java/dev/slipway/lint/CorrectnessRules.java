package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import dev.slipway.workflow.expression.Expression;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Truth;
import dev.slipway.workflow.expression.Unknown;
import dev.slipway.workflow.expression.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rules about what GitHub accepts and that does not do what it says. */
final class CorrectnessRules {
  private static final Pattern COMMAND =
      Pattern.compile("::(set-output|save-state|set-env|add-path)[ :]");
  private static final String HEAD = "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n";
  private static final String STEP = "    steps:\n      - run: make\n";
  private static final Scope NOTHING_KNOWN =
      new Scope() {
        @Override
        public Value context(String name) {
          return Unknown.VALUE;
        }
      };

  private CorrectnessRules() {}

  static List<Rule> all() {
    return List.of(
        NEEDED,
        OUTPUT,
        STEPS,
        INPUT,
        COMMANDS,
        TEXT_CONDITION,
        CONSTANT,
        DUPLICATE,
        LABEL,
        OLD_ACTION);
  }

  private static Rule rule(
      String id, Severity severity, Profile profile, String title, String... covers) {
    return Rule.of(id, Topic.CORRECTNESS, severity, profile, title).covers(covers);
  }

  private static final Rule NEEDED =
      rule(
              "unneeded-job-reference",
              Severity.WARNING,
              Profile.DEFAULT,
              "An expression asks about a job that is not in `needs`",
              "actionlint:expression")
          .why(
              "`needs.ID` is empty unless the job names ID in its own `needs`: the text is blank,"
                  + " the condition false.")
          .example(
              HEAD
                  + STEP
                  + "  ship:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: echo ${{ needs.test.result }}\n",
              HEAD
                  + STEP
                  + "  ship:\n"
                  + "    needs: test\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: echo ${{ needs.test.result }}\n")
          .check((file, found) -> {
            for (ExpressionUse use : file.expressions()) {
              JobNode job = use.job();
              for (List<String> path : use.paths()) {
                if (job != null
                    && ExpressionUse.begins(path, "needs")
                    && path.size() > 1
                    && !path.get(1).equals("*")
                    && !job.needs(path.get(1))
                    && !expression(Trees.get(job.body(), "needs"))) {
                  found.at(
                      use,
                      "Job '"
                          + job.id()
                          + "' does not need '"
                          + path.get(1)
                          + "', so this is always empty",
                      "add '" + path.get(1) + "' to its 'needs:'");
                  break;
                }
              }
            }
          });

  private static boolean expression(@Nullable YamlNode node) {
    YamlNode.Scalar scalar = Trees.scalar(node);
    return scalar != null && scalar.text().contains("${{");
  }

  private static final Rule OUTPUT =
      rule(
              "unknown-job-output",
              Severity.WARNING,
              Profile.DEFAULT,
              "An expression reads an output that the job does not have",
              "actionlint:expression")
          .why(
              "A job's outputs are those under its `outputs:`; any other is empty, without a word.")
          .example(
              HEAD
                  + "    outputs:\n      version: '1'\n"
                  + STEP
                  + "  ship:\n"
                  + "    needs: test\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: echo ${{ needs.test.outputs.verison }}\n",
              HEAD
                  + "    outputs:\n      version: '1'\n"
                  + STEP
                  + "  ship:\n"
                  + "    needs: test\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: echo ${{ needs.test.outputs.version }}\n")
          .check((file, found) -> {
            for (ExpressionUse use : file.expressions()) {
              for (List<String> path : use.paths()) {
                if (ExpressionUse.begins(path, "needs")
                    && path.size() > 3
                    && path.get(2).equalsIgnoreCase("outputs")
                    && !path.get(3).equals("*")) {
                  JobNode needed = file.job(path.get(1));
                  if (needed != null
                      && !needed.call()
                      && Trees.get(Trees.get(needed.body(), "outputs"), path.get(3)) == null) {
                    found.at(
                        use,
                        "Job '" + needed.id() + "' has no output '" + path.get(3) + "'",
                        "add it to that job's 'outputs:', or correct the name");
                  }
                }
              }
            }
          });

  private static final Rule STEPS =
      rule(
              "unknown-step-reference",
              Severity.WARNING,
              Profile.DEFAULT,
              "An expression asks about a step that has not run yet, or never does",
              "actionlint:expression")
          .why("`steps.ID` knows only the steps before, by their `id`; anything else is empty.")
          .example(
              HEAD
                  + "    steps:\n"
                  + "      - run: echo ${{ steps.build.outputs.x }}\n"
                  + "      - id: build\n"
                  + "        run: make\n",
              HEAD
                  + "    steps:\n"
                  + "      - id: build\n"
                  + "        run: make\n"
                  + "      - run: echo ${{ steps.build.outputs.x }}\n")
          .check(CorrectnessRules::steps);

  private static void steps(LintFile file, Found found) {
    for (ExpressionUse use : file.expressions()) {
      if (use.job() == null && !file.action()) {
        continue;
      }
      for (List<String> path : use.paths()) {
        if (!ExpressionUse.begins(path, "steps") || path.size() < 2 || path.get(1).equals("*")) {
          continue;
        }
        StepNode named = file.step(use.job(), path.get(1));
        StepNode here = use.step();
        if (named == null) {
          found.at(
              use,
              "No step here has the id '" + path.get(1) + "'",
              "give the step that is meant this id");
          break;
        }
        // Steps of a parallel group and what waits for them run in no fixed order.
        if (here != null && named.index() > here.index()) {
          found.at(
              use,
              "Step '" + path.get(1) + "' comes later, so this is always empty",
              "move that step up, or this one down");
          break;
        }
      }
    }
  }

  private static final Rule INPUT =
      rule(
              "unknown-input",
              Severity.WARNING,
              Profile.DEFAULT,
              "An expression reads an input that is not declared",
              "actionlint:expression")
          .why("`inputs.NAME` is empty unless the trigger or the action declares NAME.")
          .example(
              "on:\n"
                  + "  workflow_call:\n"
                  + "    inputs:\n"
                  + "      name:\n"
                  + "        type: string\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: echo ${{ inputs.nmae }}\n",
              "on:\n"
                  + "  workflow_call:\n"
                  + "    inputs:\n"
                  + "      name:\n"
                  + "        type: string\n"
                  + "jobs:\n"
                  + "  test:\n"
                  + "    runs-on: ubuntu-latest\n"
                  + "    steps:\n"
                  + "      - run: echo ${{ inputs.name }}\n")
          .check(CorrectnessRules::inputs);

  private static void inputs(LintFile file, Found found) {
    List<YamlNode.Mapping> declared = new ArrayList<>();
    if (file.action()) {
      add(Trees.mapping(file.root(), "inputs"), declared);
    } else {
      add(Trees.mapping(file.filters("workflow_call"), "inputs"), declared);
      add(Trees.mapping(file.filters("workflow_dispatch"), "inputs"), declared);
    }
    for (ExpressionUse use : file.expressions()) {
      for (List<String> path : use.paths()) {
        if (ExpressionUse.begins(path, "inputs") && path.size() > 1 && !path.get(1).equals("*")) {
          boolean known = false;
          for (YamlNode.Mapping inputs : declared) {
            known |= Trees.get(inputs, path.get(1)) != null;
          }
          if (!known) {
            found.at(
                use, "No input is called '" + path.get(1) + "'", "declare it, or correct the name");
            break;
          }
        }
      }
    }
  }

  private static void add(YamlNode.@Nullable Mapping inputs, List<YamlNode.Mapping> to) {
    if (inputs != null) {
      to.add(inputs);
    }
  }

  private static final Rule COMMANDS =
      rule(
              "deprecated-command",
              Severity.WARNING,
              Profile.DEFAULT,
              "A workflow command that GitHub has retired",
              "actionlint:deprecated-commands")
          .why(
              "`set-env` and `add-path` do nothing any more, `set-output` and `save-state` are"
                  + " about to; files have taken their place.")
          .example(
              HEAD + "    steps:\n      - run: echo \"::set-output name=x::1\"\n",
              HEAD + "    steps:\n      - run: echo \"x=1\" >> \"$GITHUB_OUTPUT\"\n")
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar run = step.run();
              if (run == null || !run.text().contains("::")) {
                continue;
              }
              Matcher matcher = COMMAND.matcher(run.text());
              while (matcher.find()) {
                String name = matcher.group(1);
                String target =
                    switch (name) {
                      case "set-output" -> "GITHUB_OUTPUT";
                      case "save-state" -> "GITHUB_STATE";
                      case "set-env" -> "GITHUB_ENV";
                      default -> "GITHUB_PATH";
                    };
                found.at(
                    run,
                    matcher.start(),
                    matcher.end() - 1,
                    "The command '" + name + "' is retired",
                    "write to \"$" + target + "\" instead",
                    null);
              }
            }
          });

  private static final Rule TEXT_CONDITION =
      rule(
              "text-condition",
              Severity.ERROR,
              Profile.DEFAULT,
              "A condition that is always true because it is a text",
              "actionlint:if-cond",
              "zizmor:unsound-condition")
          .why(
              """
              Text around `${{ }}` in `if:`, be it one blank or the line end of a `|` block, makes the whole a text, and a text
              is true.
              """)
          .example(
              HEAD
                  + "    if: ${{ github.ref == 'refs/heads/main' }} && ${{ github.actor == 'me'"
                  + " }}\n"
                  + STEP,
              HEAD + "    if: github.ref == 'refs/heads/main' && github.actor == 'me'\n" + STEP)
          .check((file, found) -> {
            YamlNode.Scalar last = null;
            for (ExpressionUse use : file.expressions()) {
              YamlNode.Scalar scalar = use.scalar();
              if (use.key().equals("if")
                  && scalar != last
                  && condition(use)
                  && scalar.text().contains("${{")
                  && (use.start() > 0 || use.end() < scalar.text().length())) {
                last = scalar;
                found.at(
                    scalar,
                    "This condition is a text around an expression, and always true",
                    "put the whole condition into one ${{ }}, or leave the brackets out",
                    unfenced(file, use));
              }
            }
          });

  private static @Nullable Fix unfenced(LintFile file, ExpressionUse use) {
    YamlNode.Scalar scalar = use.scalar();
    boolean block =
        scalar.style() == YamlNode.Style.LITERAL || scalar.style() == YamlNode.Style.FOLDED;
    String rest = scalar.text().substring(use.end());
    if (!block || use.start() > 0 || !rest.isBlank()) {
      return null;
    }
    int header = scalar.start() + 1;
    if (file.text().charAt(header) == '-') {
      return null;
    }
    return new Fix(
        "Cut off the line end that makes it a text",
        Fix.Safety.SAFE,
        List.of(new Edit(header, header, "-")));
  }

  /** Whether a use is in the {@code if} of a job or step, not in an input that is called so. */
  private static boolean condition(ExpressionUse use) {
    int size = use.path().size();
    if (use.step() != null) {
      return use.scalar() == use.step().scalar("if");
    }
    return use.job() != null && size == 3 && use.scalar() == use.job().scalar("if");
  }

  private static final Rule CONSTANT =
      rule(
              "constant-condition",
              Severity.WARNING,
              Profile.DEFAULT,
              "A condition that is always true or always false",
              "actionlint:if-cond")
          .why("What is switched off for a while stays off; what looks conditional runs always.")
          .example(
              HEAD + "    if: github.ref == 'refs/heads/main' || true\n" + STEP,
              HEAD + "    if: github.ref == 'refs/heads/main'\n" + STEP)
          .check((file, found) -> {
            for (ExpressionUse use : file.expressions()) {
              if (use.key().equals("if")
                  && condition(use)
                  && use.start() == 0
                  && use.end() == use.scalar().text().length()
                  && !use.expression().callsStatusFunction()) {
                String source = use.expression().source();
                Truth truth = truth(use.expression());
                // A bare false is how people switch something off, and everybody sees it.
                if (truth != Truth.UNKNOWN && !source.equals("false") && !source.equals("true")) {
                  found.at(
                      use,
                      "This is always " + (truth == Truth.YES ? "true" : "false"),
                      "remove the condition, or what makes it constant");
                }
              }
            }
          });

  private static Truth truth(Expression expression) {
    try {
      return expression.truth(NOTHING_KNOWN);
    } catch (ExpressionException e) {
      return Truth.UNKNOWN;
    }
  }

  private static final Rule DUPLICATE =
      rule(
              "duplicate-matrix-value",
              Severity.WARNING,
              Profile.DEFAULT,
              "A value that a matrix lists twice",
              "actionlint:matrix")
          .why("Each occurrence makes jobs of its own, so the same runs, and is paid, twice.")
          .example(
              HEAD + "    strategy:\n      matrix:\n        node: [20, 22, 20]\n" + STEP,
              HEAD + "    strategy:\n      matrix:\n        node: [20, 22]\n" + STEP)
          .check((file, found) -> {
            for (JobNode job : file.jobs()) {
              for (YamlNode.Member row :
                  Trees.members(Trees.get(Trees.get(job.body(), "strategy"), "matrix"))) {
                String name = row.key().text();
                if (name.equals("include")
                    || name.equals("exclude")
                    || row.value().sequence() == null) {
                  continue;
                }
                Set<String> seen = new HashSet<>();
                for (YamlNode item : Trees.items(row.value())) {
                  YamlNode.Scalar scalar = item.scalar();
                  if (scalar != null
                      && !scalar.text().contains("${{")
                      && !seen.add(scalar.kind() + scalar.text())) {
                    found.at(
                        scalar, "'" + scalar.text() + "' is listed twice", "remove one of the two");
                  }
                }
              }
            }
          });

  private static final Rule LABEL =
      rule(
              "retired-runner",
              Severity.ERROR,
              Profile.DEFAULT,
              "A runner image that GitHub no longer has",
              "actionlint:runner-label")
          .why("A job for a label that no machine has waits until it is cancelled after a day.")
          .example(
              "on: push\njobs:\n  test:\n    runs-on: ubuntu-18.04\n" + STEP,
              "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n" + STEP)
          .check((file, found) -> {
            for (JobNode job : file.jobs()) {
              YamlNode runsOn = Trees.get(job.body(), "runs-on");
              List<YamlNode> labels = Trees.items(runsOn);
              // With other labels it may be a machine of one's own that is called so.
              if (labels.size() == 1) {
                label(job, labels.getFirst().scalar(), found);
              }
            }
          });

  private static void label(JobNode job, YamlNode.@Nullable Scalar label, Found found) {
    String text = label == null ? "" : label.text();
    if (text.startsWith("${{")) {
      String inner = text.substring(3, Math.max(3, text.length() - 2)).strip();
      if (inner.startsWith("matrix.") && text.endsWith("}}") && inner.indexOf(' ') < 0) {
        for (YamlNode.Scalar value : values(job, inner.substring("matrix.".length()))) {
          retired(value, found);
        }
      }
    } else if (label != null) {
      retired(label, found);
    }
  }

  private static void retired(YamlNode.Scalar label, Found found) {
    String name = label.text().toLowerCase(Locale.ROOT);
    String end = Retirements.end(name);
    if (end != null) {
      found.at(
          label,
          "GitHub has no '" + name + "' machines since " + end,
          "name an image that is supported, such as " + Retirements.successor(name));
    }
  }

  /** The values that a variable of a job's matrix takes, as far as they are written out. */
  private static List<YamlNode.Scalar> values(JobNode job, String variable) {
    List<YamlNode.Scalar> values = new ArrayList<>();
    YamlNode matrix = Trees.get(Trees.get(job.body(), "strategy"), "matrix");
    int dot = variable.indexOf('.');
    String row = dot < 0 ? variable : variable.substring(0, dot);
    for (YamlNode item : Trees.items(Trees.get(matrix, row))) {
      YamlNode.Scalar value =
          dot < 0 ? item.scalar() : Trees.scalar(item, variable.substring(dot + 1));
      if (value != null) {
        values.add(value);
      }
    }
    for (YamlNode item : Trees.items(Trees.get(matrix, "include"))) {
      YamlNode.Scalar value = Trees.scalar(item, row);
      if (dot < 0 && value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private static final Rule OLD_ACTION =
      rule(
              "retired-action",
              Severity.ERROR,
              Profile.DEFAULT,
              "A version of an action whose service GitHub has switched off",
              "actionlint:action")
          .why("The step fails at GitHub, whatever it is given.")
          .example(
              HEAD
                  + "    steps:\n"
                  + "      - uses: actions/upload-artifact@v3\n"
                  + "        with:\n"
                  + "          path: out\n"
                  + "          name: out\n",
              HEAD
                  + "    steps:\n"
                  + "      - uses: actions/upload-artifact@v4\n"
                  + "        with:\n"
                  + "          path: out\n"
                  + "          name: out\n")
          .check((file, found) -> {
            for (StepNode step : file.steps()) {
              YamlNode.Scalar uses = step.uses();
              int at = uses == null ? -1 : uses.text().indexOf('@');
              if (uses == null || at < 0) {
                continue;
              }
              String slug = uses.text().substring(0, at).toLowerCase(Locale.ROOT);
              int major = major(uses.text().substring(at + 1));
              String end = major == 0 ? null : Retirements.end(slug + "@" + major);
              if (end != null) {
                found.at(
                    uses,
                    "Version " + major + " of " + slug + " no longer works at GitHub since " + end,
                    "use @" + Retirements.successor(slug + "@" + major) + " or later");
              }
            }
          });

  /** The major version that a tag of only that, such as v3, names; 0 when it does not. */
  private static int major(String ref) {
    return ref.length() == 2 && ref.charAt(0) == 'v' && Character.isDigit(ref.charAt(1))
        ? ref.charAt(1) - '0'
        : 0;
  }
}
