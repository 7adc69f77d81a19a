package dev.slipway.workflow.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The functions of expressions. */
enum Functions {
  CONTAINS("contains", 2, 2, null) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      Value in = arguments.get(0).evaluate(scope);
      Value what = arguments.get(1).evaluate(scope);
      if (in instanceof ArrayValue array) {
        for (Value item : array.items()) {
          if (what.looselyEquals(item)) {
            return Value.TRUE;
          }
        }
        return Value.FALSE;
      }
      return Value.of(
          in instanceof ScalarValue && what instanceof ScalarValue && indexOf(in.toText(), what.toText()));
    }

    private boolean indexOf(String text, String part) {
      for (int i = 0; i + part.length() <= text.length(); i++) {
        if (matches(text, i, part)) {
          return true;
        }
      }
      return false;
    }
  },
  STARTS_WITH("startsWith", 2, 2, null) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      Value text = arguments.get(0).evaluate(scope);
      Value part = arguments.get(1).evaluate(scope);
      return Value.of(
          text instanceof ScalarValue
              && part instanceof ScalarValue
              && matches(text.toText(), 0, part.toText()));
    }
  },
  ENDS_WITH("endsWith", 2, 2, null) {
    @Override
    Value apply(List<Term> arguments, Scope scope) {
      Value text = arguments.get(0).evaluate(scope);
      Value part = arguments.get(1).evaluate(scope);
      return Value.of(
          text instanceof ScalarValue
              && part instanceof ScalarValue
              && matches(text.toText(), text.toText().length() - part.toText().length(), part.toText()));
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
      String separator = ",";
      if (arguments.size() > 1 && !array.items().isEmpty()) {
        Value given = arguments.get(1).evaluate(scope);
        separator = given instanceof ScalarValue ? given.toText() : separator;
      }
      StringBuilder text = new StringBuilder();
      boolean first = true;
      for (Value item : array.items()) {
        if (!first) {
          text.append(separator);
        }
        first = false;
        text.append(item.toText());
        Budget.check(text.length());
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
      return Json.parse(arguments.get(0).evaluate(scope).toText());
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

  int least() {
    return least;
  }

  int most() {
    return most;
  }

  /** Whether it asks how the jobs or steps before ended. */
  boolean status() {
    return special != null && special != Vocabulary.Function.HASH_FILES;
  }

  /** The function of this name where the vocabulary allows it; null when there is none. */
  static @Nullable Functions named(String name, Vocabulary vocabulary) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (Functions function : values()) {
      if (function.lowerCase.equals(lower)) {
        return function.special == null || vocabulary.function(function.special) ? function : null;
      }
    }
    return null;
  }

  private static List<String> texts(List<Term> arguments, Scope scope) {
    List<String> texts = new ArrayList<>(arguments.size());
    for (Term argument : arguments) {
      texts.add(argument.evaluate(scope).toText());
    }
    return texts;
  }

  private static boolean matches(String text, int at, String part) {
    if (at < 0 || at + part.length() > text.length()) {
      return false;
    }
    for (int i = 0; i < part.length(); i++) {
      char a = text.charAt(at + i);
      char b = part.charAt(i);
      if (a != b && Character.toUpperCase(a) != Character.toUpperCase(b)) {
        return false;
      }
    }
    return true;
  }
}
