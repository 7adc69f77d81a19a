package dev.slipway.lint;

import dev.slipway.workflow.YamlNode;
import dev.slipway.workflow.expression.Expression;
import dev.slipway.workflow.expression.ExpressionException;
import dev.slipway.workflow.expression.Scope;
import dev.slipway.workflow.expression.Shape;
import dev.slipway.workflow.expression.Value;
import dev.slipway.workflow.expression.Vocabulary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Works out the types in every expression of a file and collects what cannot be meant. */
final class ExpressionCheck {
  private static final Vocabulary NOTHING =
      Vocabulary.of(Set.of(), EnumSet.noneOf(Vocabulary.Function.class));
  private static final Scope EMPTY = name -> null;

  /** What kind of mistake a problem is. */
  enum Kind {
    PROPERTY,
    COMPARISON,
    IMPOSSIBLE,
    ARGUMENT,
    FORMAT,
    TEXT,
    INPUT
  }

  /** Something that cannot be meant. */
  record Problem(Kind kind, ExpressionUse use, String message, String hint) {}

  private final LintFile file;
  private final ContextTypes contexts;
  private final List<Problem> problems = new ArrayList<>();
  private @Nullable ExpressionUse use;

  /** How many && and || the shape that is looked at lies in. */
  private int guards;

  private ExpressionCheck(LintFile file) {
    this.file = file;
    this.contexts = new ContextTypes(file);
  }

  static List<Problem> of(LintFile file) {
    ExpressionCheck check = new ExpressionCheck(file);
    for (ExpressionUse use : file.expressions()) {
      check.use = use;
      ValueType type = check.type(use.expression().shape());
      check.text(use, type);
      check.input(use, type);
    }
    return check.problems;
  }

  private void add(Kind kind, String message, String hint) {
    if (use != null) {
      problems.add(new Problem(kind, use, message, hint));
    }
  }

  /** An object in the middle of a text is the word Object. */
  private void text(ExpressionUse at, ValueType type) {
    boolean within = at.start() > 0 || at.end() < at.scalar().text().length();
    if (type.collection() && (within || at.key().equals("run"))) {
      String what = type.sort() == ValueType.Sort.ARRAY ? "Array" : "Object";
      add(
          Kind.TEXT,
          "This puts the word '" + what + "' into the text, not what is in it",
          "use toJSON(…) or one of its members");
    }
  }

  /** What a called workflow takes is refused when it is of another type and cannot become it. */
  private void input(ExpressionUse at, ValueType type) {
    JobNode job = at.job();
    List<String> path = at.path();
    if (job == null || path.size() != 4 || !path.get(2).equalsIgnoreCase("with") || !job.call()) {
      return;
    }
    LintFile called = contexts.called(job);
    YamlNode inputs = called == null ? null : Trees.get(called.filters("workflow_call"), "inputs");
    String wanted = Trees.text(Trees.get(inputs, at.key()), "type");
    boolean within = at.start() > 0 || at.end() < at.scalar().text().length();
    ValueType.Sort given = within ? ValueType.Sort.STRING : sort(at, type);
    boolean fits =
        switch (wanted) {
          case "boolean" -> given == ValueType.Sort.BOOLEAN;
          case "number" -> given == ValueType.Sort.NUMBER;
          case "string" -> !type.collection() || within;
          default -> true;
        };
    if (given != ValueType.Sort.ANY && !fits) {
      String is = given.name().toLowerCase(Locale.ROOT);
      boolean vowel = given == ValueType.Sort.ARRAY || given == ValueType.Sort.OBJECT;
      add(
          Kind.INPUT,
          "The input '"
              + at.key()
              + "' is a "
              + wanted
              + ", and this is "
              + (given == ValueType.Sort.NULL ? "nothing" : (vowel ? "an " : "a ") + is),
          wanted.equals("string")
              ? "use toJSON(…) or one of its members"
              : wanted.equals("boolean")
                  ? "compare it: ${{ … == 'true' }}"
                  : "use fromJSON(…), which makes a number of it");
    }
  }

  private static ValueType.Sort sort(ExpressionUse at, ValueType type) {
    boolean variable =
        at.expression().shape() instanceof Shape.Path path
            && path.names().size() == 2
            && path.names().getFirst().equals("vars");
    return variable ? ValueType.Sort.STRING : type.sort();
  }

  private ValueType type(Shape shape) {
    if (shape instanceof Shape.Literal literal) {
      return ValueType.of(literal.value());
    }
    if (shape instanceof Shape.Path path) {
      return path(path);
    }
    if (shape instanceof Shape.Call call) {
      return call(call);
    }
    return shape instanceof Shape.Operation operation ? operation(operation) : ValueType.ANY;
  }

  private ValueType path(Shape.Path path) {
    List<Shape> inner = path.inner();
    List<String> names = path.names();
    String root = names.getFirst();
    int from = root.isEmpty() ? 1 : 0;
    ValueType type =
        root.isEmpty()
            ? type(inner.getFirst())
            : contexts.context(root, use == null ? null : use.job());
    for (int i = from; i < inner.size(); i++) {
      type(inner.get(i));
    }
    for (int i = 1; i < names.size(); i++) {
      String name = names.get(i);
      if (name.equals("*")) {
        type = ValueType.some(type.each());
        continue;
      }
      ValueType member =
          type.sort() == ValueType.Sort.ARRAY ? arrayMember(type, name) : type.member(name);
      if (member == null) {
        missing(path, i, type);
        return ValueType.ANY;
      }
      type = member;
    }
    return type;
  }

  private static ValueType arrayMember(ValueType array, String name) {
    return !name.isEmpty() && Character.isDigit(name.charAt(0)) ? array.each() : ValueType.ANY;
  }

  private void missing(Shape.Path path, int at, ValueType of) {
    List<String> names = path.names();
    String root = names.getFirst();
    // Rules of their own tell of these.
    boolean told =
        (root.equals("needs") && (at == 1 || (at == 3 && ownJob(names.get(1)))))
            || (root.equals("steps") && at == 1)
            || (root.equals("inputs") && at == 1);
    // What another event has is asked for in workflows that are copied about, with something else
    // behind || for when it is empty.
    boolean otherEvent =
        root.equals("github") && at == 2 && guards > 0 && Payloads.known(names.get(2));
    if (told || otherEvent) {
      return;
    }
    String owner =
        root.isEmpty() ? "the value" : "'" + ExpressionUse.written(names.subList(0, at)) + "'";
    Collection<String> known = of.names();
    add(
        Kind.PROPERTY,
        owner + " has no '" + names.get(at) + "', so this is always empty" + where(root, at, names),
        NearName.hint(names.get(at), known));
  }

  private boolean ownJob(String id) {
    JobNode job = file.job(id);
    return job != null && !job.call();
  }

  private String where(String root, int at, List<String> names) {
    if (root.equals("github") && at > 1 && names.get(1).equalsIgnoreCase("event")) {
      return " for " + String.join(", ", new java.util.TreeSet<>(contexts.events()));
    }
    return "";
  }

  private ValueType operation(Shape.Operation operation) {
    List<ValueType> types = new ArrayList<>();
    String operator = operation.operator();
    boolean logic = operator.equals("&&") || operator.equals("||");
    guards += logic ? 1 : 0;
    for (Shape operand : operation.operands()) {
      types.add(type(operand));
    }
    guards -= logic ? 1 : 0;
    if (logic) {
      ValueType all = types.getFirst();
      for (ValueType one : types) {
        all = all.sort() == one.sort() && !one.collection() ? all : ValueType.ANY;
      }
      return all;
    }
    if (operator.equals("!")) {
      return ValueType.BOOLEAN;
    }
    if (operator.isEmpty() || types.size() != 2) {
      return ValueType.ANY;
    }
    compare(operator, types.get(0), types.get(1));
    if (operator.equals("==") || operator.equals("!=")) {
      impossible(operator, operation.operands().get(0), operation.operands().get(1));
      impossible(operator, operation.operands().get(1), operation.operands().get(0));
    }
    return ValueType.BOOLEAN;
  }

  private void compare(String operator, ValueType left, ValueType right) {
    boolean equality = operator.equals("==") || operator.equals("!=");
    ValueType odd = left.collection() ? left : right;
    ValueType other = left.collection() ? right : left;
    boolean scalar =
        other.sort() == ValueType.Sort.STRING
            || other.sort() == ValueType.Sort.NUMBER
            || other.sort() == ValueType.Sort.BOOLEAN;
    if (odd.collection() && (scalar || !equality)) {
      String what = odd.sort() == ValueType.Sort.ARRAY ? "An array" : "An object";
      add(
          Kind.COMPARISON,
          what
              + " is compared with a single value, which is never "
              + (equality ? "equal" : "smaller or greater"),
          "compare one of its members, or use contains(…) or toJSON(…)");
    }
  }

  private void impossible(String operator, Shape side, Shape literal) {
    if (!(side instanceof Shape.Path path)
        || !(literal instanceof Shape.Literal value)
        || value.value().kind() != Value.Kind.STRING) {
      return;
    }
    List<String> names = path.names();
    Collection<String> possible = possible(names);
    String text = value.value().toText();
    if (possible == null || text.isEmpty()) {
      return;
    }
    for (String one : possible) {
      if (one.equalsIgnoreCase(text)) {
        return;
      }
    }
    add(
        Kind.IMPOSSIBLE,
        "'"
            + ExpressionUse.written(names)
            + "' is never '"
            + text
            + "' here, so this is always "
            + (operator.equals("==") ? "false" : "true"),
        "it can be " + String.join(", ", possible));
  }

  private @Nullable Collection<String> possible(List<String> names) {
    String first = names.getFirst();
    String second = names.size() > 1 ? names.get(1).toLowerCase(Locale.ROOT) : "";
    String last = names.getLast().toLowerCase(Locale.ROOT);
    if (first.equals("github") && names.size() == 2) {
      if (second.equals("ref_type")) {
        return List.of("branch", "tag");
      }
      return second.equals("event_name") ? eventNames() : null;
    }
    if (first.equals("runner") && names.size() == 2) {
      return switch (second) {
        case "os" -> List.of("Linux", "Windows", "macOS");
        case "arch" -> List.of("X86", "X64", "ARM", "ARM64");
        case "environment" -> List.of("github-hosted", "self-hosted");
        default -> null;
      };
    }
    if (first.equals("job") && names.size() == 2 && second.equals("status")) {
      return List.of("success", "failure", "cancelled");
    }
    boolean result =
        (first.equals("needs") || first.equals("jobs"))
            && names.size() == 3
            && last.equals("result");
    boolean outcome =
        first.equals("steps")
            && names.size() == 3
            && (last.equals("outcome") || last.equals("conclusion"));
    return result || outcome ? List.of("success", "failure", "cancelled", "skipped") : null;
  }

  private @Nullable Collection<String> eventNames() {
    Set<String> events = contexts.events();
    return file.action() || events.isEmpty() || events.contains("workflow_call")
        ? null
        : new java.util.TreeSet<>(events);
  }

  private ValueType call(Shape.Call call) {
    List<ValueType> types = new ArrayList<>();
    for (Shape argument : call.arguments()) {
      types.add(type(argument));
    }
    String function = call.function().toLowerCase(Locale.ROOT);
    switch (function) {
      case "contains" -> {
        if (types.getFirst().sort() == ValueType.Sort.OBJECT) {
          add(
              Kind.ARGUMENT,
              "contains() looks into texts and arrays, not into objects, so this is always false",
              "list the values with '.*'");
        }
        return ValueType.BOOLEAN;
      }
      case "startswith", "endswith" -> {
        scalars(call.function(), types);
        return ValueType.BOOLEAN;
      }
      case "format" -> {
        format(call, types);
        return ValueType.STRING;
      }
      case "join" -> {
        if (types.getFirst().sort() == ValueType.Sort.OBJECT) {
          add(
              Kind.ARGUMENT,
              "join() joins the items of an array; of an object it makes nothing",
              "list the values with '.*'");
        }
        return ValueType.STRING;
      }
      case "tojson" -> {
        return ValueType.STRING;
      }
      case "hashfiles" -> {
        scalars(call.function(), types);
        return ValueType.STRING;
      }
      case "fromjson" -> {
        return fromJson(call, types);
      }
      case "always", "success", "failure", "cancelled" -> {
        return ValueType.BOOLEAN;
      }
      default -> {
        return ValueType.ANY;
      }
    }
  }

  private void scalars(String function, List<ValueType> types) {
    for (ValueType type : types) {
      if (type.collection()) {
        add(
            Kind.ARGUMENT,
            function
                + "() takes texts, and this argument is "
                + (type.sort() == ValueType.Sort.ARRAY ? "an array" : "an object"),
            "give it a text");
        return;
      }
    }
  }

  private ValueType fromJson(Shape.Call call, List<ValueType> types) {
    if (types.getFirst().collection()) {
      add(Kind.ARGUMENT, "fromJSON() takes a text, and this is one value already", "leave it out");
      return types.getFirst();
    }
    if (!(call.arguments().getFirst() instanceof Shape.Literal literal)
        || literal.value().kind() != Value.Kind.STRING) {
      return ValueType.ANY;
    }
    String text = literal.value().toText();
    try {
      String source = "fromJSON('" + text.replace("'", "''") + "')";
      return ValueType.of(Expression.compile(source, NOTHING).evaluate(EMPTY));
    } catch (ExpressionException e) {
      add(Kind.ARGUMENT, "'" + text + "' is no JSON, so the run fails here", "correct the JSON");
      return ValueType.ANY;
    }
  }

  private void format(Shape.Call call, List<ValueType> types) {
    if (!(call.arguments().getFirst() instanceof Shape.Literal literal)
        || literal.value().kind() != Value.Kind.STRING) {
      return;
    }
    int given = types.size() - 1;
    boolean[] used = new boolean[given];
    String text = literal.value().toText();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean doubled = i + 1 < text.length() && text.charAt(i + 1) == c;
      if ((c == '{' || c == '}') && doubled) {
        i++;
      } else if (c == '{') {
        int close = text.indexOf('}', i);
        int number = close < 0 ? -1 : number(text.substring(i + 1, close));
        if (number < 0) {
          add(
              Kind.FORMAT,
              "The format '" + text + "' is not valid, so the run fails here",
              "write {0}, and {{ for a brace");
          return;
        }
        if (number >= given) {
          add(
              Kind.FORMAT,
              "The format names {"
                  + number
                  + "}, but there are only "
                  + given
                  + " values for it, so the run fails here",
              "give it another value");
          return;
        }
        used[number] = true;
        i = close;
      }
    }
    for (int i = 0; i < given; i++) {
      if (!used[i]) {
        add(
            Kind.FORMAT,
            "The format does not name {" + i + "}, so a value is lost",
            "add {" + i + "} to the text, or remove the value");
        return;
      }
    }
  }

  private static int number(String text) {
    if (text.isEmpty() || text.length() > 3) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return -1;
      }
    }
    return Integer.parseInt(text);
  }
}
