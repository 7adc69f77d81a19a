package dev.slipway.shell;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Variables that nothing reads and variables that nothing sets. */
final class Variables implements Check {
  /** Variables the shell and programs look at. */
  private static final Set<String> READ_BY_OTHERS =
      Set.of(
          "_",
          "PATH",
          "IFS",
          "HOME",
          "PWD",
          "CDPATH",
          "PS1",
          "PS2",
          "PS3",
          "PS4",
          "LANG",
          "SHELL",
          "OPTIND",
          "OPTARG",
          "OPTERR",
          "REPLY",
          "DEBIAN_FRONTEND",
          "HISTFILE",
          "LD_LIBRARY_PATH",
          "BASH_ENV",
          "ENV",
          "SECONDS",
          "RANDOM",
          "TMPDIR",
          "TERM",
          "EDITOR",
          "GLOBIGNORE",
          "TIMEFORMAT",
          "PROMPT_COMMAND",
          "MANPATH",
          "USER",
          "COLUMNS",
          "LINES",
          "COMPREPLY",
          "PIPESTATUS",
          "MAPFILE",
          "BASH_REMATCH",
          "FUNCNEST",
          "LOGNAME",
          "MAIL");

  private final Set<String> reported = new HashSet<>();

  @Override
  public void piece(Syntax.Piece piece, Position position, Scope scope) {
    if (piece instanceof Syntax.Parameter parameter
        && parameter.prefix().isEmpty()
        && lower(parameter.name())
        && !guarded(parameter.operator())
        && !scope.names.assignedAnywhere(parameter.name())
        && !scope.names.usedIndirectly()
        && !scope.environment.contains(parameter.name())
        && reported.add(parameter.name())) {
      scope.report(
          ShellRule.UNSET_VARIABLE,
          parameter,
          "nothing here gives a value to $" + parameter.name());
    }
  }

  private static boolean guarded(String operator) {
    return !operator.isEmpty() && "-=+?".indexOf(operator.charAt(operator.length() - 1)) >= 0;
  }

  private static boolean lower(String name) {
    boolean letter = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        return false;
      }
      letter |= c >= 'a' && c <= 'z';
    }
    return letter && !name.endsWith("_proxy");
  }

  static void unused(Scope scope) {
    for (Map.Entry<String, Syntax> entry : scope.names.firstAssigned().entrySet()) {
      String name = entry.getKey();
      if (name.isEmpty()
          || name.startsWith("_")
          || READ_BY_OTHERS.contains(name)
          || name.startsWith("LC_")
          || scope.environment.contains(name)
          || scope.names.usedAnywhere(name)) {
        continue;
      }
      Syntax at = entry.getValue();
      int start = at.start();
      int end = at instanceof Syntax.Assignment ? start + name.length() : at.end();
      scope.report(ShellRule.UNUSED_VARIABLE, "SC2034", start, end, "nothing reads $" + name);
    }
  }
}
