package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bad example of every rule's page has what the rule is about, and the good one has not. */
final class RuleExamplesTest {
  static Stream<String> rules() {
    return Rules.all().stream().map(Rule::id);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void badExample_isFound(String id) {
    assertThat(found(id, rule(id).bad())).contains(id);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void goodExample_isClean(String id) {
    assertThat(found(id, rule(id).good())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void goodExample_hasNothingElseWrong(String id) {
    assertThat(
            Lint.of(Selection.DEFAULT).file(rule(id).exampleFile(), rule(id).good()).stream()
                .filter(f -> f.ignored() == null)
                .map(f -> f.rule().id() + ": " + f.message()))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void page_isComplete(String id) {
    assertThat(rule(id).why()).isNotBlank();
    assertThat(rule(id).title()).isNotBlank();
    assertThat(id).matches("[a-z]+(-[a-z]+)*");
  }

  @Test
  void names_areUnique() {
    assertThat(Rules.all().stream().map(Rule::id)).doesNotHaveDuplicates();
  }

  private static Rule rule(String id) {
    return java.util.Objects.requireNonNull(Rules.named(id));
  }

  private static List<String> found(String id, String text) {
    // A rule about ignores needs the rule that is ignored.
    Selection selection =
        rule(id).topic() == Topic.HOUSEKEEPING
            ? new Selection(Profile.AUDIT, Set.of(), Set.of())
            : new Selection(Profile.AUDIT, Set.of(id), Set.of());
    return Lint.of(selection).file(rule(id).exampleFile(), text).stream()
        .map(f -> f.rule().id())
        .filter(id::equals)
        .toList();
  }
}
