package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
            lint(Selection.DEFAULT, id, rule(id).good())
                .file(rule(id).exampleFile(), rule(id).good())
                .stream()
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

  /** Settings that give the rules about settings something to look for. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "unknown-variable", "lint: {config-variables: [REGION]}",
          "unknown-runner", "lint: {runner-labels: [own-*]}",
          "forbidden-action", "lint: {actions: {deny: [forbidden/*]}}");

  private static Lint lint(Selection selection, String id, String text) {
    ProjectFiles project = project(rule(id).exampleFile(), text);
    String settings = SETTINGS.getOrDefault(id, "lint: {}");
    return Lint.of(selection).in(project).with(LintSettings.of(project("slipway.yml", settings)));
  }

  /** A project of the example and what examples refer to. */
  private static ProjectFiles project(String path, String text) {
    String action = "name: x\nruns:\n  using: composite\n  steps: [{run: make, shell: bash}]\n";
    Map<String, String> files =
        Map.of(
            path,
            text,
            ".github/actions/setup/action.yml",
            action,
            "actions/setup/action.yml",
            action,
            ".github/workflows/w.yml",
            "on: {workflow_call: {secrets: {token: {required: true}}}}\njobs:\n  w:\n"
                + "    runs-on: ubuntu-latest\n    steps: [{run: make}]\n",
            "package-lock.json",
            "{}");
    return new ProjectFiles() {
      @Override
      public boolean known() {
        return true;
      }

      @Override
      public @Nullable String text(String asked) {
        return files.get(asked);
      }

      @Override
      public boolean exists(String asked) {
        return files.keySet().stream()
            .anyMatch(file -> file.equals(asked) || file.startsWith(asked + "/"));
      }
    };
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
    return lint(selection, id, text).file(rule(id).exampleFile(), text).stream()
        .map(f -> f.rule().id())
        .filter(id::equals)
        .toList();
  }
}
