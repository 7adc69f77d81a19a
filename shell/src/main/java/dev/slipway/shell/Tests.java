package dev.slipway.shell;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tests with {@code [}, {@code test}, {@code [[ ]]} and arithmetic. */
final class Tests implements Check {
  private static final Set<String> BINARY =
      Set.of("=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "<", ">", "=~");
  private static final Set<String> FILES =
      Set.of("-e", "-f", "-d", "-s", "-r", "-w", "-x", "-L", "-h", "-p", "-S", "-b", "-c");

  @Override
  public void simple(Syntax.Simple simple, Scope scope) {
    String name = Words.command(simple);
    boolean bracket = name.equals("[");
    if (!bracket && !name.equals("test")) {
      return;
    }
    List<Syntax.Word> words = simple.words();
    int end = words.size();
    if (bracket) {
      if (!"]".equals(Words.literal(words.getLast()))) {
        return;
      }
      end--;
    }
    for (int i = 1; i < end; i++) {
      String word = Words.literal(words.get(i));
      if (word != null && (word.equals("-a") || word.equals("-o")) && i > 1 && i + 1 < end) {
        scope.report(
            ShellRule.TEST_AND_OR, words.get(i), word + " between tests is not well defined");
      }
    }
    int from = 1;
    boolean negated = false;
    if (end > 2 && "!".equals(Words.literal(words.get(1)))) {
      negated = true;
      from++;
    }
    if (end - from == 2) {
      String operator = Words.literal(words.get(from));
      if (operator != null && operator.startsWith("-")) {
        unary(operator, words.get(from + 1), negated, words.get(from), false, scope);
      }
    } else if (end - from == 3) {
      String operator = Words.literal(words.get(from + 1));
      if (operator != null && BINARY.contains(operator)) {
        binary(words.get(from), operator, words.get(from + 2), words.get(from + 1), scope);
      }
    } else if (end - from == 1) {
      lone(words.get(from), scope);
    }
  }

  private static void lone(Syntax.Word word, Scope scope) {
    String text = Words.constant(word);
    if (text != null
        && !text.isEmpty()
        && !Words.hasGlob(word)
        && !text.equals("1")
        && !text.equals("0")) {
      scope.report(ShellRule.CONSTANT_TEST, "SC2078", word, "a text alone is always true");
    }
    grep(word, scope);
  }

  private static void unary(
      String operator, Syntax.Word operand, boolean negated, Syntax at, boolean safe, Scope scope) {
    if (operator.equals("-n") && !safe) {
      for (Syntax.Piece piece : operand.pieces()) {
        if (piece instanceof Syntax.Parameter || piece instanceof Syntax.CommandSubstitution) {
          if (operand.pieces().size() == 1 && !Words.elements(piece)) {
            scope.report(
                ShellRule.UNQUOTED_TEST,
                operand,
                "-n is true for a value that is missing, unless it is quoted");
          }
        }
      }
    }
    if (operator.equals("-n") || operator.equals("-z")) {
      String text = Words.constant(operand);
      if (text != null) {
        scope.report(
            ShellRule.CONSTANT_TEST,
            "SC2157",
            operand,
            "this is always the same, whatever happens");
      }
      if (negated) {
        scope.report(
            ShellRule.NEGATED_TEST, at, operator.equals("-n") ? "! -n is -z" : "! -z is -n");
      }
      grep(operand, scope);
    }
    if (FILES.contains(operator) && Words.hasGlob(operand)) {
      scope.report(
          ShellRule.GLOB_IN_TEST,
          operand,
          operator + " takes one file, and the pattern may match many");
    }
  }

  private static void grep(Syntax.Word operand, Scope scope) {
    if (Words.only(operand) instanceof Syntax.CommandSubstitution substitution
        && substitution.body().commands().size() == 1) {
      Syntax.Command command = substitution.body().commands().getFirst();
      if (command instanceof Syntax.Pipeline pipeline && !pipeline.commands().isEmpty()) {
        command = pipeline.commands().getLast();
      }
      if (command instanceof Syntax.Simple simple
          && Set.of("grep", "egrep", "fgrep").contains(Words.command(simple))) {
        scope.report(ShellRule.GREP_IN_TEST, operand, "grep itself says whether a line was found");
      }
    }
  }

  private static void binary(
      Syntax.Word left, String operator, Syntax.Word right, Syntax at, Scope scope) {
    status(left, operator, right, scope);
    String first = Words.constant(left);
    String second = Words.constant(right);
    if (first != null && second != null && !Words.hasGlob(right)) {
      scope.report(
          ShellRule.CONSTANT_TEST,
          "SC2050",
          at,
          "both sides are fixed, so this is always the same");
    }
    for (Syntax.Word word : List.of(left, right)) {
      for (Syntax.Piece piece : Commands.flat(word)) {
        if (Words.elements(piece)) {
          scope.report(
              ShellRule.ARRAY_IN_TEST,
              at instanceof Syntax.Clause ? "SC2199" : "SC2198",
              word,
              "a list has as many words as elements, the test takes one");
        }
      }
    }
  }

  /** A comparison of {@code $?}, for which the command could stand itself. */
  private static void status(Syntax.Word left, String operator, Syntax.Word right, Scope scope) {
    if (operator.equals("=~")) {
      return;
    }
    boolean first = status(left);
    if ((first || status(right)) && "0".equals(Words.constant(first ? right : left))) {
      scope.report(
          ShellRule.INDIRECT_STATUS,
          first ? left : right,
          "the status of the command before is looked at by a detour");
    }
  }

  private static boolean status(Syntax.Word word) {
    return Words.only(word) instanceof Syntax.Parameter parameter
        && parameter.name().equals("?")
        && parameter.operator().isEmpty();
  }

  @Override
  public void compound(Syntax.Command command, Scope scope) {
    if (command instanceof Syntax.Case choice && Words.constant(choice.subject()) != null) {
      scope.report(
          ShellRule.CONSTANT_TEST,
          "SC2194",
          choice.subject(),
          "the subject is fixed, so this always takes the same way");
    }
  }

  @Override
  public void clause(Syntax.Clause clause, Scope scope) {
    Syntax.Word left = clause.left();
    Syntax.Word right = clause.right();
    if (left == null && right != null) {
      unary(clause.operator(), right, clause.negated(), clause, true, scope);
      return;
    }
    if (left == null || right == null) {
      if (left != null) {
        lone(left, scope);
      }
      return;
    }
    String operator = clause.operator();
    binary(left, operator, right, clause, scope);
    if (operator.equals("=~")) {
      for (Syntax.Piece piece : right.pieces()) {
        if (special(piece)) {
          scope.report(
              ShellRule.QUOTED_REGEX, right, "what is quoted is compared letter by letter");
          break;
        }
      }
    }
    if ((operator.equals("=") || operator.equals("==") || operator.equals("!="))
        && right.pieces().size() == 1
        && right.pieces().getFirst() instanceof Syntax.Parameter parameter
        && scope.valueOf(parameter).splits()) {
      scope.report(
          ShellRule.PATTERN_FROM_VARIABLE,
          parameter,
          "the value is taken as a pattern",
          new ShellEdit(parameter.start(), parameter.start(), "\""),
          new ShellEdit(parameter.end(), parameter.end(), "\""));
    }
    if ((operator.equals("<") || operator.equals(">")) && (number(left) || number(right))) {
      scope.report(
          ShellRule.NUMBER_COMPARED_AS_TEXT,
          clause,
          operator + " compares texts: 10 comes before 9");
    }
  }

  private static boolean special(Syntax.Piece piece) {
    String text = null;
    if (piece instanceof Syntax.SingleQuoted quoted) {
      text = quoted.value();
    } else if (piece instanceof Syntax.DoubleQuoted quoted
        && quoted.pieces().size() == 1
        && quoted.pieces().getFirst() instanceof Syntax.Text literal) {
      text = literal.value();
    }
    if (text == null) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if ("[]*+()|".indexOf(text.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean number(Syntax.@Nullable Word word) {
    String text = Words.constant(word);
    if (text == null || text.isEmpty()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
