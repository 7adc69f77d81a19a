package dev.slipway.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * How a script is run: command templates of the known shells and of custom ones (actions/runner,
 * ScriptHandlerHelpers).
 *
 * @param command looked up on the path
 * @param arguments with {@code {0}} for the script's path
 * @param extension of the script file
 */
record Shell(String name, String command, List<String> arguments, String extension) {
  /** A custom shell without {@code {0}}. */
  static final class InvalidShellException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidShellException(String message) {
      super(message);
    }
  }

  /** Bash as it is used when no shell is named. */
  static final Shell DEFAULT_BASH = new Shell("bash", "bash", List.of("-e", "{0}"), ".sh");

  static final Shell SH = new Shell("sh", "sh", List.of("-e", "{0}"), ".sh");

  static Shell of(String text) {
    switch (text.toLowerCase(java.util.Locale.ROOT)) {
      case "bash":
        return new Shell(
            "bash", "bash", List.of("--noprofile", "--norc", "-e", "-o", "pipefail", "{0}"), ".sh");
      case "sh":
        return SH;
      case "python":
        return new Shell("python", "python", List.of("{0}"), ".py");
      case "pwsh":
      case "powershell":
        return new Shell(text, text, List.of("-command", ". '{0}'"), ".ps1");
      default:
        break;
    }
    int space = text.indexOf(' ');
    String command = space < 0 ? text : text.substring(0, space);
    String rest = space < 0 ? "" : text.substring(space + 1);
    if (!rest.contains("{0}")) {
      throw new InvalidShellException(
          "Invalid shell option '"
              + text
              + "'. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) or a format string containing '{0}'");
    }
    return new Shell(text, command, words(rest), "");
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
      filled.add(argument.replace("{0}", script));
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
