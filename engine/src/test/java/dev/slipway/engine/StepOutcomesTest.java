package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepOutcomesTest {
  @TempDir Path folder;

  @Test
  void failedStep_skipsThoseAfterItButAlwaysAndFailure() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: exit 3
                - run: echo no
                - run: echo failure
                  if: failure()
                - run: echo always
                  if: ${{ always() }}
                - run: echo not cancelled
                  if: "!cancelled()"
                - run: echo cancelled
                  if: cancelled()
                - run: echo plain condition
                  if: true
                """)
            .run();
    assertThat(ran.outcomes())
        .containsExactly(
            "failure", "skipped", "success", "success", "success", "skipped", "skipped");
    assertThat(ran.step(1).exitCode()).isEqualTo(3);
    assertThat(ran.log())
        .containsExactly(
            "##[error]Process completed with exit code 3.", "failure", "always", "not cancelled");
    assertThat(ran.job("a")).isEqualTo("failure");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.FAILURE);
  }

  @Test
  void continueOnError_keepsTheOutcomeAndForgivesTheConclusion() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - id: one
                  run: exit 1
                  continue-on-error: true
                - run: echo ${{ steps.one.outcome }} ${{ steps.one.conclusion }} ${{ job.status }}
                - id: two
                  run: exit 1
                  continue-on-error: ${{ steps.one.outcome == 'failure' }}
                - id: three
                  run: echo never
                  if: false
                - run: echo ${{ steps.two.conclusion }} ${{ steps.three.outcome }} ${{ steps.three.conclusion }}
                - id: four
                  run: exit 1
                  continue-on-error: ${{ steps.one.outcome == 'success' }}
                - run: echo ${{ job.status }} ${{ steps.four.conclusion }}
                  if: always()
                """)
            .run();
    assertThat(ran.outcomes())
        .containsExactly(
            "failure/success",
            "success",
            "failure/success",
            "skipped",
            "success",
            "failure",
            "success");
    assertThat(ran.log())
        .filteredOn(line -> !line.startsWith("##"))
        .containsExactly("failure success success", "success skipped skipped", "failure failure");
    assertThat(ran.job("a")).isEqualTo("failure");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name: n\\nrun: echo ${{ fromJSON('{') }}              | failure
          if: ${{ fromJSON('{') }}\\nrun: echo hello            | failure
          env: {A: "${{ fromJSON('{') }}"}\\nrun: echo hello    | failure
          run: echo hello\\nworking-directory: ${{ fromJSON('x') }} | failure
          name: ${{ fromJSON('x') }}\\nrun: echo hello          | success
          """)
  void expressionThatFails_failsItsStepWithAMessage(String step, String outcome) throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps("- " + step.strip().replace("\\n", "\n  ") + "\n- run: echo next\n")
            .run();
    assertThat(ran.outcomes().getFirst()).isEqualTo(outcome);
    if (outcome.equals("failure")) {
      assertThat(ran.log(1))
          .first()
          .asString()
          .startsWith("##[error]")
          .containsIgnoringCase("json");
      assertThat(ran.log(1)).doesNotContain("hello", "");
      assertThat(ran.outcomes()).containsExactly("failure", "skipped");
    }
  }

  @Test
  void outputs_comeFromTheFileAndFromCommands() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    outputs:
                      both: ${{ steps.one.outputs.file }}-${{ steps.one.outputs.command }}
                      empty: ${{ steps.one.outputs.none }}
                      lines: ${{ steps.one.outputs.lines }}
                    steps:
                      - id: one
                        run: |
                          echo file=1=2 >> $GITHUB_OUTPUT
                          echo '::set-output name=command::b%0Ac'
                          printf 'lines<<END\\n\\n a\\n\\nEND\\n' >> $GITHUB_OUTPUT
                      - run: echo "${{ toJSON(steps) }}" | tr -d ' \\n'
                  b:
                    runs-on: ubuntu-latest
                    needs: a
                    steps:
                      - run: echo '${{ toJSON(needs.a.outputs) }}' | tr -d '\\n'
                """)
            .run();
    assertThat(ran.step(1).outputs())
        .isEqualTo(Map.of("file", "1=2", "command", "b\nc", "lines", "\n a\n"));
    assertThat(ran.outputs("a")).isEqualTo(Map.of("both", "1=2-b\nc", "lines", "\n a\n"));
    assertThat(ran.log("b").getFirst()).contains("\"both\"").doesNotContain("empty");
  }

  @Test
  void stepsWithoutId_areNotInTheContext() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: echo x=1 >> $GITHUB_OUTPUT
                - run: echo '${{ toJSON(steps) }}' $GITHUB_ACTION
                """)
            .run();
    assertThat(ran.log()).containsExactly("{} __run_2");
  }

  @Test
  void names_areThoseOfGitHub() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: |

                    echo ${{ github.ref_name }}
                    echo second
                - name: Named ${{ 1 }}
                  run: "true"
                """)
            .run();
    assertThat(ran.all(RunEvent.StepStarted.class))
        .extracting(RunEvent.StepStarted::name)
        .containsExactly("Run echo main", "Named 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if: ${{ fromJSON('{') }}",
        "env: {A: \"${{ fromJSON('{') }}\"}",
        "env: {A: '${{ github.event }}'}",
      })
  void continueOnError_doesNotForgiveWhatKeepsAStepFromBeingDecided(String member)
      throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                "- run: echo hello\n  continue-on-error: true\n  " + member + "\n- run: echo no\n")
            .run();
    assertThat(ran.outcomes()).containsExactly("failure", "skipped");
    assertThat(ran.log(1)).singleElement().asString().startsWith("##[error]");
  }

  @Test
  void continueOnError_forgivesAShellThatIsNone() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                "- run: echo hello\n  continue-on-error: true\n  shell: none\n- run: echo next\n")
            .run();
    assertThat(ran.outcomes()).containsExactly("failure/success", "success");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'true'", "'false'", "1", "null", "github"})
  void continueOnError_isABoolean(String value) throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps("- run: exit 1\n  continue-on-error: ${{ fromJSON(toJSON(" + value + ")) }}\n")
            .run();
    assertThat(ran.outcomes()).containsExactly("failure");
    assertThat(ran.log())
        .contains(
            "##[error]The step failed and an error occurred when attempting to determine whether to"
                + " continue on error.")
        .last()
        .asString()
        .containsAnyOf("Unexpected value '", "A mapping was not expected");
  }

  @Test
  void continueOnError_seesWhatItsStepHasSet() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - id: one
                  run: echo code=7 >> $GITHUB_OUTPUT; exit 1
                  continue-on-error: ${{ steps.one.outputs.code == '7' }}
                - run: echo FLAKY=yes >> $GITHUB_ENV; exit 1
                  continue-on-error: ${{ env.FLAKY == 'yes' }}
                - run: echo ${{ steps.one.outcome }} ${{ steps.one.conclusion }}
                """)
            .run();
    assertThat(ran.outcomes()).containsExactly("failure/success", "failure/success", "success");
    assertThat(ran.log(3)).containsExactly("failure success");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.9", "-1"})
  void timeoutOfNoWholeMinute_isNone(String minutes) throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps("- run: echo hello\n  timeout-minutes: ${{ " + minutes + " }}\n")
            .run();
    assertThat(ran.outcomes()).containsExactly("success");
    assertThat(ran.log()).containsExactly("hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fromJSON('x')", "fromJSON('\"5\"')", "fromJSON('true')"})
  void timeoutThatIsNoNumber_failsTheStep(String minutes) throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps("- run: echo hello\n  timeout-minutes: ${{ " + minutes + " }}\n")
            .run();
    assertThat(ran.outcomes()).containsExactly("failure");
    assertThat(ran.log()).singleElement().asString().startsWith("##[error]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"run: ${{ github.event }}", "run: x\n  working-directory: ${{ github.event }}"})
  void mapping_isNoText(String step) throws Exception {
    Workbench.Ran ran = Workbench.in(folder).steps("- " + step + "\n").run();
    assertThat(ran.outcomes()).containsExactly("failure");
    assertThat(ran.log()).containsExactly("##[error]A mapping was not expected");
  }

  @Test
  void names_areOfOneLine() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - name: |

                    First
                    second
                  run: "true"
                - name: ${{ '' }}
                  run: "true"
                - run: "  true  "
                """)
            .run();
    assertThat(ran.all(RunEvent.StepStarted.class))
        .extracting(RunEvent.StepStarted::name)
        .containsExactly("First", "run", "Run true  ");
  }

  @Test
  void serverLeftRunning_mayPrintWhileLaterStepsRun() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: |
                    mkfifo ask answer
                    (while read -r line < ask; do echo "asked $line"; echo "served $line" > answer; done) &
                - run: for n in 1 2 3; do echo $n > ask; cat answer; done
                """)
            .run();
    assertThat(ran.conclusion()).isEqualTo(Conclusion.SUCCESS);
    assertThat(ran.log(2)).containsExactly("served 1", "served 2", "served 3");
  }
}
