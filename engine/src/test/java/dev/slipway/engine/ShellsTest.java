package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellsTest {
  @TempDir Path folder;

  @Test
  void templates_areThoseOfGitHub() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: |
                    false | true
                    echo "default goes on, flags $-"
                - shell: bash
                  run: |
                    false | true
                    echo never
                  continue-on-error: true
                - shell: sh
                  run: |
                    false | true
                    echo "sh goes on, ${0##*.}"
                - shell: bash
                  run: shopt -q login_shell || echo "no login $0" | sed 's|/.*/||'
                - shell: bash --norc {0} extra
                  run: echo "${0##*.} $1"
                - shell: env "A=b c" sh {0}
                  run: echo "$A"
                - run: |
                    false
                    echo never
                  continue-on-error: true
                """)
            .run();
    assertThat(ran.outcomes())
        .containsExactly(
            "success",
            "failure/success",
            "success",
            "success",
            "success",
            "success",
            "failure/success");
    assertThat(ran.log(1).getFirst()).startsWith("default goes on, flags ").contains("e");
    assertThat(ran.log(2)).containsExactly("##[error]Process completed with exit code 1.");
    assertThat(ran.log(3)).containsExactly("sh goes on, sh");
    assertThat(ran.log(4)).singleElement().asString().startsWith("no login ").endsWith(".sh");
    assertThat(ran.log(5)).containsExactly("sh extra");
    assertThat(ran.log(6)).containsExactly("b c");
    assertThat(ran.all(RunEvent.StepStarted.class))
        .extracting(RunEvent.StepStarted::shell)
        .containsExactly(
            "bash", "bash", "sh", "bash", "bash --norc {0} extra", "env \"A=b c\" sh {0}", "bash");
  }

  @Test
  void python_runs() throws Exception {
    Required.program("python3");
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - shell: python
                  run: |
                    import sys
                    print(len(sys.argv), flush=True)
                    sys.exit(4)
                """)
            .run();
    assertThat(ran.log()).containsExactly("1", "##[error]Process completed with exit code 4.");
  }

  @Test
  void shellThatIsNotThere_failsTheStepWithItsName() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - shell: pwsh-of-nowhere {0}
                  run: echo x
                  continue-on-error: true
                - shell: /nowhere/bash {0}
                  run: echo x
                """)
            .run();
    assertThat(ran.log(1))
        .singleElement()
        .asString()
        .startsWith("##[error]pwsh-of-nowhere: command not found");
    assertThat(ran.log(2))
        .singleElement()
        .asString()
        .startsWith("##[error]/nowhere/bash: command not found");
  }

  @Test
  void shellWithoutAPlaceForTheScript_failsTheStep() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    defaults:
                      run:
                        shell: ${{ matrix.shell }}
                    strategy:
                      matrix: {shell: ['perl -x']}
                    steps:
                      - run: echo x
                """)
            .run();
    assertThat(ran.log("a (perl -x)").getFirst())
        .startsWith("##[error]Invalid shell option 'perl -x'");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.FAILURE);
  }

  @Test
  void defaults_stepBeatsJobBeatsWorkflow() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file("one/x", "")
            .file("two/x", "")
            .workflow(
                """
                on: push
                defaults:
                  run:
                    shell: env FROM=workflow sh {0}
                    working-directory: one
                env:
                  WHERE: two
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    steps:
                      - uses: actions/checkout@v4
                      - run: echo "$FROM ${PWD##*/}"
                      - run: echo "$FROM ${PWD##*/}"
                        shell: env FROM=step sh {0}
                        working-directory: two
                  b:
                    runs-on: ubuntu-latest
                    defaults:
                      run:
                        working-directory: ${{ env.WHERE }}
                    steps:
                      - uses: actions/checkout@v4
                      - run: echo "$FROM ${PWD##*/}"
                  c:
                    runs-on: ubuntu-latest
                    defaults:
                      run:
                        shell: env FROM=job sh {0}
                    steps:
                      - uses: actions/checkout@v4
                      - run: echo "$FROM ${PWD##*/}"
                      - run: echo "$FROM ${PWD}"
                        working-directory: /
                """)
            .commit()
            .run();
    assertThat(ran.log("a")).endsWith("workflow one", "step two");
    assertThat(ran.log("b")).endsWith("workflow two");
    assertThat(ran.log("c")).endsWith("job one", "job /");
  }

  @Test
  void workingDirectoryThatIsNotThere_failsTheStep() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps("- run: echo x\n  working-directory: none/such\n- run: ls\n  if: always()\n")
            .run();
    assertThat(ran.outcomes()).containsExactly("failure", "success");
    assertThat(ran.log(1))
        .singleElement()
        .asString()
        .startsWith("##[error]The working directory '")
        .endsWith("none/such' does not exist");
  }

  @Test
  void output_isReadAsLinesOfValidUtf8() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: printf 'a\\r\\nb\\rc\\n\\nd\\377\\303\\244\\nno end'
                - run: printf '\\303\\244::error::x\\n' ; printf '::error::\\303\\244\\377\\r\\n'
                - run: printf '\\357\\273\\277x\\tq"\\\\\\001\\n'
                """)
            .run();
    assertThat(ran.log(1)).containsExactly("a", "b", "c", "", "d\ufffdä", "no end");
    assertThat(ran.log(2)).containsExactly("ä::error::x");
    assertThat(ran.annotations()).containsExactly("error ä\ufffd");
    assertThat(ran.log(3)).containsExactly("\ufeffx\tq\"\\\u0001");
  }

  @Test
  void veryLongLine_isCutButNeverWithinACharacterOrASecret() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .asking(asked -> asked.secrets.put("S", "hunter2-hunter2"))
            .steps(
                """
                - run: |
                    awk 'BEGIN { for (i = 0; i < 400000; i++) printf "%s", "äx\\377hunter2-hunter2::error::"; print "" }'
                    echo ::error::after
                """)
            .run();
    String all = String.join("", ran.log());
    assertThat(ran.log()).hasSizeGreaterThan(5);
    assertThat(all).isEqualTo("äx\ufffd***::error::".repeat(400000));
    assertThat(ran.annotations()).containsExactly("error after");
  }

  @Test
  void environmentThatIsTooLarge_failsTheStepInWords() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: |
                    { printf BIG=; head -c 3000000 /dev/zero | tr '\\0' x; echo; } >> $GITHUB_ENV
                - run: echo never
                - run: echo with a small one
                  if: always()
                  env: {BIG: ''}
                """)
            .run();
    assertThat(ran.log(2)).singleElement().asString().endsWith("Argument list too long");
    assertThat(ran.outcomes()).containsExactly("success", "failure", "success");
  }

  @Test
  void stepThatRemovesTheFoldersOfTheJob_doesNotStopTheNext() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: rm -rf $RUNNER_TEMP
                - run: echo on && echo a=b >> $GITHUB_OUTPUT
                  id: two
                - run: echo ${{ steps.two.outputs.a }}; rm -rf "$GITHUB_WORKSPACE"
                - run: echo never
                """)
            .run();
    assertThat(ran.log(2)).containsExactly("on");
    assertThat(ran.log(3)).containsExactly("b");
    assertThat(ran.log(4)).singleElement().asString().contains("does not exist");
  }

  @Test
  void customShell_isAFormat() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - shell: printf "%s|%s|{{0}}|{{}}\\n" {0}
                  run: x
                - shell: echo {0} {1}
                  run: x
                  continue-on-error: true
                - shell: echo {0} }
                  run: x
                  continue-on-error: true
                - shell: echo {{0}}
                  run: x
                """)
            .run();
    assertThat(ran.log(1)).singleElement().asString().endsWith("||{0}|{}").doesNotContain(".");
    assertThat(ran.outcomes())
        .containsExactly("success", "failure/success", "failure/success", "success");
    assertThat(ran.log(2)).singleElement().asString().contains("must be doubled");
    assertThat(ran.log(4)).containsExactly("{0}");
  }

  @Test
  void defaults_areEvaluatedOnce_withTheEnvironmentOfTheJob() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                env: {WHERE: /}
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    defaults: {run: {working-directory: '${{ env.WHERE }}'}}
                    steps:
                      - run: echo WHERE=/nowhere >> $GITHUB_ENV
                      - run: pwd
                      - run: pwd
                        env: {WHERE: /tmp}
                  b:
                    runs-on: ubuntu-latest
                    defaults: {run: {working-directory: "${{ fromJSON('x') }}"}}
                    steps:
                      - run: echo never
                        if: always()
                """)
            .run();
    assertThat(ran.log()).containsExactly("/", "/");
    assertThat(ran.job("b")).isEqualTo("failure");
    assertThat(ran.log("b")).singleElement().asString().startsWith("##[error]");
  }
}
