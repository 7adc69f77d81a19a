package dev.slipway.shell;

import java.util.Set;

/** What sh need not have. */
final class Portability implements Check {
  private static final Set<String> VARIABLES =
      Set.of(
          "RANDOM",
          "SECONDS",
          "HOSTNAME",
          "UID",
          "EUID",
          "BASH_SOURCE",
          "BASH_VERSION",
          "FUNCNAME",
          "OSTYPE",
          "MACHTYPE",
          "HOSTTYPE",
          "DIRSTACK",
          "PIPESTATUS",
          "SHLVL",
          "BASHPID",
          "BASH_REMATCH",
          "GROUPS",
          "SHELLOPTS",
          "EPOCHSECONDS");

  private static void only(Scope scope, String code, Syntax at, String what) {
    scope.report(ShellRule.BASH_ONLY, code, at, what + " is not part of sh");
  }

  @Override
  public void compound(Syntax.Command command, Scope scope) {
    if (command instanceof Syntax.Condition condition) {
      only(scope, "SC3010", condition, "[[ ]]");
    } else if (command instanceof Syntax.Calculation calculation) {
      only(scope, "SC3006", calculation, "(( ))");
    } else if (command instanceof Syntax.Counting loop) {
      only(scope, "SC3005", loop, "for (( ))");
    } else if (command instanceof Syntax.For loop && loop.select()) {
      only(scope, "SC3008", loop, "select");
    } else if (command instanceof Syntax.Function function && function.keyword()) {
      only(scope, "SC2112", function, "the word function");
    }
  }

  @Override
  public void assignment(Syntax.Assignment assignment, Scope scope) {
    if (assignment.append()) {
      only(scope, "SC3024", assignment, "+=");
    }
    if (assignment.subscript() != null) {
      only(scope, "SC3030", assignment, "an array");
    }
  }

  @Override
  public void redirect(Syntax.Redirect redirect, Scope scope) {
    switch (redirect.operator()) {
      case "<<<" -> only(scope, "SC3011", redirect, "<<<");
      case "&>", "&>>" -> only(scope, "SC3020", redirect, redirect.operator());
      case ">&" -> {
        String target = Words.literal(redirect.target());
        if (redirect.descriptor().isEmpty()
            && target != null
            && !target.isEmpty()
            && !Character.isDigit(target.charAt(0))
            && !target.equals("-")) {
          only(scope, "SC3020", redirect, ">& with a file");
        }
      }
      default -> {}
    }
  }

  @Override
  public void piece(Syntax.Piece piece, Position position, Scope scope) {
    if (piece instanceof Syntax.ProcessSubstitution process) {
      only(scope, "SC3001", process, "<( )");
    } else if (piece instanceof Syntax.AnsiQuoted quoted) {
      only(scope, "SC3003", quoted, "$'…'");
    } else if (piece instanceof Syntax.DoubleQuoted quoted && quoted.translated()) {
      only(scope, "SC3004", quoted, "$\"…\"");
    } else if (piece instanceof Syntax.ArrayValue array) {
      only(scope, "SC3030", array, "an array");
    } else if (piece instanceof Syntax.Parameter parameter) {
      parameter(parameter, scope);
    } else if (piece instanceof Syntax.Text text
        && (position == Position.ARGUMENT || position == Position.ELEMENT_OF_LOOP)
        && braces(text.value())) {
      only(scope, "SC3009", braces(text), "{…} with several texts");
    }
  }

  private static boolean braces(String text) {
    int open = text.indexOf('{');
    int close = text.indexOf('}', open + 1);
    if (open < 0 || close < 0) {
      return false;
    }
    String inner = text.substring(open + 1, close);
    return inner.indexOf(',') >= 0 || inner.contains("..");
  }

  /** The place of the braces in a text, where each of its characters has one of its own. */
  private static Syntax braces(Syntax.Text text) {
    if (text.end() - text.start() != text.value().length()) {
      return text;
    }
    return new Syntax.Text(
        text.start() + text.value().indexOf('{'),
        text.start() + text.value().indexOf('}', text.value().indexOf('{')) + 1,
        text.value());
  }

  private static void parameter(Syntax.Parameter parameter, Scope scope) {
    if (parameter.subscript() != null) {
      only(scope, "SC3054", parameter, "an array");
    } else if (parameter.prefix().equals("!")) {
      only(scope, "SC3053", parameter, "${!name}");
    } else {
      switch (parameter.operator()) {
        case "/", "//" -> only(scope, "SC3060", parameter, "${name/…}");
        case ":" -> only(scope, "SC3057", parameter, "${name:…}");
        case "^", "^^", ",", ",," ->
            only(scope, "SC3059", parameter, "${name" + parameter.operator() + "}");
        default -> {
          if (VARIABLES.contains(parameter.name())
              && !scope.names.assignedAnywhere(parameter.name())
              && !scope.environment.contains(parameter.name())) {
            only(scope, "SC3028", parameter, "$" + parameter.name());
          }
        }
      }
    }
  }

  @Override
  public void simple(Syntax.Simple simple, Scope scope) {
    String name = Words.command(simple);
    switch (name) {
      case "source" -> only(scope, "SC3046", simple.words().getFirst(), "source");
      case "local" -> only(scope, "SC3043", simple, "local");
      case "declare",
          "typeset",
          "mapfile",
          "readarray",
          "shopt",
          "pushd",
          "popd",
          "dirs",
          "let",
          "disown",
          "enable",
          "caller",
          "complete",
          "compgen" ->
          only(scope, "SC3044", simple.words().getFirst(), name);
      case "[", "test" -> {
        for (Syntax.Word word : simple.words()) {
          if ("==".equals(Words.literal(word))) {
            only(scope, "SC3014", word, "==");
          } else if ("=~".equals(Words.literal(word))) {
            only(scope, "SC3015", word, "=~");
          }
        }
      }
      case "set" -> {
        for (int i = 1; i < simple.words().size(); i++) {
          if ("pipefail".equals(Words.literal(simple.words().get(i)))) {
            only(scope, "SC3040", simple.words().get(i), "set -o pipefail");
          }
        }
      }
      case "echo" -> {
        if (simple.words().size() > 1) {
          String first = Words.literal(simple.words().get(1));
          if (first != null && first.matches("-[neE]+")) {
            only(scope, "SC3037", simple.words().get(1), "a flag of echo");
          }
        }
      }
      case "read" -> {
        for (int i = 1; i < simple.words().size(); i++) {
          String word = Words.literal(simple.words().get(i));
          if (word != null && word.startsWith("-") && !word.matches("-r?")) {
            only(scope, "SC3045", simple.words().get(i), "read " + word);
          }
        }
      }
      case "printf" -> {
        if (simple.words().size() > 1 && "-v".equals(Words.literal(simple.words().get(1)))) {
          only(scope, "SC3045", simple.words().get(1), "printf -v");
        }
      }
      case "export" -> {
        for (int i = 1; i < simple.words().size(); i++) {
          String word = Words.literal(simple.words().get(i));
          if (word != null && word.startsWith("-") && !word.equals("-p")) {
            only(scope, "SC3045", simple.words().get(i), "export " + word);
          }
        }
      }
      default -> {}
    }
  }
}
