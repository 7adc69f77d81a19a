package dev.slipway.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompilationTest {
  private static final Vocabulary SMALL = Vocabulary.of(Set.of("github"), Set.of());

  private static ExpressionException problem(String source, Vocabulary vocabulary) {
    return catchThrowableOfType(
        ExpressionException.class, () -> Expression.compile(source, vocabulary));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("What is no token is a lexing error with its place")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          'open            => 1 => 'open
          github == 'a''   => 11 => 'a''
          1a               => 1 => 1a
          1.2.3            => 1 => 1.2.3
          -                => 1 => -
          +x               => 1 => +x
          0xZZ             => 1 => 0xZZ
          0x               => 1 => 0x
          0o8              => 1 => 0o8
          0x1FFFFFFFF      => 1 => 0x1FFFFFFFF
          -0x1             => 1 => -0x1
          1e               => 1 => 1e
          a$b              => 1 => a$b
          $                => 1 => $
          "double"         => 1 => "double"
          github = 1       => 8 => =
          github & 1       => 8 => &
          github &x        => 8 => &x
          github | 1       => 8 => |
          github =a.b      => 8 => =a
          github.é         => 8 => é
          {}               => 1 => {}
          github; 1        => 1 => github;
          1 == .           => 6 => .
          github ? 1 : 2   => 8 => ?
          1 + 1            => 3 => +
          github - 1       => 8 => -
          """)
  void lexing(String source, int position, String symbol) {
    ExpressionException problem = problem(source, SMALL);
    assertThat(problem.kind()).isEqualTo(ExpressionException.Kind.LEXING);
    assertThat(problem.position()).isEqualTo(position);
    assertThat(problem)
        .hasMessage(
            "Unexpected symbol: '%s'. Located at position %d within expression: %s",
            symbol, position, source);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("Tokens in a wrong order are a parsing error with its place")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          x                         => 1  => Unrecognized named-value: 'x'
          github.ref == Matrix.os   => 15 => Unrecognized named-value: 'Matrix'
          True                      => 1  => Unrecognized named-value: 'True'
          nan                       => 1  => Unrecognized named-value: 'nan'
          true2                     => 1  => Unrecognized named-value: 'true2'
          foo()                     => 1  => Unrecognized function: 'foo'
          github('x')               => 1  => Unrecognized function: 'github'
          always()                  => 1  => Unrecognized function: 'always'
          hashFiles('x')            => 1  => Unrecognized function: 'hashFiles'
          foo(bar)                  => 1  => Unrecognized function: 'foo'
          contains()                => 9  => Too few parameters supplied: '('
          contains('a')             => 9  => Too few parameters supplied: '('
          !join ( )                 => 7  => Too few parameters supplied: '('
          case(true, 1)             => 5  => Too few parameters supplied: '('
          contains('a', 'b', 'c')   => 9  => Too many parameters supplied: '('
          toJSON(1, 2)              => 7  => Too many parameters supplied: '('
          case(true, 1, true, 2)    => 5  => Even number of parameters supplied, requires an odd number of parameters: '('
          github github             => 8  => Unexpected symbol: 'github'
          1 2                       => 3  => Unexpected symbol: '2'
          'a' 'b'                   => 5  => Unexpected symbol: ''b''
          'a' 'it''s'               => 5  => Unexpected symbol: ''it''s''
          github 'x'                => 8  => Unexpected symbol: ''x''
          github true               => 8  => Unexpected symbol: 'true'
          github join('a')          => 8  => Unexpected symbol: 'join'
          github (1)                => 1  => Unrecognized function: 'github'
          github.ref (1)            => 12 => Unexpected symbol: '('
          github !true              => 8  => Unexpected symbol: '!'
          == 1                      => 1  => Unexpected symbol: '=='
          1 == == 1                 => 6  => Unexpected symbol: '=='
          1 && || 1                 => 6  => Unexpected symbol: '||'
          ! == 1                    => 3  => Unexpected symbol: '=='
          )                         => 1  => Unexpected symbol: ')'
          ]                         => 1  => Unexpected symbol: ']'
          ,                         => 1  => Unexpected symbol: ','
          *                         => 1  => Unexpected symbol: '*'
          [1]                       => 1  => Unexpected symbol: '['
          ()                        => 2  => Unexpected symbol: ')'
          (1))                      => 4  => Unexpected symbol: ')'
          (1]                       => 3  => Unexpected symbol: ']'
          (1, 2)                    => 3  => Unexpected symbol: ','
          github[1)                 => 9  => Unexpected symbol: ')'
          github[1, 2]              => 9  => Unexpected symbol: ','
          github[]                  => 8  => Unexpected symbol: ']'
          github[*)                 => 9  => Unexpected symbol: ')'
          github[* || 1]            => 10 => Unexpected symbol: '||'
          github.*x                 => 9  => Unexpected symbol: 'x'
          github.'ref'              => 8  => Unexpected symbol: ''ref''
          github.1                  => 8  => Unexpected symbol: '1'
          github..ref               => 8  => Unexpected symbol: '.'
          github.[1]                => 8  => Unexpected symbol: '['
          github.(1)                => 8  => Unexpected symbol: '('
          'a'[0]                    => 4  => Unexpected symbol: '['
          null[0]                   => 5  => Unexpected symbol: '['
          1[0]                      => 2  => Unexpected symbol: '['
          join('a',)                => 10 => Unexpected symbol: ')'
          join(,'a')                => 6  => Unexpected symbol: ','
          join('a',,'b')            => 10 => Unexpected symbol: ','
          join('a'                  => 6  => Unexpected end of expression: ''a''
          join(                     => 5  => Unexpected end of expression: '('
          join('a',                 => 9  => Unexpected end of expression: ','
          (1                        => 2  => Unexpected end of expression: '1'
          github[                   => 7  => Unexpected end of expression: '['
          github[*                  => 8  => Unexpected end of expression: '*'
          github['x'                => 8  => Unexpected end of expression: ''x''
          github.                   => 7  => Unexpected end of expression: '.'
          1 ==                      => 3  => Unexpected end of expression: '=='
          1 &&                      => 3  => Unexpected end of expression: '&&'
          !                         => 1  => Unexpected end of expression: '!'
          !!                        => 2  => Unexpected end of expression: '!'
          1 < (2 ||                 => 8  => Unexpected end of expression: '||'
          """)
  void parsing(String source, int position, String message) {
    ExpressionException problem = problem(source, SMALL);
    assertThat(problem.kind()).isEqualTo(ExpressionException.Kind.PARSING);
    assertThat(problem.position()).isEqualTo(position);
    assertThat(problem)
        .hasMessage("%s. Located at position %d within expression: %s", message, position, source);
  }

  @Test
  @DisplayName("Positions count over the whole expression, line ends included")
  void positionAcrossLines() {
    assertThat(problem("github.ref ==\n  x", SMALL).position()).isEqualTo(17);
    assertThat(problem("  x", SMALL).position()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t"})
  @DisplayName("Nothing is no expression")
  void nothing(String source) {
    assertThat(problem(source, SMALL))
        .hasMessage("An expression was expected")
        .returns(ExpressionException.Kind.PARSING, ExpressionException::kind);
  }

  @Test
  @DisplayName("An expression has at most 21,000 characters")
  void length() {
    String longest = "'" + "x".repeat(20_998) + "'";
    assertThat(Expression.compile(longest, SMALL).evaluate(Evaluations.nothing()).toText())
        .hasSize(20_998);
    assertThat(problem(longest + " ", SMALL)).hasMessage("Exceeded max expression length 21000");
  }

  @ParameterizedTest(name = "{0} × {1}")
  @DisplayName("Terms nest at most fifty deep")
  @CsvSource({
    "!, true, '', 49",
    "join(, github, ), 49",
    "github[, 1, ], 49",
    "'', github, .a, 49",
    "'', github, .*, 49",
    "'', 1, ' == 1', 49",
  })
  void depth(String before, String core, String after, int times) {
    Expression.compile(before.repeat(times) + core + after.repeat(times), SMALL);
    for (int more : List.of(times + 1, 500)) {
      assertThat(problem(before.repeat(more) + core + after.repeat(more), SMALL))
          .hasMessage("Exceeded max expression depth 50")
          .returns(ExpressionException.Kind.PARSING, ExpressionException::kind);
    }
  }

  @Test
  @DisplayName("Parentheses and long chains of && and || do not nest")
  void flat() {
    String parentheses = "(".repeat(10_000) + "'x'" + ")".repeat(10_000);
    assertThat(Expression.compile(parentheses, SMALL).evaluate(Evaluations.nothing()).toText())
        .isEqualTo("x");
    String chain = "1" + " && 1".repeat(4_000);
    assertThat(Expression.compile(chain, SMALL).evaluate(Evaluations.nothing()).toNumber())
        .isEqualTo(1);
    assertThatThrownBy(() -> Expression.compile("(".repeat(20_000), SMALL))
        .hasMessageStartingWith("Unexpected end of expression: '('");
    assertThatThrownBy(() -> Expression.compile("!".repeat(20_000), SMALL))
        .hasMessageStartingWith("Unexpected end of expression: '!'");
  }

  @Test
  @DisplayName("A function takes at most 255 arguments")
  void manyArguments() {
    String most = "format('x'" + ", 1".repeat(254) + ")";
    Expression.compile(most, SMALL);
    assertThat(problem("format('x'" + ", 1".repeat(255) + ")", SMALL))
        .hasMessageStartingWith("Too many parameters supplied: '('");
  }

  @Test
  @DisplayName("Status functions take the ids of jobs only where that is allowed")
  void statusArguments() {
    Vocabulary step = Evaluations.ALL.withoutStatusArguments();
    Expression.compile("success('build')", Evaluations.ALL);
    Expression.compile("success() || failure()", step);
    assertThat(problem("success('build')", step))
        .hasMessageStartingWith("Too many parameters supplied: '('. Located at position 8");
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("References are the paths written out")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          1                                  => []
          github                             => [[github]]
          GitHub.Ref                         => [[github, Ref]]
          needs.build.outputs.tag            => [[needs, build, outputs, tag]]
          needs['build'].outputs['tag']      => [[needs, build, outputs, tag]]
          github.event.commits[0].id         => [[github, event, commits, 0, id]]
          github.event.commits.*.id          => [[github, event, commits]]
          needs[matrix.os].result            => [[needs], [matrix, os]]
          env.A == github.ref && !steps.x.y  => [[env, A], [github, ref], [steps, x, y]]
          format('{0}', env.A)               => [[env, A]]
          fromJSON(env.A).b[github.c]        => [[env, A], [github, c]]
          (env).A                            => [[env, A]]
          """)
  void references(String source, String expected) {
    assertThat(Expression.compile(source, Evaluations.ALL).references()).hasToString(expected);
  }

  @Test
  @DisplayName("Contexts are named once, in lower case")
  void contexts() {
    assertThat(Expression.compile("GitHub.a == github.b && env.C", Evaluations.ALL).contexts())
        .containsExactly("github", "env");
  }

  @ParameterizedTest(name = "if: {0}")
  @DisplayName("A condition without a status function asks for success")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      nullValues = "NONE",
      textBlock =
          """
          NONE                           => true  => false
          ``                             => true  => false
          `  `                           => true  => false
          true                           => true  => false
          false                          => false => false
          always()                       => true  => true
          Always()                       => true  => true
          failure()                      => false => true
          !cancelled()                   => true  => true
          !success()                     => false => true
          true || false                  => true  => false
          false || always()              => true  => true
          github.ref == 'x' || always()  => true  => true
          'always()'                     => true  => false
          contains('always()', 'a')      => true  => false
          ${{ true }}                    => true  => false
          ${{ always() }}                => true  => true
          ${{ failure() }}               => false => true
          ${{ false }}                   => false => false
          ${{ false }} == true           => true  => false
          ${{ false }} && ${{ always() }} => true => true
          ${{ 'false' }}                 => false => false
          ${{ 'true' }}                  => true  => false
          ${{ '' }}                      => true  => false
          ${{ 'always()' }}              => true  => true
          """)
  void conditions(String source, boolean whenFine, boolean whenFailed) {
    Expression condition = Expression.condition(source, Evaluations.ALL);
    assertThat(condition.evaluate(new Evaluations(Evaluations.CONTEXTS, true)).truthy())
        .isEqualTo(whenFine);
    assertThat(condition.evaluate(new Evaluations(Evaluations.CONTEXTS, false)).truthy())
        .isEqualTo(whenFailed);
  }

  @Test
  @DisplayName("Whether a status function is called is told by the terms, not the text")
  void callsStatus() {
    assertThat(Expression.compile("1 == (1 && !failure())", Evaluations.ALL).callsStatusFunction())
        .isTrue();
    assertThat(Expression.compile("'failure()'", Evaluations.ALL).callsStatusFunction()).isFalse();
    assertThat(Expression.compile("hashFiles('a')", Evaluations.ALL).callsStatusFunction())
        .isFalse();
  }
}
