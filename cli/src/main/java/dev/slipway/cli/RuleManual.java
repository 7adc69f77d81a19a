package dev.slipway.cli;

import dev.slipway.lint.Rule;
import dev.slipway.lint.Rules;
import dev.slipway.lint.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The parts of the manual that come from the rules of {@code lint}. */
final class RuleManual {
  private static final String NAMES = "## From their names to Slipway's";

  private RuleManual() {}

  /** The reference of all rules. */
  static String rules() {
    StringBuilder out = new StringBuilder();
    out.append("# Rules of lint\n\n")
        .append("What `slipway lint` finds, by topic. How to choose among them: [lint](lint.md). ")
        .append("From other tools' names to these: [moving over](moving.md).\n");
    for (Topic topic : Topic.values()) {
      out.append("\n**").append(capital(topic.text())).append("**\n\n");
      out.append("| rule | severity | profile | finds |\n|---|---|---|---|\n");
      for (Rule rule : of(topic)) {
        out.append("| [").append(rule.id()).append("](#").append(rule.id()).append(") | ");
        out.append(rule.severity().text()).append(" | ").append(rule.profile().text());
        out.append(" | ").append(cell(rule.title())).append(" |\n");
      }
    }
    for (Topic topic : Topic.values()) {
      out.append("\n## ").append(capital(topic.text())).append('\n');
      for (Rule rule : of(topic)) {
        rule(rule, out);
      }
    }
    return out.toString();
  }

  private static List<Rule> of(Topic topic) {
    List<Rule> rules = new ArrayList<>();
    for (Rule rule : Rules.all()) {
      if (rule.topic() == topic) {
        rules.add(rule);
      }
    }
    return rules;
  }

  private static void rule(Rule rule, StringBuilder out) {
    out.append("\n### ").append(rule.id()).append("\n\n");
    out.append(text(rule.title())).append(". Severity ").append(rule.severity().text());
    out.append(", profile ").append(rule.profile().text()).append(".\n");
    if (!rule.covers().isEmpty()) {
      out.append("Elsewhere called ").append(names(rule.covers())).append(".\n");
    }
    out.append('\n').append(rule.why()).append('\n');
    example("Found in", rule.bad(), out);
    example("Mended", rule.good(), out);
  }

  private static String names(List<String> covers) {
    List<String> names = new ArrayList<>();
    for (String cover : covers) {
      names.add("`" + cover + "`");
    }
    return String.join(", ", names);
  }

  private static void example(String title, String text, StringBuilder out) {
    out.append('\n').append(title).append(":\n\n```yaml\n").append(text);
    out.append(text.endsWith("\n") ? "" : "\n").append("```\n");
  }

  /** A page by hand, with its table of names renewed. */
  static String moving(String page) {
    int at = page.indexOf(NAMES);
    String before = at < 0 ? page.stripTrailing() + "\n\n" : page.substring(0, at);
    StringBuilder out = new StringBuilder(before).append(NAMES).append('\n');
    tool("actionlint", "actionlint", out);
    tool("zizmor", "zizmor", out);
    tool("shellcheck", "ShellCheck", out);
    return out.toString();
  }

  private static void tool(String tool, String title, StringBuilder out) {
    Map<String, List<Rule>> rules = new TreeMap<>();
    for (Rule rule : Rules.all()) {
      for (String cover : rule.covers()) {
        if (cover.startsWith(tool + ":")) {
          String name = cover.substring(tool.length() + 1);
          rules.computeIfAbsent(name, n -> new ArrayList<>()).add(rule);
        }
      }
    }
    out.append("\n### ").append(title).append("\n\n| ").append(title).append(" | Slipway |\n");
    out.append("|---|---|\n");
    for (Map.Entry<String, List<Rule>> entry : rules.entrySet()) {
      Map<String, String> links = new LinkedHashMap<>();
      for (Rule rule : entry.getValue()) {
        links.put(rule.id(), "[" + rule.id() + "](rules.md#" + rule.id() + ")");
      }
      out.append("| `").append(entry.getKey()).append("` | ");
      out.append(String.join(", ", links.values())).append(" |\n");
    }
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** Text that Markdown shows as it is; code in backticks stays code. */
  private static String text(String text) {
    return text.replace("<", "&lt;");
  }

  private static String cell(String text) {
    return text(text).replace("|", "\\|");
  }
}
