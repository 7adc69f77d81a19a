package dev.slipway.shell;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The variables of a script: which get a value, and where, and which are looked at. */
final class Names implements Check {
  private static final Set<String> NUMBERS =
      Set.of(
          "LINENO",
          "RANDOM",
          "SECONDS",
          "UID",
          "EUID",
          "PPID",
          "SHLVL",
          "OPTIND",
          "BASHPID",
          "EPOCHSECONDS",
          "COLUMNS",
          "LINES");

  private final Map<String, Value> summaries = new HashMap<>();
  private final Map<String, Syntax> firstAssigned = new LinkedHashMap<>();
  private final Set<String> arrays = new HashSet<>();
  private final Set<String> maps = new HashSet<>();
  private final Set<String> inFunctions = new HashSet<>();
  private final Set<String> used = new HashSet<>();
  private final Set<String> appended = new HashSet<>();
  private final Set<String> set = new HashSet<>();
  private boolean indirect;

  /** What is known of the values a variable gets anywhere. */
  Value summary(String name) {
    Value summary = summaries.get(name);
    return summary == null ? Value.ANY : summary;
  }

  boolean assignedInFunction(String name) {
    return inFunctions.contains(name);
  }

  boolean assignedAnywhere(String name) {
    return summaries.containsKey(name);
  }

  boolean usedAnywhere(String name) {
    return indirect || used.contains(name) || (appended.contains(name) && !set.contains(name));
  }

  /** Whether names are put together or a text is run, so that any variable may be meant. */
  boolean usedIndirectly() {
    return indirect;
  }

  /** Whether the variable is an array whose subscripts are numbers. */
  boolean numbered(String name) {
    return arrays.contains(name) && !maps.contains(name);
  }

  /** Whether the shell itself keeps a number in the variable. */
  boolean always(String name) {
    return NUMBERS.contains(name) && !summaries.containsKey(name);
  }

  Map<String, Syntax> firstAssigned() {
    return firstAssigned;
  }

  @Override
  public void assigned(String name, Syntax at, Value value, Scope scope) {
    Value before = summaries.get(name);
    summaries.put(name, before == null ? value : Value.join(before, value));
    firstAssigned.putIfAbsent(name, at);
    if (scope.functions > 0) {
      inFunctions.add(name);
    }
    if (at instanceof Syntax.Assignment assignment) {
      if (assignment.append()) {
        // What is added to is there already, so somebody else may know of it.
        appended.add(name);
      } else {
        set.add(name);
      }
      if (assignment.subscript() != null
          || (!assignment.value().pieces().isEmpty()
              && assignment.value().pieces().getFirst() instanceof Syntax.ArrayValue)) {
        arrays.add(name);
      }
    }
  }

  @Override
  public void calculated(String name, Syntax at, Scope scope) {
    used.add(name);
  }

  @Override
  public void piece(Syntax.Piece piece, Position position, Scope scope) {
    if (piece instanceof Syntax.Parameter parameter) {
      used.add(parameter.name());
      if (parameter.prefix().equals("!")) {
        indirect = true;
      }
    }
  }

  @Override
  public void clause(Syntax.Clause clause, Scope scope) {
    if (clause.operator().equals("-v") && clause.right() != null) {
      use(clause.right());
    } else if (clause.operator().startsWith("-")
        && clause.operator().length() == 3
        && clause.left() != null
        && clause.right() != null) {
      use(clause.left());
      use(clause.right());
    }
  }

  private void use(Syntax.Word word) {
    String name = Words.constant(word);
    if (name != null) {
      used.add(name);
    }
  }

  @Override
  public void simple(Syntax.Simple simple, Scope scope) {
    String name = Words.command(simple);
    switch (name) {
      case "export", "readonly", "declare", "typeset", "local" -> {
        boolean exported = name.equals("export") || Words.flag(simple, 'x');
        for (int i = 1; i < simple.words().size(); i++) {
          Syntax.Word word = simple.words().get(i);
          int sign = Walk.sign(word);
          if (exported) {
            used.add(sign > 0 ? Words.head(word).substring(0, sign - 1) : Words.head(word));
          }
          if (sign > 0
              && word.pieces().size() > 1
              && word.pieces().get(1) instanceof Syntax.ArrayValue) {
            arrays.add(Words.head(word).substring(0, sign - 1));
          }
          String literal = Words.literal(word);
          if (Words.flag(simple, 'A')) {
            String head = Words.head(word);
            maps.add(sign > 0 ? head.substring(0, sign - 1) : head);
          } else if (literal != null && sign == 0 && Words.flag(simple, 'a')) {
            arrays.add(literal);
          }
        }
        if (Words.flag(simple, 'n')) {
          indirect = true;
        }
      }
      case "eval", "source", "." -> indirect = true;
      case "set" -> {
        if (Words.flag(simple, 'a')) {
          indirect = true;
        }
      }
      case "test", "[" -> {
        for (int i = 1; i + 1 < simple.words().size(); i++) {
          if ("-v".equals(Words.literal(simple.words().get(i)))) {
            use(simple.words().get(i + 1));
          }
        }
      }
      case "let" -> {
        for (Syntax.Word word : simple.words()) {
          for (String part : Words.head(word).split("[^A-Za-z0-9_]+")) {
            used.add(part);
          }
        }
      }
      case "mapfile", "readarray" -> {
        for (Syntax.Word word : simple.words()) {
          String literal = Words.literal(word);
          if (literal != null) {
            arrays.add(literal);
          }
        }
      }
      case "read" -> {
        if (Words.flag(simple, 'a') && !simple.words().isEmpty()) {
          String literal = Words.literal(simple.words().getLast());
          if (literal != null) {
            arrays.add(literal);
          }
        }
      }
      case "unset" -> {
        for (Syntax.Word word : simple.words()) {
          use(word);
        }
      }
      default -> {}
    }
  }
}
