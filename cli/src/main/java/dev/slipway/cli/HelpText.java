package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;

/** Help on the terminal, from the commands' tables. */
final class HelpText {
  private static final int WIDTH = 96;

  private HelpText() {}

  /** All commands. */
  static String overview(Colors colors) {
    StringBuilder text = new StringBuilder();
    text.append(
        "Slipway runs your GitHub Actions workflows here, and tells what they would do.\n\n");
    text.append(colors.bold("Usage"))
        .append("\n  slipway COMMAND [OPTIONS]\n\n")
        .append(colors.bold("Commands"))
        .append('\n');
    List<String[]> rows = new ArrayList<>();
    for (Usage usage : Commands.usages()) {
      rows.add(new String[] {usage.name(), usage.summary()});
    }
    table(text, rows);
    text.append('\n').append(colors.bold("Options of every command")).append('\n');
    table(text, rows(ArgumentParser.COMMON));
    text.append('\n').append(colors.bold("Start here")).append('\n');
    table(
        text,
        List.of(
            new String[] {"slipway plan", "what a push would run, and why"},
            new String[] {"slipway run", "run it"},
            new String[] {"slipway help run", "everything about a command"}));
    return text.toString();
  }

  /** One command. */
  static String of(Usage usage, Colors colors) {
    StringBuilder text = new StringBuilder();
    text.append(usage.summary()).append(".\n\n");
    text.append(colors.bold("Usage")).append("\n  ").append(usage.line()).append('\n');
    if (!usage.details().isEmpty()) {
      text.append('\n');
      for (String paragraph : usage.details().split("\n\n", -1)) {
        wrap(text, paragraph, 0);
        text.append('\n');
      }
      text.setLength(text.length() - 1);
    }
    if (!usage.operands().isEmpty()) {
      text.append('\n').append(colors.bold("Arguments")).append('\n');
      List<String[]> rows = new ArrayList<>();
      for (Usage.Operand operand : usage.operands()) {
        rows.add(new String[] {operand.name(), operand.text() + among(operand.choices())});
      }
      table(text, rows);
    }
    text.append('\n').append(colors.bold("Options")).append('\n');
    List<Option> options = new ArrayList<>(usage.options());
    options.addAll(ArgumentParser.COMMON);
    table(text, rows(options));
    if (!usage.examples().isEmpty()) {
      text.append('\n').append(colors.bold("Examples")).append('\n');
      for (Usage.Example example : usage.examples()) {
        text.append("  ").append(colors.dim("# " + example.text())).append('\n');
        text.append("  ").append(example.line()).append('\n');
      }
    }
    return text.toString();
  }

  static String among(List<String> choices) {
    return choices.isEmpty() ? "" : " (" + String.join(", ", choices) + ")";
  }

  private static List<String[]> rows(List<Option> options) {
    List<String[]> rows = new ArrayList<>();
    for (Option option : options) {
      String more = option.repeatable() ? "; may be repeated" : "";
      rows.add(
          new String[] {
            option.letter() == null ? "    " + option.signature() : option.signature(),
            option.text() + among(option.choices()) + more
          });
    }
    return rows;
  }

  private static void table(StringBuilder text, List<String[]> rows) {
    int widest = 0;
    for (String[] row : rows) {
      if (row[0].length() <= 34) {
        widest = Math.max(widest, row[0].length());
      }
    }
    for (String[] row : rows) {
      text.append("  ").append(row[0]);
      int used = row[0].length();
      if (used > widest) {
        text.append('\n').append("  ");
        used = 0;
      }
      text.append(" ".repeat(widest - used + 2));
      wrap(text, row[1], widest + 4);
    }
  }

  /**
   * Appends the words with line breaks; the first line is assumed to stand at {@code indent}
   * already.
   */
  private static void wrap(StringBuilder text, String words, int indent) {
    int column = indent;
    boolean start = true;
    for (String word : words.split("[ \n]+", -1)) {
      if (!start && column + 1 + word.length() > WIDTH) {
        text.append('\n').append(" ".repeat(indent));
        column = indent;
        start = true;
      }
      if (!start) {
        text.append(' ');
        column++;
      }
      text.append(word);
      column += word.length();
      start = false;
    }
    text.append('\n');
  }
}
