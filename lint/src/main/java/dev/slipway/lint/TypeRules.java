package dev.slipway.lint;

import java.util.List;

/** Rules about the types of expressions: what they name that is not there, and what never holds. */
final class TypeRules {
  private static final String HEAD =
      "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n";

  private TypeRules() {}

  static List<Rule> all() {
    return List.of(PROPERTY, COMPARISON, IMPOSSIBLE, ARGUMENT, FORMAT, TEXT);
  }

  private static Rule rule(String id, Severity severity, String title, ExpressionCheck.Kind kind) {
    return Rule.of(id, Topic.CORRECTNESS, severity, Profile.DEFAULT, title)
        .covers("actionlint:expression")
        .check((file, found) -> {
          for (ExpressionCheck.Problem problem : file.expressionProblems()) {
            if (problem.kind() == kind) {
              found.at(problem.use(), problem.message(), problem.hint());
            }
          }
        });
  }

  private static String step(String run) {
    return HEAD + "      - run: " + run + "\n";
  }

  private static String condition(String condition) {
    return HEAD + "      - if: " + condition + "\n        run: make\n";
  }

  private static final Rule PROPERTY =
      rule(
              "unknown-property",
              Severity.WARNING,
              "An expression names something that its context does not have",
              ExpressionCheck.Kind.PROPERTY)
          .why(
              "What is not there is empty, without a word: a condition is false for ever, a text is"
                  + " blank.")
          .example(step("echo ${{ github.reff }}"), step("echo ${{ github.sha }}"));
  private static final Rule COMPARISON =
      rule(
              "collection-compared",
              Severity.WARNING,
              "An object or array is compared with a single value",
              ExpressionCheck.Kind.COMPARISON)
          .why("Objects and arrays are equal only to themselves, so the answer is always the same.")
          .example(
              condition("github.event.head_commit == 'x'"),
              condition("github.event.head_commit.id == 'x'"));
  private static final Rule IMPOSSIBLE =
      rule(
              "impossible-value",
              Severity.WARNING,
              "A comparison with a value that cannot occur",
              ExpressionCheck.Kind.IMPOSSIBLE)
          .why(
              "The event is always one of those under `on:`, a result one of four words; a"
                  + " comparison with anything else never changes.")
          .example(
              condition("github.event_name == 'pull_request'"),
              condition("github.ref_name == 'main'"));
  private static final Rule ARGUMENT =
      rule(
              "function-argument",
              Severity.WARNING,
              "A function is given what it cannot work with",
              ExpressionCheck.Kind.ARGUMENT)
          .why("The call yields nothing of use, or fails when the workflow runs.")
          .example(
              condition("contains(github.event.head_commit, 'x')"),
              condition("contains(github.event.head_commit.message, 'x')"));
  private static final Rule FORMAT =
      rule(
              "format-arguments",
              Severity.WARNING,
              "A format and its values do not fit together",
              ExpressionCheck.Kind.FORMAT)
          .why("A number without a value makes the run fail; a value without a number is lost.")
          .example(
              step("echo ${{ format('{0} {1}', github.sha) }}"),
              step("echo ${{ format('{0}', github.sha) }}"));
  private static final Rule TEXT =
      rule(
              "collection-as-text",
              Severity.WARNING,
              "An object or array is put into a text",
              ExpressionCheck.Kind.TEXT)
          .why("What appears is the word `Object` or `Array`.")
          .example(
              step("echo ${{ github.event.head_commit }}"),
              step("echo ${{ github.event.head_commit.id }}"));
}
