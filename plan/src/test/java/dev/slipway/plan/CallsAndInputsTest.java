package dev.slipway.plan;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Reading;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallsAndInputsTest {
  private static final String CALLED =
      """
      on:
        workflow_call:
          inputs:
            name: {type: string, required: true}
            flag: {type: boolean}
            count: {type: number}
          secrets:
            token: {required: true}
            other: {required: false}
      jobs:
      """
          + Plans.job("a", "");

  private static String caller(String lines) {
    return "on: push\njobs:\n  call:\n    uses: ./.github/workflows/called.yml\n" + lines.indent(4);
  }

  private static List<String> problems(Plans plans, String text) {
    Workflow root = Plans.workflow(".github/workflows/ci.yml", text);
    return WorkflowResolver.resolve(root, plans, JobSelection.ALL).problems().stream()
        .map(Problem::message)
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("Inputs and secrets of a call are checked")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {with: {name: x}, secrets: inherit} => []
          {with: {NAME: x}, secrets: {TOKEN: y}} => []
          {with: {name: x, flag: true, count: 3}, secrets: inherit} => []
          {with: {name: 1, flag: '${{ github.ref }}'}, secrets: inherit} => []
          {secrets: inherit} => [Input name is required, but not provided while calling.]
          {with: {name: x}} => [Secret token is required, but not provided while calling.]
          {with: {name: x, none: 1}, secrets: inherit} => [Invalid input, none is not defined in the referenced workflow.]
          {with: {name: x}, secrets: {token: a, none: b}} => [Invalid secret, none is not defined in the referenced workflow.]
          {with: {name: x, flag: 'yes'}, secrets: inherit} => [Unexpected value 'yes']
          {with: {name: x, count: 'three'}, secrets: inherit} => [Unexpected value 'three']
          """)
  void inputs(String lines, String expected) {
    String body = lines.substring(1, lines.length() - 1).replaceAll(", (?=secrets:)", "\n");
    assertThat(problems(new Plans().file("called.yml", CALLED), caller(body)))
        .hasToString(expected);
  }

  @Test
  @DisplayName("A called workflow must exist and be callable")
  void notCallable() {
    assertThat(problems(new Plans(), caller("")))
        .containsExactly("The workflow './.github/workflows/called.yml' does not exist");
    assertThat(
            problems(
                new Plans().file("called.yml", "on: push\njobs:\n" + Plans.job("a", "")),
                caller("")))
        .singleElement()
        .asString()
        .contains("is not reusable as it is missing a `on.workflow_call` trigger");
  }

  private static Plans far() {
    return Plans.of(
            """
            on: push
            jobs:
              call: {uses: far/flows/.github/workflows/x.yml@v1}
              again:
                strategy: {matrix: {n: [1, 2]}}
                uses: far/flows/.github/workflows/x.yml@v1
              own: {uses: ./.github/workflows/called.yml}
            """
                + Plans.job("other", "")
                + Plans.job("after", "needs: call")
                + Plans.job("clean", "needs: call\nif: always()"))
        .file(
            "called.yml",
            "on: workflow_call\njobs:\n  far: {uses: far/flows/.github/workflows/y.yml@v1}\n"
                + Plans.job("near", ""));
  }

  @Test
  @DisplayName("A workflow that cannot be fetched costs only the jobs that call it or need those")
  void unavailable() {
    PlannedWorkflow workflow = far().first();
    assertThat(workflow.problems())
        .extracting(Problem::text)
        .containsExactly(
            ".github/workflows/ci.yml:3:16: The workflow 'far/flows/.github/workflows/x.yml@v1'"
                + " cannot be fetched: no network",
            ".github/workflows/ci.yml:6:11: The workflow 'far/flows/.github/workflows/x.yml@v1'"
                + " cannot be fetched: no network",
            ".github/workflows/called.yml:3:15: The workflow 'far/flows/.github/workflows/y.yml@v1'"
                + " cannot be fetched: no network");
    assertThat(workflow.problems()).noneMatch(Problem::refused);
    String reason =
        "the workflow that it calls, 'far/flows/.github/workflows/%s.yml@v1', cannot be fetched";
    assertThat(workflow.jobs())
        .extracting(PlannedJob::key, job -> job.runs().text(), PlannedJob::reason)
        .containsExactly(
            tuple("call", "no", reason.formatted("x")),
            tuple("again", "no", reason.formatted("x")),
            tuple("own/far", "no", reason.formatted("y")),
            tuple("own/near", "yes", "waits for nothing"),
            tuple("other", "yes", "waits for nothing"),
            tuple("after", "no", "needs 'call', which does not run"),
            tuple("clean", "yes", "`if: always()` holds"));
  }

  @Test
  @DisplayName("What jobs call that are not asked for is not even read")
  void unavailableButNotAskedFor() {
    Plans plans = far().only("other");
    assertThat(plans.jobs()).extracting(PlannedJob::key).containsExactly("other");
    assertThat(plans.reads).isZero();
    assertThat(far().only("after").first().problems()).hasSize(1);
  }

  @Test
  @DisplayName("A cycle of calls is a problem, not an endless search")
  void cycle() {
    String self = "on: workflow_call\njobs:\n  call:\n    uses: ./.github/workflows/called.yml\n";
    assertThat(problems(new Plans().file("called.yml", self), caller("")))
        .singleElement()
        .asString()
        .isEqualTo(
            "'./.github/workflows/called.yml' calls itself: .github/workflows/ci.yml >"
                + " .github/workflows/called.yml > .github/workflows/called.yml");
  }

  private static Plans chain(int length) {
    Plans plans = new Plans();
    for (int i = 1; i <= length; i++) {
      plans.file(
          "w" + i + ".yml",
          "on: workflow_call\njobs:\n"
              + (i == length
                  ? Plans.job("a", "")
                  : "  call:\n    uses: ./.github/workflows/w" + (i + 1) + ".yml\n"));
    }
    return plans;
  }

  @Test
  @DisplayName("Calls nest at most ten deep")
  void depth() {
    String root = "on: push\njobs:\n  call:\n    uses: ./.github/workflows/w1.yml\n";
    assertThat(problems(chain(10), root)).isEmpty();
    assertThat(problems(chain(11), root))
        .containsExactly("Nested reusable workflow depth exceeded 10.");
  }

  @Test
  @DisplayName("At most fifty different workflows are called, each read once")
  void references() {
    StringBuilder root = new StringBuilder("on: push\njobs:\n");
    Plans plans = new Plans();
    for (int i = 0; i < 50; i++) {
      plans.file("w" + i + ".yml", "on: workflow_call\njobs:\n" + Plans.job("a", ""));
      for (int twice = 0; twice < 2; twice++) {
        root.append("  c" + i + "_" + twice + ":\n    uses: ./.github/workflows/w" + i + ".yml\n");
      }
    }
    assertThat(problems(plans, root.toString())).isEmpty();
    assertThat(plans.reads).isEqualTo(50);
    plans.file("w50.yml", "on: workflow_call\njobs:\n" + Plans.job("a", ""));
    root.append("  more:\n    uses: ./.github/workflows/w50.yml\n");
    assertThat(problems(plans, root.toString()))
        .containsExactly("More than 50 reusable workflows are referenced");
  }

  @ParameterizedTest(name = "caller {0}, called {1}, job {2}")
  @DisplayName("Permissions only shrink")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {contents: write} => {contents: read} => {contents: read} => ok
          {contents: write} => {contents: write} => {} => ok
          {contents: read}  => {contents: write} => {} => The workflow is requesting 'contents: write', but is only allowed 'contents: read'.
          {contents: read}  => {} => {issues: write, contents: write} => The nested job 'a' is requesting 'issues: write, contents: write', but is only allowed 'issues: none, contents: read'.
          {}                => {} => {contents: read} => The nested job 'a' is requesting 'contents: read', but is only allowed 'contents: none'.
          read-all          => {contents: read} => {issues: read} => ok
          write-all         => {contents: write} => {issues: write} => ok
          """)
  void permissions(String allowed, String asked, String nested, String expected) {
    String called =
        "on: workflow_call\npermissions: "
            + asked
            + "\njobs:\n"
            + Plans.job("a", "permissions: " + nested);
    List<String> problems =
        problems(new Plans().file("called.yml", called), caller("permissions: " + allowed));
    if (expected.equals("ok")) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems)
          .containsExactly("Error calling workflow './.github/workflows/called.yml'. " + expected);
    }
  }

  private static Reading<ObjectValue> dispatch(String inputs, String payload) {
    Workflow workflow =
        Plans.workflow(
            "ci.yml",
            "on:\n  workflow_dispatch:\n    inputs: " + inputs + "\njobs:\n" + Plans.job("a", ""));
    return Inputs.dispatched(
        workflow,
        Plans.event("workflow_dispatch", "refs/heads/main", "{\"inputs\": " + payload + "}"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @DisplayName("Inputs of a dispatch are typed")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {a: {type: string}}                         => {"a": "x"}      => {"a":"x"}
          {a: {type: boolean}}                        => {"a": "true"}   => {"a":true}
          {a: {type: boolean}}                        => {"A": "FALSE"}  => {"a":false}
          {a: {type: boolean}}                        => {"a": true}     => {"a":true}
          {a: {type: number}}                         => {"a": "1.50"}   => {"a":1.5}
          {a: {type: choice, options: [x, y]}}        => {"a": "y"}      => {"a":"y"}
          {a: {type: environment}}                    => {"a": "prod"}   => {"a":"prod"}
          {a: {type: boolean, default: true}}         => {}              => {"a":true}
          {a: {type: number, default: 7}}             => {}              => {"a":7}
          {a: {type: string, default: d}}             => {"a": ""}       => {"a":"d"}
          {a: {type: choice, options: [x, y]}}        => {}              => {"a":""}
          {a: {type: boolean}, b: {type: number}, c: {type: string}} => {} => {"a":false,"b":0,"c":""}
          """)
  void dispatched(String inputs, String payload, String expected) {
    ObjectValue value = dispatch(inputs, payload).value();
    assertThat(value).isNotNull();
    assertThat(Json.writeCompact(requireNonNull(value))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} {1}")
  @DisplayName("Inputs of a dispatch are checked")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {a: {type: string, required: true}}     => {}            => Required input 'a' was not given
          {a: {type: string, required: true}}     => {"a": ""}     => Required input 'a' was not given
          {a: {type: boolean}}                    => {"a": "yes"}  => Input 'a' is 'yes', expected true or false
          {a: {type: number}}                     => {"a": "many"} => Input 'a' is 'many', expected a number
          {a: {type: choice, options: [x, y]}}    => {"a": "z"}    => Input 'a' is 'z', expected one of x, y
          {a: {type: string}}                     => {"b": "z"}    => Unexpected input 'b'
          """)
  void dispatchProblems(String inputs, String payload, String message) {
    Reading<ObjectValue> reading = dispatch(inputs, payload);
    assertThat(reading.value()).isNull();
    assertThat(reading.problems()).extracting(Problem::message).containsExactly(message);
  }

  @Test
  @DisplayName("A dispatched workflow sees typed inputs, and texts in the event")
  void contexts() {
    Plans plans =
        Plans.of(
                "on:\n  workflow_dispatch:\n    inputs: {flag: {type: boolean}}\njobs:\n"
                    + Plans.job("typed", "if: inputs.flag == true && toJSON(inputs.flag) == 'true'")
                    + Plans.job("text", "if: github.event.inputs.flag == 'true'"))
            .on(
                Plans.event(
                    "workflow_dispatch", "refs/heads/main", "{\"inputs\": {\"flag\": \"true\"}}"));
    assertThat(plans.jobs()).extracting(PlannedJob::runs).containsOnly(Runs.YES);
  }

  @Test
  @DisplayName("The event of a dispatch has all inputs as texts, given or not")
  void dispatchedTexts() {
    Workflow workflow =
        Plans.workflow(
            "ci.yml",
            """
            on:
              workflow_dispatch:
                inputs:
                  text: {default: 1.50}
                  flag: {type: boolean}
                  on: {type: boolean, default: true}
                  count: {type: number}
                  given: {type: number, default: 3}
            jobs: {a: {runs-on: x}}
            """);
    EventContext event =
        Plans.event("workflow_dispatch", "refs/heads/main", "{\"inputs\": {\"GIVEN\": 7}}");
    assertThat(Json.writeCompact(requireNonNull(event.payload(workflow).get("inputs"))))
        .isEqualTo(
            "{\"GIVEN\":\"7\",\"text\":\"1.5\",\"flag\":\"false\",\"on\":\"true\",\"count\":\"\"}");
    assertThat(Json.writeCompact(requireNonNull(Inputs.dispatched(workflow, event).value())))
        .isEqualTo("{\"text\":\"1.5\",\"flag\":false,\"on\":true,\"count\":0,\"given\":7}");
  }

  @Test
  @DisplayName("A schedule that names no cron line is that of the workflow's first")
  void scheduledLine() {
    Workflow workflow =
        Plans.workflow("ci.yml", "on: {schedule: [{cron: 1 2 * * *}]}\njobs: {a: {runs-on: x}}\n");
    assertThat(
            Json.writeCompact(Plans.event("schedule", "refs/heads/main", "{}").payload(workflow)))
        .isEqualTo("{\"schedule\":\"1 2 * * *\"}");
    EventContext push = Plans.push("refs/heads/main");
    assertThat(push.payload(workflow)).isSameAs(push.payload());
  }

  @Test
  @DisplayName("Inputs of a dispatch hold at most 65,535 characters")
  void largeInputs() {
    Workflow workflow =
        Plans.workflow(
            "ci.yml", "on: {workflow_dispatch: {inputs: {a: , b: }}}\njobs: {a: {runs-on: x}}\n");
    String half = "x".repeat(32_768);
    String payload = "{\"inputs\": {\"a\": \"" + half + "\", \"b\": \"" + half + "\"}}";
    assertThat(
            Inputs.dispatched(
                    workflow, Plans.event("workflow_dispatch", "refs/heads/main", payload))
                .problems())
        .extracting(Problem::message)
        .containsExactly("The inputs are too large: 65536 characters, at most 65535 are allowed");
    assertThat(
            Inputs.dispatched(
                    workflow,
                    Plans.event(
                        "workflow_dispatch", "refs/heads/main", payload.replace("xx\"}", "x\"}")))
                .ok())
        .isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("What an expression gives a called workflow must be of the input's type")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          flag: "${{ github.ref }}"           => Unexpected value 'refs/heads/main' for the input 'flag'
          flag: "${{ vars.NONE }}"            => Unexpected value '' for the input 'flag'
          count: "${{ github.ref == 'x' }}"   => Unexpected value 'false' for the input 'count'
          flag: "${{ github.ref == 'x' }}"    => ``
          count: "${{ fromJSON('3') }}"       => ``
          name: "${{ fromJSON('3') }}"        => ``
          """)
  void typesOfGivenExpressions(String given, String problem) {
    String called =
        """
        on:
          workflow_call:
            inputs:
              name: {type: string}
              flag: {type: boolean}
              count: {type: number}
        jobs:
        """
            + Plans.job("a", "");
    PlannedWorkflow workflow =
        Plans.of(caller("with: {" + given + "}")).file("called.yml", called).first();
    assertThat(workflow.problems())
        .extracting(Problem::message)
        .isEqualTo(problem.isEmpty() ? List.of() : List.of(problem));
    assertThat(workflow.jobs())
        .extracting(PlannedJob::runs)
        .containsExactly(problem.isEmpty() ? Runs.YES : Runs.NO);
  }
}
