package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * What a command is called and takes: the one table behind parsing, help, completion and the
 * manual.
 *
 * @param details paragraphs for help and the manual, after the summary
 */
record Usage(
    String name,
    String summary,
    String details,
    List<Operand> operands,
    List<Option> options,
    List<Example> examples) {
  /** A value given by place. {@code repeated}: takes all that follow. */
  record Operand(
      String name, String text, boolean required, boolean repeated, List<String> choices) {}

  /** A command line to copy and what it does. */
  record Example(String line, String text) {}

  static Usage of(String name, String summary) {
    return new Usage(name, summary, "", List.of(), List.of(), List.of());
  }

  Usage details(String details) {
    return new Usage(name, summary, details, operands, options, examples);
  }

  Usage operand(String operand, String text) {
    return operand(new Operand(operand, text, true, false, List.of()));
  }

  Usage optionalOperand(String operand, String text, String... choices) {
    return operand(new Operand(operand, text, false, false, List.of(choices)));
  }

  Usage operands(String operand, String text) {
    return operand(new Operand(operand, text, false, true, List.of()));
  }

  private Usage operand(Operand operand) {
    return new Usage(name, summary, details, with(operands, operand), options, examples);
  }

  Usage option(Option option) {
    return new Usage(name, summary, details, operands, with(options, option), examples);
  }

  Usage example(String line, String text) {
    return new Usage(
        name, summary, details, operands, options, with(examples, new Example(line, text)));
  }

  /** {@code slipway run [EVENT] [OPTIONS]}. */
  String line() {
    StringBuilder line = new StringBuilder("slipway ").append(name);
    for (Operand operand : operands) {
      String shown = operand.name() + (operand.repeated() ? "…" : "");
      line.append(' ').append(operand.required() ? shown : "[" + shown + "]");
    }
    return line.append(" [OPTIONS]").toString();
  }

  private static <T> List<T> with(List<T> list, T item) {
    List<T> longer = new ArrayList<>(list.size() + 1);
    longer.addAll(list);
    longer.add(item);
    return longer;
  }
}
