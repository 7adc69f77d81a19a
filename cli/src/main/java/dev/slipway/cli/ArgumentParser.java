package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a command line by a command's {@link Usage}. */
final class ArgumentParser {
  /** What every command takes. */
  static final List<Option> COMMON =
      List.of(
          Option.value("directory", "DIR", "Work as if started in DIR").letter("C").directory(),
          Option.flag("json", "Print JSON for programs"),
          Option.flag("no-color", "Print no colours (as does the environment variable NO_COLOR)"),
          Option.flag("help", "Explain the command").letter("h"));

  private final Usage usage;
  private final Arguments arguments = new Arguments();

  private ArgumentParser(Usage usage) {
    this.usage = usage;
  }

  static Arguments parse(Usage usage, List<String> words) {
    ArgumentParser parser = new ArgumentParser(usage);
    parser.read(words);
    return parser.arguments;
  }

  private void read(List<String> words) {
    int i = 0;
    while (i < words.size()) {
      String word = words.get(i++);
      if (word.equals("--")) {
        for (; i < words.size(); i++) {
          arguments.operand(words.get(i));
        }
      } else if (word.startsWith("--")) {
        i = longOption(word, words, i);
      } else if (word.length() > 1 && word.charAt(0) == '-') {
        i = letters(word, words, i);
      } else {
        arguments.operand(word);
      }
    }
    if (!arguments.has("help")) {
      checkOperands();
    }
  }

  private int longOption(String word, List<String> words, int next) {
    int equals = word.indexOf('=');
    String name = word.substring(2, equals < 0 ? word.length() : equals);
    Option option = find(name, false);
    if (option == null) {
      throw unknown("--" + name, "--" + nearestOption(name));
    }
    if (option.value() == null) {
      if (equals >= 0 && option.choices().isEmpty()) {
        throw misused("--" + name + " takes no value");
      }
      if (equals >= 0) {
        accept(option, word.substring(equals + 1));
        return next;
      }
      arguments.option(option.name(), "");
      return next;
    }
    if (equals >= 0) {
      accept(option, word.substring(equals + 1));
      return next;
    }
    return value(option, "--" + name, words, next);
  }

  private int letters(String word, List<String> words, int next) {
    int i = 1;
    while (i < word.length()) {
      String letter = word.substring(i, i + 1);
      Option option = find(letter, true);
      if (option == null) {
        String rest = word.substring(1);
        throw unknown("-" + letter, rest.length() > 1 ? "--" + nearestOption(rest) : "--");
      }
      i++;
      if (option.value() == null) {
        arguments.option(option.name(), "");
      } else if (i < word.length()) {
        accept(option, word.substring(word.charAt(i) == '=' ? i + 1 : i));
        return next;
      } else {
        return value(option, "-" + letter, words, next);
      }
    }
    return next;
  }

  private int value(Option option, String written, List<String> words, int next) {
    if (next >= words.size()) {
      throw misused(written + " needs a value: " + option.signature());
    }
    accept(option, words.get(next));
    return next + 1;
  }

  private void accept(Option option, String value) {
    if (!option.choices().isEmpty() && !option.choices().contains(value)) {
      throw misused(
          "--"
              + option.name()
              + " is one of "
              + String.join(", ", option.choices())
              + ", not '"
              + value
              + "'");
    }
    arguments.option(option.name(), value);
  }

  private void checkOperands() {
    List<Usage.Operand> operands = usage.operands();
    int given = arguments.operands().size();
    int most = 0;
    for (Usage.Operand operand : operands) {
      if (operand.required() && given <= most) {
        throw misused(operand.name() + " is missing: " + usage.line());
      }
      String value = arguments.operand(most);
      if (value != null && !operand.choices().isEmpty() && !operand.choices().contains(value)) {
        throw misused(
            operand.name()
                + " is one of "
                + String.join(", ", operand.choices())
                + ", not '"
                + value
                + "'");
      }
      most = operand.repeated() ? Integer.MAX_VALUE : most + 1;
    }
    if (given > most) {
      throw misused("'" + arguments.required(most) + "' is one argument too many: " + usage.line());
    }
  }

  private @Nullable Option find(String name, boolean letter) {
    for (Option option : usage.options()) {
      if (name.equals(letter ? option.letter() : option.name())) {
        return option;
      }
    }
    for (Option option : COMMON) {
      if (name.equals(letter ? option.letter() : option.name())) {
        return option;
      }
    }
    return null;
  }

  private String nearestOption(String name) {
    List<String> names = new ArrayList<>();
    for (Option option : usage.options()) {
      names.add(option.name());
    }
    for (Option option : COMMON) {
      names.add(option.name());
    }
    String nearest = Nearest.of(name, names);
    return nearest == null ? "" : nearest;
  }

  private CommandException unknown(String written, String nearest) {
    return CommandException.usage(
        "slipway " + usage.name() + " has no option '" + written + "'",
        nearest.equals("--") ? helpHint() : "did you mean '" + nearest + "'?");
  }

  private CommandException misused(String message) {
    return CommandException.usage(message, helpHint());
  }

  private String helpHint() {
    return "see: slipway help " + usage.name();
  }
}
