package dev.slipway.lint;

import dev.slipway.shell.ShellEdit;
import dev.slipway.shell.ShellFinding;
import dev.slipway.shell.ShellRule;
import dev.slipway.shell.ShellSeverity;
import dev.slipway.workflow.YamlNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules about scripts for sh and bash. One look at a script finds what they all are about. */
final class ShellRules {
  /** Fixes after which the script does what it did. */
  private static final Set<ShellRule> PLAIN =
      Set.of(
          ShellRule.BACKQUOTES,
          ShellRule.ARITHMETIC_DOLLAR,
          ShellRule.OLD_ARITHMETIC,
          ShellRule.EGREP,
          ShellRule.FGREP,
          ShellRule.NEGATED_TEST);

  /** Variables of the machine that hold one name without blanks, or break things everywhere. */
  private static final Set<String> ONE_WORD =
      Set.of(
          "GITHUB_ENV",
          "GITHUB_OUTPUT",
          "GITHUB_PATH",
          "GITHUB_STEP_SUMMARY",
          "GITHUB_STATE",
          "GITHUB_SHA",
          "GITHUB_RUN_ID",
          "GITHUB_RUN_NUMBER",
          "GITHUB_RUN_ATTEMPT",
          "GITHUB_REPOSITORY",
          "GITHUB_REPOSITORY_OWNER",
          "GITHUB_SERVER_URL",
          "GITHUB_API_URL",
          "GITHUB_EVENT_NAME",
          "GITHUB_EVENT_PATH");

  private static final Map<ShellRule, Rule> BY_RULE = table();

  private ShellRules() {}

  static List<Rule> all() {
    return List.copyOf(BY_RULE.values());
  }

  private static Map<ShellRule, Rule> table() {
    Map<ShellRule, Rule> rules = new EnumMap<>(ShellRule.class);
    for (ShellPages.Page page : ShellPages.all()) {
      rules.put(page.rule(), rule(page));
    }
    for (ShellPages.Page page : ShellFlowPages.all()) {
      rules.put(page.rule(), rule(page));
    }
    return rules;
  }

  private static Rule rule(ShellPages.Page page) {
    List<String> covers = new ArrayList<>();
    for (String code : page.rule().covers()) {
      covers.add("shellcheck:" + code);
    }
    Topic topic =
        page.rule() == ShellRule.MASKED_ASSIGNMENT || page.rule() == ShellRule.NEGATED_STATUS
            ? Topic.HONESTY
            : Topic.CORRECTNESS;
    return Rule.of(
            page.rule().id(), topic, severity(page.rule().severity()), page.profile(), page.title())
        .covers(covers.toArray(String[]::new))
        .why(page.why())
        .example(workflow(page.shell(), page.bad()), workflow(page.shell(), page.good()));
  }

  private static String workflow(String shell, String script) {
    return "on: push\n"
        + "jobs:\n"
        + "  test:\n"
        + "    runs-on: ubuntu-latest\n"
        + "    steps:\n"
        + "      - run: |\n"
        + "          "
        + script.replace("\n", "\n          ")
        + "\n"
        + (shell.isEmpty() ? "" : "        shell: " + shell + "\n");
  }

  private static Severity severity(ShellSeverity severity) {
    return switch (severity) {
      case ERROR -> Severity.ERROR;
      case WARNING -> Severity.WARNING;
      case INFO -> Severity.INFO;
      case STYLE -> Severity.STYLE;
    };
  }

  /** Looks through the scripts of a file. */
  static void add(LintFile file, Selection selection, List<Finding> findings) {
    if (!wanted(selection)) {
      return;
    }
    Map<ShellRule, Found> found = new EnumMap<>(ShellRule.class);
    for (StepNode step : file.steps()) {
      StepScript script = step.script(file);
      if (script == null || !script.shell().posix()) {
        continue;
      }
      if (!script.parsed().sound() && script.shell().mixed()) {
        // It may be written for the other shell.
        continue;
      }
      for (ShellFinding one : script.parsed().findings(script.shell().options())) {
        Rule rule = BY_RULE.get(one.rule());
        if (rule == null || !selection.has(rule)) {
          continue;
        }
        Found of = found.computeIfAbsent(one.rule(), r -> new Found(file, rule, findings));
        if (!of.full() && !given(file, step, script, one)) {
          report(file, script, one, rule, of);
        }
      }
    }
  }

  private static boolean wanted(Selection selection) {
    for (Rule rule : BY_RULE.values()) {
      if (selection.has(rule)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a variable that the script never sets comes from outside. */
  private static boolean given(
      LintFile file, StepNode step, StepScript script, ShellFinding finding) {
    if (finding.rule() != ShellRule.UNSET_VARIABLE) {
      return false;
    }
    String name = name(script.text(), finding);
    JobNode job = step.job();
    return Trees.get(Trees.get(step.body(), "env"), name) != null
        || (job != null && Trees.get(Trees.get(job.body(), "env"), name) != null)
        || Trees.get(Trees.get(file.root(), "env"), name) != null
        // Earlier steps and actions may export what they like.
        || file.namesEnvironmentFile()
        || Trees.get(job == null ? null : job.body(), "container") != null;
  }

  private static String name(String script, ShellFinding finding) {
    int from = finding.start();
    while (from < finding.end() && "${#!".indexOf(script.charAt(from)) >= 0) {
      from++;
    }
    int to = from;
    while (to < finding.end()
        && (script.charAt(to) == '_' || Character.isLetterOrDigit(script.charAt(to)))) {
      to++;
    }
    return script.substring(from, to);
  }

  private static void report(
      LintFile file, StepScript script, ShellFinding one, Rule rule, Found found) {
    YamlNode.Scalar run = script.run();
    int start = file.index(run, one.start());
    int end = one.end() > one.start() ? file.index(run, one.end() - 1) + 1 : start;
    found.at(
        rule.severity(),
        Confidence.HIGH,
        start,
        end,
        sentence(one.message()),
        sentence(one.hint()),
        one.code().isEmpty() ? List.of() : List.of("shellcheck:" + one.code()),
        fix(file, script, one));
  }

  /** Findings begin with a capital and hints do not; neither ends in a full stop. */
  private static String sentence(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  private static @Nullable Fix fix(LintFile file, StepScript script, ShellFinding one) {
    if (one.edits().isEmpty()) {
      return null;
    }
    List<Edit> edits = new ArrayList<>();
    for (ShellEdit edit : one.edits()) {
      Edit placed = ScriptEdits.place(file, script.run(), edit.start(), edit.end(), edit.text());
      if (placed == null) {
        return null;
      }
      edits.add(placed);
    }
    boolean safe =
        PLAIN.contains(one.rule())
            || (one.rule() == ShellRule.UNQUOTED_VARIABLE
                && ONE_WORD.contains(name(script.text(), one)));
    return new Fix(title(one.rule()), safe ? Fix.Safety.SAFE : Fix.Safety.UNSAFE, edits);
  }

  private static String title(ShellRule rule) {
    return switch (rule) {
      case UNQUOTED_VARIABLE, UNQUOTED_COMMAND, UNQUOTED_ARRAY -> "Put it in double quotes";
      case BACKQUOTES -> "Write $(…)";
      case REPEATED_REDIRECT -> "Make a group of them";
      case UNCHECKED_CD -> "End the script when the folder is missing";
      default -> "Rewrite it";
    };
  }
}
