package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Required;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaScriptActionsTest {
  private static final String PHASE =
      """
      const fs = require('fs');
      const phase = '%s';
      console.log(`${phase} ${process.env.INPUT_NAME} ${process.env.STATE_seen ?? '-'}`);
      const seen = (process.env.STATE_seen ?? '') + phase[1];
      fs.appendFileSync(process.env.GITHUB_STATE, `seen=${seen}\\n`);
      if (process.env.INPUT_FAIL === phase) process.exit(1);
      """;

  @TempDir Path folder;
  private Workbench bench;

  @BeforeEach
  void nodeIsThere() throws IOException {
    Required.program("node");
    bench = Workbench.in(folder);
  }

  private void phases(String slug, String more) throws IOException {
    Path source = bench.actionSource(slug);
    Workbench.write(
        source.resolve("action.yml"),
        "name: Phases\n"
            + "inputs: {name: {}, fail: {default: ''}}\n"
            + "runs:\n"
            + "  using: node20\n"
            + "  pre: pre.js\n"
            + "  main: main.js\n"
            + "  post: dist/post.js\n"
            + more.indent(2));
    Workbench.write(source.resolve("pre.js"), PHASE.formatted("pre"));
    Workbench.write(source.resolve("main.js"), PHASE.formatted("main"));
    Workbench.write(source.resolve("dist/post.js"), PHASE.formatted("post"));
    Workbench.commit(source);
  }

  private static List<String> started(Workbench.Ran ran) {
    return ran.all(RunEvent.StepStarted.class).stream()
        .map(step -> step.phase() + " " + step.name())
        .toList();
  }

  @Test
  void phases_preInOrder_postInReverse_withStateOfTheirOwn() throws Exception {
    phases("own/one", "");
    Workbench.Ran ran =
        bench
            .steps(
                """
                - run: echo script
                - uses: own/one@main
                  with: {name: A}
                - name: Second
                  uses: own/one@main
                  with: {name: B}
                """)
            .run();
    assertThat(started(ran))
        .containsExactly(
            "PRE Pre Run own/one@main",
            "PRE Pre Second",
            "MAIN Run echo script",
            "MAIN Run own/one@main",
            "MAIN Second",
            "POST Post Second",
            "POST Post Run own/one@main");
    assertThat(ran.log())
        .containsExactly(
            "pre A -", "pre B -", "script", "main A r", "main B r", "post B ra", "post A ra");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.SUCCESS);
  }

  @Test
  void post_runsOnlyWhereMainOrPreRan_andAfterAFailure() throws Exception {
    Path source = bench.actionSource("own/post");
    Workbench.write(
        source.resolve("action.yml"),
        """
        name: Post
        inputs: {name: {}, fail: {}}
        runs: {using: node24, main: main.js, post: post.js}
        """);
    Workbench.write(source.resolve("main.js"), PHASE.formatted("main"));
    Workbench.write(source.resolve("post.js"), PHASE.formatted("post"));
    Workbench.commit(source);
    Workbench.Ran ran =
        bench
            .steps(
                """
                - uses: own/post@main
                  with: {name: A, fail: main}
                - uses: own/post@main
                  with: {name: B}
                - uses: own/post@main
                  if: always()
                  with: {name: C, fail: post}
                """)
            .run();
    assertThat(ran.log())
        .containsExactly(
            "main A -",
            "##[error]Process completed with exit code 1.",
            "main C -",
            "post C a",
            "##[error]Process completed with exit code 1.",
            "post A a");
    assertThat(ran.outcomes())
        .containsExactly("failure", "skipped", "success", "failure", "success");
    assertThat(ran.job("a")).isEqualTo("failure");
  }

  @Test
  void conditionsOfPreAndPost_areHeld() throws Exception {
    phases("own/if", "pre-if: runner.os == 'Windows'\npost-if: failure()\n");
    Workbench.Ran good = bench.steps("- uses: own/if@main\n  with: {name: A}\n").run();
    assertThat(good.log()).containsExactly("main A -");
    assertThat(good.outcomes()).containsExactly("skipped", "success", "skipped");
    Workbench.Ran bad =
        bench.steps("- uses: own/if@main\n  with: {name: A}\n- run: exit 1\n").run();
    assertThat(bad.log()).contains("main A -", "post A a");
  }

  @Test
  void continueOnError_holdsForEveryPhase() throws Exception {
    phases("own/one", "");
    Workbench.Ran ran =
        bench
            .steps(
                """
                - uses: own/one@main
                  continue-on-error: true
                  with: {name: A, fail: pre}
                - uses: own/one@main
                  continue-on-error: true
                  with: {name: B, fail: post}
                - run: echo end
                """)
            .run();
    assertThat(ran.outcomes())
        .containsExactly(
            "failure/success",
            "success",
            "success",
            "success",
            "success",
            "failure/success",
            "success");
    assertThat(ran.job("a")).isEqualTo("success");
  }

  @Test
  void post_seesTheEnvironmentAsItIsThen() throws Exception {
    Path source = bench.actionSource("own/env");
    Workbench.write(
        source.resolve("action.yml"),
        """
        name: Env
        inputs: {late: {}}
        runs: {using: node20, pre: p.js, main: p.js, post: p.js}
        """);
    Workbench.write(
        source.resolve("p.js"),
        "console.log(`${process.env.A} ${process.env.S} [${process.env.INPUT_LATE}]`);\n");
    Workbench.commit(source);
    Workbench.Ran ran =
        bench
            .workflow(
                """
                on: push
                env: {A: one}
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    steps:
                      - id: o
                        run: echo late=known >> $GITHUB_OUTPUT
                      - uses: own/env@main
                        env: {S: step}
                        with: {late: '${{ steps.o.outputs.late }}'}
                      - run: |
                          echo A=two >> $GITHUB_ENV
                          echo S=two >> $GITHUB_ENV
                """)
            .run();
    assertThat(ran.log()).containsExactly("one step []", "one step [known]", "two step [known]");
  }

  @Test
  void inputsAndOutputs_goByTheirNames() throws Exception {
    Path source = bench.actionSource("own/io");
    Workbench.write(
        source.resolve("nested/action.yaml"),
        """
        name: IO
        inputs:
          Two Words: {default: '${{ github.repository }}'}
          flag: {default: true}
          none: {}
        outputs: {answer: {description: it}}
        runs: {using: node16, main: ../lib/main.js}
        """);
    Workbench.write(
        source.resolve("lib/main.js"),
        """
        const e = process.env;
        require('fs').appendFileSync(e.GITHUB_OUTPUT, `answer=${e.INPUT_TWO_WORDS}/${e.INPUT_FLAG}\\n`);
        console.log('none' + ('INPUT_NONE' in e) + ' cwd' + (process.cwd() === e.GITHUB_WORKSPACE));
        if ('NODE_ICU_DATA' in e) console.log('what Node.js reads for itself');
        console.log(`${e.GITHUB_ACTION} ${e.GITHUB_ACTION_REPOSITORY}@${e.GITHUB_ACTION_REF}`);
        console.log(`::warning file=x.c,line=1::from node`);
        """);
    Workbench.commit(source);
    Workbench.Ran ran =
        bench
            .steps(
                """
                - id: io
                  uses: own/io/nested@main
                  env: {NODE_ICU_DATA: /nowhere}
                - run: echo ${{ steps.io.outputs.answer }}
                - run: echo "[${GITHUB_ACTION_REPOSITORY-}][${INPUT_FLAG-}]"
                """)
            .run();
    assertThat(ran.log())
        .containsExactly("nonetrue cwdtrue", "io own/io@main", "local/repo/true", "[][]");
    assertThat(ran.annotations()).containsExactly("warning from node x.c L1");
  }

  @Test
  void actionsInACompositeAction_havePreAndPostToo() throws Exception {
    phases("own/one", "");
    Path source = bench.actionSource("own/comp");
    Workbench.write(
        source.resolve("action.yml"),
        """
        name: Composite
        inputs: {who: {default: nobody}}
        runs:
          using: composite
          steps:
            - uses: own/one@main
              with: {name: "${{ inputs.who }}1"}
            - uses: own/one@main
              with: {name: "${{ inputs.who }}2"}
        """);
    Workbench.commit(source);
    Workbench.Ran ran =
        bench
            .steps(
                """
                - uses: own/comp@main
                  with: {who: W}
                """)
            .run();
    assertThat(ran.log())
        .containsExactly(
            "pre W1 -", "pre W2 -", "main W1 r", "main W2 r", "post W2 ra", "post W1 ra");
  }

  @Test
  void localAction_hasNoPreButAPost() throws Exception {
    bench
        .file(
            "act/action.yml",
            """
            name: L
            inputs: {name: {}, fail: {}}
            runs: {using: node20, pre: pre.js, main: main.js, post: post.js}
            """)
        .file("act/pre.js", PHASE.formatted("pre"))
        .file("act/main.js", PHASE.formatted("main"))
        .file("act/post.js", PHASE.formatted("post"));
    Workbench.Ran ran =
        bench
            .steps("- uses: actions/checkout@v4\n- uses: ./act\n  with: {name: A}\n")
            .commit()
            .run();
    assertThat(ran.log()).endsWith("main A -", "post A a");
  }

  @Test
  void missingMain_failsTheStep() throws Exception {
    Path source = bench.actionSource("own/none");
    Workbench.write(
        source.resolve("action.yml"), "name: N\nruns: {using: node20, main: dist/index.js}\n");
    Workbench.commit(source);
    Workbench.Ran ran = bench.steps("- uses: own/none@main\n").run();
    assertThat(ran.log()).singleElement().asString().startsWith("##[error]File not found: '");
  }

  @Test
  void post_evaluatesItsInputsAgain() throws Exception {
    phases("own/one", "");
    Workbench.Ran ran =
        bench
            .steps(
                """
                - uses: own/one@main
                  with: {name: "${{ job.status }} ${{ steps.later.outputs.x }}"}
                - id: later
                  run: echo x=set >> $GITHUB_OUTPUT; exit 1
                """)
            .run();
    assertThat(ran.log()).contains("pre success  -", "main success  r", "post failure set ra");
  }

  @Test
  void postsInACompositeAction_runFromItsLastStepToItsFirst() throws Exception {
    phases("own/all", "");
    Path late = bench.actionSource("own/late");
    Workbench.write(
        late.resolve("action.yml"),
        "name: Late\ninputs: {name: {}}\nruns: {using: node20, main: m.js, post: p.js}\n");
    Workbench.write(late.resolve("m.js"), PHASE.formatted("main"));
    Workbench.write(late.resolve("p.js"), PHASE.formatted("post"));
    Workbench.commit(late);
    Path source = bench.actionSource("own/comp");
    Workbench.write(
        source.resolve("action.yml"),
        """
        name: Composite
        runs:
          using: composite
          steps:
            - uses: own/late@main
              with: {name: first}
            - uses: own/all@main
              with: {name: second}
        """);
    Workbench.commit(source);
    Workbench.Ran ran =
        bench
            .steps(
                """
                - uses: own/late@main
                  with: {name: before}
                - uses: own/comp@main
                - uses: own/late@main
                  with: {name: after}
                """)
            .run();
    // The composite action began first of all, with what comes before the steps.
    assertThat(ran.log())
        .filteredOn(line -> line.startsWith("post"))
        .containsExactly("post after a", "post before a", "post second ra", "post first a");
  }

  @Test
  void preOfALocalAction_isPassedOverWithAWarning() throws Exception {
    Workbench.Ran ran =
        bench
            .file(
                "act/action.yml",
                "name: A\nruns: {using: node24, pre: x.js, main: x.js, post: x.js}\n")
            .file("act/x.js", "console.log('ran')\n")
            .steps("- uses: actions/checkout@v4\n- uses: ./act\n")
            .commit()
            .run();
    assertThat(ran.log(2))
        .containsExactly(
            "##[warning]`pre` execution is not supported for local action from './act'",
            "ran",
            "ran");
  }

  @Test
  void timeout_holdsForEachPhase() throws Exception {
    Path source = bench.actionSource("own/slow");
    Workbench.write(
        source.resolve("action.yml"),
        "name: Slow\nruns: {using: node24, main: m.js, post: p.js}\n");
    Workbench.write(source.resolve("m.js"), "");
    Workbench.write(source.resolve("p.js"), "setTimeout(() => {}, 600000);\n");
    Workbench.commit(source);
    Workbench.Ran ran =
        bench.minuteMillis(1500).steps("- uses: own/slow@main\n  timeout-minutes: 1.9\n").run();
    assertThat(ran.outcomes()).containsExactly("success", "failure");
    assertThat(ran.log())
        .containsExactly(
            "##[error]The action 'Post Run own/slow@main' has timed out after 1 minutes.");
  }
}
