package dev.slipway.workflow.expression;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of a compiled expression. Immutable. */
abstract class Term {
  private final int depth;

  Term(Term... below) {
    int deepest = 0;
    for (Term term : below) {
      deepest = Math.max(deepest, term.depth);
    }
    depth = deepest + 1;
  }

  Term(List<Term> below) {
    this(below.toArray(new Term[0]));
  }

  /** How many terms lie on the longest way down, this one counted. */
  int depth() {
    return depth;
  }

  abstract Value evaluate(Scope scope);

  /** The value where what is unknown does not matter, else {@link Unknown#VALUE}. */
  abstract Value foresee(Scope scope);

  /** Whether the value is truthy; more is known of that than of the value itself. */
  Truth truth(Scope scope) {
    Value value = foresee(scope);
    return value instanceof Unknown ? Truth.UNKNOWN : Truth.of(value.truthy());
  }

  /** Terms directly below. */
  List<Term> children() {
    return List.of();
  }

  /** How it is written, for those who analyse expressions. */
  Shape shape() {
    List<Shape> operands = new ArrayList<>();
    for (Term child : children()) {
      operands.add(child.shape());
    }
    return new Shape.Operation(symbol(), operands);
  }

  /** The operator that joins the terms below; empty where there is none. */
  String symbol() {
    return "";
  }

  static final class Literal extends Term {
    final Value value;

    Literal(Value value) {
      this.value = value;
    }

    @Override
    Shape shape() {
      return new Shape.Literal(value);
    }

    @Override
    Value evaluate(Scope scope) {
      return value;
    }

    @Override
    Value foresee(Scope scope) {
      return value;
    }
  }

  static final class Context extends Term {
    final String name;

    Context(String lowerCase) {
      this.name = lowerCase;
    }

    @Override
    Shape shape() {
      return new Shape.Path(List.of(name), List.of());
    }

    @Override
    Value evaluate(Scope scope) {
      Value value = scope.context(name);
      return value == null ? Value.NULL : Budget.checked(value);
    }

    @Override
    Value foresee(Scope scope) {
      return evaluate(scope);
    }
  }

  static final class Not extends Term {
    private final Term operand;

    Not(Term operand) {
      super(operand);
      this.operand = operand;
    }

    @Override
    String symbol() {
      return "!";
    }

    @Override
    Value evaluate(Scope scope) {
      return Value.of(!operand.evaluate(scope).truthy());
    }

    @Override
    Value foresee(Scope scope) {
      Truth truth = truth(scope);
      return truth == Truth.UNKNOWN ? Unknown.VALUE : Value.of(truth == Truth.YES);
    }

    @Override
    Truth truth(Scope scope) {
      return operand.truth(scope).negated();
    }

    @Override
    List<Term> children() {
      return List.of(operand);
    }
  }

  /** {@code &&} and {@code ||}: the value of the operand that decides. */
  static final class Logic extends Term {
    private final boolean and;
    private final List<Term> operands;

    private Logic(boolean and, List<Term> operands) {
      super(operands);
      this.and = and;
      this.operands = operands;
    }

    /** Both, in one list with what they hold of the same kind. */
    static Logic of(boolean and, Term left, Term right) {
      List<Term> operands = new ArrayList<>();
      for (Term side : List.of(left, right)) {
        if (side instanceof Logic logic && logic.and == and) {
          operands.addAll(logic.operands);
        } else {
          operands.add(side);
        }
      }
      return new Logic(and, operands);
    }

    @Override
    String symbol() {
      return and ? "&&" : "||";
    }

    @Override
    Value evaluate(Scope scope) {
      Value value = Value.NULL;
      for (Term operand : operands) {
        value = operand.evaluate(scope);
        if (value.truthy() != and) {
          return value;
        }
      }
      return value;
    }

    @Override
    Value foresee(Scope scope) {
      Value value = Value.NULL;
      for (Term operand : operands) {
        value = operand.foresee(scope);
        if (value instanceof Unknown || value.truthy() != and) {
          return value;
        }
      }
      return value;
    }

    @Override
    Truth truth(Scope scope) {
      Truth deciding = Truth.of(!and);
      Truth all = deciding.negated();
      for (Term operand : operands) {
        Truth truth;
        try {
          truth = operand.truth(scope);
        } catch (ExpressionException e) {
          if (all != Truth.UNKNOWN) {
            throw e;
          }
          truth = Truth.UNKNOWN;
        }
        if (truth == deciding) {
          return deciding;
        }
        all = truth == Truth.UNKNOWN ? truth : all;
      }
      return all;
    }

    @Override
    List<Term> children() {
      return operands;
    }
  }

  /** A comparison. */
  static final class Comparison extends Term {
    private final Token.Type operator;
    private final Term left;
    private final Term right;

    Comparison(Token.Type operator, Term left, Term right) {
      super(left, right);
      this.operator = operator;
      this.left = left;
      this.right = right;
    }

    @Override
    String symbol() {
      return switch (operator) {
        case EQUAL -> "==";
        case NOT_EQUAL -> "!=";
        case LESS -> "<";
        case LESS_EQUAL -> "<=";
        case GREATER -> ">";
        case GREATER_EQUAL -> ">=";
        default -> throw new IllegalStateException();
      };
    }

    @Override
    Value evaluate(Scope scope) {
      return compare(left.evaluate(scope), right.evaluate(scope));
    }

    @Override
    Value foresee(Scope scope) {
      Value a = left.foresee(scope);
      Value b = right.foresee(scope);
      return a instanceof Unknown || b instanceof Unknown ? Unknown.VALUE : compare(a, b);
    }

    private Value compare(Value a, Value b) {
      return Value.of(
          switch (operator) {
            case EQUAL -> a.looselyEquals(b);
            case NOT_EQUAL -> !a.looselyEquals(b);
            case LESS -> ordered(a, b, -1, false);
            case LESS_EQUAL -> ordered(a, b, -1, true);
            case GREATER -> ordered(a, b, 1, false);
            case GREATER_EQUAL -> ordered(a, b, 1, true);
            default -> throw new IllegalStateException();
          });
    }

    private static boolean ordered(Value a, Value b, int sign, boolean orEqual) {
      if (!(a instanceof ScalarValue) || !(b instanceof ScalarValue)) {
        return orEqual && a.looselyEquals(b);
      }
      if (a.kind() == Value.Kind.STRING && b.kind() == Value.Kind.STRING) {
        int order = Characters.compare(a.toText(), b.toText());
        return order == 0 ? orEqual : Integer.signum(order) == sign;
      }
      if (a.kind() == Value.Kind.NULL && b.kind() == Value.Kind.NULL) {
        return orEqual;
      }
      double x = a.toNumber();
      double y = b.toNumber();
      if (Double.isNaN(x) || Double.isNaN(y)) {
        return false;
      }
      return x == y ? orEqual : (x < y) == (sign < 0);
    }

    @Override
    List<Term> children() {
      return List.of(left, right);
    }
  }

  /** {@code a.b}, {@code a[b]}, {@code a.*}; no index is the wildcard. */
  static final class Index extends Term {
    final Term of;
    final @Nullable Term index;

    Index(Term of, @Nullable Term index) {
      super(index == null ? new Term[] {of} : new Term[] {of, index});
      this.of = of;
      this.index = index;
    }

    @Override
    Shape shape() {
      Shape below = of.shape();
      List<String> names = new ArrayList<>();
      List<Shape> inner = new ArrayList<>();
      if (below instanceof Shape.Path path) {
        names.addAll(path.names());
        inner.addAll(path.inner());
      } else {
        names.add("");
        inner.add(below);
      }
      if (index instanceof Literal literal) {
        names.add(literal.value.toText());
      } else {
        names.add("*");
        if (index != null) {
          inner.add(index.shape());
        }
      }
      return new Shape.Path(names, inner);
    }

    @Override
    Value evaluate(Scope scope) {
      Value value = of.evaluate(scope);
      if (value instanceof ScalarValue) {
        return index == null ? new ArrayValue(List.of(), true) : Value.NULL;
      }
      return index == null ? wildcard(value) : access(value, index.evaluate(scope));
    }

    @Override
    Value foresee(Scope scope) {
      Value value = of.foresee(scope);
      if (value instanceof Unknown) {
        return value;
      }
      if (value instanceof ScalarValue) {
        return index == null ? new ArrayValue(List.of(), true) : Value.NULL;
      }
      if (index == null) {
        return wildcard(value);
      }
      Value key = index.foresee(scope);
      return key instanceof Unknown ? key : access(value, key);
    }

    private static Value access(Value value, Value key) {
      if (value instanceof ArrayValue array && array.filtered()) {
        List<Value> found = new ArrayList<>();
        for (Value item : array.items()) {
          Value member = member(item, key);
          if (member != null) {
            found.add(member);
          }
        }
        return new ArrayValue(found, true);
      }
      Value member = member(value, key);
      return member == null ? Value.NULL : Budget.checked(member);
    }

    private static Value wildcard(Value value) {
      List<Value> found = new ArrayList<>();
      if (value instanceof ArrayValue array && array.filtered()) {
        for (Value item : array.items()) {
          addAll(item, found);
        }
      } else {
        addAll(value, found);
      }
      return new ArrayValue(found, true);
    }

    private static void addAll(Value value, List<Value> found) {
      if (value instanceof ArrayValue array) {
        found.addAll(array.items());
      } else if (value instanceof ObjectValue object) {
        object.forEach((name, member) -> found.add(member));
      }
    }

    private static @Nullable Value member(Value value, Value key) {
      if (value instanceof ObjectValue object) {
        return key instanceof ScalarValue ? object.get(key.toText()) : null;
      }
      if (value instanceof ArrayValue array) {
        double number = key.toNumber();
        if (Double.isNaN(number) || number < 0) {
          return null;
        }
        double floor = Math.floor(number);
        return floor < array.items().size() ? array.items().get((int) floor) : null;
      }
      return null;
    }

    @Override
    List<Term> children() {
      return index == null ? List.of(of) : List.of(of, index);
    }
  }

  /** A function call. */
  static final class Call extends Term {
    final Functions function;
    final List<Term> arguments;

    Call(Functions function, List<Term> arguments) {
      super(arguments);
      this.function = function;
      this.arguments = List.copyOf(arguments);
    }

    @Override
    Shape shape() {
      List<Shape> shapes = new ArrayList<>();
      for (Term argument : arguments) {
        shapes.add(argument.shape());
      }
      return new Shape.Call(function.written(), shapes);
    }

    @Override
    Value evaluate(Scope scope) {
      return function.apply(arguments, scope);
    }

    @Override
    Value foresee(Scope scope) {
      return function.foresee(arguments, scope);
    }

    @Override
    List<Term> children() {
      return arguments;
    }
  }

  /** Text with expressions in it. */
  static final class Text extends Term {
    private final List<Term> parts;

    Text(List<Term> parts) {
      super(parts);
      this.parts = List.copyOf(parts);
    }

    @Override
    Value evaluate(Scope scope) {
      Budget budget = new Budget();
      StringBuilder text = new StringBuilder();
      for (Term part : parts) {
        String piece = part.evaluate(scope).toText();
        budget.add(piece.length());
        text.append(piece);
      }
      return Value.of(text.toString());
    }

    @Override
    Value foresee(Scope scope) {
      for (Term part : parts) {
        if (Unknown.within(part.foresee(scope))) {
          return Unknown.VALUE;
        }
      }
      return evaluate(scope);
    }

    @Override
    List<Term> children() {
      return parts;
    }
  }

  /** A value that is checked. */
  static final class Checked extends Term {
    private final Term term;
    private final Template.Check check;

    Checked(Term term, Template.Check check) {
      super(term);
      this.term = term;
      this.check = check;
    }

    @Override
    Value evaluate(Scope scope) {
      return check.accept(term.evaluate(scope));
    }

    @Override
    Value foresee(Scope scope) {
      Value value = term.foresee(scope);
      return value instanceof Unknown ? value : check.accept(value);
    }

    @Override
    List<Term> children() {
      return List.of(term);
    }
  }

  /** A member of an object, or another value when it has none of that name. */
  static final class Member extends Term {
    private final Term of;
    private final String name;
    private final Value otherwise;

    Member(Term of, String name, Value otherwise) {
      super(of);
      this.of = of;
      this.name = name;
      this.otherwise = otherwise;
    }

    @Override
    Value evaluate(Scope scope) {
      return member(of.evaluate(scope));
    }

    @Override
    Value foresee(Scope scope) {
      Value value = of.foresee(scope);
      return value instanceof Unknown ? value : member(value);
    }

    private Value member(Value value) {
      Value member = value instanceof ObjectValue object ? object.get(name) : null;
      return member == null ? otherwise : member;
    }

    @Override
    List<Term> children() {
      return List.of(of);
    }
  }
}
