package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CancellationTest {
  private static final String WAIT = "exec tail -f /dev/null";

  @TempDir Path folder;

  /** Does something once, when a step says so by a notice of this text. */
  private static Consumer<RunEvent> on(String notice, Runnable action) {
    return event -> {
      if (event instanceof RunEvent.Annotation a && a.message().equals(notice)) {
        Thread.ofPlatform().daemon().start(action);
      }
    };
  }

  @Test
  void cancel_interruptsTheStep_andRunsThoseThatAlwaysRun() throws Exception {
    Workbench bench =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    steps:
                      - id: long
                        run: |
                          trap 'echo interrupted; exit 1' INT
                          echo ::notice::ready
                          read -r x <> $RUNNER_TEMP/never
                          mkfifo $RUNNER_TEMP/f
                          while :; do read -r x <> $RUNNER_TEMP/f; done
                        shell: bash {0}
                      - run: echo never
                      - run: echo "cleaned ${{ steps.long.outcome }} ${{ job.status }} ${{ cancelled() && 1 }}"
                        if: always()
                      - run: echo cancelled too
                        if: cancelled()
                      - run: echo never
                        if: failure()
                  b:
                    needs: a
                    runs-on: ubuntu-latest
                    steps: [{run: echo never}]
                  c:
                    needs: a
                    if: always()
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo after ${{ needs.a.result }}'}]
                """
                    .replace(" ${{ cancelled() && 1 }}", "")
                    .replace("          read -r x <> $RUNNER_TEMP/never\n", ""));
    LocalEngine engine = bench.engine();
    Workbench.Ran ran = bench.run(engine, on("ready", engine::cancel));
    assertThat(ran.log(1)).containsExactly("interrupted", "##[error]The operation was canceled.");
    assertThat(ran.outcomes())
        .containsExactly("cancelled", "skipped", "success", "success", "skipped");
    assertThat(ran.log(3)).containsExactly("cleaned cancelled cancelled");
    assertThat(ran.job("a")).isEqualTo("cancelled");
    assertThat(ran.job("b")).startsWith("skipped");
    assertThat(ran.log("c")).containsExactly("after cancelled");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.CANCELLED);
  }

  @Test
  void cancel_leavesAStepAloneWhoseConditionStillHolds() throws Exception {
    Workbench bench = Workbench.in(folder);
    Path go = bench.fifo("go");
    bench.steps(
        """
        - if: always()
          run: |
            echo ::notice::ready
            read -r word < %s
            echo "finished $word"
        """
            .formatted(go));
    LocalEngine engine = bench.engine();
    Workbench.Ran ran =
        bench.run(
            engine,
            on(
                "ready",
                () -> {
                  engine.cancel();
                  try {
                    Files.writeString(go, "in peace\n");
                  } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                }));
    assertThat(ran.log()).containsExactly("finished in peace");
    assertThat(ran.outcomes()).containsExactly("success");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.CANCELLED);
  }

  @Test
  void kill_endsEvenWhatIgnoresSignals_andRunsNothingMore() throws Exception {
    Workbench bench =
        Workbench.in(folder)
            .steps(
                """
                - run: |
                    trap '' INT TERM
                    (trap '' INT TERM HUP; setsid tail -f /dev/null) &
                    tail -f /dev/null &
                    echo ::notice::ready
                    wait
                - run: echo never
                  if: always()
                """);
    LocalEngine engine = bench.engine();
    Workbench.Ran ran =
        bench.run(
            engine,
            on(
                "ready",
                () -> {
                  engine.cancel();
                  engine.kill();
                }));
    assertThat(ran.outcomes()).containsExactly("cancelled", "cancelled");
    assertThat(ran.log()).doesNotContain("never");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.CANCELLED);
  }

  @Test
  void cancel_reachesEveryJobAndThoseThatWait() throws Exception {
    Workbench bench =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    strategy: {matrix: {n: [1, 2, 3]}, max-parallel: 1}
                    runs-on: ubuntu-latest
                    steps: [{run: "echo ::notice::ready; exec tail -f /dev/null"}]
                """);
    LocalEngine engine = bench.engine();
    Workbench.Ran ran = bench.run(engine, on("ready", engine::cancel));
    assertThat(ran.job("a (1)")).isEqualTo("cancelled");
    assertThat(ran.job("a (3)")).isEqualTo("cancelled");
    assertThat(ran.all(RunEvent.JobStarted.class)).hasSize(1);
  }

  @Test
  void cancel_beforeTheRun_runsNothing() throws Exception {
    Workbench bench = Workbench.in(folder).steps("- run: echo ran\n");
    LocalEngine engine = bench.engine();
    engine.cancel();
    Workbench.Ran ran = bench.run(engine, event -> {});
    assertThat(ran.conclusion()).isEqualTo(Conclusion.CANCELLED);
  }

  @Test
  void cancel_reachesStepsOfCompositeActions() throws Exception {
    Workbench bench =
        Workbench.in(folder)
            .file(
                "act/action.yml",
                """
                name: Act
                runs:
                  using: composite
                  steps:
                    - run: echo ::notice::ready; exec tail -f /dev/null
                      shell: bash
                    - run: echo never
                      shell: bash
                    - run: echo cleaned up
                      if: always()
                      shell: bash
                """)
            .steps("- uses: actions/checkout@v4\n- uses: ./act\n- run: echo never\n")
            .commit();
    LocalEngine engine = bench.engine();
    Workbench.Ran ran = bench.run(engine, on("ready", engine::cancel));
    assertThat(ran.log(2)).containsExactly("##[error]The operation was canceled.", "cleaned up");
    assertThat(ran.outcomes()).containsExactly("success", "cancelled", "skipped");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.CANCELLED);
  }

  @Test
  void stepTimeout_failsTheStep() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .minuteMillis(50)
            .file(
                "act/action.yml",
                """
                name: Act
                runs:
                  using: composite
                  steps:
                    - run: exec tail -f /dev/null
                      shell: bash
                    - run: echo never
                      shell: bash
                """)
            .steps(
                """
                - uses: actions/checkout@v4
                - name: Slow
                  run: exec tail -f /dev/null
                  timeout-minutes: ${{ 1.9 }}
                  continue-on-error: true
                - name: Composite
                  uses: ./act
                  timeout-minutes: 1
                  continue-on-error: true
                - run: echo quick
                  timeout-minutes: 100000
                """)
            .commit()
            .run();
    assertThat(ran.outcomes())
        .containsExactly("success", "failure/success", "failure/success", "success");
    assertThat(ran.log(2))
        .containsExactly("##[error]The action 'Slow' has timed out after 1 minutes.");
    assertThat(ran.log(3))
        .contains("##[error]The action 'Composite' has timed out after 1 minutes.")
        .doesNotContain("never");
    assertThat(ran.job("a")).isEqualTo("success");
  }

  @Test
  void jobTimeout_failsTheJobWithItsCause() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .minuteMillis(100)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    timeout-minutes: 1
                    cancel-timeout-minutes: 10000
                    steps:
                      - run: %s
                      - run: echo cleaned up
                        if: always()
                  b:
                    needs: a
                    if: failure()
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo ${{ needs.a.result }}'}]
                """
                    .formatted(WAIT))
            .run();
    assertThat(ran.job("a")).isEqualTo("failure: timed_out");
    assertThat(ran.log("a")).contains("cleaned up");
    assertThat(ran.log("b")).containsExactly("failure");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.FAILURE);
  }

  @Test
  void cancelTimeout_endsWhatRunsAlways() throws Exception {
    Workbench bench =
        Workbench.in(folder)
            .minuteMillis(50)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    timeout-minutes: 100000
                    cancel-timeout-minutes: 1
                    steps:
                      - run: |
                          echo ::notice::ready
                          %s
                        if: always()
                """
                    .formatted(WAIT));
    LocalEngine engine = bench.engine();
    Workbench.Ran ran = bench.run(engine, on("ready", engine::cancel));
    assertThat(ran.outcomes()).containsExactly("cancelled");
  }

  @Test
  void whatStepsLeaveRunning_endsWithTheJob() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: |
                    setsid tail -f /dev/null > /dev/null 2>&1 &
                    nohup bash -c 'trap "" HUP TERM INT; tail -f /dev/null' > /dev/null 2>&1 &
                    echo started
                - run: pgrep -f 'tail -f /dev/null' > /dev/null && echo still there
                """)
            .run();
    assertThat(ran.log()).containsExactly("started", "still there");
  }

  @Test
  void cancel_leavesAJobAloneWhoseConditionStillHolds() throws Exception {
    Workbench bench = Workbench.in(folder);
    Path go = bench.fifo("go");
    bench
        .file(
            ".github/workflows/called.yml",
            """
            on: workflow_call
            jobs:
              x:
                if: always()
                runs-on: ubuntu-latest
                steps: [{run: "read -r word < %s; echo kept $word"}, {run: echo to the end}]
              y:
                runs-on: ubuntu-latest
                steps: [{run: "echo ::notice::ready; exec tail -f /dev/null"}]
            """
                .formatted(go))
        .workflow("on: push\njobs:\n  a: {uses: ./.github/workflows/called.yml}\n");
    LocalEngine engine = bench.engine();
    Workbench.Ran ran =
        bench.run(
            engine,
            event -> {
              if (event instanceof RunEvent.JobFinished e && e.job().equals("a/y")) {
                Thread.ofPlatform().daemon().start(() -> tell(go));
              }
              on("ready", engine::cancel).accept(event);
            });
    assertThat(ran.log("a/x")).containsExactly("kept on", "to the end");
    assertThat(ran.job("a/x")).isEqualTo("success");
    assertThat(ran.job("a/y")).isEqualTo("cancelled");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.CANCELLED);
  }

  private static void tell(Path fifo) {
    try {
      Files.writeString(fifo, "on\n");
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void compositeAction_thatRunsInACancelledJob_decidesByItsOwnSteps() throws Exception {
    Workbench bench =
        Workbench.in(folder)
            .file(
                "act/action.yml",
                """
                name: Act
                runs:
                  using: composite
                  steps:
                    - run: echo first ${{ github.action_status }} ${{ job.status }}
                      shell: bash
                    - run: echo second
                      if: cancelled()
                      shell: bash
                    - run: exit 1
                      shell: bash
                    - run: echo never
                      shell: bash
                    - run: echo third
                      if: failure()
                      shell: bash
                """)
            .steps(
                """
                - uses: actions/checkout@v4
                - run: echo ::notice::ready; %s
                - uses: ./act
                  if: always()
                """
                    .formatted(WAIT))
            .commit();
    LocalEngine engine = bench.engine();
    Workbench.Ran ran = bench.run(engine, on("ready", engine::cancel));
    assertThat(ran.log(3))
        .containsExactly(
            "first success cancelled",
            "second",
            "##[error]Process completed with exit code 1.",
            "third");
    assertThat(ran.outcomes()).containsExactly("success", "cancelled", "failure");
    assertThat(ran.job("a")).isEqualTo("cancelled");
  }

  @Test
  void compositeAction_thatIsOvertaken_goesOnWithWhatHoldsStill() throws Exception {
    Workbench bench =
        Workbench.in(folder)
            .steps("- uses: actions/checkout@v4\n- uses: ./act\n- run: echo never\n");
    Path go = bench.fifo("go");
    bench.asking(asked -> asked.env.put("GO", go.toString()));
    bench.file(
        "act/action.yml",
        """
        name: Act
        runs:
          using: composite
          steps:
            - run: echo ::notice::ready; read -r x < $GO
              if: always()
              shell: bash
            - run: echo still success
              shell: bash
        """);
    bench.commit();
    LocalEngine engine = bench.engine();
    Runnable cancelAndGoOn =
        () -> {
          engine.cancel();
          try {
            Files.writeString(go, "x\n");
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        };
    Workbench.Ran ran = bench.run(engine, on("ready", cancelAndGoOn));
    assertThat(ran.log(2)).containsExactly("still success");
    assertThat(ran.outcomes()).containsExactly("success", "success", "skipped");
    assertThat(ran.job("a")).isEqualTo("cancelled");
  }
}
