package dev.slipway.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForesightTest {
  /** Knows github and the result of a job, not what it put out, nor how the run goes. */
  private static final class Before implements Scope {
    private final Map<String, Value> contexts =
        Map.of(
            "github",
            Value.object(Map.of("ref", Value.of("main"))),
            "needs",
            Value.object(
                Map.of(
                    "build",
                    Value.object(
                        Map.of("result", Value.of("success"), "outputs", Unknown.VALUE)))));

    @Override
    public @Nullable Value context(String name) {
      return contexts.get(name);
    }

    @Override
    public boolean cancelled() {
      return false;
    }

    @Override
    public boolean failure(List<String> jobs) {
      throw ExpressionException.evaluation("not known yet");
    }
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("A value is foreseen where what is unknown does not matter")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          github.ref                                          => "main"
          needs.build.result                                  => "success"
          needs.build.outputs                                 => ?
          needs.build.outputs.tag                             => ?
          needs.build.outputs.tag.deeper[0].*                 => ?
          needs.build.outputs == 'x'                          => ?
          'x' < needs.build.outputs.tag                       => ?
          !needs.build.outputs.tag                            => ?
          github.ref == 'x' && needs.build.outputs.tag        => false
          github.ref == 'main' && needs.build.outputs.tag     => ?
          github.ref == 'main' || needs.build.outputs.tag     => true
          needs.build.outputs.tag && false                    => ?
          !(needs.build.outputs.tag && false)                 => true
          github[needs.build.outputs.tag]                     => ?
          github.missing[needs.build.outputs.tag]             => null
          fromJSON(needs.build.outputs.tag)                   => ?
          toJSON(needs)                                       => ?
          toJSON(github.ref)                                  => "\\"main\\""
          format('{0} {1}', github.ref, needs.build.outputs.x) => ?
          contains(needs.*.result, 'success')                 => true
          contains(needs.*.outputs, 'success')                => ?
          case(true, 1, needs.build.outputs.x)                => 1
          case(false, needs.build.outputs.x, 2)               => 2
          case(needs.build.outputs.x, 1, 2)                   => ?
          failure()                                           => ?
          hashFiles('x')                                      => ?
          cancelled()                                         => false
          always()                                            => true
          """)
  void values(String source, String expected) {
    Value value = Expression.compile(source, Evaluations.ALL).foresee(new Before());
    assertThat(value instanceof Unknown ? "?" : Evaluations.show(value)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("Truth is known where any value of what is unknown gives the same")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          needs.build.outputs.tag                             => UNKNOWN
          needs.build.outputs.tag && github.ref == 'x'        => NO
          needs.build.outputs.tag && github.ref == 'main'     => UNKNOWN
          needs.build.outputs.tag || github.ref == 'main'     => YES
          needs.build.outputs.tag || github.ref == 'x'        => UNKNOWN
          !(needs.build.outputs.tag && github.ref == 'x')     => YES
          !needs.build.outputs.tag                            => UNKNOWN
          (failure() || false) && (1 == 2)                    => NO
          failure() || always()                               => YES
          needs.build.outputs.tag && fromJSON('broken')       => UNKNOWN
          needs.build.outputs.tag && fromJSON('broken') && false => NO
          github.ref                                          => YES
          github.none                                         => NO
          """)
  void truth(String source, Truth expected) {
    assertThat(Expression.compile(source, Evaluations.ALL).truth(new Before())).isEqualTo(expected);
  }

  @Test
  @DisplayName("An error that is certain is one")
  void errors() {
    assertThatThrownBy(
            () -> Expression.compile("fromJSON('x') && true", Evaluations.ALL).truth(new Before()))
        .isInstanceOf(ExpressionException.class);
  }

  @Test
  @DisplayName("A text is foreseen when all its parts are")
  void texts() {
    assertThat(
            Template.compile("a ${{ github.ref }}", Evaluations.ALL).foresee(new Before()).toText())
        .isEqualTo("a main");
    assertThat(
            Template.compile("${{ github.ref }} ${{ needs.build.outputs.x }}", Evaluations.ALL)
                .foresee(new Before()))
        .isSameAs(Unknown.VALUE);
  }
}
