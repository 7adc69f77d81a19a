package dev.slipway.workflow.expression;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions of expressions. */
enum Functions {
  CONTAINS("contains", 2, 2, null) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      Value in = arguments.get(0).evaluate(scope);
      if (in instanceof ArrayValue array && !array.items().isEmpty()) {
        Value what = arguments.get(1).evaluate(scope);
        for (Value item : array.items()) {
          if (what.looselyEquals(item)) {
            return Value.TRUE;
          }
        }
        return Value.FALSE;
      }
      if (!(in instanceof ScalarValue)) {
        return Value.FALSE;
      }
      Value what = arguments.get(1).evaluate(scope);
      return Value.of(
          what instanceof ScalarValue && Characters.contains(in.toText(), what.toText()));
    }
  },
  STARTS_WITH("startsWith", 2, 2, null) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      Value in = arguments.get(0).evaluate(scope);
      if (!(in instanceof ScalarValue)) {
        return Value.FALSE;
      }
      Value part = arguments.get(1).evaluate(scope);
      return Value.of(
          part instanceof ScalarValue && Characters.matches(in.toText(), 0, part.toText()));
    }
  },
  ENDS_WITH("endsWith", 2, 2, null) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      Value in = arguments.get(0).evaluate(scope);
      if (!(in instanceof ScalarValue)) {
        return Value.FALSE;
      }
      Value part = arguments.get(1).evaluate(scope);
      String text = in.toText();
      return Value.of(
          part instanceof ScalarValue
              && Characters.matches(text, text.length() - part.toText().length(), part.toText()));
    }
  },
  FORMAT("format", 1, 255, null) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      return Value.of(Format.format(arguments, scope));
    }
  },
  JOIN("join", 1, 2, null) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      Value items = arguments.get(0).evaluate(scope);
      if (!(items instanceof ArrayValue array)) {
        return items instanceof ScalarValue ? Value.of(items.toText()) : Value.EMPTY;
      }
      List<Value> list = array.items();
      String separator = ",";
      if (arguments.size() > 1 && list.size() > 1) {
        Value given = arguments.get(1).evaluate(scope);
        separator = given instanceof ScalarValue ? given.toText() : separator;
      }
      Budget budget = new Budget();
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < list.size(); i++) {
        if (i > 0) {
          budget.add(separator.length());
          text.append(separator);
        }
        String item = list.get(i).toText();
        budget.add(item.length());
        text.append(item);
      }
      return Value.of(text.toString());
    }
  },
  TO_JSON("toJSON", 1, 1, null) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      return Value.of(Json.write(arguments.get(0).evaluate(scope)));
    }
  },
  FROM_JSON("fromJSON", 1, 1, null) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      return Json.parseLeniently(arguments.get(0).evaluate(scope).toText());
    }
  },
  CASE("case", 3, 255, null) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      for (int i = 0; i + 1 < arguments.size(); i += 2) {
        Value predicate = arguments.get(i).evaluate(scope);
        if (predicate.kind() != Value.Kind.BOOLEAN) {
          throw ExpressionException.evaluation("case predicate must evaluate to a boolean value");
        }
        if (predicate.truthy()) {
          return arguments.get(i + 1).evaluate(scope);
        }
      }
      return arguments.getLast().evaluate(scope);
    }

    @Override
    Value foresee(List<Term> arguments, Scope scope) {
      for (int i = 0; i + 1 < arguments.size(); i += 2) {
        Value predicate = arguments.get(i).foresee(scope);
        if (predicate instanceof Unknown) {
          return predicate;
        }
        if (predicate.kind() != Value.Kind.BOOLEAN) {
          throw ExpressionException.evaluation("case predicate must evaluate to a boolean value");
        }
        if (predicate.truthy()) {
          return arguments.get(i + 1).foresee(scope);
        }
      }
      return arguments.getLast().foresee(scope);
    }
  },
  ALWAYS("always", 0, 0, Vocabulary.Function.ALWAYS) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      return Value.TRUE;
    }
  },
  CANCELLED("cancelled", 0, 0, Vocabulary.Function.CANCELLED) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      return Value.of(scope.cancelled());
    }
  },
  SUCCESS("success", 0, 255, Vocabulary.Function.SUCCESS) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      return Value.of(scope.success(texts(arguments, scope)));
    }
  },
  FAILURE("failure", 0, 255, Vocabulary.Function.FAILURE) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      return Value.of(scope.failure(texts(arguments, scope)));
    }
  },
  HASH_FILES("hashFiles", 1, 255, Vocabulary.Function.HASH_FILES) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      return Value.of(scope.hashFiles(texts(arguments, scope)));
    }
  };

  private static final Map<String, Functions> BY_NAME = new HashMap<>();

  static {
    for (Functions function : values()) {
      BY_NAME.put(function.lowerCase, function);
    }
  }

  private final String lowerCase;
  private final int least;
  private final int most;
  private final Vocabulary.@Nullable Function special;

  Functions(String name, int least, int most, Vocabulary.@Nullable Function special) {
    this.lowerCase = name.toLowerCase(Locale.ROOT);
    this.least = least;
    this.most = most;
    this.special = special;
  }

  abstract Value apply(List<Term> arguments, Scope scope);

  /** What it gives when some of what it is given may be unknown. */
  Value foresee(List<Term> arguments, Scope scope) {
    if (special != null) {
      return foreseeSpecial(arguments, scope);
    }
    for (Term argument : arguments) {
      if (Unknown.within(argument.foresee(scope))) {
        return Unknown.VALUE;
      }
    }
    return apply(arguments, scope);
  }

  /** A scope that cannot tell yet refuses, and then the answer is unknown. */
  private Value foreseeSpecial(List<Term> arguments, Scope scope) {
    try {
      return apply(arguments, scope);
    } catch (ExpressionException e) {
      return Unknown.VALUE;
    }
  }

  /** The name in lower case. */
  String written() {
    return lowerCase;
  }

  int least() {
    return least;
  }

  int most(Vocabulary vocabulary) {
    return (this == SUCCESS || this == FAILURE) && !vocabulary.statusArguments() ? 0 : most;
  }

  /** Whether it asks how the jobs or steps before ended. */
  boolean status() {
    return special != null && special != Vocabulary.Function.HASH_FILES;
  }

  /** The function of this name where the vocabulary allows it; null when there is none. */
  static @Nullable Functions named(String name, Vocabulary vocabulary) {
    String lower = name.toLowerCase(Locale.ROOT);
    Functions function = BY_NAME.get(lower);
    return function == null || function.special == null || vocabulary.function(function.special)
        ? function
        : null;
  }

  private static List<String> texts(List<Term> arguments, Scope scope) {
    List<String> texts = new ArrayList<>(arguments.size());
    for (Term argument : arguments) {
      texts.add(argument.evaluate(scope).toText());
    }
    return texts;
  }
}
