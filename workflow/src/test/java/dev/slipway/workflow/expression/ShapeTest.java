package dev.slipway.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How expressions are written, operand by operand. */
final class ShapeTest {
  private static Shape shape(String source) {
    return Expression.compile(source, Vocabulary.of(Set.of("github", "matrix"), Set.of())).shape();
  }

  private static Shape.Path path(String... names) {
    return new Shape.Path(List.of(names), List.of());
  }

  @Test
  void path_hasItsNames() {
    assertThat(shape("github.event['issue'].labels.*.name"))
        .isEqualTo(path("github", "event", "issue", "labels", "*", "name"));
  }

  @Test
  void path_hasComputedIndexesAndWhatItStartsAt() {
    assertThat(shape("github[matrix.key].x"))
        .isEqualTo(new Shape.Path(List.of("github", "*", "x"), List.of(path("matrix", "key"))));
    assertThat(shape("fromJSON(github.ref).x"))
        .isEqualTo(
            new Shape.Path(
                List.of("", "x"),
                List.of(new Shape.Call("fromjson", List.of(path("github", "ref"))))));
  }

  @Test
  void operation_hasItsOperatorAndOperands() {
    assertThat(shape("!github.a && github.b || github.c >= github.d"))
        .isEqualTo(
            new Shape.Operation(
                "||",
                List.of(
                    new Shape.Operation(
                        "&&",
                        List.of(
                            new Shape.Operation("!", List.of(path("github", "a"))),
                            path("github", "b"))),
                    new Shape.Operation(">=", List.of(path("github", "c"), path("github", "d"))))));
  }
}
