package dev.slipway.cli;

import dev.slipway.lint.Rule;
import dev.slipway.lint.Rules;
import java.util.ArrayList;
import java.util.List;

/** The pages of rules: {@code lint --explain}. */
final class LintPages {
  private LintPages() {}

  /** The page of a rule, or of what covers another tool's name. */
  static String of(String name, Colors colors) {
    Rule own = Rules.named(name);
    List<Rule> rules = own == null ? covering(name) : List.of(own);
    if (rules.size() == 1) {
      return page(rules.getFirst(), colors);
    }
    if (rules.isEmpty()) {
      return page(named(name), colors);
    }
    StringBuilder list = new StringBuilder();
    list.append("What others call ").append(colors.bold(name)).append(" is found by\n\n");
    for (Rule rule : rules) {
      list.append("  ").append(colors.bold(rule.id())).append(": ").append(rule.title());
      list.append('\n');
    }
    return list.append("\nA page of each: slipway lint --explain RULE\n").toString();
  }

  /** The rules that cover {@code TOOL:NAME}, or NAME of any tool, whatever its case. */
  private static List<Rule> covering(String name) {
    List<Rule> rules = new ArrayList<>();
    for (Rule rule : Rules.all()) {
      for (String cover : rule.covers()) {
        String plain = cover.substring(cover.indexOf(':') + 1);
        if (cover.equalsIgnoreCase(name) || plain.equalsIgnoreCase(name)) {
          rules.add(rule);
          break;
        }
      }
    }
    return rules;
  }

  /** The rule of this name; a mistake of the user's when there is none. */
  static Rule named(String name) {
    Rule rule = Rules.named(name);
    if (rule == null) {
      List<String> names = new ArrayList<>();
      for (Rule one : Rules.all()) {
        names.add(one.id());
      }
      String nearest = Nearest.of(name, names);
      throw CommandException.usage(
          "no rule is called '" + name + "'",
          nearest == null
              ? "the rules: " + String.join(", ", names)
              : "did you mean '" + nearest + "'?");
    }
    return rule;
  }

  private static String page(Rule rule, Colors colors) {
    StringBuilder page = new StringBuilder();
    page.append(colors.bold(rule.id())).append(": ").append(rule.title()).append("\n\n");
    page.append(rule.why()).append("\n\n");
    page.append(colors.dim("severity ")).append(rule.severity().text());
    page.append(colors.dim(", profile ")).append(rule.profile().text());
    page.append(colors.dim(", about ")).append(rule.topic().text()).append('\n');
    if (!rule.covers().isEmpty()) {
      page.append(colors.dim("elsewhere called ")).append(String.join(", ", rule.covers()));
      page.append('\n');
    }
    example(page, colors.red("Found in"), rule.bad());
    example(page, colors.green("Mended"), rule.good());
    page.append("\nIgnore one, with the reason: # slipway: ignore[").append(rule.id());
    return page.append("] why it does not matter here\n").toString();
  }

  private static void example(StringBuilder page, String title, String text) {
    page.append('\n').append(title).append("\n\n");
    for (String line : text.lines().toList()) {
      page.append("    ").append(line).append('\n');
    }
  }
}
