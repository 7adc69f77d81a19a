package dev.slipway.plan;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflow.expression.Json;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
  private static final String HEAD = "name: CI\non: [push, pull_request]\njobs:\n";

  @ParameterizedTest(name = "if: {0}")
  @DisplayName("A condition is decided as far as it can be")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      textBlock =
          """
          github.ref == 'refs/heads/main'            => yes     => after 'build' `if: github.ref == 'refs/heads/main'` holds
          github.ref == 'x'                          => no      => `if: github.ref == 'x'` is false (github.ref is 'refs/heads/main')
          github.event_name == 'pull_request'        => no      => `if: github.event_name == 'pull_request'` is false (github.event_name is 'push')
          needs.build.outputs.go                     => depends => `if: needs.build.outputs.go` depends on needs.build.outputs.go, which is not known before the run
          needs.build.outputs.go && false            => no      => `if: needs.build.outputs.go && false` is false
          needs.build.outputs.go || true             => yes     => after 'build' `if: needs.build.outputs.go || true` holds
          needs.build.result == 'success'            => yes     => after 'build' `if: needs.build.result == 'success'` holds
          vars.DEPLOY == 'yes'                       => yes     => after 'build' `if: vars.DEPLOY == 'yes'` holds
          vars.NONE                                  => no      => `if: vars.NONE` is false (vars.NONE is not set)
          always()                                   => yes     => after 'build' `if: always()` holds
          success()                                  => yes     => after 'build' `if: success()` holds
          failure()                                  => depends => runs only when something before it fails
          failure() && github.ref == 'x'             => no      => `if: failure() && github.ref == 'x'` is false (github.ref is 'refs/heads/main')
          cancelled()                                => depends => runs only when the run is cancelled
          '!cancelled()'                             => yes     => after 'build' `if: !cancelled()` holds
          always() && needs.build.result == 'failure' => depends => runs only when something before it fails
          github.run_number == 1                     => depends => `if: github.run_number == 1` depends on github.run_number, which is not known before the run
          """)
  void conditions(String condition, String runs, String reason) {
    PlannedJob job =
        Plans.of(
                HEAD
                    + Plans.job("build", "")
                    + Plans.job("deploy", "needs: build\nif: " + condition))
            .var("DEPLOY", "yes")
            .job("deploy");
    assertThat(job.runs().text()).isEqualTo(runs);
    assertThat(job.reason()).isEqualTo(reason);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("The strategy context has its members in order, and max-parallel as given")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      textBlock =
          """
          fail-fast: false, max-parallel: 2.9, matrix: {v: [1, 2, 3]} => {"fail-fast":false,"job-index":0,"job-total":3,"max-parallel":2}
          max-parallel: 9, matrix: {v: [1, 2, 3]}                     => {"fail-fast":true,"job-index":0,"job-total":3,"max-parallel":9}
          max-parallel: 0, matrix: {v: [1, 2, 3]}                     => {"fail-fast":true,"job-index":0,"job-total":3,"max-parallel":3}
          fail-fast: false, max-parallel: 9                           => {"fail-fast":false,"job-index":0,"job-total":1,"max-parallel":1}
          """)
  void strategyContext(String strategy, String expected) {
    PlannedJob job =
        Plans.of(
                HEAD
                    + Plans.job("a", "strategy: {" + strategy + "}\nname: ${{ toJSON(strategy) }}"))
            .jobs()
            .getFirst();
    assertThat(job.name().replaceAll("\\s", "")).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("A value of another type than its key takes is a problem, and the job does not run")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      textBlock =
          """
          strategy: {fail-fast: "${{ github.ref }}"}          => Unexpected value 'refs/heads/main'
          strategy: {max-parallel: "${{ vars.NONE }}", matrix: {v: [1]}} => Unexpected value ''
          strategy: {matrix: {v: "${{ github.ref }}"}}        => Unexpected value 'refs/heads/main'
          strategy: {matrix: "${{ fromJSON(vars.M) }}"}       => Unexpected value '1'
          """)
  void valuesOfAnotherType(String lines, String message) {
    PlannedWorkflow workflow =
        Plans.of(HEAD + Plans.job("a", lines)).var("M", "{\"a\": 1}").first();
    assertThat(workflow.problems()).extracting("message").containsExactly(message);
    assertThat(workflow.jobs()).extracting(PlannedJob::runs).containsExactly(Runs.NO);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("A strategy may be one expression")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      textBlock =
          """
          {"matrix": {"v": ["x", "y"]}, "fail-fast": false, "max-parallel": 1} => x-false-1; y-false-1
          {"matrix": {"include": [{"v": "z"}]}}  => z-true-1
          {"fail-fast": false}                   => -false-1
          {}                                     => -true-1
          """)
  void strategyOfAnExpression(String strategy, String names) {
    List<PlannedJob> jobs =
        Plans.of(
                HEAD
                    + Plans.job(
                        "a",
                        "strategy: ${{ fromJSON(vars.S) }}\n"
                            + "name: ${{ matrix.v }}-${{ strategy.fail-fast }}-${{"
                            + " strategy.max-parallel }}"))
            .var("S", strategy)
            .jobs();
    assertThat(jobs.stream().map(PlannedJob::name)).containsExactly(names.split("; "));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("A strategy of an expression is held against its keys and their types")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      textBlock =
          """
          {"matrix": {"v": ["x"]}, "fail-fast": "no"} => Unexpected value 'no'
          {"matrices": {}}                            => Unexpected value 'matrices'
          []                                          => A sequence was not expected
          "all"                                       => Unexpected value 'all'
          """)
  void wrongStrategyOfAnExpression(String strategy, String message) {
    PlannedWorkflow workflow =
        Plans.of(HEAD + Plans.job("a", "strategy: ${{ fromJSON(vars.S) }}"))
            .var("S", strategy)
            .first();
    assertThat(workflow.problems()).extracting("message").containsExactly(message);
    assertThat(workflow.jobs()).extracting(PlannedJob::runs).containsExactly(Runs.NO);
  }

  @Test
  @DisplayName("A job whose runs-on comes to nothing does not run, said once for all of its matrix")
  void runsOnNothing() {
    PlannedWorkflow workflow =
        Plans.of(
                HEAD
                    + "  a:\n    strategy: {matrix: {v: [1, 2]}}\n"
                    + "    runs-on: ${{ matrix.os }}\n    steps: [{run: make}]\n")
            .first();
    assertThat(workflow.problems()).extracting("message").containsExactly("Unexpected value ''");
    assertThat(workflow.jobs()).extracting(PlannedJob::runs).containsExactly(Runs.NO, Runs.NO);
    assertThat(
            Plans.of(
                    HEAD
                        + "  a:\n    if: github.ref == 'x'\n    strategy: {matrix: {os: [here]}}\n"
                        + "    runs-on: ${{ matrix.os }}\n    steps: [{run: make}]\n")
                .jobs())
        .extracting(PlannedJob::runs)
        .containsExactly(Runs.NO);
  }

  @Test
  @DisplayName("What needs a job that does not run does not either, unless it asks for that")
  void skippedNeeds() {
    Plans plans =
        Plans.of(
            HEAD
                + Plans.job("a", "if: github.ref == 'x'")
                + Plans.job("b", "needs: a")
                + Plans.job("c", "needs: [b]\nif: always()")
                + Plans.job("d", "needs: a\nif: github.ref == 'refs/heads/main'")
                + Plans.job("e", "needs: a\nif: always() && needs.a.result == 'skipped'")
                + Plans.job("f", "needs: a\nif: needs.a.result == 'success'")
                + Plans.job("g", "if: failure()"));
    assertThat(plans.jobs())
        .extracting(job -> job.runs().text())
        .containsExactly("no", "no", "yes", "no", "yes", "no", "no");
    assertThat(plans.job("b").reason()).isEqualTo("needs 'a', which does not run");
    assertThat(plans.job("d").reason()).isEqualTo("needs 'a', which does not run");
    assertThat(plans.job("g").reason()).isEqualTo("`if: failure()` is false");
  }

  @Test
  @DisplayName("What needs a job that may run may run")
  void openNeeds() {
    Plans plans =
        Plans.of(
            HEAD
                + Plans.job("a", "")
                + Plans.job("b", "needs: a\nif: needs.a.outputs.x == '1'")
                + Plans.job("c", "needs: b")
                + Plans.job("d", "needs: b\nif: always()")
                + Plans.job("e", "needs: b\nif: github.ref == 'x'")
                + Plans.job("f", "needs: [a, b, c]"));
    assertThat(plans.jobs())
        .extracting(job -> job.runs().text())
        .containsExactly("yes", "depends", "depends", "yes", "no", "depends");
    assertThat(plans.job("c").reason()).isEqualTo("runs when 'b' does");
    assertThat(plans.job("f").reason()).isEqualTo("runs when 'b' and 'c' do");
  }

  @Test
  @DisplayName("A matrix becomes one job a combination")
  void matrix() {
    Plans plans =
        Plans.of(
            HEAD
                + """
                  test:
                    runs-on: ${{ matrix.os }}
                    strategy:
                      matrix:
                        os: [ubuntu-latest, windows-latest]
                        node: [18, 20]
                    steps:
                      - uses: actions/checkout@v4
                      - run: |
                          npm ci
                          npm test
                      - if: matrix.node == 20
                        name: Only ${{ matrix.node }}
                        run: lint
                      - if: failure()
                        run: rescue
                      - if: steps.x.outputs.y
                        run: maybe
                """);
    List<PlannedJob> jobs = plans.jobs();
    assertThat(jobs)
        .extracting(PlannedJob::key)
        .containsExactly(
            "test (ubuntu-latest, 18)",
            "test (ubuntu-latest, 20)",
            "test (windows-latest, 18)",
            "test (windows-latest, 20)");
    assertThat(jobs).extracting(PlannedJob::id).containsOnly("test");
    assertThat(jobs).extracting(job -> job.runs().text()).containsExactly("yes", "yes", "no", "no");
    assertThat(jobs.getFirst().runsOn()).containsExactly("ubuntu-latest");
    assertThat(jobs.getFirst().machine()).isEqualTo("host");
    assertThat(jobs.getLast().machine()).isNull();
    assertThat(jobs.getLast().reason()).isEqualTo("no machine here has the label 'windows-latest'");
    PlannedJob second = jobs.get(1);
    assertThat(Json.writeCompact(requireNonNull(second.matrix())))
        .isEqualTo("{\"os\":\"ubuntu-latest\",\"node\":20}");
    assertThat(second.steps())
        .extracting(PlannedStep::name)
        .containsExactly(
            "Run actions/checkout@v4", "Run npm ci", "Only 20", "Run rescue", "Run maybe");
    assertThat(second.steps())
        .extracting(step -> step.runs().text())
        .containsExactly("yes", "yes", "yes", "depends", "depends");
    assertThat(jobs.getFirst().steps().get(2).runs()).isEqualTo(Runs.NO);
    assertThat(jobs.getLast().steps()).extracting(PlannedStep::runs).containsOnly(Runs.NO);
    assertThat(second.steps()).extracting(PlannedStep::number).containsExactly(1, 2, 3, 4, 5);
    assertThat(second.steps().getFirst().uses()).isEqualTo("actions/checkout@v4");
    assertThat(second.steps().get(1).run()).isEqualTo("npm ci\nnpm test\n");
  }

  @Test
  @DisplayName("What needs a matrix that runs only in part here runs")
  void partOfMatrix() {
    assertThat(
            Plans.of(
                    HEAD
                        + """
                          test:
                            runs-on: ${{ matrix.os }}
                            strategy: {matrix: {os: [windows-latest]}}
                            steps: [{run: x}]
                        """
                        + Plans.job("after", "needs: test"))
                .job("after")
                .reason())
        .isEqualTo("needs 'test', which does not run");
  }

  @Test
  @DisplayName("A matrix from an output is one entry that depends on it")
  void dynamicMatrix() {
    PlannedJob job =
        Plans.of(
                HEAD
                    + Plans.job("list", "")
                    + Plans.job(
                        "each",
                        """
                        needs: list
                        name: Each ${{ matrix.x }}
                        strategy:
                          matrix: ${{ fromJSON(needs.list.outputs.all) }}
                        """))
            .job("each");
    assertThat(job.runs()).isEqualTo(Runs.DEPENDS);
    assertThat(job.matrix()).isNull();
    assertThat(job.name()).isEqualTo("Each ${{ matrix.x }}");
    assertThat(job.reason())
        .isEqualTo(
            "its matrix comes from needs.list.outputs.all, which is not known before the run");
  }

  @Test
  @DisplayName("A matrix from an expression that is known is expanded")
  void knownMatrix() {
    assertThat(
            Plans.of(
                    HEAD
                        + Plans.job(
                            "each", "strategy:\n  matrix:\n    v: ${{ fromJSON(vars.ALL) }}"))
                .var("ALL", "[1, 2]")
                .jobs())
        .extracting(PlannedJob::name)
        .containsExactly("each (1)", "each (2)");
  }

  @Test
  @DisplayName("A matrix that makes no sense is a problem with its place")
  void brokenMatrix() {
    PlannedWorkflow workflow =
        Plans.of(HEAD + Plans.job("each", "strategy:\n  matrix:\n    v: ${{ fromJSON(vars.ALL) }}"))
            .var("ALL", "[]")
            .first();
    assertThat(workflow.jobs().getFirst().runs()).isEqualTo(Runs.NO);
    assertThat(workflow.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.message()).isEqualTo("Matrix vector 'v' does not contain any values");
          assertThat(problem.at().line()).isGreaterThan(4);
        });
  }

  @Test
  @DisplayName("Called workflows appear as jobs of the caller")
  void calls() {
    Plans plans =
        Plans.of(
                HEAD
                    + Plans.job("first", "")
                    + """
                      call:
                        needs: first
                        name: Deploy
                        uses: ./.github/workflows/called.yml
                        with:
                          target: prod
                          flag: true
                          tag: ${{ needs.first.outputs.tag }}
                    """
                    + Plans.job("last", "needs: call"))
            .file(
                "called.yml",
                """
                on:
                  workflow_call:
                    inputs:
                      target: {type: string}
                      flag: {type: boolean}
                      tag: {type: string}
                      other: {type: number, default: 3}
                jobs:
                """
                    + Plans.job("build", "name: Build ${{ inputs.target }}")
                    + Plans.job("ship", "needs: build\nif: inputs.flag && inputs.other == 3")
                    + Plans.job("skip", "if: inputs.target == 'test'")
                    + Plans.job("open", "if: inputs.tag == 'v1'"));
    assertThat(plans.jobs())
        .extracting(PlannedJob::key)
        .containsExactly("first", "call/build", "call/ship", "call/skip", "call/open", "last");
    assertThat(plans.jobs())
        .extracting(PlannedJob::name)
        .containsExactly(
            "first",
            "Deploy / Build prod",
            "Deploy / ship",
            "Deploy / skip",
            "Deploy / open",
            "last");
    assertThat(plans.jobs())
        .extracting(job -> job.runs().text())
        .containsExactly("yes", "yes", "yes", "no", "depends", "yes");
    assertThat(plans.job("call/ship").needs()).containsExactly("call/build");
    assertThat(plans.job("call/build").after()).containsExactly("first");
    assertThat(plans.job("last").after()).containsExactly("call/ship", "call/skip", "call/open");
    assertThat(plans.job("last").needs()).containsExactly("call");
  }

  @Test
  @DisplayName("A call that does not run is one entry")
  void skippedCall() {
    Plans plans =
        Plans.of(
                HEAD
                    + """
                      call:
                        if: github.ref == 'x'
                        uses: ./.github/workflows/called.yml
                    """)
            .file("called.yml", "on: workflow_call\njobs:\n" + Plans.job("build", ""));
    assertThat(plans.jobs()).extracting(PlannedJob::key).containsExactly("call");
  }

  @Test
  @DisplayName("A call with a matrix has every job once a combination")
  void matrixOfCalls() {
    Plans plans =
        Plans.of(
                HEAD
                    + """
                      call:
                        strategy: {matrix: {env: [test, prod]}}
                        uses: ./.github/workflows/called.yml
                    """)
            .file("called.yml", "on: workflow_call\njobs:\n" + Plans.job("build", ""));
    assertThat(plans.jobs())
        .extracting(PlannedJob::key)
        .containsExactly("call (test)/build", "call (prod)/build");
    assertThat(plans.jobs())
        .extracting(PlannedJob::name)
        .containsExactly("call (test) / build", "call (prod) / build");
  }

  @Test
  @DisplayName("Untriggered and broken workflows are listed with the reason")
  void others() {
    Plan plan =
        Plans.of(HEAD + Plans.job("a", ""))
            .file("other.yml", "on: {push: {branches: [x]}}\njobs:\n" + Plans.job("a", ""))
            .file("broken.yml", "on: push\njobs: 1\n")
            .plan();
    assertThat(plan.workflows())
        .extracting(PlannedWorkflow::triggered)
        .containsExactly(true, false, false);
    assertThat(plan.workflows().get(1).reason())
        .isEqualTo("branch 'main' does not pass branches [x]");
    assertThat(plan.workflows().get(2).problems()).isNotEmpty();
  }

  @Test
  @DisplayName("The critical path is the chain that takes longest")
  void criticalPath() {
    Plans plans =
        Plans.of(
                HEAD
                    + Plans.job("a", "")
                    + Plans.job("b", "needs: a")
                    + Plans.job("c", "needs: a")
                    + Plans.job("d", "needs: [b, c]")
                    + Plans.job("e", "needs: d\nif: github.ref == 'x'"))
            .takes("a", 1_000)
            .takes("b", 5_000)
            .takes("c", 90_000)
            .takes("e", 500_000);
    CriticalPath path = plans.plan().criticalPath();
    assertThat(path.jobs()).containsExactly("a", "c", "d");
    assertThat(path.estimateMs()).isNull();
    plans.takes("d", 2_000);
    assertThat(plans.plan().criticalPath())
        .isEqualTo(new CriticalPath(List.of("a", "c", "d"), 93_000L, false));
    assertThat(plans.job("c").minutes()).isEqualTo(2);
    assertThat(plans.job("c").cost()).isEqualTo(1);
    assertThat(plans.job("e").estimateMs()).isNull();
  }

  @Test
  @DisplayName("Without any estimate the critical path is the first chain with most jobs")
  void longestChain() {
    Plans plans =
        Plans.of(
                HEAD
                    + Plans.job("x", "strategy: {matrix: {n: [1, 2, 3, 4]}}")
                    + Plans.job("a", "")
                    + Plans.job("b", "needs: [x, a]")
                    + Plans.job("never", "needs: b\nif: github.ref == 'x'")
                    + Plans.job("cleanup", "needs: b\nif: failure()"))
            .file(
                "other.yml",
                "on: push\njobs:\n"
                    + Plans.job("c", "")
                    + Plans.job("d", "needs: c")
                    + Plans.job("e", "needs: d\nif: needs.d.outputs.go"))
            .file(
                "third.yml",
                "on: push\njobs:\n"
                    + Plans.job("f", "")
                    + Plans.job("g", "needs: f")
                    + Plans.job("h", "needs: g"));
    assertThat(plans.plan().criticalPath())
        .isEqualTo(new CriticalPath(List.of("c", "d", "e"), null, true));
    assertThat(PlanText.write(plans.plan()))
        .endsWith("Critical path: c → d → e (by number of jobs; no durations are known yet)\n");
    plans.takes("x (2)", 10);
    assertThat(PlanText.write(plans.plan())).endsWith("Critical path: c → d → e\n");
  }

  @Test
  @DisplayName("Ten thousand jobs in a chain of layers are planned")
  void many() {
    StringBuilder text = new StringBuilder(HEAD);
    for (int layer = 0; layer < 40; layer++) {
      text.append(
          Plans.job(
              "j" + layer,
              (layer == 0 ? "" : "needs: j" + (layer - 1) + "\n")
                  + "strategy:\n  matrix:\n    n: ["
                  + "1,".repeat(249)
                  + "1]"));
    }
    Plan plan = Plans.of(text.toString()).plan();
    assertThat(plan.workflows().getFirst().jobs())
        .hasSize(10_000)
        .extracting(PlannedJob::key)
        .doesNotHaveDuplicates();
    assertThat(plan.criticalPath().jobs()).hasSize(40);
    assertThat(PlanText.write(plan).lines().count()).isLessThan(600);
    assertThat(PlanSvg.write(plan)).contains("j39 × 250");
  }

  @ParameterizedTest(name = "name: {0}")
  @DisplayName("A job is shown by its name and matrix, or as its expression says")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      textBlock =
          """
          Test                              => Test (a b)
          Test ${{ matrix.v }}              => Test a b
          ${{ github.ref_name }}            => main
          ${{ matrix.none }}                => test (a b)
          Run ${{ github.run_number }}      => Run ${{ github.run_number }}
          """)
  void names(String name, String expected) {
    assertThat(
            Plans.of(HEAD + Plans.job("test", "name: " + name + "\nstrategy: {matrix: {v: [a b]}}"))
                .jobs())
        .extracting(PlannedJob::name)
        .containsExactly(expected);
  }

  @Test
  @DisplayName("A long name is cut to a hundred characters, its key is not")
  void longNames() {
    PlannedJob job =
        Plans.of(HEAD + Plans.job("test", "strategy: {matrix: {v: [" + "x".repeat(200) + "]}}"))
            .jobs()
            .getFirst();
    assertThat(job.name()).hasSize(100).startsWith("test (xxx").endsWith("x...");
    assertThat(job.key()).isEqualTo("test (" + "x".repeat(200) + ")");
  }

  @Test
  @DisplayName("Steps in a parallel group follow it")
  void parallelSteps() {
    PlannedJob job =
        Plans.of(
                HEAD
                    + """
                      a:
                        runs-on: [self-hosted, gpu]
                        steps:
                          - parallel:
                              - run: one
                              - run: two
                          - run: three
                    """)
            .job("a");
    assertThat(job.steps())
        .extracting(PlannedStep::name)
        .containsExactly("Parallel", "Run one", "Run two", "Run three");
    assertThat(job.runsOn()).containsExactly("self-hosted", "gpu");
  }
}
