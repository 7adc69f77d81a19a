package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReusableWorkflowsTest {
  private static final String CALLED =
      """
      name: Called
      on:
        workflow_call:
          inputs:
            flag: {type: boolean}
            count: {type: number, default: 7}
            word: {type: string, default: '${{ github.ref_name }}'}
            must: {type: string, required: true}
          secrets:
            key: {required: false}
          outputs:
            said: {value: '${{ jobs.inner.outputs.said }}'}
      env: {MINE: called}
      jobs:
        inner:
          runs-on: ubuntu-latest
          outputs: {said: '${{ steps.o.outputs.said }}'}
          steps:
            - id: o
              run: |
                echo '${{ toJSON(inputs) }}' | tr -d ' \\n'; echo
                echo "${{ github.workflow }} $GITHUB_WORKFLOW ${CALLER-unset} $MINE"
                echo "key: $KEY, other: [${{ secrets.OTHER }}]"
                echo "said=${{ inputs.must }}" >> $GITHUB_OUTPUT
              env: {KEY: "${{ secrets.key && 'given' || 'none' }}"}
      """;

  @TempDir Path folder;

  @Test
  void call_passesInputsSecretsAndOutputs() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .asking(asked -> {
              asked.secrets.put("MY_KEY", "k-e-y");
              asked.secrets.put("OTHER", "other-secret");
            })
            .file(".github/workflows/called.yml", CALLED)
            .workflow(
                """
                name: Caller
                on: push
                env: {CALLER: x}
                jobs:
                  a:
                    uses: ./.github/workflows/called.yml
                    with:
                      flag: ${{ github.ref_name == 'main' }}
                      must: it
                    secrets: {key: '${{ secrets.MY_KEY }}'}
                  b:
                    needs: a
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo ${{ needs.a.outputs.said }} ${{ needs.a.result }}'}]
                """)
            .run();
    assertThat(ran.log("a/inner"))
        .containsExactly(
            "{\"flag\":true,\"count\":7,\"word\":\"main\",\"must\":\"it\"}",
            "Caller Caller unset called",
            "key: given, other: []");
    assertThat(ran.log("b")).containsExactly("it success");
    assertThat(ran.all(RunEvent.JobQueued.class))
        .extracting(RunEvent.JobQueued::name)
        .contains("a / inner");
    assertThat(ran.outputs("a")).isEqualTo(Map.of("said", "it"));
  }

  @Test
  void requiredSecretThatIsEmpty_isGivenButNotPassedOn() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                ".github/workflows/called.yml", CALLED.replace("required: false", "required: true"))
            .workflow(
                """
                on: push
                jobs:
                  a:
                    uses: ./.github/workflows/called.yml
                    with: {must: it}
                    secrets: {key: '${{ secrets.NOBODY_HAS_IT }}'}
                """)
            .run();
    assertThat(ran.log("a/inner")).contains("key: none, other: []");
  }

  @Test
  void inherit_passesAllSecrets_andAMatrixCallsOften() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .asking(asked -> asked.secrets.put("OTHER", "other-secret"))
            .file(".github/workflows/called.yml", CALLED)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    strategy: {matrix: {n: [1, 2]}}
                    uses: ./.github/workflows/called.yml
                    with: {must: '${{ matrix.n }}', count: '${{ matrix.n }}'}
                    secrets: inherit
                """)
            .run();
    assertThat(ran.log("a (1)/inner")).last().isEqualTo("key: none, other: [***]");
    assertThat(ran.log("a (2)/inner").getFirst()).contains("\"count\":2", "\"must\":\"2\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          must: x, count: "${{ github.event_name }}" | Input 'count': Unexpected value 'push', expected a number
          must: x, flag: "${{ github.event_name }}"  | Input 'flag': Unexpected value 'push', expected a boolean
          must: x, flag: "${{ github.none }}"        | Input 'flag': Unexpected value '', expected a boolean
          must: "${{ github.event }}"                | A mapping was not expected
          """)
  void inputOfAnotherType_failsTheCall(String with, String cause) throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(".github/workflows/called.yml", CALLED)
            .workflow(
                "on: push\njobs:\n  a:\n    uses: ./.github/workflows/called.yml\n    with: {"
                    + with
                    + "}\n")
            .run();
    assertThat(ran.job("a")).isEqualTo("failure: " + cause);
  }

  @Test
  void failedCall_failsItsJob_andSkippedJobsInItDoNot() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                ".github/workflows/bad.yml",
                """
                on: workflow_call
                jobs:
                  x: {runs-on: ubuntu-latest, steps: [{run: exit 1}]}
                  y: {if: false, runs-on: ubuntu-latest, steps: [{run: exit 1}]}
                """)
            .workflow(
                """
                on: push
                jobs:
                  a: {uses: ./.github/workflows/bad.yml}
                  b: {needs: a, runs-on: ubuntu-latest, steps: [{run: echo b}]}
                  c: {needs: a, if: failure(), runs-on: ubuntu-latest, steps: [{run: 'echo ${{ needs.a.result }}'}]}
                """)
            .run();
    assertThat(ran.job("a")).isEqualTo("failure");
    assertThat(ran.job("b")).startsWith("skipped");
    assertThat(ran.log("c")).containsExactly("failure");
  }

  @ParameterizedTest
  @ValueSource(strings = {"./", "$/"})
  void workflowOfAnotherRepository_comesFromItsSource(String own) throws Exception {
    Workbench bench = Workbench.in(folder);
    Path source = bench.actionSource("own/flows");
    Workbench.write(
        source.resolve(".github/workflows/outer.yml"),
        "on: workflow_call\njobs:\n  o: {uses: " + own + ".github/workflows/inner.yml}\n");
    Workbench.write(
        source.resolve(".github/workflows/inner.yml"),
        """
        on: workflow_call
        jobs:
          i:
            runs-on: ubuntu-latest
            steps:
              - uses: $/act
              - run: echo ${{ github.repository }} ${{ job.workflow_repository }} ${{ job.workflow_file_path }}
        """);
    Workbench.write(
        source.resolve("act/action.yml"),
        "name: A\nruns: {using: composite, steps: [{run: echo own action, shell: bash}]}\n");
    Workbench.commit(source);
    Workbench.git(source, "tag", "v2");
    Workbench.Ran ran =
        bench
            .workflow("on: push\njobs:\n  a: {uses: own/flows/.github/workflows/outer.yml@v2}\n")
            .run();
    assertThat(ran.log("a/o/i"))
        .containsExactly("own action", "local/repo own/flows .github/workflows/inner.yml");
  }

  @Test
  void workflowOfTheSameRepository_isNamedFromItsRoot() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                ".github/workflows/called.yml",
                "on: workflow_call\njobs: {i: {runs-on: ubuntu-latest, steps: [{run: echo in}]}}\n")
            .workflow("on: push\njobs:\n  a: {uses: $/.github/workflows/called.yml}\n")
            .run();
    assertThat(ran.log("a/i")).containsExactly("in");
  }

  @Test
  void requiredSecret_isThere_whenItIsHandedOnEmpty() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                ".github/workflows/called.yml",
                """
                on: {workflow_call: {secrets: {key: {required: true}}}}
                jobs:
                  i:
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo "[${{ secrets.key }}]"'}]
                """)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    uses: ./.github/workflows/called.yml
                    secrets: {KEY: '${{ secrets.NOT_HERE }}'}
                """)
            .run();
    assertThat(ran.log("a/i")).containsExactly("[]");
  }
}
