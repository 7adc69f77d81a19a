package dev.slipway.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a script is run: command templates of the known shells and of custom ones (actions/runner,
 * ScriptHandlerHelpers).
 *
 * @param command looked up on the path
 * @param arguments with {@link #SCRIPT} for the script's path
 * @param extension of the script file
 */
record Shell(String name, String command, List<String> arguments, String extension) {
  private static final String PLACE = "{0}";

  /** Stands for the script's path; no argument can hold it. */
  private static final String SCRIPT = "\0";

  /** A custom shell that is none. */
  static final class InvalidShellException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidShellException(String message) {
      super(message);
    }
  }

  /** Bash as it is used when no shell is named. */
  static final Shell DEFAULT_BASH = new Shell("bash", "bash", List.of("-e", SCRIPT), ".sh");

  static final Shell SH = new Shell("sh", "sh", List.of("-e", SCRIPT), ".sh");

  /**
   * The shell that a step asks for: a known name, or a command with {@code {0}} in its arguments,
   * whose braces are doubled where they stand for themselves.
   *
   * @throws InvalidShellException when it is neither
   */
  static Shell of(String text) {
    int space = text.indexOf(' ');
    String command = space < 0 ? text : text.substring(0, space);
    String known = command.toLowerCase(Locale.ROOT);
    if (space < 0) {
      switch (known) {
        case "bash":
          return new Shell(
              known,
              known,
              List.of("--noprofile", "--norc", "-e", "-o", "pipefail", SCRIPT),
              ".sh");
        case "sh":
          return SH;
        case "python":
          return new Shell(known, known, List.of(SCRIPT), ".py");
        case "pwsh":
        case "powershell":
          return new Shell(text, text, List.of("-command", ". '" + SCRIPT + "'"), ".ps1");
        default:
          break;
      }
    }
    String rest = space < 0 ? "" : text.substring(space + 1);
    if (!rest.contains(PLACE)) {
      throw new InvalidShellException(
          "Invalid shell option '"
              + text
              + "'. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) or a format"
              + " string containing '{0}'");
    }
    return new Shell(text, command, words(filled(rest, text)), extension(known));
  }

  private static String extension(String command) {
    return switch (command) {
      case "bash", "sh" -> ".sh";
      case "python" -> ".py";
      case "pwsh", "powershell" -> ".ps1";
      default -> "";
    };
  }

  /** Arguments with the place of the script filled and doubled braces made one. */
  private static String filled(String arguments, String shell) {
    StringBuilder filled = new StringBuilder();
    for (int i = 0; i < arguments.length(); i++) {
      char c = arguments.charAt(i);
      if (arguments.startsWith("{{", i) || arguments.startsWith("}}", i)) {
        filled.append(c);
        i++;
      } else if (arguments.startsWith(PLACE, i)) {
        filled.append(SCRIPT);
        i += PLACE.length() - 1;
      } else if (c == '{' || c == '}') {
        throw new InvalidShellException(
            "Invalid shell option '"
                + shell
                + "'. A brace that does not belong to '{0}' must be doubled");
      } else {
        filled.append(c);
      }
    }
    return filled.toString();
  }

  /** Split at blanks, with double quotes taken off. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean any = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        word.append('"');
        any = true;
        i++;
      } else if (c == '"') {
        quoted = !quoted;
        any = true;
      } else if (c == ' ' && !quoted) {
        if (any) {
          words.add(word.toString());
          word.setLength(0);
          any = false;
        }
      } else {
        word.append(c);
        any = true;
      }
    }
    if (any) {
      words.add(word.toString());
    }
    return words;
  }

  /** The arguments for a script. */
  List<String> arguments(String script) {
    List<String> filled = new ArrayList<>(arguments.size());
    for (String argument : arguments) {
      filled.add(argument.replace(SCRIPT, script));
    }
    return filled;
  }

  /** The script as this shell wants it. */
  String prepare(String script) {
    if (extension.equals(".ps1")) {
      return "$ErrorActionPreference = 'stop'\n"
          + script
          + "\nif ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }";
    }
    return script;
  }
}
