package dev.slipway.shell;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** What {@code test} and <code>[[</code> say of texts; null where they are not known. */
final class Comparisons {
  private static final int LONGEST = 20_000;

  private final Rehearsal rehearsal;

  Comparisons(Rehearsal rehearsal) {
    this.rehearsal = rehearsal;
  }

  /** Arguments as {@code echo} writes them, or a line each. */
  static @Nullable String joined(List<@Nullable String> arguments, boolean echo) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument == null) {
        return null;
      }
      boolean option = echo && i == 0 && argument.matches("-[neE]+");
      if (!option) {
        text.append(text.isEmpty() ? "" : echo ? " " : "\n").append(argument);
      }
    }
    return text.toString();
  }

  /** What {@code test} says. */
  @Nullable Boolean test(List<@Nullable String> arguments) {
    for (String joint : new String[] {"-o", "-a"}) {
      for (int i = 1; i < arguments.size() - 1; i++) {
        if (joint.equals(arguments.get(i)) && arguments.size() > 3) {
          Boolean one = test(arguments.subList(0, i));
          Boolean other = test(arguments.subList(i + 1, arguments.size()));
          return joint.equals("-o") ? or(one, other) : and(one, other);
        }
      }
    }
    if (arguments.isEmpty()) {
      return false;
    }
    if (arguments.size() > 1 && "!".equals(arguments.getFirst())) {
      Boolean inner = test(arguments.subList(1, arguments.size()));
      return inner == null ? null : Boolean.valueOf(!inner);
    }
    if (arguments.size() == 1) {
      String only = arguments.getFirst();
      return only == null ? null : Boolean.valueOf(!only.isEmpty());
    }
    String operator = arguments.size() == 3 ? arguments.get(1) : arguments.getFirst();
    if (operator == null) {
      return null;
    }
    return arguments.size() == 3
        ? compare(arguments.get(0), operator, arguments.get(2))
        : arguments.size() == 2 ? single(operator, arguments.get(1)) : null;
  }

  private static @Nullable Boolean single(String operator, @Nullable String value) {
    return value == null
        ? null
        : switch (operator) {
          case "-n" -> !value.isEmpty();
          case "-z" -> value.isEmpty();
          default -> null;
        };
  }

  private static @Nullable Boolean compare(
      @Nullable String one, String operator, @Nullable String other) {
    if (one == null || other == null) {
      return null;
    }
    return switch (operator) {
      case "=", "==" -> one.equals(other);
      case "!=" -> !one.equals(other);
      case "-eq", "-ne", "-lt", "-le", "-gt", "-ge" -> numbers(one, operator, other);
      default -> null;
    };
  }

  private static @Nullable Boolean numbers(String one, String operator, String other) {
    if (!one.matches("-?[0-9]{1,15}") || !other.matches("-?[0-9]{1,15}")) {
      return null;
    }
    int order = Long.compare(Long.parseLong(one), Long.parseLong(other));
    return switch (operator) {
      case "-eq" -> order == 0;
      case "-ne" -> order != 0;
      case "-lt" -> order < 0;
      case "-le" -> order <= 0;
      case "-gt" -> order > 0;
      default -> order >= 0;
    };
  }

  /** What a condition in double brackets says; joints are read between its clauses. */
  @Nullable Boolean condition(String script, Syntax.Condition condition) {
    List<Syntax.Clause> clauses = condition.clauses();
    Boolean any = false;
    Boolean all = true;
    for (int i = 0; i < clauses.size(); i++) {
      all = and(all, clause(clauses.get(i)));
      String joint =
          i + 1 < clauses.size()
              ? script.substring(clauses.get(i).end(), clauses.get(i + 1).start())
              : "||";
      if (joint.indexOf('(') >= 0 || joint.indexOf(')') >= 0 || joint.contains("!")) {
        return null;
      }
      if (joint.contains("||")) {
        any = or(any, all);
        all = true;
      }
    }
    return any;
  }

  private @Nullable Boolean clause(Syntax.Clause clause) {
    Syntax.Word left = clause.left();
    Syntax.Word right = clause.right();
    Boolean holds;
    if (left == null) {
      holds = right == null ? null : single(clause.operator(), rehearsal.text(right));
    } else if (right == null) {
      String word = rehearsal.text(left);
      holds = word == null ? null : Boolean.valueOf(!word.isEmpty());
    } else {
      String one = rehearsal.text(left);
      holds =
          switch (clause.operator()) {
            case "=", "==" -> matches(one, right, rehearsal);
            case "!=" -> not(matches(one, right, rehearsal));
            case "=~" -> found(one, rehearsal.text(right));
            default -> compare(one, clause.operator(), rehearsal.text(right));
          };
    }
    return clause.negated() ? not(holds) : holds;
  }

  /** Whether a text is of a pattern. */
  static @Nullable Boolean matches(@Nullable String text, Syntax.Word pattern, Rehearsal in) {
    StringBuilder regex = new StringBuilder();
    for (Syntax.Piece piece : pattern.pieces()) {
      if (piece instanceof Syntax.Glob glob) {
        switch (glob.text()) {
          case "*" -> regex.append(".*");
          case "?" -> regex.append('.');
          default -> {
            return null;
          }
        }
      } else {
        String part = in.text(new Syntax.Word(piece.start(), piece.end(), List.of(piece)));
        if (part == null) {
          return null;
        }
        regex.append(Pattern.quote(part));
      }
    }
    if (regex.toString().equals(".*")) {
      return true;
    }
    if (text == null || text.length() > LONGEST) {
      return null;
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
  }

  /** Whether an extended regular expression finds something in a text. */
  static @Nullable Boolean found(@Nullable String text, @Nullable String regex) {
    // Java's engine needs exponential time for some patterns; nested repetition is left alone.
    if (text == null || regex == null || regex.length() > 200 || text.length() > LONGEST) {
      return null;
    }
    if (regex.matches(".*[*+}]\\)?[*+{].*") || regex.contains("[:") || regex.contains("\\")) {
      return null;
    }
    try {
      return Pattern.compile(regex, Pattern.MULTILINE).matcher(text).find();
    } catch (PatternSyntaxException e) {
      return null;
    }
  }

  private static @Nullable Boolean not(@Nullable Boolean holds) {
    return holds == null ? null : Boolean.valueOf(!holds);
  }

  private static @Nullable Boolean and(@Nullable Boolean one, @Nullable Boolean other) {
    if (Boolean.FALSE.equals(one) || Boolean.FALSE.equals(other)) {
      return false;
    }
    return (one == null || other == null) ? null : Boolean.TRUE;
  }

  private static @Nullable Boolean or(@Nullable Boolean one, @Nullable Boolean other) {
    if (Boolean.TRUE.equals(one) || Boolean.TRUE.equals(other)) {
      return true;
    }
    return (one == null || other == null) ? null : Boolean.FALSE;
  }
}
