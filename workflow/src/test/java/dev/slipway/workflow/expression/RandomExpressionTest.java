package dev.slipway.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random expressions against a reference that follows the documented rules word by word over plain
 * Java objects, and shares no code with the evaluator.
 */
class RandomExpressionTest {
  private static final int EXPRESSIONS = 400;
  private static final String[] TEXTS = {
    "", " ", "0", "1", "a", "A", "b", "true", "null", "NaN", "0x10", "0o10", " 1 ", "1e1", "-1", "x"
  };
  private static final double[] NUMBERS = {0, 1, -1, 2, 16, 10, 8, Double.NaN};
  private static final String[] OPERATORS = {"==", "!=", "<", "<=", ">", ">=", "&&", "||"};

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  /** An expression and what it must give. */
  private record Case(String text, @Nullable Object value) {}

  @ParameterizedTest
  @MethodSource("seeds")
  @DisplayName("Random expressions give what the rules say")
  void agree(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < EXPRESSIONS; i++) {
      Case expected = or(random, 3);
      Value actual =
          Expression.compile(expected.text, Evaluations.ALL).evaluate(Evaluations.nothing());
      assertThat(plain(actual)).as("seed %d: %s", seed, expected.text).isEqualTo(expected.value);
    }
  }

  private static @Nullable Object plain(Value value) {
    return switch (value.kind()) {
      case NULL -> null;
      case BOOLEAN -> value.truthy();
      case NUMBER -> value.toNumber() == 0 ? 0.0 : value.toNumber();
      default -> value.toText();
    };
  }

  private static Case or(RandomGenerator random, int depth) {
    Case left = operand(random, depth);
    if (random.nextInt(5) == 0) {
      return left;
    }
    Case right = operand(random, depth);
    String operator = OPERATORS[random.nextInt(OPERATORS.length)];
    return new Case(
        left.text + " " + operator + " " + right.text, apply(operator, left.value, right.value));
  }

  private static Case operand(RandomGenerator random, int depth) {
    int kind = random.nextInt(depth > 0 ? 8 : 5);
    return switch (kind) {
      case 0 -> new Case("null", null);
      case 1 -> {
        boolean value = random.nextBoolean();
        yield new Case(Boolean.toString(value), value);
      }
      case 2 -> {
        double value = NUMBERS[random.nextInt(NUMBERS.length)];
        yield new Case(
            Double.isNaN(value) ? "NaN" : Integer.toString((int) value), value == 0 ? 0.0 : value);
      }
      case 3, 4 -> {
        String text = TEXTS[random.nextInt(TEXTS.length)];
        yield new Case("'" + text + "'", text);
      }
      case 5 -> {
        Case inner = or(random, depth - 1);
        yield new Case("!(" + inner.text + ")", !truthy(inner.value));
      }
      case 6 -> choice(random, depth);
      default -> {
        Case inner = or(random, depth - 1);
        yield new Case("(" + inner.text + ")", inner.value);
      }
    };
  }

  private static Case choice(RandomGenerator random, int depth) {
    List<String> texts = new ArrayList<>();
    Object value = null;
    boolean decided = false;
    for (int i = random.nextInt(3); i >= 0; i--) {
      boolean predicate = random.nextBoolean();
      Case result = or(random, depth - 1);
      texts.add(Boolean.toString(predicate));
      texts.add(result.text);
      if (predicate && !decided) {
        decided = true;
        value = result.value;
      }
    }
    Case last = or(random, depth - 1);
    texts.add(last.text);
    return new Case("case(" + String.join(", ", texts) + ")", decided ? value : last.value);
  }

  private static boolean truthy(@Nullable Object value) {
    return !(value == null
        || value.equals(false)
        || value.equals("")
        || (value instanceof Double number && (number == 0 || number.isNaN())));
  }

  private static @Nullable Object apply(
      String operator, @Nullable Object left, @Nullable Object right) {
    return switch (operator) {
      case "&&" -> truthy(left) ? right : left;
      case "||" -> truthy(left) ? left : right;
      case "==" -> equal(left, right);
      case "!=" -> !equal(left, right);
      case "<" -> less(left, right);
      case ">" -> less(right, left);
      case "<=" -> equal(left, right) || less(left, right);
      default -> equal(left, right) || less(right, left);
    };
  }

  private static boolean equal(@Nullable Object left, @Nullable Object right) {
    if (left == null && right == null) {
      return true;
    }
    if (left instanceof String a && right instanceof String b) {
      return a.toUpperCase(Locale.ROOT).equals(b.toUpperCase(Locale.ROOT));
    }
    return number(left) == number(right);
  }

  private static boolean less(@Nullable Object left, @Nullable Object right) {
    if (left instanceof String a && right instanceof String b) {
      return a.toUpperCase(Locale.ROOT).compareTo(b.toUpperCase(Locale.ROOT)) < 0;
    }
    return !(left == null && right == null) && number(left) < number(right);
  }

  private static double number(@Nullable Object value) {
    if (value == null) {
      return 0;
    }
    if (value instanceof Boolean truth) {
      return truth ? 1 : 0;
    }
    if (value instanceof Double number) {
      return number;
    }
    return switch (value.toString().trim()) {
      case "" -> 0;
      case "0" -> 0;
      case "1" -> 1;
      case "-1" -> -1;
      case "1e1" -> 10;
      case "0x10" -> 16;
      case "0o10" -> 8;
      default -> Double.NaN;
    };
  }
}
