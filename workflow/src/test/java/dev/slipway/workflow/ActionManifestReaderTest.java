package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@NullUnmarked
class ActionManifestReaderTest {
  private static ActionManifest manifest(String text) {
    Reading<ActionManifest> reading = ActionManifestReader.read("action.yml", text);
    assertThat(reading.problems()).isEmpty();
    return reading.value();
  }

  @Test
  void compositeAction_hasStepsInputsAndOutputs() {
    ActionManifest action =
        manifest(
            """
            name: Greet
            description: greets
            branding: {icon: x, color: blue}
            inputs:
              who:
                description: whom
                required: true
                default: ${{ github.actor }}
                deprecationMessage: use whom
              bare:
            outputs:
              out:
                value: ${{ steps.a.outputs.x }}
            runs:
              using: composite
              steps:
                - id: a
                  run: echo ${{ inputs.who }} ${{ hashFiles('x') }}
                  shell: bash
                - uses: ./other
                  if: always()
            """);
    assertThat(action.name()).isEqualTo("Greet");
    assertThat(action.inputs()).extracting(ActionManifest.Input::id).containsExactly("who", "bare");
    assertThat(action.inputs().getFirst().required()).isTrue();
    assertThat(action.inputs().getFirst().deprecationMessage()).isEqualTo("use whom");
    assertThat(action.outputs()).extracting(ActionManifest.Output::id).containsExactly("out");
    assertThat(action.runs()).isInstanceOf(ActionManifest.Composite.class);
    List<Step> steps = ((ActionManifest.Composite) action.runs()).steps();
    assertThat(steps).extracting(Step::contextName).containsExactly("a", "__self");
  }

  @Test
  void javaScriptAction_hasItsPhases() {
    ActionManifest.JavaScript runs =
        (ActionManifest.JavaScript)
            manifest(
                    "name: a\n"
                        + "runs: {using: node20, main: m.js, pre: p.js, post: q.js, post-if:"
                        + " success()}\n")
                .runs();
    assertThat(runs.using()).isEqualTo("node20");
    assertThat(runs.main()).isEqualTo("m.js");
    assertThat(runs.pre()).isEqualTo("p.js");
    assertThat(runs.preIf().source()).isNull();
    assertThat(runs.preIf().expression().source()).isEqualTo("always()");
    assertThat(runs.postIf().source()).isEqualTo("success()");
  }

  @Test
  void dockerAction_hasArgumentsAndEnvironment() {
    ActionManifest.Docker runs =
        (ActionManifest.Docker)
            manifest(
                    "runs: {using: docker, image: Dockerfile, args: [\"${{ inputs.a }}\", 1], env:"
                        + " {A: b}}\n")
                .runs();
    assertThat(runs.image()).isEqualTo("Dockerfile");
    assertThat(((Node.Sequence) runs.args()).items()).hasSize(2);
    assertThat(runs.env().members()).hasSize(1);
  }

  @Test
  void pluginAction_isRead() {
    assertThat(manifest("name: c\nruns: {plugin: checkout}\n").runs())
        .isEqualTo(new ActionManifest.Plugin("checkout"));
  }

  static List<Arguments> bad() {
    return List.of(
        Arguments.of("name: a\n", "action.yml:1:1: Required property is missing: runs"),
        Arguments.of("runs: {}\n", "action.yml:1:7: Required property is missing: using"),
        Arguments.of("runs: {using: node}\n", "action.yml:1:15: Unexpected value 'node'"),
        Arguments.of(
            "runs: {using: compsite, steps: []}\n",
            "action.yml:1:15: Unexpected value 'compsite' (did you mean 'composite'?)"),
        Arguments.of(
            "runs: {using: node20}\n", "action.yml:1:7: Required property is missing: main"),
        Arguments.of(
            "runs: {using: docker}\n", "action.yml:1:7: Required property is missing: image"),
        Arguments.of(
            "runs: {using: composite}\n", "action.yml:1:7: Required property is missing: steps"),
        Arguments.of(
            "runs: {using: composite, steps: [{run: x}]}\n",
            "action.yml:1:34: Required property is missing: shell"),
        Arguments.of(
            "runs: {using: composite, steps: [{run: x, shell: sh, timeout-minutes: 1}]}\n",
            "action.yml:1:54: Unexpected value 'timeout-minutes'"),
        Arguments.of(
            "runs: {using: composite, steps: [{run: \"${{ secrets.x }}\", shell: sh}]}\n",
            "action.yml:1:45: Unrecognized named-value: 'secrets'"),
        Arguments.of(
            "runs: {using: composite, steps: [{run: x, shell: sh, if: failure('a')}]}\n",
            "action.yml:1:65: Too many parameters supplied: '('"),
        Arguments.of(
            "runs: {using: composite, steps: [{uses: x}]}\n",
            "action.yml:1:41: Expected format {org}/{repo}[/path]@ref. Actual 'x'"),
        Arguments.of(
            "inputs: {a: {default: \"${{ inputs.b }}\"}}\nruns: {plugin: p}\n",
            "action.yml:1:28: Unrecognized named-value: 'inputs'"),
        Arguments.of(
            "outputs: {a: {vale: x}}\nruns: {plugin: p}\n",
            "action.yml:1:15: Unexpected value 'vale' (did you mean 'value'?)"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void wrongManifest_isAProblem(String text, String expected) {
    List<String> found =
        ActionManifestReader.read("action.yml", text).problems().stream()
            .map(Problem::text)
            .toList();
    assertThat(found).hasSize(1);
    assertThat(found.getFirst()).startsWith(expected);
  }
}
