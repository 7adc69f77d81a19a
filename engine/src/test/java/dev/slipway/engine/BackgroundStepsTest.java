package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackgroundStepsTest {
  @TempDir Path folder;

  @Test
  void backgroundStep_runsBesideOthers_andItsEffectsWaitForTheWait() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: mkfifo $RUNNER_TEMP/go
                - id: back
                  background: true
                  run: |
                    read -r word < $RUNNER_TEMP/go
                    echo "got $word"
                    echo V=late >> $GITHUB_ENV
                    echo out=put >> $GITHUB_OUTPUT
                - run: |
                    echo "before: [$V] [${{ steps.back.outcome }}]"
                    echo word > $RUNNER_TEMP/go
                - wait: back
                - run: echo "after - [$V] ${{ steps.back.outcome }} ${{ steps.back.outputs.out }}"
                """)
            .run();
    assertThat(ran.outcomes()).hasSize(5).containsOnly("success");
    assertThat(ran.log(2)).containsExactly("got word");
    assertThat(ran.log(3)).containsExactly("before: [] []");
    assertThat(ran.log(5)).containsExactly("after - [late] success put");
  }

  @Test
  void parallelSteps_runAtTheSameTime() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: mkfifo $RUNNER_TEMP/there $RUNNER_TEMP/back
                - parallel:
                    - id: one
                      run: |
                        echo ping > $RUNNER_TEMP/there
                        read -r answer < $RUNNER_TEMP/back
                        echo "answer=$answer" >> $GITHUB_OUTPUT
                    - id: two
                      run: |
                        read -r said < $RUNNER_TEMP/there
                        echo "$said-pong" > $RUNNER_TEMP/back
                - run: echo "${{ steps.one.outputs.answer }} ${{ steps.two.outcome }}"
                """)
            .run();
    assertThat(ran.conclusion()).isEqualTo(Conclusion.SUCCESS);
    assertThat(ran.log(ran.all(RunEvent.StepStarted.class).getLast().step()))
        .containsExactly("ping-pong success");
  }

  @Test
  void failedBackgroundStep_failsTheJobWhenWaitedFor() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - id: back
                  background: true
                  run: exit 2
                - run: echo goes on
                - wait-all:
                - run: echo skipped
                - run: echo ${{ steps.back.outcome }}
                  if: failure()
                """)
            .run();
    assertThat(ran.log()).contains("goes on", "failure").doesNotContain("skipped");
    assertThat(ran.job("a")).isEqualTo("failure");
  }

  @Test
  void stepThatWaits_concludesAsTheWorstThatItWaitsFor() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - id: bad
                  background: true
                  run: exit 2
                - id: good
                  background: true
                  run: exit 0
                - id: forgiven
                  background: true
                  continue-on-error: true
                  run: exit 3
                - id: skipped
                  background: true
                  if: ${{ false }}
                  run: exit 4
                - {wait: [good, skipped]}
                - wait: forgiven
                - {id: all, wait-all: }
                - {wait: [good, bad], continue-on-error: true}
                - wait-all:
                - run: echo "all ${{ steps.all.outcome }} ${{ steps.forgiven.outcome }}"
                  if: failure()
                """)
            .run();
    assertThat(ran.step(5).conclusion()).isEqualTo(Conclusion.SUCCESS);
    assertThat(ran.step(6).conclusion()).isEqualTo(Conclusion.SUCCESS);
    assertThat(ran.step(7).conclusion()).isEqualTo(Conclusion.FAILURE);
    assertThat(ran.step(8).conclusion()).isEqualTo(Conclusion.FAILURE);
    assertThat(ran.step(9).conclusion()).isEqualTo(Conclusion.SUCCESS);
    assertThat(ran.log(10)).containsExactly("all failure failure");
    assertThat(ran.job("a")).isEqualTo("failure");
  }

  @Test
  void parallelSteps_concludeAsTheWorstOfThem() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - parallel:
                    - run: exit 1
                      continue-on-error: true
                    - run: exit 0
                - run: echo goes on
                - parallel:
                    - run: exit 1
                    - run: exit 0
                - run: echo never
                """)
            .run();
    assertThat(ran.step(1).conclusion()).isEqualTo(Conclusion.SUCCESS);
    assertThat(ran.step(5).conclusion()).isEqualTo(Conclusion.FAILURE);
    assertThat(ran.log()).contains("goes on").doesNotContain("never");
    assertThat(ran.job("a")).isEqualTo("failure");
  }

  @Test
  void backgroundStepThatNobodyWaitsFor_isWaitedForAtTheEnd() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: mkfifo $RUNNER_TEMP/go
                - background: true
                  run: |
                    read -r word < $RUNNER_TEMP/go
                    exit 5
                - run: echo x > $RUNNER_TEMP/go
                """)
            .run();
    assertThat(ran.step(2).exitCode()).isEqualTo(5);
    assertThat(ran.job("a")).isEqualTo("failure");
  }

  @Test
  void cancelledBackgroundStep_doesNotAffectTheJob() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: mkfifo $RUNNER_TEMP/up
                - id: server
                  background: true
                  run: |
                    trap 'echo interrupted; exit 0' INT
                    echo up > $RUNNER_TEMP/up
                    while :; do read -r -t 100 x <> $RUNNER_TEMP/never || true; done
                - run: cat $RUNNER_TEMP/up
                - cancel: server
                - run: echo "${{ steps.server.outcome }} ${{ job.status }}"
                - wait: server
                """)
            .run();
    assertThat(ran.log(2)).contains("interrupted");
    assertThat(ran.log(5)).containsExactly("cancelled success");
    assertThat(ran.step(4).conclusion()).isEqualTo(Conclusion.SUCCESS);
    assertThat(ran.step(6).conclusion()).isEqualTo(Conclusion.CANCELLED);
    assertThat(ran.job("a")).isEqualTo("success");
  }

  @Test
  void conditionOfABackgroundStep_isDecidedWhereItStands() throws Exception {
    StringBuilder steps = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      steps.append("- id: b" + i + "\n  background: true\n  run: echo ran\n");
    }
    steps.append("- run: exit 1\n");
    Workbench.Ran ran = Workbench.in(folder).steps(steps.toString()).run();
    assertThat(ran.log()).filteredOn("ran"::equals).hasSize(5);
  }

  @Test
  void moreThanTen_waitForAPlace() throws Exception {
    StringBuilder steps =
        new StringBuilder("- run: mkdir $RUNNER_TEMP/now; mkfifo $RUNNER_TEMP/go\n");
    for (int i = 0; i < 12; i++) {
      steps.append("- background: true\n  run: echo " + i + "\n");
    }
    steps.append("- wait-all:\n- run: echo end\n");
    Workbench.Ran ran = Workbench.in(folder).steps(steps.toString()).run();
    assertThat(ran.log()).hasSize(13).endsWith("end");
    List<String> outcomes = ran.outcomes();
    assertThat(outcomes).hasSize(15).containsOnly("success");
  }

  @Test
  void stepsBeyondTen_doNotHoldUpThoseAfterThem() throws Exception {
    StringBuilder steps = new StringBuilder("- run: cd $RUNNER_TEMP; mkfifo 0 1 2 3 4 5 6 7 8 9\n");
    for (int i = 0; i < 10; i++) {
      steps.append("- background: true\n  run: read -r x < $RUNNER_TEMP/" + i + "\n");
    }
    steps.append("- id: cancelled\n  background: true\n  run: echo cancelled ran\n");
    steps.append("- id: last\n  background: true\n  run: echo last ran\n");
    steps.append("- cancel: cancelled\n");
    steps.append("- run: echo main goes on\n");
    steps.append("- run: for i in 0 1 2 3 4 5 6 7 8 9; do echo x > $RUNNER_TEMP/$i; done\n");
    steps.append("- wait-all:\n");
    Workbench.Ran ran = Workbench.in(folder).steps(steps.toString()).run();
    assertThat(ran.log())
        .doesNotContain("cancelled ran")
        .containsSubsequence("main goes on", "last ran");
  }
}
