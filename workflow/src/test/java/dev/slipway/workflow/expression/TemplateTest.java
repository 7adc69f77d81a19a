package dev.slipway.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
  private static Template compile(String text) {
    return Template.compile(text, Evaluations.ALL);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("One expression keeps its type, anything else is text")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          plain                             => "plain"
          $ { { x }}                        => "$ { { x }}"
          ${{ 1 }}                          => 1
          ${{1}}                            => 1
          ${{ matrix.node }}                => 18
          ${{ true }}                       => true
          ${{ null }}                       => null
          ${{ matrix.list }}                => [1,"two",true,null,[10,20]]
          ` ${{ 1 }}`                       => " 1"
          `${{ 1 }} `                       => "1 "
          ${{ 1 }}${{ 2 }}                  => "12"
          v${{ matrix.node }}               => "v18"
          a ${{ null }} b                   => "a  b"
          a ${{ true }} ${{ matrix.list }} ${{ github }} => "a true Array Object"
          {0} ${{ 1 }} }{ '                 => "{0} 1 }{ '"
          ${{ '}}' }}                       => "}}"
          ${{ 'it''s }}' }}!                => "it's }}!"
          ${{ '${{' }}x                     => "${{x"
          ${{ github.ref == 'refs/heads/main' && 'yes' || 'no' }} => "yes"
          x${{ 12345678901234567890 }}      => "x1.23456789012346E+19"
          """)
  void evaluation(String text, String expected) {
    assertThat(
            Evaluations.show(compile(text).evaluate(new Evaluations(Evaluations.CONTEXTS, true))))
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("An error is placed in the text")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          ${{ x }}                 => parsing => 1 => 4
          ${{x}}                   => parsing => 1 => 3
          ab ${{ github.ref x }}   => parsing => 12 => 18
          ${{ 1 }} ${{  'a' 'b' }} => parsing => 5 => 18
          a ${{ 1 + 2 }}           => lexing  => 3 => 8
          a ${{ 'open }}           => lexing  => 0 => 2
          a ${{ github             => lexing  => 0 => 2
          ${{ github }             => lexing  => 0 => 0
          """)
  void errors(String text, String kind, int position, int offset) {
    ExpressionException problem =
        catchThrowableOfType(ExpressionException.class, () -> compile(text));
    assertThat(problem.kind().text()).isEqualTo(kind);
    assertThat(problem.position()).isEqualTo(position);
    assertThat(problem.offset()).isEqualTo(offset);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("The directive insert stands alone")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          ${{ insert }}x => The directive 'insert' is not allowed in this context. Directives are not supported for expressions that are embedded within a string. Directives are only supported when the entire value is an expression.
          ${{ insert a b }} => Exactly 0 parameter(s) were expected following the directive 'insert'. Actual parameter count: 2
          ${{ inserted }} => Unrecognized named-value: 'inserted'. Located at position 1 within expression: inserted
          ${{ }} => An expression was expected
          ${{}} => An expression was expected
          """)
  void directives(String text, String message) {
    assertThat(catchThrowableOfType(ExpressionException.class, () -> compile(text)))
        .hasMessage(message);
    assertThat(compile("${{ insert }}").insert()).isTrue();
    assertThat(compile("${{insert}}").insert()).isTrue();
    assertThat(compile("insert").insert()).isFalse();
    assertThat(compile("${{ insert }}").literal()).isFalse();
  }

  @Test
  @DisplayName("A text with expressions is limited as the format it stands for")
  void length() {
    String fits = "x".repeat(21_000 - "format('{0}', 1)".length());
    compile(fits + "${{ 1 }}");
    assertThat(catchThrowableOfType(ExpressionException.class, () -> compile(fits + "y${{ 1 }}")))
        .hasMessage("Exceeded max expression length 21000");
    String quotes = "'".repeat(10_500);
    assertThat(catchThrowableOfType(ExpressionException.class, () -> compile(quotes + "${{ 1 }}")))
        .hasMessage("Exceeded max expression length 21000");
    assertThat(compile("x".repeat(100_000)).literal()).isTrue();
  }

  @Test
  @DisplayName("A text holds at most 254 expressions")
  void count() {
    assertThat(compile("${{ 1 }}".repeat(254)).expressions()).hasSize(254);
    assertThat(
            catchThrowableOfType(ExpressionException.class, () -> compile("${{ 1 }}".repeat(255))))
        .hasMessageStartingWith("Too many parameters supplied");
  }

  @Test
  @DisplayName("Text and lone strings are literal")
  void literals() {
    assertThat(compile("plain").literal()).isTrue();
    assertThat(compile("${{ 'x' }}").literal()).isTrue();
    assertThat(compile("${{ 'x' }}").source()).isEqualTo("x");
    assertThat(compile("${{ 1 }}").literal()).isFalse();
    assertThat(compile("a${{ 'x' }}").literal()).isFalse();
    assertThat(compile("a${{ 'x' }}").source()).isEqualTo("a${{ 'x' }}");
    Template number = Template.literal(Value.of(1.10), "1.10");
    assertThat(number.literal()).isTrue();
    assertThat(number.source()).isEqualTo("1.10");
    assertThat(number.evaluate(Evaluations.nothing()).toText()).isEqualTo("1.1");
  }

  @Test
  @DisplayName("Expressions are listed in order, without their braces")
  void expressions() {
    assertThat(compile("a ${{ github.ref }} ${{  matrix.os}}").expressions())
        .extracting(Expression::source)
        .containsExactly("github.ref", "matrix.os");
  }
}
