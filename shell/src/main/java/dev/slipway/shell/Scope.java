package dev.slipway.shell;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known at a place of a script while it is gone through in the order it runs in: the values
 * of variables, the options, and where the place is. A change of a variable is written down
 * together with what was there before, so that a branch can be taken back and joined with the other
 * at the cost of what it changed.
 */
final class Scope {
  /** Of one rule in one script; nobody reads more. */
  private static final int MOST = 1_000;

  final Dialect dialect;
  final Set<String> environment;
  final Names names;
  private final List<ShellFinding> findings = new ArrayList<>();
  private final Map<ShellRule, Integer> counts = new EnumMap<>(ShellRule.class);
  private final Map<String, Value> values = new HashMap<>();
  private final Deque<Map<String, Value>> frames = new ArrayDeque<>();
  boolean errexit;
  boolean pipefail;
  int backquotes;
  int functions;

  /** Whether the status of what runs here is looked at. */
  boolean tested;

  /** Whether the status of what runs here gets lost, whatever the options say. */
  boolean lost;

  /** The simple command whose words are gone through. */
  Syntax.@Nullable Simple current;

  Scope(Dialect dialect, ShellOptions options, Names names) {
    this.dialect = dialect;
    this.environment = options.environment();
    this.names = names;
    this.errexit = options.on().contains(ShellOption.ERREXIT);
    this.pipefail = options.on().contains(ShellOption.PIPEFAIL);
  }

  List<ShellFinding> findings() {
    return findings;
  }

  boolean bash() {
    return dialect == Dialect.BASH;
  }

  void report(ShellRule rule, Syntax at, String message, ShellEdit... edits) {
    report(rule, rule.usual(), at, message, edits);
  }

  void report(ShellRule rule, String code, Syntax at, String message, ShellEdit... edits) {
    report(rule, code, at.start(), at.end(), message, edits);
  }

  void report(ShellRule rule, int start, int end, String message, ShellEdit... edits) {
    report(rule, rule.usual(), start, end, message, edits);
  }

  void report(ShellRule rule, String code, int start, int end, String message, ShellEdit... edits) {
    int count = counts.merge(rule, 1, Integer::sum);
    if (count > MOST) {
      return;
    }
    findings.add(
        new ShellFinding(
            rule,
            code,
            start,
            end,
            rule.severity(),
            message,
            rule.hint(),
            // In backquotes a quote may have to be protected from what is outside.
            backquotes > 0 ? List.of() : List.of(edits)));
  }

  Value value(String name) {
    Value value = values.get(name);
    if (functions > 0 && value == null) {
      return names.summary(name);
    }
    if (value == null) {
      return Value.ANY;
    }
    return names.assignedInFunction(name) ? Value.join(value, names.summary(name)) : value;
  }

  void assign(String name, Value value) {
    Value before = values.put(name, value);
    if (!frames.isEmpty()) {
      Map<String, Value> frame = frames.peek();
      if (!frame.containsKey(name)) {
        frame.put(name, before);
      }
    }
  }

  /** Begins a part of the script that may run or not. */
  void branch() {
    frames.push(new HashMap<>());
  }

  /** Takes the branch back and gives what it changed. */
  Map<String, Value> leave() {
    Map<String, Value> before = frames.pop();
    Map<String, Value> changed = new HashMap<>();
    for (Map.Entry<String, Value> entry : before.entrySet()) {
      Value now = values.get(entry.getKey());
      if (now != null) {
        changed.put(entry.getKey(), now);
      }
      if (entry.getValue() == null) {
        values.remove(entry.getKey());
      } else {
        values.put(entry.getKey(), entry.getValue());
      }
    }
    return changed;
  }

  /** Goes on after branches of which one ran, or none if {@code maybe}. */
  void join(List<Map<String, Value>> branches, boolean maybe) {
    Set<String> changed = new HashSet<>();
    for (Map<String, Value> branch : branches) {
      changed.addAll(branch.keySet());
    }
    for (String name : changed) {
      Value before = values.get(name);
      Value joined = null;
      boolean first = true;
      for (Map<String, Value> branch : branches) {
        Value value = branch.getOrDefault(name, before == null ? Value.ANY : before);
        joined = first ? value : Value.join(joined, value);
        first = false;
      }
      if (maybe) {
        joined = Value.join(joined, before);
      }
      assign(name, joined == null ? Value.ANY : joined);
    }
  }

  /** What is known of the value of a word. */
  Value valueOf(Syntax.Word word) {
    if (word.pieces().isEmpty()) {
      return Value.EMPTY;
    }
    Value value = null;
    for (Syntax.Piece piece : word.pieces()) {
      Value part = valueOf(piece);
      value =
          value == null
              ? part
              : value == Value.EMPTY ? part : part == Value.EMPTY ? value : Value.join(value, part);
    }
    return value == null ? Value.EMPTY : value;
  }

  Value valueOf(Syntax.Piece piece) {
    if (piece instanceof Syntax.Text text) {
      return plain(text.value());
    }
    if (piece instanceof Syntax.SingleQuoted quoted) {
      return plain(quoted.value());
    }
    if (piece instanceof Syntax.Escaped escaped) {
      return plain(String.valueOf(escaped.value()));
    }
    if (piece instanceof Syntax.Arithmetic) {
      return Value.NUMBER;
    }
    if (piece instanceof Syntax.DoubleQuoted quoted) {
      Value value = Value.EMPTY;
      for (Syntax.Piece part : quoted.pieces()) {
        Value next = valueOf(part);
        value = value == Value.EMPTY ? next : next == Value.EMPTY ? value : Value.join(value, next);
      }
      return value;
    }
    if (piece instanceof Syntax.Parameter parameter) {
      return valueOf(parameter);
    }
    // Nothing is known of it, so nothing is said about it.
    if (piece instanceof Syntax.Unknown) {
      return Value.PLAIN;
    }
    return Value.ANY;
  }

  Value valueOf(Syntax.Parameter parameter) {
    if (parameter.prefix().equals("#")
        || (parameter.name().length() == 1 && "#?$!-".contains(parameter.name()))) {
      return Value.NUMBER;
    }
    if (!parameter.prefix().isEmpty() || parameter.subscript() != null) {
      return Value.ANY;
    }
    Value value = value(parameter.name());
    if (value == Value.ANY && names.always(parameter.name())) {
      value = Value.NUMBER;
    }
    Syntax.Word argument = parameter.argument();
    return switch (parameter.operator()) {
      case "" -> value;
      case "-", ":-", "=", ":=" ->
          argument == null ? Value.ANY : Value.join(value, valueOf(argument));
      case "#", "##", "%", "%%", ":" -> value == Value.ANY ? Value.ANY : Value.PLAIN;
      default -> Value.ANY;
    };
  }

  private static Value plain(String text) {
    if (text.isEmpty()) {
      return Value.EMPTY;
    }
    boolean digits = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (" \t\n*?[".indexOf(c) >= 0) {
        return Value.ANY;
      }
      digits &= c >= '0' && c <= '9';
    }
    return digits ? Value.NUMBER : Value.PLAIN;
  }
}
