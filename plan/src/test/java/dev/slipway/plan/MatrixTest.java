package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.workflow.expression.Json;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixTest {
  private static List<String> expand(String matrix) {
    return Matrix.expand(Json.parse(matrix)).stream()
        .map(combination -> Json.writeCompact(combination.value()).replace("\"", ""))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("Combinations come in GitHub's order")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {"a": [1, 2]} => {a:1} {a:2}
          {"a": [1, 2], "b": ["x", "y"]} => {a:1,b:x} {a:1,b:y} {a:2,b:x} {a:2,b:y}
          {"b": [1, 2], "a": [1]} => {b:1,a:1} {b:2,a:1}
          {"a": [1, 1]} => {a:1} {a:1}
          {"a": [null, true, 1.5, {"x": [1]}]} => {a:null} {a:true} {a:1.5} {a:{x:[1]}}
          {"a": [1, 2, 3], "exclude": [{"a": 2}]} => {a:1} {a:3}
          {"a": [1, 2], "exclude": [{"a": "2"}]} => {a:1}
          {"a": ["X", "y"], "exclude": [{"A": "x"}]} => {a:y}
          {"a": [1, 2], "b": [1, 2], "exclude": [{"a": 1}]} => {a:2,b:1} {a:2,b:2}
          {"a": [1, 2], "b": [1, 2], "exclude": [{"a": 1, "b": 2}]} => {a:1,b:1} {a:2,b:1} {a:2,b:2}
          {"a": [{"n": 1, "m": 2}, {"n": 2}], "exclude": [{"a": {"n": 1}}]} => {a:{n:2}}
          {"a": [[1, 2], [3, 4]], "exclude": [{"a": [3]}]} => {a:[1,2]}
          {"a": [{"n": 1}, {"m": 1}], "exclude": [{"a": {"n": null}}]} => {a:{n:1}}
          {"a": ["", "x"], "exclude": [{"a": null}]} => {a:x}
          {"a": [1], "include": [{"b": 2}]} => {a:1,b:2}
          {"a": [1, 2], "include": [{"a": 1, "b": "x"}]} => {a:1,b:x} {a:2}
          {"a": [1, 2], "include": [{"a": "1", "b": "x"}]} => {a:1,b:x} {a:2}
          {"a": [1, 2], "include": [{"a": 3}]} => {a:1} {a:2} {a:3}
          {"a": [1], "b": [1], "include": [{"a": 2}]} => {a:1,b:1} {a:2}
          {"a": [1], "include": [{"x": 1, "a": 9}]} => {a:1} {a:9,x:1}
          {"a": [1], "include": [{"b": 1}, {"b": 2}]} => {a:1,b:2}
          {"a": [1], "include": [{"b": 1}, {"B": 2}]} => {a:1,b:2}
          {"a": [1], "include": [{"a": 2, "b": 1}, {"a": 2, "c": 1}]} => {a:1} {a:2,b:1} {a:2,c:1}
          {"a": [1], "include": [{"a": 2, "b": 1}, {"d": 4}]} => {a:1,d:4} {a:2,b:1}
          {"a": [1, 2], "exclude": [{"a": 1}], "include": [{"a": 1, "b": 1}]} => {a:2} {a:1,b:1}
          {"include": [{"x": 1}, {"y": 2}]} => {x:1} {y:2}
          {"a": [1], "exclude": [{"a": 1}], "include": [{"b": 1}]} => {b:1}
          {"fruit": ["apple", "pear"], "animal": ["cat", "dog"], "include": [{"color": "green"}, {"color": "pink", "animal": "cat"}, {"fruit": "apple", "shape": "circle"}, {"fruit": "banana"}, {"fruit": "banana", "animal": "cat"}]} => {fruit:apple,animal:cat,color:pink,shape:circle} {fruit:apple,animal:dog,color:green,shape:circle} {fruit:pear,animal:cat,color:pink} {fruit:pear,animal:dog,color:green} {fruit:banana} {fruit:banana,animal:cat}
          """)
  void order(String matrix, String expected) {
    assertThat(String.join(" ", expand(matrix))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("A matrix that makes no sense is an error in GitHub's words")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {} => Matrix must define at least one vector
          {"include": []} => Matrix must define at least one vector
          {"exclude": [{"a": 1}]} => Matrix must define at least one vector
          {"a": []} => Matrix vector 'a' does not contain any values
          {"a": 1} => Matrix vector 'a' must be a sequence
          {"a": [1], "exclude": [{}]} => Matrix exclude filter must not be empty
          {"a": [1], "exclude": [{"b": 1}]} => Matrix exclude key 'b' does not match any key within the matrix
          {"a": [1], "include": [{}]} => Matrix include mapping does not contain any values
          {"a": [1], "include": 1} => Matrix 'include' must be a sequence
          {"a": [1], "include": [1]} => Matrix 'include' must be a sequence of mappings
          "x" => Matrix must be a mapping, not 'x'
          """)
  void errors(String matrix, String message) {
    assertThatThrownBy(() -> expand(matrix)).isInstanceOf(PlanException.class).hasMessage(message);
  }

  @Test
  @DisplayName("A matrix makes at most 256 jobs")
  void limit() {
    String sixteen =
        IntStream.range(0, 16).mapToObj(Integer::toString).collect(Collectors.joining(","));
    String fits = "{\"a\": [" + sixteen + "], \"b\": [" + sixteen + "]";
    assertThat(expand(fits + "}")).hasSize(256);
    assertThatThrownBy(() -> expand(fits + ", \"include\": [{\"a\": 99}]}"))
        .hasMessageContaining("more than 256 jobs");
    assertThat(
            expand(
                "{\"a\": ["
                    + sixteen
                    + "], \"b\": ["
                    + sixteen
                    + ",16], \"exclude\": [{\"b\": 16}]}"))
        .hasSize(256);
    assertThatThrownBy(() -> expand(fits + ", \"c\": [" + sixteen + "], \"d\": [" + sixteen + "]}"))
        .hasMessageContaining("more than 256 jobs");
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("Keys and names show the scalars of the vectors, and keys are unique")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {"a": [1, "x"]} => t (1); t (x)
          {"a": [true], "b": [1.10]} => t (true, 1.1)
          {"a": [{"n": 1, "m": [2, 3]}]} => t (1, 2, 3)
          {"a": [null, ""]} => t; t #2
          {"a": [1, 1, 1]} => t (1); t (1) #2; t (1) #3
          {"a": ["1", 1, "1 #2"]} => t (1); t (1) #2; t (1 #2)
          {"a": [1], "include": [{"extra": "e"}]} => t (1)
          {"a": [1], "include": [{"a": 2, "extra": "e"}]} => t (1); t (2, e)
          {"include": [{"b": "B", "a": "A"}]} => t (B, A)
          {"a": [1], "Include": [{"a": 2}]} => t (1, 2)
          """)
  void keys(String matrix, String expected) {
    assertThat(String.join("; ", JobKeys.legs("t", Matrix.expand(Json.parse(matrix)))))
        .isEqualTo(expected);
  }

  @Test
  @DisplayName("Keys stay unique where one looks like the second of another")
  void uniqueKeys() {
    List<String> keys =
        JobKeys.legs(
            "t",
            Matrix.expand(
                Json.parse("{\"include\": [{\"a\": \"x\"}, {\"a\": \"x\"}, {\"a\": \"X\"}]}")));
    assertThat(keys).doesNotHaveDuplicates().hasSize(3);
  }
}
