package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Completion scripts, from the commands' tables. */
final class CompletionScript {
  private CompletionScript() {}

  static String bash() {
    StringBuilder text = new StringBuilder();
    text.append("# bash completion for slipway\n_slipway() {\n");
    text.append(
        "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= i\n");
    text.append("  COMPREPLY=()\n");
    text.append("  for ((i = 1; i < COMP_CWORD; i++)); do\n");
    text.append(
        "    case ${COMP_WORDS[i]} in -C|--directory) ((i++)) ;; -*) ;; *)"
            + " command=${COMP_WORDS[i]}; break ;; esac\n");
    text.append("  done\n");
    text.append("  case $command:$before in\n");
    for (Usage usage : Commands.usages()) {
      for (Option option : options(usage)) {
        if (option.value() != null) {
          StringJoiner patterns = new StringJoiner("|");
          patterns.add(usage.name() + ":--" + option.name());
          if (option.letter() != null) {
            patterns.add(usage.name() + ":-" + option.letter());
          }
          text.append("    ")
              .append(patterns)
              .append(") COMPREPLY=(")
              .append(bashValues(option))
              .append("); return ;;\n");
        }
      }
    }
    text.append(
        "    :-C|:--directory) COMPREPLY=($(compgen -d -- \"$word\")); return ;;\n  esac\n");
    text.append("  case $command in\n");
    text.append("    '') COMPREPLY=($(compgen -W '").append(String.join(" ", Commands.NAMES));
    text.append(" --version --help --no-color --directory' -- \"$word\")) ;;\n");
    for (Usage usage : Commands.usages()) {
      text.append("    ")
          .append(usage.name())
          .append(")\n      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '");
      text.append(optionNames(usage)).append("' -- \"$word\"))\n      else COMPREPLY=($(compgen ");
      List<String> operands = operandValues(usage);
      text.append(operands.isEmpty() ? "-f" : "-W '" + String.join(" ", operands) + "'");
      text.append(" -- \"$word\")); fi ;;\n");
    }
    return text.append("  esac\n}\ncomplete -o filenames -F _slipway slipway\n").toString();
  }

  static String zsh() {
    StringBuilder text = new StringBuilder();
    text.append(
        "#compdef slipway\n# zsh completion for slipway\n_slipway() {\n  local -a commands=(\n");
    for (Usage usage : Commands.usages()) {
      text.append("    ").append(quote(usage.name() + ":" + usage.summary())).append('\n');
    }
    text.append(
        """
          )
          if (( CURRENT == 2 )); then
            _describe -t commands command commands
            return
          fi
        """);
    text.append(
        "  local command=$words[2]\n  shift words\n  (( CURRENT-- ))\n  case $command in\n");
    for (Usage usage : Commands.usages()) {
      text.append("    ").append(usage.name()).append(")\n      _arguments -s");
      for (Option option : options(usage)) {
        String description = "[" + zshText(option.text()) + "]";
        String value = option.value() == null ? "" : ":" + option.value() + ":" + zshValues(option);
        String repeated = option.repeatable() ? "*" : "";
        text.append(" \\\n        ")
            .append(quote(repeated + "--" + option.name() + description + value));
        if (option.letter() != null) {
          text.append(" \\\n        ")
              .append(quote(repeated + "-" + option.letter() + description + value));
        }
      }
      for (Usage.Operand operand : usage.operands()) {
        List<String> values = values(operand);
        String offered = values.isEmpty() ? "_files" : "(" + String.join(" ", values) + ")";
        text.append(" \\\n        ")
            .append(quote((operand.repeated() ? "*" : "") + "::" + operand.name() + ":" + offered));
      }
      text.append(" ;;\n");
    }
    text.append("  esac\n}\n");
    return text.append(
            "if [ \"$funcstack[1]\" = _slipway ]; then _slipway \"$@\"; else compdef _slipway"
                + " slipway; fi\n")
        .toString();
  }

  static String fish() {
    StringBuilder text =
        new StringBuilder("# fish completion for slipway\ncomplete -c slipway -f\n");
    String none = "-n __fish_use_subcommand";
    for (Usage usage : Commands.usages()) {
      text.append("complete -c slipway ").append(none).append(" -a ").append(usage.name());
      text.append(" -d ").append(quote(usage.summary())).append('\n');
    }
    text.append("complete -c slipway ").append(none).append(" -l version -d 'Print the version'\n");
    for (Usage usage : Commands.usages()) {
      String only = "-n '__fish_seen_subcommand_from " + usage.name() + "'";
      for (Option option : options(usage)) {
        text.append("complete -c slipway ").append(only).append(" -l ").append(option.name());
        if (option.letter() != null) {
          text.append(" -s ").append(option.letter());
        }
        if (option.value() != null) {
          text.append(
              option.choices().isEmpty()
                  ? (option.kind() == Option.Kind.TEXT ? " -x" : " -r -F")
                  : " -x -a " + quote(String.join(" ", option.choices())));
        }
        text.append(" -d ").append(quote(option.text())).append('\n');
      }
      List<String> operands = operandValues(usage);
      if (!operands.isEmpty()) {
        text.append("complete -c slipway ")
            .append(only)
            .append(" -a ")
            .append(quote(String.join(" ", operands)))
            .append('\n');
      } else if (!usage.operands().isEmpty()) {
        text.append("complete -c slipway ").append(only).append(" -F\n");
      }
    }
    return text.toString();
  }

  private static List<Option> options(Usage usage) {
    List<Option> options = new ArrayList<>(usage.options());
    options.addAll(ArgumentParser.COMMON);
    return options;
  }

  private static String optionNames(Usage usage) {
    StringJoiner names = new StringJoiner(" ");
    for (Option option : options(usage)) {
      names.add("--" + option.name());
      if (option.letter() != null) {
        names.add("-" + option.letter());
      }
    }
    return names.toString();
  }

  private static List<String> operandValues(Usage usage) {
    List<String> values = new ArrayList<>();
    for (Usage.Operand operand : usage.operands()) {
      values.addAll(values(operand));
    }
    return values;
  }

  private static List<String> values(Usage.Operand operand) {
    return operand.name().equals("COMMAND") ? Commands.NAMES : operand.choices();
  }

  private static String bashValues(Option option) {
    if (!option.choices().isEmpty()) {
      return "$(compgen -W '" + String.join(" ", option.choices()) + "' -- \"$word\")";
    }
    if (option.kind() == Option.Kind.DIRECTORY) {
      return "$(compgen -d -- \"$word\")";
    }
    return option.kind() == Option.Kind.FILE ? "$(compgen -f -- \"$word\")" : "";
  }

  private static String zshValues(Option option) {
    if (!option.choices().isEmpty()) {
      return "(" + String.join(" ", option.choices()) + ")";
    }
    if (option.kind() == Option.Kind.DIRECTORY) {
      return "_files -/";
    }
    return option.kind() == Option.Kind.FILE ? "_files" : " ";
  }

  private static String zshText(String text) {
    return text.replace("[", "(").replace("]", ")").replace(":", " -");
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
