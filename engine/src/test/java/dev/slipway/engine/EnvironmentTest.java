package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {
  @TempDir Path folder;

  @Test
  void later_beatsEarlier_andTheContextsBeatAll() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                env:
                  W: workflow
                  J: workflow
                  G: workflow
                  S: workflow
                  GITHUB_SHA: mine
                  HOME_OF: ${{ github.repository }}
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    env:
                      J: job-${{ github.ref_name }}
                      G: job
                      S: job
                      RUNNER_OS: mine
                    steps:
                      - run: |
                          echo G=file >> $GITHUB_ENV
                          echo S=file >> $GITHUB_ENV
                          echo GITHUB_REF=mine >> $GITHUB_ENV
                          echo "now $G"
                      - run: echo "$W $J $G $S $RUNNER_OS $GITHUB_REF $GITHUB_ACTIONS $CI"
                        env:
                          S: step
                          GITHUB_ACTIONS: mine
                      - run: echo "${{ env.W }} ${{ env.J }} ${{ env.G }} ${{ env.S }} ${{ env.T }}"
                        env:
                          S: step
                          T: ${{ env.S }}
                      - run: '[ "$GITHUB_SHA" = "${{ github.sha }}" ] && echo same'
                      - run: echo "$S"
                """)
            .commit()
            .run();
    assertThat(ran.log())
        .containsExactly(
            "now job",
            "workflow job-main file step Linux refs/heads/main true true",
            "workflow job-main file step file",
            "same",
            "file");
  }

  @Test
  void givenVariables_beatTheWorkflowsAndAreInTheContext() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .asking(asked -> asked.env.put("GIVEN", "by the user"))
            .workflow(
                """
                on: push
                env:
                  GIVEN: workflow
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    steps:
                      - run: echo "$GIVEN ${{ env.GIVEN }}"
                      - run: echo "$GIVEN"
                        env: {GIVEN: step}
                """)
            .run();
    assertThat(ran.log()).containsExactly("by the user by the user", "step");
  }

  @Test
  void processEnvironment_isInheritedButNotInTheContext() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps("- run: echo \"${PATH:+set} ${{ env.PATH }} ${{ toJSON(env) }}\"\n")
            .run();
    assertThat(ran.log()).containsExactly("set  {}");
  }

  @Test
  void path_newestFirst_andAddedAgainMovesToTheFront() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: |
                    for d in one two; do
                      mkdir -p $RUNNER_TEMP/$d
                      printf '#!/bin/sh\\necho from %s\\n' $d > $RUNNER_TEMP/$d/tool
                      chmod +x $RUNNER_TEMP/$d/tool
                    done
                    printf '%s\\n\\n%s\\r\\n' $RUNNER_TEMP/one $RUNNER_TEMP/two >> $GITHUB_PATH
                    command -v tool || echo not yet
                - run: tool
                - run: echo $RUNNER_TEMP/one >> $GITHUB_PATH
                - run: tool
                - run: echo 'a tool in PATH' | sed "s|PATH|$(case $PATH in $RUNNER_TEMP/one:$RUNNER_TEMP/two:*) echo order;; esac)|"
                - run: tool
                  env:
                    PATH: /usr/bin:/bin
                """)
            .run();
    assertThat(ran.log())
        .containsExactly("not yet", "from two", "from one", "a tool in order", "from one");
  }

  @Test
  void state_isForTheActionOnly() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: echo mine=1 >> $GITHUB_STATE
                - run: env | grep ^STATE_ || echo none
                """)
            .run();
    assertThat(ran.log()).containsExactly("none");
  }

  @Test
  void summary_isTakenWhole_tooLargeIsAnError_emptyIsNothing() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: printf '# Title\\n\\n- a\\n' >> $GITHUB_STEP_SUMMARY
                - run: head -c 1048577 /dev/zero | tr '\\0' x > $GITHUB_STEP_SUMMARY
                - run: ': > $GITHUB_STEP_SUMMARY'
                - run: rm $GITHUB_STEP_SUMMARY
                - run: head -c 1048576 /dev/zero | tr '\\0' y > $GITHUB_STEP_SUMMARY
                """)
            .run();
    assertThat(ran.outcomes()).containsOnly("success").hasSize(5);
    assertThat(ran.summaries()).hasSize(2);
    assertThat(ran.summaries().getFirst()).isEqualTo("# Title\n\n- a\n");
    assertThat(ran.summaries().getLast()).hasSize(1048576);
    assertThat(ran.annotations())
        .singleElement()
        .asString()
        .startsWith("error $GITHUB_STEP_SUMMARY upload aborted");
    assertThat(ran.all(RunEvent.Annotation.class).getFirst().step()).isEqualTo(2);
  }

  @Test
  void commandFileThatIsNotRight_failsTheStepAndIsReadAfterAFailureToo() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: echo nonsense >> $GITHUB_ENV
                  continue-on-error: true
                - run: printf 'a<<END\\nnever ended\\n' >> $GITHUB_OUTPUT
                  continue-on-error: true
                - run: echo =x >> $GITHUB_OUTPUT
                  continue-on-error: true
                - run: echo NODE_OPTIONS=--inspect >> $GITHUB_ENV
                - run: printf 'NODE_OPTIONS<<E\\nx\\nE\\nB=2\\n' >> $GITHUB_ENV
                - id: late
                  run: |
                    echo a=b >> $GITHUB_OUTPUT
                    echo V=w >> $GITHUB_ENV
                    exit 1
                  continue-on-error: true
                - run: echo "${{ steps.late.outputs.a }} $V $B [${NODE_OPTIONS-unset}]"
                - run: rm $GITHUB_ENV $GITHUB_OUTPUT $GITHUB_PATH $GITHUB_STATE
                """)
            .run();
    assertThat(ran.outcomes())
        .containsExactly(
            "failure/success",
            "failure/success",
            "failure/success",
            "success",
            "success",
            "failure/success",
            "success",
            "success");
    assertThat(ran.log(1)).singleElement().asString().contains("Invalid format 'nonsense'");
    assertThat(ran.log(2)).singleElement().asString().contains("delimiter not found 'END'");
    assertThat(ran.log(3)).singleElement().asString().contains("Invalid format '=x'");
    assertThat(ran.log(4)).singleElement().asString().contains("NODE_OPTIONS");
    assertThat(ran.log(5)).singleElement().asString().contains("NODE_OPTIONS");
    assertThat(ran.log(7)).containsExactly("b w 2 [unset]");
  }

  @Test
  void contexts_areTheVariables() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - id: here
                  run: |
                    echo "$GITHUB_ACTION $GITHUB_ACTOR $GITHUB_EVENT_NAME $GITHUB_JOB $GITHUB_REF_NAME $GITHUB_REF_TYPE"
                    echo "$GITHUB_WORKFLOW $GITHUB_RUN_ATTEMPT $GITHUB_SERVER_URL $GITHUB_REPOSITORY"
                    [ "$PWD" = "$GITHUB_WORKSPACE" ] && [ "$PWD" = "${{ github.workspace }}" ] && echo workspace
                    [ "$RUNNER_TEMP" = "${{ runner.temp }}" ] && [ -d "$RUNNER_TEMP" ] && echo temp
                    [ "$RUNNER_TOOL_CACHE" = "$AGENT_TOOLSDIRECTORY" ] && echo tools
                    case "$HOME" in "${{ runner.workspace }}"*|*_home) echo home;; esac
                    grep -o '"ref": *"[^"]*"' "$GITHUB_EVENT_PATH" | head -1 | tr -d ' '
                    echo "${GITHUB_TOKEN-no token}"
                    [ -t 0 ] || [ -t 1 ] || echo no terminal
                """)
            .run();
    assertThat(ran.log())
        .containsExactly(
            "here tester push a main branch",
            ".github/workflows/ci.yml 1 https://github.com local/repo",
            "workspace",
            "temp",
            "tools",
            "home",
            "\"ref\":\"refs/heads/main\"",
            "no token",
            "no terminal");
  }
}
