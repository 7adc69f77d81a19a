package dev.slipway.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a script in the order it runs, tells the checks of each piece, and keeps the scope.
 */
final class Walk {
  static final Set<String> DECLARING = Set.of("declare", "typeset", "local", "export", "readonly");

  private final Scope scope;
  private final List<? extends Check> checks;
  private boolean collecting;

  Walk(Scope scope, List<? extends Check> checks) {
    this.scope = scope;
    this.checks = checks;
  }

  void sequence(Syntax.Sequence sequence) {
    for (Check check : checks) {
      check.sequence(sequence, scope);
    }
    for (Syntax.Command command : sequence.commands()) {
      command(command);
    }
  }

  private void tested(Syntax.Sequence sequence) {
    boolean before = scope.tested;
    scope.tested = true;
    sequence(sequence);
    scope.tested = before;
  }

  private void command(Syntax.Command command) {
    if (!(command instanceof Syntax.Simple)) {
      for (Check check : checks) {
        check.compound(command, scope);
      }
    }
    if (command instanceof Syntax.Simple simple) {
      simple(simple);
    } else if (command instanceof Syntax.Pipeline pipeline) {
      pipeline(pipeline);
    } else if (command instanceof Syntax.Chain chain) {
      chain(chain);
    } else if (command instanceof Syntax.Sequence sequence) {
      sequence(sequence);
    } else if (command instanceof Syntax.Background background) {
      apart(() -> command(background.command()));
    } else if (command instanceof Syntax.Redirected redirected) {
      command(redirected.command());
      redirects(redirected.redirects());
    } else if (command instanceof Syntax.Subshell subshell) {
      apart(() -> sequence(subshell.body()));
    } else if (command instanceof Syntax.Group group) {
      sequence(group.body());
    } else if (command instanceof Syntax.If branches) {
      branches(branches);
    } else if (command instanceof Syntax.While loop) {
      repeated(loop);
      scope.branch();
      tested(loop.condition());
      sequence(loop.body());
      scope.join(List.of(scope.leave()), true);
    } else if (command instanceof Syntax.For loop) {
      for (Syntax.Word word : loop.words() == null ? List.<Syntax.Word>of() : loop.words()) {
        word(word, Position.ELEMENT_OF_LOOP);
      }
      repeated(loop);
      scope.branch();
      Value value = elements(loop.words());
      assign(loop.variable().value(), loop.variable(), value);
      sequence(loop.body());
      scope.join(List.of(scope.leave()), true);
    } else if (command instanceof Syntax.Counting loop) {
      repeated(loop);
      scope.branch();
      word(loop.expression(), Position.ARITHMETIC);
      sequence(loop.body());
      scope.join(List.of(scope.leave()), true);
    } else if (command instanceof Syntax.Case choice) {
      word(choice.subject(), Position.WHOLE);
      List<Map<String, Value>> ways = new ArrayList<>();
      boolean all = false;
      for (Syntax.Arm arm : choice.arms()) {
        for (Syntax.Word pattern : arm.patterns()) {
          word(pattern, Position.PATTERN);
          all |=
              pattern.pieces().size() == 1
                  && pattern.pieces().getFirst() instanceof Syntax.Glob glob
                  && glob.text().equals("*");
        }
        scope.branch();
        sequence(arm.body());
        Map<String, Value> changed = scope.leave();
        if (!Ends.always(arm.body())) {
          ways.add(changed);
        }
      }
      scope.join(ways, !all);
    } else if (command instanceof Syntax.Calculation calculation) {
      word(calculation.expression(), Position.ARITHMETIC);
    } else if (command instanceof Syntax.Condition condition) {
      for (Syntax.Clause clause : condition.clauses()) {
        for (Check check : checks) {
          check.clause(clause, scope);
        }
        if (clause.left() != null) {
          word(clause.left(), Position.WHOLE);
        }
        if (clause.right() != null) {
          word(clause.right(), clause.left() == null ? Position.WHOLE : Position.PATTERN);
        }
      }
    } else if (command instanceof Syntax.Function function) {
      scope.functions++;
      boolean before = scope.tested;
      scope.tested = false;
      scope.branch();
      command(function.body());
      scope.leave();
      scope.tested = before;
      scope.functions--;
    }
  }

  private Value elements(@Nullable List<Syntax.Word> words) {
    if (words == null) {
      return Value.ANY;
    }
    Value value = null;
    for (Syntax.Word word : words) {
      Value next = Words.hasGlob(word) ? Value.ANY : scope.valueOf(word);
      value = value == null ? next : Value.join(value, next);
    }
    return value == null ? Value.ANY : value;
  }

  /** A variable that a loop changes may have any of its values when the body begins. */
  private void repeated(Syntax.Command loop) {
    if (collecting) {
      // A loop inside of the one that is collected from: gone through once, or time doubles with
      // each level.
      return;
    }
    Changes changes = new Changes(scope.dialect);
    changes.into(loop);
    for (Map.Entry<String, Value> change : changes.values().entrySet()) {
      Value before = scope.value(change.getKey());
      scope.assign(change.getKey(), Value.join(before, change.getValue()));
    }
  }

  private void apart(Runnable part) {
    scope.branch();
    boolean errexit = scope.errexit;
    boolean pipefail = scope.pipefail;
    part.run();
    scope.errexit = errexit;
    scope.pipefail = pipefail;
    scope.leave();
  }

  private void pipeline(Syntax.Pipeline pipeline) {
    for (Check check : checks) {
      check.pipeline(pipeline, scope);
    }
    boolean before = scope.tested;
    if (pipeline.negated()) {
      scope.tested = true;
    }
    if (pipeline.commands().size() == 1) {
      command(pipeline.commands().getFirst());
    } else {
      for (Syntax.Command command : pipeline.commands()) {
        apart(() -> command(command));
      }
    }
    scope.tested = before;
  }

  private void chain(Syntax.Chain chain) {
    for (Check check : checks) {
      check.chain(chain, scope);
    }
    boolean before = scope.tested;
    int last = chain.commands().size() - 1;
    List<Map<String, Value>> ways = new ArrayList<>();
    for (int i = 0; i <= last; i++) {
      scope.tested = before || i < last;
      if (i > 0) {
        scope.branch();
      }
      command(chain.commands().get(i));
      if (i > 0) {
        ways.add(scope.leave());
        scope.join(List.of(ways.removeLast()), true);
      }
    }
    scope.tested = before;
  }

  private void branches(Syntax.If branches) {
    List<Map<String, Value>> ways = new ArrayList<>();
    for (Syntax.Branch branch : branches.branches()) {
      tested(branch.condition());
      scope.branch();
      sequence(branch.body());
      Map<String, Value> changed = scope.leave();
      if (!Ends.always(branch.body())) {
        ways.add(changed);
      }
    }
    boolean maybe = true;
    if (branches.otherwise() != null) {
      scope.branch();
      sequence(branches.otherwise());
      Map<String, Value> changed = scope.leave();
      maybe = false;
      if (!Ends.always(branches.otherwise())) {
        ways.add(changed);
      }
    }
    scope.join(ways, maybe);
  }

  private void simple(Syntax.Simple simple) {
    Syntax.Simple outer = scope.current;
    scope.current = simple;
    for (Check check : checks) {
      check.simple(simple, scope);
    }
    boolean bare = simple.words().isEmpty();
    for (Syntax.Assignment assignment : simple.assignments()) {
      for (Check check : checks) {
        check.assignment(assignment, scope);
      }
      if (assignment.subscript() != null) {
        word(assignment.subscript(), Position.SUBSCRIPT);
      }
      word(assignment.value(), Position.WHOLE);
      if (bare) {
        assign(assignment.name(), assignment, valueOf(assignment));
      }
    }
    String name = Words.command(simple);
    boolean declaring = DECLARING.contains(name);
    for (int i = 0; i < simple.words().size(); i++) {
      Syntax.Word word = simple.words().get(i);
      int sign = declaring && i > 0 ? sign(word) : 0;
      if (sign > 0) {
        word(word, scope.bash() ? Position.WHOLE : Position.ARGUMENT);
      } else {
        word(word, i == 0 ? Position.COMMAND : Position.ARGUMENT);
      }
    }
    redirects(simple.redirects());
    for (Map.Entry<String, Value> change : Changes.by(simple, scope).entrySet()) {
      assign(change.getKey(), simple, change.getValue());
    }
    options(simple, name);
    scope.current = outer;
  }

  private Value valueOf(Syntax.Assignment assignment) {
    if (assignment.subscript() != null) {
      return Value.ANY;
    }
    Value value = scope.valueOf(assignment.value());
    return assignment.append() ? Value.join(scope.value(assignment.name()), value) : value;
  }

  /** Where the value begins in a word such as {@code name=value}; 0 in others. */
  static int sign(Syntax.Word word) {
    if (word.pieces().isEmpty() || !(word.pieces().getFirst() instanceof Syntax.Text text)) {
      return 0;
    }
    String value = text.value();
    int i = 0;
    while (i < value.length() && Parser.name(value.charAt(i))) {
      i++;
    }
    int sign = i < value.length() && value.charAt(i) == '+' ? i + 1 : i;
    return i > 0 && sign < value.length() && value.charAt(sign) == '=' ? sign + 1 : 0;
  }

  private void options(Syntax.Simple simple, String name) {
    if (!name.equals("set")) {
      return;
    }
    for (int i = 1; i < simple.words().size(); i++) {
      String word = Words.literal(simple.words().get(i));
      if (word == null || word.length() < 2 || word.equals("--")) {
        return;
      }
      boolean on = word.charAt(0) == '-';
      if (!on && word.charAt(0) != '+') {
        return;
      }
      if (word.indexOf('e') > 0) {
        scope.errexit = on;
      }
      if (word.indexOf('o') > 0 && i + 1 < simple.words().size()) {
        i++;
        String option = Words.literal(simple.words().get(i));
        if ("errexit".equals(option)) {
          scope.errexit = on;
        } else if ("pipefail".equals(option)) {
          scope.pipefail = on;
        }
      }
    }
  }

  private void redirects(List<Syntax.Redirect> redirects) {
    for (Syntax.Redirect redirect : redirects) {
      for (Check check : checks) {
        check.redirect(redirect, scope);
      }
      Syntax.Document document = redirect.document();
      if (document == null) {
        word(redirect.target(), Position.TARGET);
      } else if (!document.quoted()) {
        for (Syntax.Piece piece : document.pieces()) {
          piece(piece, Position.DOCUMENT);
        }
      }
    }
  }

  private void assign(String name, Syntax at, Value value) {
    scope.assign(name, value);
    for (Check check : checks) {
      check.assigned(name, at, value, scope);
    }
  }

  private void word(Syntax.Word word, Position position) {
    for (Check check : checks) {
      check.word(word, position, scope);
    }
    for (Syntax.Piece piece : word.pieces()) {
      piece(piece, position);
    }
  }

  private void piece(Syntax.Piece piece, Position position) {
    for (Check check : checks) {
      check.piece(piece, position, scope);
    }
    if (piece instanceof Syntax.Text text) {
      if (position == Position.ARITHMETIC || position == Position.SUBSCRIPT) {
        calculated(text);
      }
    } else if (piece instanceof Syntax.DoubleQuoted quoted) {
      for (Syntax.Piece part : quoted.pieces()) {
        piece(part, Position.QUOTED);
      }
    } else if (piece instanceof Syntax.Parameter parameter) {
      if (parameter.subscript() != null) {
        word(parameter.subscript(), Position.SUBSCRIPT);
      }
      if (parameter.argument() != null) {
        boolean value = "-=+?".indexOf(last(parameter.operator())) >= 0;
        boolean offset = parameter.operator().equals(":");
        word(
            parameter.argument(),
            offset
                ? Position.ARITHMETIC
                : position == Position.QUOTED || position == Position.DOCUMENT || !value
                    ? Position.QUOTED
                    : position);
        if (parameter.operator().endsWith("=")) {
          assign(parameter.name(), parameter, scope.valueOf(parameter));
        }
      }
    } else if (piece instanceof Syntax.CommandSubstitution substitution) {
      apart(() -> {
        boolean tested = scope.tested;
        boolean lost = scope.lost;
        scope.tested = false;
        // Only the status of an assignment without a command is that of its substitution.
        scope.lost |= scope.current == null || !scope.current.words().isEmpty();
        Syntax.Simple outer = scope.current;
        scope.backquotes += substitution.backquoted() ? 1 : 0;
        sequence(substitution.body());
        scope.backquotes -= substitution.backquoted() ? 1 : 0;
        scope.current = outer;
        scope.tested = tested;
        scope.lost = lost;
      });
    } else if (piece instanceof Syntax.ProcessSubstitution substitution) {
      apart(() -> {
        Syntax.Simple outer = scope.current;
        sequence(substitution.body());
        scope.current = outer;
      });
    } else if (piece instanceof Syntax.Arithmetic arithmetic) {
      word(arithmetic.expression(), Position.ARITHMETIC);
    } else if (piece instanceof Syntax.ArrayValue array) {
      for (Syntax.Word element : array.elements()) {
        word(element, Position.ELEMENT);
      }
    }
  }

  private static char last(String operator) {
    return operator.isEmpty() ? ' ' : operator.charAt(operator.length() - 1);
  }

  private void calculated(Syntax.Text text) {
    String value = text.value();
    int i = 0;
    while (i < value.length()) {
      char c = value.charAt(i);
      if (!Parser.name(c)) {
        i++;
        continue;
      }
      int from = i;
      while (i < value.length() && Parser.name(value.charAt(i))) {
        i++;
      }
      if (c < '0' || c > '9') {
        String name = value.substring(from, i);
        for (Check check : checks) {
          check.calculated(name, text, scope);
        }
        if (writes(value, from, i)) {
          assign(name, text, Value.NUMBER);
        }
      }
    }
  }

  /** Whether the name from {@code from} to {@code to} of an expression is assigned to. */
  private static boolean writes(String value, int from, int to) {
    if (value.startsWith("++", to)
        || value.startsWith("--", to)
        || value.startsWith("++", from - 2)
        || value.startsWith("--", from - 2)) {
      return true;
    }
    int i = to;
    while (i < value.length() && value.charAt(i) == ' ') {
      i++;
    }
    int sign = i;
    while (i < value.length() && i < sign + 2 && "+-*/%&|^<>".indexOf(value.charAt(i)) >= 0) {
      i++;
    }
    return i < value.length()
        && value.charAt(i) == '='
        && (i + 1 >= value.length() || value.charAt(i + 1) != '=')
        && (i == sign
            || (value.charAt(i - 1) != '<' && value.charAt(i - 1) != '>')
            || i == sign + 2);
  }

  /** The values that a part of a script gives to variables, whatever the order. */
  static final class Changes {
    private final Map<String, Value> values = new HashMap<>();
    private final Dialect dialect;

    Changes(Dialect dialect) {
      this.dialect = dialect;
    }

    void into(Syntax.Command part) {
      Scope fresh = new Scope(dialect, ShellOptions.none(), new Names());
      Check collector =
          new Check() {
            @Override
            public void assigned(String name, Syntax at, Value value, Scope scope) {
              Value before = values.get(name);
              values.put(name, before == null ? value : Value.join(before, value));
            }
          };
      Walk walk = new Walk(fresh, List.of(collector));
      walk.collecting = true;
      walk.inside(part);
    }

    Map<String, Value> values() {
      return values;
    }

    /** The variables that a command sets by what it is: {@code read}, {@code export}, … */
    static Map<String, Value> by(Syntax.Simple simple, Scope scope) {
      String name = Words.command(simple);
      List<Syntax.Word> words = simple.words();
      Map<String, Value> values = new HashMap<>();
      switch (name) {
        case "declare", "typeset", "local", "export", "readonly" -> {
          for (int i = 1; i < words.size(); i++) {
            Syntax.Word word = words.get(i);
            int sign = sign(word);
            if (sign > 0) {
              String head = ((Syntax.Text) word.pieces().getFirst()).value();
              int end = head.charAt(sign - 2) == '+' ? sign - 2 : sign - 1;
              List<Syntax.Piece> rest = new ArrayList<>(word.pieces());
              rest.set(0, new Syntax.Text(word.start(), word.start(), head.substring(sign)));
              values.put(
                  head.substring(0, end),
                  end == sign - 2
                      ? Value.ANY
                      : scope.valueOf(new Syntax.Word(word.start(), word.end(), rest)));
            } else {
              String declared = Words.literal(word);
              if (declared != null
                  && !declared.startsWith("-")
                  && !name.equals("export")
                  && !name.equals("readonly")) {
                values.put(declared, Value.ANY);
              }
            }
          }
        }
        case "read", "mapfile", "readarray", "getopts" -> {
          for (int i = 1; i < words.size(); i++) {
            String word = Words.literal(words.get(i));
            if (word != null && !word.isEmpty() && Parser.name(word.charAt(0))) {
              values.put(word, Value.ANY);
            }
          }
          if (name.equals("read")) {
            values.put("REPLY", Value.ANY);
          } else if (name.equals("getopts")) {
            values.put("OPTARG", Value.ANY);
            values.put("OPTIND", Value.NUMBER);
          } else {
            values.put("MAPFILE", Value.ANY);
          }
        }
        case "printf" -> {
          for (int i = 1; i + 1 < words.size(); i++) {
            if ("-v".equals(Words.literal(words.get(i)))) {
              String variable = Words.literal(words.get(i + 1));
              if (variable != null) {
                values.put(variable, Value.ANY);
              }
            }
          }
        }
        case "let" -> {
          for (int i = 1; i < words.size(); i++) {
            String head = Words.head(words.get(i));
            int end = 0;
            while (end < head.length() && Parser.name(head.charAt(end))) {
              end++;
            }
            if (end > 0) {
              values.put(head.substring(0, end), Value.NUMBER);
            }
          }
        }
        default -> {}
      }
      return values;
    }
  }

  private void inside(Syntax.Command part) {
    if (part instanceof Syntax.While loop) {
      sequence(loop.condition());
      sequence(loop.body());
    } else if (part instanceof Syntax.For loop) {
      sequence(loop.body());
    } else if (part instanceof Syntax.Counting loop) {
      word(loop.expression(), Position.ARITHMETIC);
      sequence(loop.body());
    } else {
      command(part);
    }
  }
}
