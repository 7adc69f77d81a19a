package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandFilesTest {
  @TempDir Path folder;

  @Test
  void eachStep_hasFilesOfItsOwn_evenWhenNobodyWrites() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    steps:
                      - run: printf '%s\\n' "$GITHUB_ENV" "$GITHUB_OUTPUT" > "$RUNNER_TEMP/first"
                      - run: |
                          while read -r old; do [ ! -e "$old" ] && echo gone; done < "$RUNNER_TEMP/first"
                          for file in "$GITHUB_ENV" "$GITHUB_PATH" "$GITHUB_OUTPUT" "$GITHUB_STATE" "$GITHUB_STEP_SUMMARY"; do
                            [ -f "$file" ] && [ ! -s "$file" ] && echo empty
                          done
                """)
            .run();
    assertThat(ran.log())
        .containsExactly("gone", "gone", "empty", "empty", "empty", "empty", "empty");
  }

  @Test
  void whatAStepMadeOfItsFiles_doesNotReachTheNext() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    steps:
                      - run: |
                          rm "$GITHUB_ENV"
                          ln -s "$PWD/elsewhere" "$GITHUB_ENV"
                          rm "$GITHUB_OUTPUT"
                          chmod a+x "$GITHUB_PATH"
                          ln "$GITHUB_STATE" kept
                      - id: second
                        run: |
                          echo A=1 >> "$GITHUB_ENV"
                          echo B=2 >> "$GITHUB_OUTPUT"
                          [ -x "$GITHUB_PATH" ] || echo no program
                          echo C=3 >> "$GITHUB_STATE"
                      - run: |
                          echo "$A ${{ steps.second.outputs.B }}"
                          [ -e elsewhere ] || echo nothing elsewhere
                          [ -s kept ] || echo nothing kept
                """)
            .run();
    assertThat(ran.log()).containsExactly("no program", "1 2", "nothing elsewhere", "nothing kept");
  }

  @Test
  void whatStandsBeforeAMalformedLine_takesEffect_andTheStepFails() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - id: first
                  run: |
                    printf 'A=1\\nno pair\\nB=2\\n' >> "$GITHUB_ENV"
                    printf 'c<<END\\n3\\nEND\\nd<<END\\n4\\n' >> "$GITHUB_OUTPUT"
                - if: failure()
                  run: echo "$A $B ${{ steps.first.outputs.c }} ${{ steps.first.outputs.d }}."
                """)
            .run();
    assertThat(ran.outcomes()).containsExactly("failure", "success");
    assertThat(ran.log(1))
        .containsExactly(
            "##[error]Unable to process file command 'env' successfully. Invalid format 'no pair'",
            "##[error]Unable to process file command 'output' successfully. Invalid value."
                + " Matching delimiter not found 'END'");
    assertThat(ran.log(2)).containsExactly("1  3 .");
  }

  @Test
  void files_areInTheContext_ofTheStepsOwnExpressions() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                "say/action.yml",
                """
                inputs: {into: {}}
                runs:
                  using: composite
                  steps:
                    - run: echo "from=action" >> "${{ github.output }}"
                      id: inner
                      shell: bash
                    - run: |
                        echo "${{ steps.inner.outputs.from }}"
                        [ -f "${{ inputs.into }}" ] && [ "${{ inputs.into }}" != "$GITHUB_OUTPUT" ] && echo own
                      shell: bash
                """)
            .steps(
                """
                - uses: actions/checkout@v4
                - run: |
                    echo A=1 >> ${{ github.env }}
                    [ "${{ github.output }}" = "$GITHUB_OUTPUT" ] && echo same
                - run: echo "$A"
                - uses: ./say
                  with: {into: "${{ github.output }}"}
                """)
            .commit()
            .run();
    assertThat(ran.log(2)).containsExactly("same");
    assertThat(ran.log(3)).containsExactly("1");
    assertThat(ran.log(4)).containsExactly("action", "own");
  }

  @Test
  void lateWriterOfAnEarlierStep_isNotHeard() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    steps:
                      - run: |
                          mkfifo "$RUNNER_TEMP/go" "$RUNNER_TEMP/done"
                          (read -r _ < "$RUNNER_TEMP/go"; echo LATE=1 >> "$GITHUB_ENV"; echo > "$RUNNER_TEMP/done") > /dev/null 2>&1 &
                      - run: echo > "$RUNNER_TEMP/go"; read -r _ < "$RUNNER_TEMP/done"
                      - run: echo "late=$LATE"
                      - run: echo "late=$LATE"
                """)
            .run();
    assertThat(ran.log()).containsExactly("late=", "late=");
  }
}
