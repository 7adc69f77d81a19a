package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that know facts: about actions, events, contexts, machines and called workflows. */
final class FactRulesTest {
  private static final String CHECKOUT_V4_2_2 = "11bd71901bbe5b1630ceea73d27597364c9af683";

  private final Map<String, String> project = new HashMap<>();

  private List<String> found(String rule, String text) {
    String path = ".github/workflows/ci.yml";
    project.put(path, text);
    return Lint.of(new Selection(Profile.AUDIT, Set.of(rule), Set.of()))
        .in(
            new ProjectFiles() {
              @Override
              public boolean known() {
                return true;
              }

              @Override
              public @Nullable String text(String asked) {
                return project.get(asked);
              }

              @Override
              public boolean exists(String asked) {
                return project.containsKey(asked);
              }
            })
        .file(path, text)
        .stream()
        .filter(f -> f.rule().id().equals(rule))
        .map(Finding::message)
        .toList();
  }

  private static String steps(String steps) {
    return "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n" + steps;
  }

  private static String uses(String action, String input) {
    return steps("      - uses: " + action + "\n        with:\n          " + input + ": 1\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "actions/checkout@v4",
        "actions/checkout@v4.2.2",
        "actions/checkout@" + CHECKOUT_V4_2_2,
        "actions/checkout@" + CHECKOUT_V4_2_2 + " # v4.2.2",
        "actions/checkout@0000000000000000000000000000000000000000 # v4.2.2",
        "Actions/Checkout@v4",
        "actions/cache/restore@v4",
      })
  void unknownInput_isFound_howeverTheVersionIsNamed(String action) {
    assertThat(
            found(
                "unknown-action-input",
                steps("      - uses: " + action + "\n        with:\n          no-such-input: 1\n")))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "actions/checkout@v4, Fetch-Depth",
    "actions/checkout@main, no-such-input",
    "actions/checkout@v4.99.0, no-such-input",
    "actions/checkout@0000000000000000000000000000000000000000, no-such-input",
    "nobody/nothing@v1, no-such-input",
    "docker://alpine:3, args",
  })
  void unknownInput_isQuiet_whereNothingIsKnown(String action, String input) {
    assertThat(found("unknown-action-input", uses(action, input))).isEmpty();
  }

  @Test
  void inputOfALocalAction_isChecked() {
    project.put(
        "tools/it/action.yml",
        "name: x\ninputs:\n  a:\n    required: true\nruns: {using: node24, main: x.js}\n");
    assertThat(found("unknown-action-input", uses("./tools/it", "b"))).hasSize(1);
    assertThat(found("missing-action-input", uses("./tools/it", "b"))).hasSize(1);
    assertThat(found("missing-action-input", uses("$/tools/it", "a"))).isEmpty();
    assertThat(found("missing-local-action", uses("./tools/it", "a"))).isEmpty();
    assertThat(found("missing-local-action", uses("./tools/other", "a"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "github.reff",
        "github.event.head_comit.message",
        "github.event.repository.fullname",
        "runner.oss",
        "strategy.job-idx",
        "job.service",
        "steps.x.output",
        "steps.checkout.outputs.sha",
        "fromJSON('{\"a\":1}').b",
        "github.event.commits.*.mesage",
        "github.event.commits[0].mesage",
        "github['reff']",
      })
  void unknownProperty_isFound(String expression) {
    assertThat(found("unknown-property", expression(expression))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "github.ref",
        "github.event.head_commit.message",
        "github.event.repository.full_name",
        "GitHub.Event.Repository.Full_Name",
        "github.event.pull_request.number || github.sha",
        "runner.os",
        "job.workflow_sha",
        "steps.x.outputs.anything",
        "steps.checkout.outputs.commit",
        "env.WHATEVER",
        "vars.WHATEVER",
        "secrets.WHATEVER",
        "fromJSON(env.X).b",
        "github.event.commits.*.message",
        "github[env.X]",
      })
  void unknownProperty_isQuiet(String expression) {
    assertThat(found("unknown-property", expression(expression))).isEmpty();
  }

  private static String expression(String expression) {
    return steps(
        "      - id: checkout\n        uses: actions/checkout@v4\n"
            + "      - id: x\n        run: make\n"
            + "      - run: echo ${{ "
            + expression
            + " }}\n");
  }

  @ParameterizedTest
  @CsvSource({
    "pull_request, github.event.pull_request.head.sha, 0",
    "pull_request_target, github.event.pull_request.head.sha, 0",
    "push, github.event.pull_request.head.sha, 1",
    "'[push, pull_request]', github.event.pull_request.head.sha, 0",
    "'[push, workflow_call]', github.event.pull_request.head.sha, 0",
    "repository_dispatch, github.event.client_payload.anything.at.all, 0",
    "schedule, github.event.schedule, 0",
    "issues, github.event.issue.labels.*.name, 0",
    "issues, github.event.issue.lables, 1",
  })
  void payload_isThatOfTheTriggers(String on, String expression, int count) {
    assertThat(found("unknown-property", expression(expression).replace("on: push", "on: " + on)))
        .hasSize(count);
  }

  @ParameterizedTest
  @CsvSource({
    "matrix.os, 0",
    "matrix.extra, 0",
    "matrix.node.version, 0",
    "matrix.node.flags, 0",
    "matrix.node.nothing, 1",
    "matrix.ox, 1",
  })
  void matrix_hasItsRowsAndWhatIsIncluded(String expression, int count) {
    String text =
        "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    strategy:\n      matrix:\n"
            + "        os: [a, b]\n        node: [{version: 1}, {version: 2, flags: x}]\n"
            + "        include: [{os: a, extra: 1}]\n    steps:\n      - run: echo ${{ "
            + expression
            + " }}\n";
    assertThat(found("unknown-property", text)).hasSize(count);
    String open = text.replace("include: [{os: a, extra: 1}]", "include: ${{ fromJSON(vars.X) }}");
    assertThat(found("unknown-property", open))
        .hasSize(expression.equals("matrix.node.nothing") ? 1 : 0);
  }

  @Test
  void outputsOfACalledWorkflow_areKnown() {
    project.put(
        ".github/workflows/part.yml",
        "on:\n  workflow_call:\n    outputs:\n      a:\n        value: x\njobs: {}\n");
    String text =
        "on: push\njobs:\n  part:\n    uses: ./.github/workflows/part.yml\n  test:\n"
            + "    needs: part\n    runs-on: ubuntu-latest\n    steps:\n"
            + "      - run: echo ${{ needs.part.outputs.a }} ${{ needs.part.outputs.b }}\n";
    assertThat(found("unknown-property", text)).singleElement().asString().contains("'b'");
  }

  @ParameterizedTest
  @CsvSource({
    "github.event_name == 'pull_request', 1",
    "github.event_name == 'PUSH', 0",
    "github.ref_type == 'tags', 1",
    "runner.os == 'linux', 0",
    "runner.os == 'ubuntu', 1",
    "needs.test.result == 'failed', 1",
    "steps.x.outcome == 'failure', 0",
  })
  void impossibleValue(String condition, int count) {
    assertThat(found("impossible-value", steps("      - if: " + condition + "\n        run: x\n")))
        .hasSize(count);
  }

  @ParameterizedTest
  @CsvSource({
    "'format(''{0}'', 1)', 0",
    "'format(''{{}} {0}'', 1)', 0",
    "'format(''{1}'', 1)', 1",
    "'format(''{0}'', 1, 2)', 1",
    "'format(''{0:x}'', 1)', 1",
  })
  void format_isCounted(String expression, int count) {
    assertThat(found("format-arguments", expression(expression))).hasSize(count);
  }

  @Test
  void call_isCheckedAgainstWhatTheWorkflowTakes() {
    project.put(
        ".github/workflows/part.yml",
        "on:\n  workflow_call:\n    inputs:\n      a: {type: boolean, required: true}\n"
            + "    secrets:\n      s: {required: true}\njobs: {}\n");
    String call = "on: push\njobs:\n  part:\n    uses: ./.github/workflows/part.yml\n";
    assertThat(found("call-arguments", call)).hasSize(2);
    assertThat(found("call-arguments", call + "    with: {a: true}\n    secrets: inherit\n"))
        .isEmpty();
    assertThat(found("call-arguments", call + "    with: {a: 'x'}\n    secrets: inherit\n"))
        .hasSize(1);
    assertThat(found("call-arguments", call + "    with: {A: true, b: 1}\n    secrets: inherit\n"))
        .hasSize(1);
    assertThat(found("uncallable-workflow", call.replace("part.yml", "none.yml"))).hasSize(1);
  }

  @Test
  void chainOfCalls_mayBeTenDeep() {
    for (int i = 2; i <= 11; i++) {
      String jobs =
          i == 11
              ? "jobs: {}\n"
              : "jobs:\n  x:\n    uses: ./.github/workflows/w" + (i + 1) + ".yml\n";
      project.put(".github/workflows/w" + i + ".yml", "on: workflow_call\n" + jobs);
    }
    String call = "on: push\njobs:\n  x:\n    uses: ./.github/workflows/w%d.yml\n";
    assertThat(found("call-nesting", call.replace("%d", "3"))).isEmpty();
    assertThat(found("call-nesting", call.replace("%d", "2"))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "ubuntu-latset, 1",
    "ubuntu-latest, 0",
    "ubuntu-latest-8-cores, 0",
    "ubuntu-24.04-xl, 0",
    "depot-ubuntu-24.04, 0",
    "my-runner, 0",
    "macos-15-xlarge, 0",
  })
  void label_isMisspeltOnlyWhenItIsNearlyOneOfGitHubs(String label, int count) {
    assertThat(found("misspelt-runner", steps("      - run: x\n").replace("ubuntu-latest", label)))
        .hasSize(count);
  }

  @Test
  void retiredImage_isFoundInAMatrixToo() {
    String text =
        "on: push\njobs:\n  test:\n    runs-on: ${{ matrix.os }}\n    strategy:\n      matrix:\n"
            + "        os: [ubuntu-20.04, ubuntu-24.04]\n        include: [{os: macos-11}]\n"
            + "    steps:\n      - run: x\n";
    assertThat(found("retired-runner", text)).hasSize(2);
  }

  @Test
  void manyErrors_areAllFound() {
    StringBuilder text = new StringBuilder("on: push\njobs:\n");
    for (int i = 0; i < 40; i++) {
      text.append("  j").append(i).append(":\n    runs-on: x\n    wrong: 1\n");
    }
    assertThat(found("workflow-syntax", text.toString())).hasSize(40);
  }

  private List<String> called(String type, String value) {
    project.put(
        ".github/workflows/part.yml",
        "on:\n  workflow_call:\n    inputs:\n      it:\n        type: "
            + type
            + "\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n");
    return found(
        "call-arguments",
        "on:\n"
            + "  push:\n"
            + "  workflow_dispatch:\n"
            + "    inputs:\n"
            + "      flag:\n"
            + "        type: boolean\n"
            + "      text:\n"
            + "        type: string\n"
            + "jobs:\n"
            + "  first:\n"
            + "    runs-on: ubuntu-latest\n"
            + "    outputs:\n"
            + "      o: ${{ steps.x.outputs.y }}\n"
            + "    steps:\n"
            + "      - id: x\n"
            + "        run: make\n"
            + "  call:\n"
            + "    needs: first\n"
            + "    strategy:\n"
            + "      matrix:\n"
            + "        n: [1, 2]\n"
            + "        list: ['[1]']\n"
            + "    uses: ./.github/workflows/part.yml\n"
            + "    with:\n"
            + "      it: "
            + value
            + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "boolean, ${{ needs.first.outputs.o }}, string",
    "boolean, ${{ inputs.text }}, string",
    "boolean, ${{ vars.FLAG }}, string",
    "boolean, ${{ matrix.n }}, number",
    "boolean, x ${{ inputs.flag }}, string",
    "boolean, '${{ format(''{0}'', inputs.flag) }}', string",
    "number, ${{ github.ref_name }}, string",
    "number, ${{ github.ref == 'x' }}, boolean",
    "number, ${{ needs.first.outputs.o }}, string",
    "string, ${{ github.event.repository }}, object"
  })
  void argumentOfAnotherType_isFound(String type, String value, String is) {
    assertThat(called(type, value))
        .singleElement()
        .asString()
        .contains("The input 'it' is a " + type + ", and this is", is);
  }

  @ParameterizedTest
  @CsvSource({
    "boolean, ${{ inputs.flag }}",
    "boolean, ${{ needs.first.outputs.o == 'true' }}",
    "boolean, ${{ fromJSON(needs.first.outputs.o) }}",
    "boolean, ${{ inputs.flag || github.ref }}",
    "boolean, true",
    "number, ${{ matrix.n }}",
    "number, ${{ fromJSON(needs.first.outputs.o) }}",
    "number, 3",
    "string, ${{ matrix.n }}",
    "string, ${{ inputs.flag }}",
    "string, x ${{ matrix.n }}",
    "choice, ${{ matrix.n }}"
  })
  void argumentThatFits_isNot(String type, String value) {
    assertThat(called(type, value)).isEmpty();
  }

  @Test
  void setupOfOnlyTwoJobs_orWithAnActionOfTheProject_isNotRepeated() {
    String job =
        ":\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v6\n"
            + "      - uses: actions/setup-node@v6\n      - name: N\n        run: npm ci\n"
            + "      - run: make ";
    String two = "on: push\njobs:\n  a" + job + "a\n  b" + job + "b\n";
    assertThat(found("repeated-setup", two)).isEmpty();
    String three = two + "  c" + job.replace("      - name: N\n        run", "      - run") + "c\n";
    assertThat(found("repeated-setup", three))
        .containsExactly("This job and 'b', 'c' begin with the same 2 steps");
    assertThat(found("repeated-setup", three.replace("actions/setup-node@v6", "./setup")))
        .isEmpty();
  }
}
