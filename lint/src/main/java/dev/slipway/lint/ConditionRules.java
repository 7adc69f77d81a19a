package dev.slipway.lint;

import static dev.slipway.lint.Security.rule;
import static dev.slipway.lint.Security.workflow;

import dev.slipway.workflow.YamlNode;
import dev.slipway.workflow.expression.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rules about conditions that keep fewer people out than they seem to. */
final class ConditionRules {
  private static final List<String> BOTS =
      List.of("29110", "49699333", "27856297", "29139614", "41898282");

  private ConditionRules() {}

  static List<Rule> all() {
    return List.of(BOT, CONTAINS, TERNARY);
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
          .check(ConditionRules::bots);

  private static void bots(LintFile file, Found found) {
    if (!Security.privilegedOrCommented(file)) {
      return;
    }
    for (ExpressionUse use : file.expressions()) {
      if (!use.key().equals("if")) {
        continue;
      }
      Shape shape = use.expression().shape();
      Comparison compared = botCompared(shape);
      if (compared == null) {
        continue;
      }
      int from = file.index(use.scalar(), use.start());
      int to = file.index(use.scalar(), use.end() - 1) + 1;
      found.at(
          Severity.ERROR,
          decides(shape) ? Confidence.HIGH : Confidence.MEDIUM,
          from,
          to,
          "Whoever caused the last event need not be who wrote the code",
          "compare " + author(file) + ".login",
          List.of("zizmor:bot-conditions"),
          botFix(file, use, compared));
    }
  }

  /** The context of whoever wrote what the run is about. */
  private static String author(LintFile file) {
    return file.on("issue_comment") && !Security.privileged(file)
        ? "github.event.comment.user"
        : file.on("workflow_run") && !file.on("pull_request_target")
            ? "github.event.workflow_run.actor"
            : "github.event.pull_request.user";
  }

  private record Comparison(String way, boolean id) {}

  private static @Nullable Comparison botCompared(Shape shape) {
    if (!(shape instanceof Shape.Operation operation)) {
      return null;
    }
    if (!operation.operator().equals("==")) {
      for (Shape operand : operation.operands()) {
        Comparison found = botCompared(operand);
        if (found != null) {
          return found;
        }
      }
      return null;
    }
    String way = "";
    boolean bot = false;
    for (Shape operand : operation.operands()) {
      if (operand instanceof Shape.Path path && path.inner().isEmpty()) {
        way = ExpressionUse.written(path.names());
      }
      if (operand instanceof Shape.Literal literal) {
        String value = literal.value().toText();
        bot |= value.endsWith("[bot]") || BOTS.contains(value);
      }
    }
    boolean actor =
        switch (way.toLowerCase(Locale.ROOT)) {
          case "github.actor",
              "github.triggering_actor",
              "github.event.sender.login",
              "github.event.pull_request.sender.login",
              "github.actor_id",
              "github.event.sender.id",
              "github.event.pull_request.sender.id" ->
              true;
          default -> false;
        };
    return actor && bot ? new Comparison(way, way.endsWith("id")) : null;
  }

  /** Whether the comparison alone can make the condition true. */
  private static boolean decides(Shape shape) {
    if (!(shape instanceof Shape.Operation operation)) {
      return false;
    }
    if (operation.operator().equals("==")) {
      return botCompared(shape) != null;
    }
    if (operation.operator().equals("||") || operation.operator().isEmpty()) {
      for (Shape operand : operation.operands()) {
        if (decides(operand)) {
          return true;
        }
      }
    }
    return false;
  }

  private static @Nullable Fix botFix(LintFile file, ExpressionUse use, Comparison compared) {
    if (!file.on("pull_request_target") || file.on("workflow_run") || file.on("issue_comment")) {
      return null;
    }
    String text = use.scalar().text();
    int at = text.indexOf(compared.way(), use.start());
    if (at < 0 || at >= use.end()) {
      return null;
    }
    int end = at + compared.way().length();
    Edit edit =
        new Edit(
            file.index(use.scalar(), at),
            file.index(use.scalar(), end - 1) + 1,
            author(file) + (compared.id() ? ".id" : ".login"));
    return new Fix("Compare the author of the pull request", Fix.Safety.SAFE, List.of(edit));
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
              String literal = partOfLiteral(use.expression().shape());
              if (literal != null) {
                found.at(
                    use.scalar(),
                    use.start(),
                    use.end(),
                    "A part of one of these names passes too",
                    "look in a list: contains(fromJSON('[\"a\", \"b\"]'), …)",
                    listed(file, use, literal));
              }
            }
          });

  /** The text that is looked through; null when there is no such call. */
  private static @Nullable String partOfLiteral(Shape shape) {
    List<Shape> below = List.of();
    if (shape instanceof Shape.Call call) {
      if (call.function().equals("contains")
          && call.arguments().size() == 2
          && call.arguments().get(0) instanceof Shape.Literal literal
          && call.arguments().get(1) instanceof Shape.Path path
          && chosen(path.names())) {
        return literal.value().toText();
      }
      below = call.arguments();
    } else if (shape instanceof Shape.Operation operation) {
      below = operation.operands();
    }
    for (Shape operand : below) {
      String literal = partOfLiteral(operand);
      if (literal != null) {
        return literal;
      }
    }
    return null;
  }

  private static boolean chosen(List<String> path) {
    String way = ExpressionUse.written(path).toLowerCase(Locale.ROOT);
    return switch (way) {
      case "github.ref",
          "github.ref_name",
          "github.head_ref",
          "github.base_ref",
          "github.actor",
          "github.triggering_actor",
          "github.ref_type",
          "github.sha" ->
          true;
      default -> way.startsWith("github.event.") || way.startsWith("env.");
    };
  }

  private static @Nullable Fix listed(LintFile file, ExpressionUse use, String literal) {
    String text = use.scalar().text();
    String written = "'" + literal + "'";
    int at = text.indexOf(written, use.start());
    if (at < 0 || at >= use.end() || use.scalar().style() == YamlNode.Style.DOUBLE_QUOTED) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (String name : literal.split("[ ,|]+")) {
      if (name.indexOf('"') >= 0 || name.indexOf('\\') >= 0 || name.indexOf('\'') >= 0) {
        return null;
      }
      if (!name.isEmpty()) {
        names.add("\"" + name + "\"");
      }
    }
    String list = "fromJSON('[" + String.join(", ", names) + "]')";
    boolean quoted = use.scalar().style() == YamlNode.Style.SINGLE_QUOTED;
    Edit edit =
        new Edit(
            file.index(use.scalar(), at),
            file.index(use.scalar(), at + written.length() - 1) + (quoted ? 2 : 1),
            quoted ? list.replace("'", "''") : list);
    return new Fix("Look in a list", Fix.Safety.UNSAFE, List.of(edit));
  }

  private static final Rule TERNARY =
      rule(
              "falsy-choice",
              Severity.WARNING,
              Profile.DEFAULT,
              "A choice by && and || whose first value is never taken",
              "zizmor:unsound-ternary")
          .why(
              """
              `condition && '' || 'x'` is `'x'` in both cases: an empty text, `0`, `false` and `null` count as false, so `||`
              goes on to the other value.
              """)
          .example(
              workflow(
                  "push",
                  "      - run: ./build\n"
                      + "        env:\n"
                      + "          FLAGS: ${{ github.ref_name == 'main' && '' || '--debug' }}\n"),
              workflow(
                  "push",
                  "      - run: ./build\n"
                      + "        env:\n"
                      + "          FLAGS: ${{ github.ref_name != 'main' && '--debug' || '' }}\n"))
          .check((file, found) -> {
            for (ExpressionUse use : file.expressions()) {
              if (neverTaken(use.expression().shape())) {
                found.at(
                    use,
                    "The value behind && is false itself, so the one behind || is always taken",
                    "turn the condition round and put the other value first");
              }
            }
          });

  private static boolean neverTaken(Shape shape) {
    List<Shape> below = List.of();
    if (shape instanceof Shape.Operation operation) {
      below = operation.operands();
      if (operation.operator().equals("||")) {
        for (int i = 0; i < below.size() - 1; i++) {
          if (endsFalsy(below.get(i)) && !falsy(below.getLast())) {
            return true;
          }
        }
      }
    } else if (shape instanceof Shape.Call call) {
      below = call.arguments();
    }
    for (Shape operand : below) {
      if (neverTaken(operand)) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsFalsy(Shape shape) {
    if (!(shape instanceof Shape.Operation operation)) {
      return false;
    }
    if (operation.operator().isEmpty() && operation.operands().size() == 1) {
      return endsFalsy(operation.operands().getFirst());
    }
    return operation.operator().equals("&&") && falsy(operation.operands().getLast());
  }

  private static boolean falsy(Shape shape) {
    return shape instanceof Shape.Literal literal && !literal.value().truthy();
  }
}
