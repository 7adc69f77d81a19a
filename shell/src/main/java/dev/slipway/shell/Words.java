package dev.slipway.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be told from a word alone. */
final class Words {
  private Words() {}

  /** The text of a word that has neither quotes nor expansions nor patterns; null for others. */
  static @Nullable String literal(Syntax.Word word) {
    if (word.pieces().size() == 1 && word.pieces().getFirst() instanceof Syntax.Text text) {
      return text.value();
    }
    return null;
  }

  /** What a word stands for when nothing in it is expanded; null when something is. */
  static @Nullable String constant(Syntax.@Nullable Word word) {
    if (word == null) {
      return null;
    }
    String literal = literal(word);
    if (literal != null || word.pieces().isEmpty()) {
      return literal == null ? "" : literal;
    }
    StringBuilder value = new StringBuilder();
    return constant(word.pieces(), value) ? value.toString() : null;
  }

  private static boolean constant(List<Syntax.Piece> pieces, StringBuilder to) {
    for (Syntax.Piece piece : pieces) {
      if (piece instanceof Syntax.Text text) {
        to.append(text.value());
      } else if (piece instanceof Syntax.Escaped escaped) {
        to.append(escaped.value());
      } else if (piece instanceof Syntax.SingleQuoted quoted) {
        to.append(quoted.value());
      } else if (piece instanceof Syntax.AnsiQuoted quoted) {
        to.append(quoted.raw());
      } else if (piece instanceof Syntax.DoubleQuoted quoted) {
        if (!constant(quoted.pieces(), to)) {
          return false;
        }
      } else {
        return false;
      }
    }
    return true;
  }

  /** The text a word certainly begins with. */
  static String head(Syntax.Word word) {
    if (word.pieces().isEmpty()) {
      return "";
    }
    Syntax.Piece first = word.pieces().getFirst();
    if (first instanceof Syntax.Text text) {
      return text.value();
    }
    if (first instanceof Syntax.SingleQuoted quoted) {
      return quoted.value();
    }
    if (first instanceof Syntax.DoubleQuoted quoted
        && !quoted.pieces().isEmpty()
        && quoted.pieces().getFirst() instanceof Syntax.Text text) {
      return text.value();
    }
    return "";
  }

  /**
   * The name a command is called by, without the folder of a program of the system; empty when that
   * is only known later.
   */
  static String command(Syntax.Simple simple) {
    if (simple.words().isEmpty()) {
      return "";
    }
    String name = constant(simple.words().getFirst());
    if (name == null) {
      return "";
    }
    return name.startsWith("/") ? name.substring(name.lastIndexOf('/') + 1) : name;
  }

  /** The only command of a list, when it is a simple one. */
  static Syntax.@Nullable Simple only(Syntax.Sequence sequence) {
    if (sequence.commands().size() == 1
        && sequence.commands().getFirst() instanceof Syntax.Simple simple) {
      return simple;
    }
    return null;
  }

  /** The only piece of a word, looked for inside of double quotes too. */
  static Syntax.@Nullable Piece only(Syntax.@Nullable Word word) {
    if (word == null || word.pieces().size() != 1) {
      return null;
    }
    Syntax.Piece piece = word.pieces().getFirst();
    if (piece instanceof Syntax.DoubleQuoted quoted && quoted.pieces().size() == 1) {
      return quoted.pieces().getFirst();
    }
    return piece;
  }

  /** Whether the piece is an expansion to several words, one for each element. */
  static boolean elements(Syntax.Piece piece) {
    return piece instanceof Syntax.Parameter parameter
        && !parameter.prefix().equals("#")
        && !parameter.operator().endsWith("+")
        && (parameter.name().equals("@") || all(parameter, "@"));
  }

  /** Whether the subscript of the parameter is the given sign for all elements. */
  static boolean all(Syntax.Parameter parameter, String sign) {
    Syntax.Word subscript = parameter.subscript();
    return subscript != null && sign.equals(literal(subscript));
  }

  static boolean hasGlob(Syntax.Word word) {
    for (Syntax.Piece piece : word.pieces()) {
      if (piece instanceof Syntax.Glob) {
        return true;
      }
    }
    return false;
  }

  /** Whether a word is written with quotes or has a part only known later. */
  static boolean quotedAnywhere(Syntax.Word word) {
    for (Syntax.Piece piece : word.pieces()) {
      if (piece instanceof Syntax.SingleQuoted
          || piece instanceof Syntax.DoubleQuoted
          || piece instanceof Syntax.AnsiQuoted) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code letter} is among the short flags before the first operand. */
  static boolean flag(Syntax.Simple simple, char letter) {
    for (int i = 1; i < simple.words().size(); i++) {
      String word = constant(simple.words().get(i));
      if (word == null) {
        continue;
      }
      if (word.equals("--")) {
        return false;
      }
      if (word.length() > 1
          && word.charAt(0) == '-'
          && word.charAt(1) != '-'
          && word.indexOf(letter) > 0) {
        return true;
      }
    }
    return false;
  }
}
