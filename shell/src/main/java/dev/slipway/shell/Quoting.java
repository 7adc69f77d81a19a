package dev.slipway.shell;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Expansions whose value is split or matched with files where that is hardly meant. */
final class Quoting implements Check {
  /** Commands that print words to be split. */
  private static final Set<String> LISTING = Set.of("seq", "pgrep", "pidof");

  /** Commands that print one word or sentence, so that quotes change nothing that was meant. */
  private static final Set<String> SINGLE =
      Set.of(
          "pwd",
          "date",
          "nproc",
          "dirname",
          "basename",
          "mktemp",
          "whoami",
          "uname",
          "which",
          "realpath",
          "readlink",
          "hostname",
          "id");

  /** Endings of names under which several words are kept on purpose. */
  private static final List<String> LISTS =
      List.of("args", "flags", "opts", "options", "cmd", "command", "params", "packages", "list");

  @Override
  public void piece(Syntax.Piece piece, Position position, Scope scope) {
    if (piece instanceof Syntax.Parameter parameter) {
      parameter(parameter, position, scope);
    } else if (piece instanceof Syntax.CommandSubstitution substitution) {
      if (substitution.backquoted()) {
        scope.report(
            ShellRule.BACKQUOTES,
            substitution,
            "backquotes are the old way to put in what a command prints",
            edits(substitution));
      }
      substitution(substitution, position, scope);
    } else if (piece instanceof Syntax.Arithmetic arithmetic) {
      if (arithmetic.bracketed()) {
        scope.report(
            ShellRule.OLD_ARITHMETIC,
            arithmetic,
            "$[…] is the old way to calculate",
            new ShellEdit(arithmetic.start(), arithmetic.start() + 2, "$(("),
            new ShellEdit(arithmetic.end() - 1, arithmetic.end(), "))"));
      }
    }
  }

  private static ShellEdit[] edits(Syntax.CommandSubstitution substitution) {
    return new ShellEdit[] {
      new ShellEdit(substitution.start(), substitution.start() + 1, "$("),
      new ShellEdit(substitution.end() - 1, substitution.end(), ")")
    };
  }

  private static void parameter(Syntax.Parameter parameter, Position position, Scope scope) {
    if (parameter.subscript() != null && scope.names.numbered(parameter.name())) {
      dollars(parameter.subscript(), scope);
    }
    if (Words.elements(parameter)) {
      if (position == Position.ARGUMENT
          || position == Position.ELEMENT_OF_LOOP
          || position == Position.ELEMENT) {
        scope.report(
            ShellRule.UNQUOTED_ARRAY,
            parameter,
            "the elements are split at blanks and matched with files",
            around(parameter));
      }
      return;
    }
    if (position == Position.ELEMENT) {
      if (!plus(parameter)
          && scope.valueOf(parameter).splits()
          && !parameter.prefix().equals("#")) {
        scope.report(
            ShellRule.SPLIT_INTO_ARRAY,
            "SC2206",
            parameter,
            "the value is split into elements at blanks and matched with files");
      }
      return;
    }
    if (parameter.name().equals("*")
        && parameter.prefix().isEmpty()
        && !plus(parameter)
        && (position == Position.ARGUMENT || position == Position.ELEMENT_OF_LOOP)) {
      scope.report(
          ShellRule.JOINED_ARGUMENTS, parameter, "the arguments are split at blanks again");
      return;
    }
    if (!position.splits() || plus(parameter) || !scope.valueOf(parameter).splits()) {
      return;
    }
    if (position == Position.COMMAND && lone(parameter, scope)) {
      return;
    }
    String name = "$" + parameter.name();
    boolean list = several(parameter.name());
    scope.report(
        ShellRule.UNQUOTED_VARIABLE,
        parameter,
        position == Position.TARGET
            ? "the name of the file is split at blanks: " + name + " is not quoted"
            : "the value of " + name + " is split at blanks and matched with files",
        list ? new ShellEdit[0] : around(parameter));
  }

  /** Whether the piece is all there is of the name of the command. */
  private static boolean lone(Syntax.Piece piece, Scope scope) {
    Syntax.Simple current = scope.current;
    return current != null
        && current.words().getFirst().start() == piece.start()
        && current.words().getFirst().end() == piece.end();
  }

  private static boolean plus(Syntax.Parameter parameter) {
    return parameter.operator().endsWith("+");
  }

  private static boolean several(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (String ending : LISTS) {
      if (lower.endsWith(ending)) {
        return true;
      }
    }
    return false;
  }

  private static ShellEdit[] around(Syntax piece) {
    return new ShellEdit[] {
      new ShellEdit(piece.start(), piece.start(), "\""),
      new ShellEdit(piece.end(), piece.end(), "\"")
    };
  }

  private static void dollars(Syntax.Word expression, Scope scope) {
    List<Syntax.Piece> pieces = expression.pieces();
    for (int i = 0; i < pieces.size(); i++) {
      if (pieces.get(i) instanceof Syntax.Parameter parameter
          && plainName(parameter)
          && (i == 0 || apart(pieces.get(i - 1), true))
          && (i + 1 == pieces.size() || apart(pieces.get(i + 1), false))) {
        scope.report(
            ShellRule.ARITHMETIC_DOLLAR,
            parameter,
            "arithmetic takes a name without the dollar sign",
            new ShellEdit(parameter.start(), parameter.end(), parameter.name()));
      }
    }
  }

  private static boolean plainName(Syntax.Parameter parameter) {
    char first = parameter.name().charAt(0);
    return Parser.name(first)
        && (first < '0' || first > '9')
        && parameter.prefix().isEmpty()
        && parameter.operator().isEmpty()
        && parameter.subscript() == null;
  }

  /** Whether a piece of an expression does not touch a name or number beside it. */
  private static boolean apart(Syntax.Piece piece, boolean before) {
    if (!(piece instanceof Syntax.Text text) || text.value().isEmpty()) {
      return false;
    }
    char c = text.value().charAt(before ? text.value().length() - 1 : 0);
    return !Parser.name(c) && c != '#' && c != '[';
  }

  private static void substitution(
      Syntax.CommandSubstitution substitution, Position position, Scope scope) {
    boolean element = position == Position.ELEMENT;
    if ((!position.splits() && !element)
        || (position == Position.COMMAND && lone(substitution, scope))) {
      return;
    }
    Syntax.Simple inner = Words.only(substitution.body());
    if (inner != null && LISTING.contains(Words.command(inner))) {
      return;
    }
    if (substitution.body().commands().isEmpty()) {
      return;
    }
    if (element) {
      scope.report(
          ShellRule.SPLIT_INTO_ARRAY,
          "SC2207",
          substitution,
          "what the command prints is split at blanks and matched with files");
      return;
    }
    ShellEdit[] edits = around(substitution);
    scope.report(
        ShellRule.UNQUOTED_COMMAND,
        substitution,
        "what the command prints is split at blanks and matched with files",
        substitution.backquoted() || !single(inner) ? new ShellEdit[0] : edits);
  }

  private static boolean single(Syntax.@Nullable Simple inner) {
    if (inner == null) {
      return false;
    }
    String name = Words.command(inner);
    return SINGLE.contains(name)
        || (name.equals("git")
            && inner.words().size() > 1
            && "rev-parse".equals(Words.literal(inner.words().get(1))));
  }

  @Override
  public void word(Syntax.Word word, Position position, Scope scope) {
    List<Syntax.Piece> pieces = word.pieces();
    if (position == Position.ARITHMETIC) {
      dollars(word, scope);
      return;
    }
    if (position == Position.ARGUMENT || position == Position.WHOLE) {
      for (int i = 1; i + 1 < pieces.size(); i++) {
        if (pieces.get(i - 1) instanceof Syntax.DoubleQuoted before
            && pieces.get(i) instanceof Syntax.Text text
            && pieces.get(i + 1) instanceof Syntax.DoubleQuoted after
            && !(expansion(before) && expansion(after))
            && inner(text.value())) {
          scope.report(
              ShellRule.BROKEN_QUOTES,
              text,
              "the quotes end before '" + text.value() + "' and begin again after it");
          break;
        }
      }
    }
    if (position == Position.ARGUMENT
        && !pieces.isEmpty()
        && pieces.getFirst() instanceof Syntax.DoubleQuoted quoted
        && !quoted.pieces().isEmpty()
        && quoted.pieces().getFirst() instanceof Syntax.Text text
        && (text.value().equals("~") || text.value().startsWith("~/"))) {
      scope.report(ShellRule.QUOTED_TILDE, quoted, "a tilde in quotes is no home folder");
    }
    if (position == Position.ELEMENT_OF_LOOP && Words.hasGlob(word)) {
      for (Syntax.Piece piece : pieces) {
        if (piece instanceof Syntax.Parameter parameter
            && !Words.elements(parameter)
            && !parameter.name().equals("*")
            && !plus(parameter)
            && scope.valueOf(parameter).splits()) {
          scope.report(
              ShellRule.UNQUOTED_VARIABLE,
              "SC2231",
              parameter,
              "the value of $" + parameter.name() + " is split at blanks before files are matched",
              around(parameter));
        }
      }
    }
  }

  private static boolean expansion(Syntax.DoubleQuoted quoted) {
    return quoted.pieces().size() == 1 && !(quoted.pieces().getFirst() instanceof Syntax.Text);
  }

  private static boolean inner(String text) {
    if (text.isEmpty()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!Parser.name(text.charAt(i)) && "-./:".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return Character.isLetterOrDigit(text.charAt(0))
        || (text.length() > 2 && text.charAt(0) == ':' && text.endsWith(":"));
  }
}
