package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The manual's pages and a machine's view of the commands' tables. */
final class Manual {
  private Manual() {}

  /** The table of a command that help lists. */
  static Usage usage(String name) {
    Command command = Commands.NAMES.contains(name) ? Commands.named(name) : null;
    if (command == null) {
      String nearest = Nearest.of(name, Commands.NAMES);
      throw CommandException.usage(
          "slipway has no command '" + name + "'",
          nearest == null ? "see: slipway help" : "did you mean '" + nearest + "'?");
    }
    return command.usage();
  }

  /** The tables of one command, or of all when {@code name} is null. */
  static String json(@Nullable String name) {
    Json json =
        new Json().object().member("schema", "slipway.help/1").member("version", Build.VERSION);
    json.array("commands");
    for (Usage usage : name == null ? Commands.usages() : List.of(usage(name))) {
      json.object()
          .member("name", usage.name())
          .member("summary", usage.summary())
          .member("usage", usage.line());
      json.array("arguments");
      for (Usage.Operand operand : usage.operands()) {
        json.object().member("name", operand.name()).member("text", operand.text());
        json.member("required", operand.required()).member("repeatable", operand.repeated()).end();
      }
      json.end().array("options");
      for (Option option : options(usage)) {
        json.object().member("name", "--" + option.name());
        json.member("letter", option.letter() == null ? null : "-" + option.letter());
        json.member("value", option.value()).member("text", option.text());
        json.member("repeatable", option.repeatable());
        if (!option.choices().isEmpty()) {
          json.array("choices");
          option.choices().forEach(json::value);
          json.end();
        }
        json.end();
      }
      json.end().array("examples");
      for (Usage.Example example : usage.examples()) {
        json.object().member("line", example.line()).member("text", example.text()).end();
      }
      json.end().end();
    }
    return json.end().end().text();
  }

  /** The command's page in Markdown. */
  static String page(Usage usage) {
    StringBuilder page = new StringBuilder();
    page.append("# slipway ").append(usage.name()).append("\n\n");
    page.append(usage.summary()).append(".\n\n```text\n").append(usage.line()).append("\n```\n");
    if (!usage.details().isEmpty()) {
      page.append('\n').append(usage.details()).append('\n');
    }
    if (!usage.operands().isEmpty()) {
      page.append("\n## Arguments\n\n| argument | meaning |\n|---|---|\n");
      for (Usage.Operand operand : usage.operands()) {
        row(page, operand.name(), operand.text() + HelpText.among(operand.choices()));
      }
    }
    page.append("\n## Options\n\n| option | meaning |\n|---|---|\n");
    for (Option option : options(usage)) {
      row(
          page,
          option.signature(),
          option.text()
              + HelpText.among(option.choices())
              + (option.repeatable() ? "; may be repeated" : ""));
    }
    if (!usage.examples().isEmpty()) {
      page.append("\n## Examples\n\n```sh\n");
      for (Usage.Example example : usage.examples()) {
        page.append("# ").append(example.text()).append('\n').append(example.line()).append('\n');
      }
      page.append("```\n");
    }
    return page.toString();
  }

  private static List<Option> options(Usage usage) {
    List<Option> options = new ArrayList<>(usage.options());
    options.addAll(ArgumentParser.COMMON);
    return options;
  }

  private static void row(StringBuilder page, String left, String right) {
    page.append("| `")
        .append(left.replace("|", "\\|"))
        .append("` | ")
        .append(right.replace("|", "\\|"))
        .append(" |\n");
  }
}
