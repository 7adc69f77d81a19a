package dev.slipway.lint;

import dev.slipway.workflow.Position;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.YamlNode;
import java.util.List;

/**
 * What the readers of workflow files and action manifests say, as findings. Which rule a problem
 * belongs to is told by where in the tree it lies.
 */
final class ReaderRules {
  private static final Rule YAML =
      rule("yaml-syntax", "The file is no valid YAML", "actionlint:syntax-check")
          .why("GitHub cannot read the file, so nothing in it runs.")
          .example(workflow("  build: [\n"), workflow(""));
  private static final Rule SCHEMA =
      rule(
              "workflow-syntax",
              "Something that the workflow syntax does not have here",
              "actionlint:syntax-check",
              "actionlint:permissions",
              "actionlint:id")
          .why("GitHub refuses the whole file for one wrong key or value, and no job of it runs.")
          .example(workflow("    timeout: 5\n"), workflow("    timeout-minutes: 5\n"));
  private static final Rule EXPRESSION =
      rule(
              "expression-syntax",
              "An expression that cannot be read, or names what is not there",
              "actionlint:expression")
          .why(
              "An expression that does not compile makes GitHub refuse the file; contexts and"
                  + " functions exist only under some keys.")
          .example(
              workflow("    if: githb.ref == 'refs/heads/main'\n"),
              workflow("    if: github.ref == 'refs/heads/main'\n"));
  private static final Rule EVENTS =
      rule(
              "events",
              "A trigger that does not exist or cannot work",
              "actionlint:events",
              "actionlint:glob")
          .why("A misspelt event, activity type or filter means that the workflow never runs.")
          .example(
              workflow("").replace("on: push", "on: pull_requests"),
              workflow("").replace("on: push", "on: pull_request"));
  private static final Rule NEEDS =
      rule("job-needs", "A job that needs one that is not there, or itself", "actionlint:job-needs")
          .why("A job that needs an unknown job, or is part of a circle, makes the file invalid.")
          .example(workflow("    needs: biuld\n"), workflow(""));
  private static final Rule MATRIX =
      rule(
              "matrix-syntax",
              "A matrix that yields no jobs or filters what it does not have",
              "actionlint:matrix")
          .why("A matrix without values, or a filter for a variable it lacks, is refused.")
          .example(
              workflow("    strategy:\n      matrix:\n        os: []\n"),
              workflow("    strategy:\n      matrix:\n        os: [linux]\n"));
  private static final Rule USES =
      rule(
              "uses-syntax",
              "A reference to an action or workflow that cannot be one",
              "actionlint:action",
              "actionlint:workflow-call")
          .why("GitHub cannot tell which action or workflow is meant.")
          .example(
              workflow("").replace("run: make", "uses: actions/checkout"),
              workflow("").replace("run: make", "uses: actions/checkout@v6"));

  private ReaderRules() {}

  private static Rule rule(String id, String title, String... covers) {
    return Rule.of(id, Topic.CORRECTNESS, Severity.ERROR, Profile.DEFAULT, title).covers(covers);
  }

  private static String workflow(String more) {
    return "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n"
        + more
        + "    steps:\n      - run: make\n";
  }

  static List<Rule> all() {
    return List.of(YAML, SCHEMA, EXPRESSION, EVENTS, NEEDS, MATRIX, USES);
  }

  /** Says of a file that the memory there is does not suffice for it. */
  static Finding tooLarge(String path) {
    Position start = new Position(1, 1);
    return new Finding(
        YAML,
        Severity.ERROR,
        Confidence.HIGH,
        path,
        new Range(start, start),
        "The file is too large for the memory there is, and was not looked through",
        "divide it, or allow Java more memory",
        List.of(),
        false,
        null,
        null);
  }

  static void add(
      LintFile file, List<Problem> problems, Selection selection, List<Finding> findings) {
    for (Problem problem : problems) {
      Rule rule = rule(file, problem);
      boolean error = problem.severity() == Problem.Severity.ERROR;
      if (!error && !selection.has(rule)) {
        continue;
      }
      findings.add(
          new Finding(
              rule,
              error ? Severity.ERROR : Severity.WARNING,
              Confidence.HIGH,
              file.path(),
              range(file, problem.at()),
              problem.message(),
              problem.hint() == null ? "" : problem.hint(),
              rule.covers(),
              problem.refused(),
              null,
              null));
    }
  }

  private static Rule rule(LintFile file, Problem problem) {
    String message = problem.message();
    if (file.root() == null) {
      return YAML;
    }
    if (message.contains("within expression: ")
        || message.startsWith("Unrecognized ")
        || message.startsWith("The expression is not closed")) {
      return EXPRESSION;
    }
    List<String> path = Paths.at(file.root(), problem.at());
    String first = path.isEmpty() ? "" : path.getFirst();
    String last = path.isEmpty() ? "" : path.getLast();
    if (first.equals("on")) {
      return EVENTS;
    }
    if (first.equals("jobs") && (last.equals("needs") || message.contains("needs"))) {
      return NEEDS;
    }
    if (path.contains("matrix")) {
      return MATRIX;
    }
    return last.equals("uses") ? USES : SCHEMA;
  }

  /** From a problem's place to the end of the scalar there, else of the word. */
  private static Range range(LintFile file, Position at) {
    for (YamlNode.Scalar scalar : file.scalars()) {
      if (scalar.at().equals(at)) {
        int newline = file.text().indexOf('\n', scalar.start());
        int end = newline >= 0 ? Math.min(newline, scalar.end()) : scalar.end();
        return new Range(at, file.document().position(Math.max(end, scalar.start())));
      }
    }
    String line = file.text().lines().skip(at.line() - 1L).findFirst().orElse("");
    int end = Math.min(at.column() - 1, line.length());
    while (end < line.length() && " ,:]})".indexOf(line.charAt(end)) < 0) {
      end++;
    }
    return new Range(at, new Position(at.line(), Math.max(end + 1, at.column())));
  }
}
