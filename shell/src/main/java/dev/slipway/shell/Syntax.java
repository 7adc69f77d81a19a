package dev.slipway.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of a parsed script, with its place: the first character and the one after the last. */
sealed interface Syntax {
  int start();

  int end();

  /** A part of a word. */
  sealed interface Piece extends Syntax {}

  /** Characters that mean themselves. */
  record Text(int start, int end, String value) implements Piece {}

  /** A backslash and the character it protects. */
  record Escaped(int start, int end, char value) implements Piece {}

  record SingleQuoted(int start, int end, String value) implements Piece {}

  /** {@code $'…'} */
  record AnsiQuoted(int start, int end, String raw) implements Piece {}

  /** <code>"…"</code> or <code>$"…"</code>, which {@code translated} tells. */
  record DoubleQuoted(int start, int end, List<Piece> pieces, boolean translated)
      implements Piece {}

  /**
   * An expansion of a parameter.
   *
   * @param prefix {@code #}, {@code !} or nothing
   * @param name of the variable, or the one character of a special parameter
   * @param subscript what stands in brackets
   * @param operator such as {@code :-}, {@code %%}, {@code /}, or nothing
   * @param argument what the operator takes
   */
  record Parameter(
      int start,
      int end,
      boolean braced,
      String prefix,
      String name,
      @Nullable Word subscript,
      String operator,
      @Nullable Word argument)
      implements Piece {}

  record CommandSubstitution(int start, int end, Sequence body, boolean backquoted)
      implements Piece {}

  /** {@code $((…))}; the pieces are those of the expression. */
  record Arithmetic(int start, int end, Word expression, boolean bracketed) implements Piece {}

  record ProcessSubstitution(int start, int end, Sequence body) implements Piece {}

  /** {@code *}, {@code ?}, a bracket expression or an extended pattern. */
  record Glob(int start, int end, String text) implements Piece {}

  /** <code>${{ … }}</code>: a text that is put in before the shell starts. */
  record Unknown(int start, int end) implements Piece {}

  /** A list in parentheses after an equals sign. */
  record ArrayValue(int start, int end, List<Word> elements) implements Piece {}

  record Word(int start, int end, List<Piece> pieces) implements Syntax {
    public Word {
      pieces = List.copyOf(pieces);
    }
  }

  /** {@code name[subscript]+=value} */
  record Assignment(
      int start, int end, String name, @Nullable Word subscript, boolean append, Word value)
      implements Syntax {}

  /**
   * A redirection.
   *
   * @param descriptor the digits or <code>{name}</code> before the operator, or nothing
   * @param target the word after it
   * @param document the here-document, for {@code <<} and {@code <<-}
   */
  record Redirect(
      int start,
      int end,
      String descriptor,
      String operator,
      Word target,
      @Nullable Document document)
      implements Syntax {}

  /** A here-document, which the parser fills when it gets to the lines behind the command. */
  final class Document implements Syntax {
    private final boolean quoted;
    private int start;
    private int end;
    private List<Piece> pieces = List.of();

    Document(boolean quoted) {
      this.quoted = quoted;
    }

    void fill(int from, int to, List<Piece> content) {
      start = from;
      end = to;
      pieces = content;
    }

    @Override
    public int start() {
      return start;
    }

    @Override
    public int end() {
      return end;
    }

    /** Whether the delimiter was quoted, so that nothing in the text is expanded. */
    boolean quoted() {
      return quoted;
    }

    List<Piece> pieces() {
      return pieces;
    }
  }

  /** Something that runs. */
  sealed interface Command extends Syntax {}

  record Simple(
      int start, int end, List<Assignment> assignments, List<Word> words, List<Redirect> redirects)
      implements Command {
    public Simple {
      assignments = List.copyOf(assignments);
      words = List.copyOf(words);
      redirects = List.copyOf(redirects);
    }
  }

  record Pipeline(int start, int end, boolean negated, boolean timed, List<Command> commands)
      implements Command {}

  /** Commands joined by {@code &&} and {@code ||}, which have equal rank. */
  record Chain(int start, int end, List<Command> commands, List<String> operators)
      implements Command {}

  /** Commands one after the other. */
  record Sequence(int start, int end, List<Command> commands) implements Command {
    public Sequence {
      commands = List.copyOf(commands);
    }
  }

  /** A command followed by an ampersand. */
  record Background(int start, int end, Command command) implements Command {}

  /** A compound command with redirections behind it. */
  record Redirected(int start, int end, Command command, List<Redirect> redirects)
      implements Command {}

  record Subshell(int start, int end, Sequence body) implements Command {}

  record Group(int start, int end, Sequence body) implements Command {}

  record If(int start, int end, List<Branch> branches, @Nullable Sequence otherwise)
      implements Command {}

  record Branch(int start, int end, Sequence condition, Sequence body) implements Syntax {}

  record While(int start, int end, boolean until, Sequence condition, Sequence body)
      implements Command {}

  /** {@code for} or {@code select}; without words it goes over the arguments. */
  record For(
      int start, int end, boolean select, Text variable, @Nullable List<Word> words, Sequence body)
      implements Command {}

  /** {@code for ((…; …; …))} */
  record Counting(int start, int end, Word expression, Sequence body) implements Command {}

  record Case(int start, int end, Word subject, List<Arm> arms) implements Command {}

  record Arm(int start, int end, List<Word> patterns, Sequence body, String terminator)
      implements Syntax {}

  /** {@code ((…))} */
  record Calculation(int start, int end, Word expression) implements Command {}

  /** {@code [[ … ]]} */
  record Condition(int start, int end, List<Clause> clauses) implements Command {}

  /** One test of a condition: {@code left operator right}, {@code operator right} or a word. */
  record Clause(
      int start,
      int end,
      boolean negated,
      @Nullable Word left,
      String operator,
      @Nullable Word right)
      implements Syntax {}

  /** A function; {@code keyword} tells that it begins with {@code function}. */
  record Function(int start, int end, String name, boolean keyword, Command body)
      implements Command {}
}
