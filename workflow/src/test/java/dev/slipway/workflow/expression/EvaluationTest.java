package dev.slipway.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTest {
  @ParameterizedTest(name = "{0}")
  @DisplayName("A literal is the value written")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          null          => null
          true          => true
          false         => false
          0             => 0
          -0            => 0
          +7            => 7
          1.5           => 1.5
          .5            => 0.5
          5.            => 5
          1e3           => 1000
          1E-2          => 0.01
          -1.25e+2      => -125
          0xFF          => 255
          0x0           => 0
          0xffffffff    => -1
          0x7fffffff    => 2147483647
          0o17          => 15
          0o37777777777 => -1
          NaN           => NaN
          Infinity      => Infinity
          -Infinity     => -Infinity
          +Infinity     => Infinity
          -infinity     => -Infinity
          ''            => ""
          'it''s'       => "it's"
          ''''          => "'"
          'a"b'         => "a\\"b"
          '}}'          => "}}"
          ('x')         => "x"
          ((((1))))     => 1
          """)
  void literals(String expression, String expected) {
    assertThat(Evaluations.show(Evaluations.evaluate(expression))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("Numbers are printed with fifteen digits")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          12345678901234567890   => 1.23456789012346E+19
          999999999999999        => 999999999999999
          1000000000000000       => 1E+15
          1234567890123456       => 1.23456789012346E+15
          999999999999999.9      => 1E+15
          123456789012345.6      => 123456789012346
          100000000000000.25     => 100000000000000
          0.1                    => 0.1
          0.30000000000000004    => 0.3
          0.0001                 => 0.0001
          0.00012345             => 0.00012345
          0.00001                => 1E-05
          0.000012               => 1.2E-05
          -0.00001               => -1E-05
          1e-7                   => 1E-07
          1e21                   => 1E+21
          -1e21                  => -1E+21
          1e100                  => 1E+100
          1.5e-300               => 1.5E-300
          5e-324                 => 4.94065645841247E-324
          1.7976931348623157e308 => 1.79769313486232E+308
          1e400                  => Infinity
          -1e400                 => -Infinity
          3.141592653589793      => 3.14159265358979
          2.5                    => 2.5
          1e14                   => 100000000000000
          123456.789             => 123456.789
          """)
  void numbersAsText(String expression, String expected) {
    assertThat(Evaluations.evaluate(expression).toText()).isEqualTo(expected);
    assertThat(Evaluations.evaluate("format('{0}', " + expression + ")").toText())
        .isEqualTo(expected);
    assertThat(Evaluations.evaluate("toJSON(" + expression + ")").toText()).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("Equality compares after converting")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          1 == 1                  => true
          1 == 2                  => false
          1 != 2                  => true
          NaN == NaN              => false
          NaN != NaN              => true
          Infinity == Infinity    => true
          -0 == 0                 => true
          'a' == 'A'              => true
          'a' == 'b'              => false
          'Straße' == 'STRASSE'   => false
          'É' == 'é'              => true
          'ı' == 'I'              => false
          'ſ' == 's'              => false
          '𐐀' == '𐐨'              => true
          1 == '1'                => true
          '1' == 1                => true
          1 == ' 1 '              => true
          1 == '1.0'              => true
          255 == '0xff'           => true
          8 == '0o10'             => true
          0 == ''                 => true
          0 == ' '                => true
          0 == 'a'                => false
          1 == '1a'               => false
          1 == '1e'               => false
          1 == '0x1g'             => false
          -1 == '-0x1'            => false
          1000 == '1e3'           => true
          Infinity == 'Infinity'  => true
          Infinity == ' +INFINITY ' => true
          Infinity == 'infinit'   => false
          -Infinity == '-Infinity' => true
          'NaN' == NaN            => false
          '1' == '1.0'            => false
          true == 1               => true
          true == '1'             => true
          true == 'true'          => false
          false == 0              => true
          false == ''             => true
          false == null           => true
          true == null            => false
          null == null            => true
          null == 0               => true
          null == ''              => true
          null == ' '             => true
          null == 'null'          => false
          null == 'a'             => false
          true == true            => true
          true == false           => false
          true != false           => true
          github == github        => true
          github.event == github.event => true
          github.event == matrix  => false
          github == 'Object'      => false
          github == 0             => false
          github == null          => false
          github == true          => false
          github == NaN           => false
          matrix.list == matrix.list => true
          matrix.list == 'Array'  => false
          fromJSON('[]') == fromJSON('[]') => false
          fromJSON('{}') != fromJSON('{}') => true
          github.missing == null  => true
          github.missing == ''    => true
          github.missing == github.other => true
          1 == 1 == true          => true
          2 == 2 == 2             => false
          1 < 2 == true           => true
          """)
  void equality(String expression, boolean expected) {
    assertThat(Evaluations.evaluate(expression)).isEqualTo(Value.of(expected));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("Order compares numbers, texts and booleans, nothing else")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          1 < 2                   => true
          2 < 1                   => false
          1 < 1                   => false
          1 <= 1                  => true
          2 > 1                   => true
          1 >= 2                  => false
          1 >= 1                  => true
          'a' < 'B'               => true
          'A' < 'b'               => true
          'b' > 'A'               => true
          'a' < 'A'               => false
          'a' <= 'A'              => true
          'a' < 'aa'              => true
          '10' < '9'              => true
          '_' > 'a'               => true
          10 < '9'                => false
          '10' > 9                => true
          1 < 'x'                 => false
          1 > 'x'                 => false
          1 >= 'x'                => false
          NaN < 1                 => false
          NaN >= NaN              => false
          NaN <= NaN              => false
          false < true            => true
          true > false            => true
          true < false            => false
          true >= true            => true
          true < 2                => true
          null < 1                => true
          null > -1               => true
          null <= null            => true
          null >= null            => true
          null < null             => false
          null <= 0               => true
          null < '1'              => true
          '' < 1                  => true
          github < matrix         => false
          github <= github        => true
          github >= github        => true
          github >= matrix        => false
          matrix.list > 0         => false
          matrix.list <= matrix.list => true
          """)
  void order(String expression, boolean expected) {
    assertThat(Evaluations.evaluate(expression)).isEqualTo(Value.of(expected));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("Logic yields the operand that decides, by precedence")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          'a' && 'b'              => "b"
          '' && 'b'               => ""
          0 && 'b'                => 0
          null && 'b'             => null
          NaN && 'b'              => NaN
          false && 'b'            => false
          '0' && 'b'              => "b"
          'false' && 'b'          => "b"
          github.event.commits[9] && 1 => null
          fromJSON('{}') && 1     => 1
          fromJSON('[]') && 1     => 1
          'a' || 'b'              => "a"
          '' || 'b'               => "b"
          null || ''              => ""
          false || 0              => 0
          0 || null || 'x' || 'y' => "x"
          1 && 2 && 0 && 3        => 0
          true || false && false  => true
          (true || false) && false => false
          false && false || true  => true
          !true || true           => true
          !(true || true)         => false
          !''                     => true
          !'a'                    => false
          !null                   => true
          !NaN                    => true
          !-0                     => true
          !github                 => false
          !!'a'                   => true
          !1 == 0                 => true
          !true == false          => true
          1 < 2 && 3 < 4          => true
          1 == 1 && 'yes' || 'no' => "yes"
          1 == 2 && 'yes' || 'no' => "no"
          2 > 1 == 1 > 0          => true
          matrix.os == 'linux' && matrix.node || 0 => 18
          """)
  void logic(String expression, String expected) {
    assertThat(Evaluations.show(Evaluations.evaluate(expression))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("Indexes find members and items, and null where there is none")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          github.ref                      => "refs/heads/main"
          GitHub.REF                      => "refs/heads/main"
          github['ref']                   => "refs/heads/main"
          github.actor                    => "Octo"
          github.run-id                   => 7
          github . ref                    => "refs/heads/main"
          github [ 'ref' ]                => "refs/heads/main"
          (github).ref                    => "refs/heads/main"
          github[matrix.none]             => null
          github.missing                  => null
          github.missing.deeper.still     => null
          github.ref.length               => null
          github.nothing                  => null
          github.nothing.x                => null
          steps.any.outputs               => null
          matrix.list[0]                  => 1
          matrix.list[1.9]                => "two"
          matrix.list[1.1]                => "two"
          matrix.list['1']                => "two"
          matrix.list['']                 => 1
          matrix.list[null]               => 1
          matrix.list[true]               => "two"
          matrix.list[-0.5]               => null
          matrix.list[-1]                 => null
          matrix.list[NaN]                => null
          matrix.list[Infinity]           => null
          matrix.list[99999999999]        => null
          matrix.list['x']                => null
          matrix.list[5]                  => null
          matrix.list[matrix.list]        => null
          matrix.list[4][1]               => 20
          matrix.list.os                  => null
          matrix.nest.a.b                 => 5
          matrix.nest['a']['b']           => 5
          matrix['nest'].a['b']           => 5
          fromJSON('{"1": "one"}')[1]     => "one"
          fromJSON('{"true": "t"}')[true] => "t"
          fromJSON('{"": "e"}')[null]     => "e"
          fromJSON('{"a": 1}')[github]    => null
          fromJSON('{"a":{"b":[7]}}').a.b[0] => 7
          fromJSON('{"null": 1}').null    => 1
          fromJSON('{"true": 1}').true    => 1
          toJSON(null).x                  => null
          github.ref[fromJSON('broken')]  => null
          github.missing[fromJSON('broken')] => null
          """)
  void indexes(String expression, String expected) {
    assertThat(Evaluations.show(Evaluations.evaluate(expression))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("A wildcard filters, and what follows applies to each item")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          github.event.commits.*.id             => ["a1","b2"]
          github.event.commits[*].id            => ["a1","b2"]
          github.event.commits.*['id']          => ["a1","b2"]
          github.event.commits.*.author.name    => ["Ann","Bob"]
          github.event.commits.*.files.*.name   => ["x","y","z"]
          github.event.commits.*.files[0].name  => ["x","z"]
          github.event.commits.*.files[1]       => [{"name":"y"}]
          github.event.commits.*.missing        => []
          github.event.commits.*.id.deeper      => []
          (github.event.commits.*.id)[0]        => []
          github.event.labels.*.name            => ["bug","ui"]
          github.event.labels.*                 => [{"name":"bug"},{"name":"ui"},null]
          github.ref.*                          => []
          github.missing.*                      => []
          github.missing.*.x                    => []
          (github.missing.* || 1)[0]            => []
          matrix.list.*                         => [1,"two",true,null,[10,20]]
          matrix.list.*[0]                      => [10]
          matrix.list.*.*                       => [10,20]
          matrix.*                              => ["linux",18,[1,"two",true,null,[10,20]],{"a":{"b":5}}]
          matrix.*.a.b                          => [5]
          join(github.event.commits.*.id)       => "a1,b2"
          join(github.event.labels.*.name, '-') => "bug-ui"
          contains(github.event.labels.*.name, 'UI') => true
          toJSON(github.ref.*)                  => "[]"
          !github.ref.*                         => false
          fromJSON(toJSON(github.event.commits.*.id))[0] => "a1"
          """)
  void wildcards(String expression, String expected) {
    assertThat(Evaluations.show(Evaluations.evaluate(expression))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("Functions do what is documented")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          contains('Hello', 'ELL')        => true
          contains('Hello', '')           => true
          contains('', '')                => true
          contains('', 'a')               => false
          contains('abc', 'abcd')         => false
          contains(12345, 34)             => true
          contains(true, 'RU')            => true
          contains(null, '')              => true
          contains('a', null)             => true
          contains('Object', github)      => false
          contains(github, 'ref')         => false
          contains(matrix.list, 'TWO')    => true
          contains(matrix.list, 1)        => true
          contains(matrix.list, '1')      => true
          contains(matrix.list, 0)        => true
          contains(matrix.list, 7)        => false
          contains(fromJSON('["a"]'), 'A') => true
          contains(fromJSON('["ab"]'), 'a') => false
          contains(fromJSON('[]'), fromJSON('broken')) => false
          contains(github, fromJSON('broken')) => false
          CONTAINS('a', 'a')              => true
          startsWith('Hello', 'HE')       => true
          startsWith('Hello', 'lo')       => false
          startsWith('a', 'ab')           => false
          startsWith('abc', '')           => true
          startsWith(123, 12)             => true
          startsWith(github, 'O')         => false
          startsWith(github, fromJSON('x')) => false
          startsWith('x', matrix.list)    => false
          endsWith('Hello', 'LO')         => true
          endsWith('Hello', 'He')         => false
          endsWith('a', 'ba')             => false
          endsWith('abc', '')             => true
          endsWith(0.5, 5)                => true
          endsWith(github, 't')           => false
          endsWith('É', 'é')              => true
          format('a')                     => "a"
          format('')                      => ""
          format(null)                    => ""
          format('{0}', 'x')              => "x"
          format('{0}{1}{0}', 'a', 'b')   => "aba"
          format('{{0}}', 'x')            => "{0}"
          format('{{{0}}}', 'x')          => "{x}"
          format('}}{{')                  => "}{"
          format('{0}', null)             => ""
          format('{0}', true)             => "true"
          format('{0}', 1.50)             => "1.5"
          format('{0}', github)           => "Object"
          format('{0}', matrix.list)      => "Array"
          format('{000}', 'z')            => "z"
          format('{0000}', 'z')           => "z"
          format('{0:}', 'z')             => "z"
          format('x', fromJSON('broken')) => "x"
          format('{0}', '{1}')            => "{1}"
          join('a')                       => "a"
          join(5)                         => "5"
          join(null)                      => ""
          join(github)                    => ""
          join(fromJSON('[]'))            => ""
          join(fromJSON('["a"]'), fromJSON('broken')) => "a"
          join(fromJSON('["a","b"]'))     => "a,b"
          join(fromJSON('["a","b"]'), '') => "ab"
          join(fromJSON('["a","b"]'), null) => "ab"
          join(fromJSON('["a","b"]'), 0)  => "a0b"
          join(fromJSON('["a","b"]'), github) => "a,b"
          join(matrix.list, ' ')          => "1 two true  Array"
          join(fromJSON('[{},[]]'))       => "Object,Array"
          fromJSON('1')                   => 1
          fromJSON(' "x" ')               => "x"
          fromJSON('null')                => null
          fromJSON('true')                => true
          fromJSON('-1.5e2')              => -150
          fromJSON(1)                     => 1
          fromJSON(true)                  => true
          fromJSON('{"A": 1, "a": 2}')    => {"A":2}
          fromJSON('[''a'', "b",]')       => ["a","b"]
          fromJSON('{a: 1, ''b'': 2,}')   => {"a":1,"b":2}
          fromJSON('[1, /* one */ 2] // both') => [1,2]
          fromJSON('{"a": 1}').A          => 1
          fromJSON('[1,[2]]')[1][0]       => 2
          fromJSON('"\\u00e9\\n"')        => "é\\n"
          toJSON(1)                       => "1"
          toJSON('a')                     => "\\"a\\""
          toJSON(null)                    => "null"
          toJSON(NaN)                     => "NaN"
          toJSON(fromJSON('{}'))          => "{}"
          toJSON(fromJSON('[]'))          => "[]"
          toJSON(fromJSON('{"a":[]}'))    => "{\\n  \\"a\\": []\\n}"
          toJSON(fromJSON('[1,{"b":true}]')) => "[\\n  1,\\n  {\\n    \\"b\\": true\\n  }\\n]"
          toJson(tojson('a'))             => "\\"\\\\\\"a\\\\\\"\\""
          case(true, 1, 2)                => 1
          case(false, 1, 2)               => 2
          case(false, 1, true, 2, 3)      => 2
          case(1 == 2, 1, 'a' == 'A', 'same', 'none') => "same"
          case(true, 1, fromJSON('broken'), 2, 3) => 1
          case(false, fromJSON('broken'), 3) => 3
          case(true, 'x', fromJSON('broken')) => "x"
          Case(true, github, 1).ref       => "refs/heads/main"
          success()                       => true
          failure()                       => false
          cancelled()                     => false
          always()                        => true
          Success ( )                     => true
          success('build')                => true
          success('a', 'test')            => false
          failure('test')                 => true
          hashFiles('a', 1, null)         => "a|1|"
          """)
  void functions(String expression, String expected) {
    assertThat(Evaluations.show(Evaluations.evaluate(expression))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("What cannot be evaluated fails, in GitHub's words")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          format('{')            => The following format string is invalid: {
          format('}')            => The following format string is invalid: }
          format('{}')           => The following format string is invalid: {}
          format('{a}', 1)       => The following format string is invalid: {a}
          format('{ 0}', 1)      => The following format string is invalid: { 0}
          format('{0 }', 1)      => The following format string is invalid: {0 }
          format('{-1}', 1)      => The following format string is invalid: {-1}
          format('{256}', 1)     => The following format string is invalid: {256}
          format('{0', 1)        => The following format string is invalid: {0
          format('{0:x', 1)      => The following format string is invalid: {0:x
          format('{0:x}}', 1)    => The following format string is invalid: {0:x}}
          format('{{0}', 1)      => The following format string is invalid: {{0}
          format('a}b{0}', 1)    => The following format string is invalid: a}b{0}
          format('{0} }', fromJSON('broken')) => The following format string is invalid: {0} }
          format('{0}')          => The following format string references more arguments than were supplied: {0}
          format('{1}', 1)       => The following format string references more arguments than were supplied: {1}
          format('{0:D}', 1)     => The format specifiers 'D' are not valid for objects of type 'Number'
          format('{0:a}}b}', 'x') => The format specifiers 'a}b' are not valid for objects of type 'String'
          format('{0:x}', null)  => The format specifiers 'x' are not valid for objects of type 'Null'
          format('{0:x}', true)  => The format specifiers 'x' are not valid for objects of type 'Boolean'
          format('{0:x}', github) => The format specifiers 'x' are not valid for objects of type 'Object'
          format('{0:x}', matrix.list) => The format specifiers 'x' are not valid for objects of type 'Array'
          case(1, 2, 3)          => case predicate must evaluate to a boolean value
          case('true', 2, 3)     => case predicate must evaluate to a boolean value
          case(null, 2, 3)       => case predicate must evaluate to a boolean value
          case(false, 1, 0, 2, 3) => case predicate must evaluate to a boolean value
          """)
  void failures(String expression, String message) {
    assertThatThrownBy(() -> Evaluations.evaluate(expression))
        .isInstanceOfSatisfying(
            ExpressionException.class,
            e -> {
              assertThat(e).hasMessage(message);
              assertThat(e.kind()).isEqualTo(ExpressionException.Kind.EVALUATION);
              assertThat(e.position()).isZero();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "{", "[1,", "{\"a\"}", "{a: 1}", "[1 2]", "nul", "'a'", "01", "1 2", "{}x", "\"a",
        "[1]]", "\u0001", "+1", ".5", "tru"
      })
  @DisplayName("Text that is no JSON is an evaluation error")
  void brokenJson(String json) {
    assertThatThrownBy(() -> Json.parse(json))
        .isInstanceOfSatisfying(
            ExpressionException.class,
            e -> {
              assertThat(e.getMessage()).startsWith("Error parsing fromJson");
              assertThat(e.kind()).isEqualTo(ExpressionException.Kind.EVALUATION);
            });
  }

  @Test
  @DisplayName("JSON nested too deep is an error, not a stack overflow")
  void deepJson() {
    String fine = "[".repeat(100) + "]".repeat(100);
    assertThat(Json.writeCompact(Json.parse(fine))).isEqualTo(fine);
    for (int depth : List.of(102, 900, 100_000)) {
      assertThatThrownBy(() -> Json.parse("[".repeat(depth) + "]".repeat(depth)))
          .isInstanceOf(ExpressionException.class);
    }
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("Strings are escaped in JSON")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          a"b    => "a\\"b"
          a\\b   => "a\\\\b"
          a/b    => "a/b"
          it's   => "it's"
          <&>    => "<&>"
          é€😀   => "é€😀"
          """)
  void escapes(String text, String json) {
    assertThat(Json.write(Value.of(text))).isEqualTo(json);
  }

  @Test
  @DisplayName("Control characters and line separators are escaped in JSON")
  void controlEscapes() {
    assertThat(Json.write(Value.of("\b\f\n\r\t\u0000\u001f\u0085\u2028\u2029\u007f")))
        .isEqualTo("\"\\b\\f\\n\\r\\t\\u0000\\u001f\\u0085\\u2028\\u2029\u007f\"");
  }

  @Test
  @DisplayName("Compact JSON is valid JSON")
  void compact() {
    Value value = Json.parse("{\"a\": [1, null, \"x\"], \"b\": {}}");
    assertThat(Json.writeCompact(value)).isEqualTo("{\"a\":[1,null,\"x\"],\"b\":{}}");
    assertThat(Json.writeCompact(Value.array(List.of(Value.of(Double.NaN))))).isEqualTo("[null]");
  }

  @Test
  @DisplayName("A result over 10 MiB is an evaluation error that names the expression")
  void memory() {
    String large = "x".repeat(2_000_000);
    Scope scope = Evaluations.of(java.util.Map.of("github", Value.of(large)));
    for (String expression :
        List.of(
            "format('{0}{0}{0}', github)",
            "join(fromJSON(format('[\"{0}\",\"{0}\"]', github)), github)",
            "toJSON(fromJSON(format('[\"{0}\",\"{0}\"]', github))) && format('{0}{0}{0}',"
                + " github)")) {
      assertThatThrownBy(() -> Expression.compile(expression, Evaluations.ALL).evaluate(scope))
          .isInstanceOf(ExpressionException.class)
          .hasMessage(
              "The maximum allowed memory size was exceeded while evaluating the following"
                  + " expression: "
                  + expression);
    }
    assertThat(
            Expression.compile("format('{0}{0}', github)", Evaluations.ALL)
                .evaluate(scope)
                .toText())
        .hasSize(4_000_000);
    assertThatThrownBy(() ->
            Template.compile("${{ github }} ${{ github }} ${{ github }}", Evaluations.ALL)
                .evaluate(scope))
        .hasMessageStartingWith("The maximum allowed memory size was exceeded");
  }

  @Test
  @DisplayName("A context value over 10 MiB cannot be used")
  void largeContext() {
    Scope scope = Evaluations.of(java.util.Map.of("github", Value.of("x".repeat(6_000_000))));
    assertThatThrownBy(() -> Expression.compile("github", Evaluations.ALL).evaluate(scope))
        .hasMessageStartingWith("The maximum allowed memory size was exceeded");
  }

  @Test
  @DisplayName("Many small pieces of JSON exceed the memory too")
  void manyPieces() {
    List<Value> items = new java.util.ArrayList<>();
    for (int i = 0; i < 400_000; i++) {
      items.add(Value.of(1));
    }
    Scope scope = Evaluations.of(java.util.Map.of("github", Value.array(items)));
    assertThatThrownBy(() -> Expression.compile("toJSON(github)", Evaluations.ALL).evaluate(scope))
        .hasMessageStartingWith("The maximum allowed memory size was exceeded");
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("An operand that does not decide is not evaluated")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          false && hashFiles('a')           => 0
          true || hashFiles('a')            => 0
          true && hashFiles('a')            => 1
          false || hashFiles('a') || hashFiles('b') => 1
          case(true, 1, hashFiles('a'))     => 0
          format('x', hashFiles('a'))       => 0
          format('{0}{0}', hashFiles('a'))  => 1
          github.x[hashFiles('a')]          => 0
          github[hashFiles('a')]            => 1
          """)
  void shortCircuits(String expression, int hashes) {
    Evaluations scope = new Evaluations("{\"github\": {}}", true);
    Expression.compile(expression, Evaluations.ALL).evaluate(scope);
    assertThat(scope.hashes).isEqualTo(hashes);
  }

  @Test
  @DisplayName("Keys of a case-sensitive object are, others are not")
  void caseOfKeys() {
    java.util.Map<String, Value> members = new java.util.LinkedHashMap<>();
    members.put("Path", Value.of("x"));
    Scope scope =
        Evaluations.of(
            java.util.Map.of(
                "env", Value.caseSensitiveObject(members), "github", Value.object(members)));
    assertThat(Expression.compile("env.PATH", Evaluations.ALL).evaluate(scope))
        .isSameAs(Value.NULL);
    assertThat(Expression.compile("env.Path", Evaluations.ALL).evaluate(scope).toText())
        .isEqualTo("x");
    assertThat(Expression.compile("github.PATH", Evaluations.ALL).evaluate(scope).toText())
        .isEqualTo("x");
  }

  @Test
  @DisplayName("Unicode white space counts as white space")
  void whiteSpace() {
    assertThat(Evaluations.evaluate("\u00a01\u2003==\u0085'\u00a01\u3000'")).isEqualTo(Value.TRUE);
  }
}
