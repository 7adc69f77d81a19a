package dev.slipway.lint;

import static dev.slipway.lint.Security.rule;

import dev.slipway.workflow.YamlNode;
import java.util.List;

/** Rules about the configuration of Dependabot. */
final class DependabotRules {
  private DependabotRules() {}

  static List<Rule> all() {
    return List.of(COOLDOWN, EXECUTION, ACTIONS);
  }

  private static String update(String more) {
    return "version: 2\n"
        + "updates:\n"
        + "  - package-ecosystem: github-actions\n"
        + "    directory: /\n"
        + more
        + "    schedule:\n"
        + "      interval: weekly\n";
  }

  static final Rule COOLDOWN =
      rule(
              "dependabot-cooldown",
              Severity.WARNING,
              Profile.STRICT,
              "New versions are proposed on the day they appear",
              "zizmor:dependabot-cooldown")
          .why(
              """
              Versions that somebody slipped in are mostly found within days. Who waits a week before updating meets few of
              them; updates that mend known holes come at once all the same.
              """)
          .example(update(""), update("    cooldown:\n      default-days: 7\n"))
          .check((file, found) -> {
            for (YamlNode update : Trees.items(Trees.get(file.root(), "updates"))) {
              cooldown(file, update, found);
            }
          })
          .in(FileKind.DEPENDABOT);

  private static void cooldown(LintFile file, YamlNode update, Found found) {
    YamlNode.Member ecosystem = Trees.member(update, "package-ecosystem");
    YamlNode.Member cooldown = Trees.member(update, "cooldown");
    YamlNode.Mapping body = update.mapping();
    if (ecosystem == null
        || body == null
        || Trees.member(update, "multi-ecosystem-group") != null) {
      return;
    }
    YamlNode.Member days = cooldown == null ? null : Trees.member(cooldown.value(), "default-days");
    YamlNode.Scalar value = days == null ? null : days.value().scalar();
    int wait = file.project().settings().cooldown();
    if (value == null) {
      Edit edit =
          Insertion.below(
              file, body, ecosystem, "cooldown", "default-days", Integer.toString(wait));
      found.at(
          cooldown == null ? ecosystem.key() : cooldown.key(),
          "Updates are proposed on the day they appear",
          "add 'cooldown:' with 'default-days: " + wait + "'",
          edit == null ? null : new Fix("Wait some days", Fix.Safety.SAFE, List.of(edit)));
      return;
    }
    if (number(value.text()) < wait) {
      found.at(
          value,
          "Updates are proposed after " + value.text() + " days, too soon to know of bad ones",
          "wait " + wait + " days",
          new Fix(
              "Wait some days",
              Fix.Safety.SAFE,
              List.of(new Edit(value.start(), value.end(), Integer.toString(wait)))));
    }
  }

  private static int number(String text) {
    int number = 0;
    for (int i = 0; i < text.length() && i < 6; i++) {
      if (!Character.isDigit(text.charAt(i))) {
        return Integer.MAX_VALUE;
      }
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private static final Rule EXECUTION =
      rule(
              "dependabot-execution",
              Severity.ERROR,
              Profile.DEFAULT,
              "Dependabot runs the code of packages it looks at",
              "zizmor:dependabot-execution")
          .why(
              """
              With `insecure-external-code-execution: allow` a manifest or a package can run code in the updater, which holds
              the credentials of the registries.
              """)
          .example(
              update("    insecure-external-code-execution: allow\n"),
              update("    insecure-external-code-execution: deny\n"))
          .check((file, found) -> {
            for (YamlNode update : Trees.items(Trees.get(file.root(), "updates"))) {
              YamlNode.Scalar value = Trees.scalar(update, "insecure-external-code-execution");
              if (value != null && value.text().equals("allow")) {
                int start =
                    value.style() == YamlNode.Style.PLAIN ? value.start() : value.start() + 1;
                found.at(
                    value,
                    "Packages may run code in the updater",
                    "write 'deny', or leave it out",
                    new Fix(
                        "Deny it",
                        Fix.Safety.UNSAFE,
                        List.of(new Edit(start, start + "allow".length(), "deny"))));
              }
            }
          })
          .in(FileKind.DEPENDABOT);

  private static final Rule ACTIONS =
      rule(
              "dependabot-without-actions",
              Severity.STYLE,
              Profile.PEDANTIC,
              "Dependabot does not look after the actions",
              "sisakulint:dependabot-github-actions")
          .why("Actions pinned to commits stay at them, holes and all, unless something moves on.")
          .example(
              "version: 2\n"
                  + "updates:\n"
                  + "  - package-ecosystem: npm\n"
                  + "    directory: /\n"
                  + "    cooldown:\n"
                  + "      default-days: 7\n"
                  + "    schedule:\n"
                  + "      interval: weekly\n",
              update("    cooldown:\n      default-days: 7\n"))
          .check((file, found) -> {
            YamlNode.Member updates = Trees.member(file.root(), "updates");
            if (updates == null) {
              return;
            }
            for (YamlNode update : Trees.items(updates.value())) {
              if (Trees.text(update, "package-ecosystem").equals("github-actions")) {
                return;
              }
            }
            found.at(
                updates.key(),
                "Nothing proposes new versions of actions",
                "add an entry for the ecosystem 'github-actions'");
          })
          .in(FileKind.DEPENDABOT);
}
