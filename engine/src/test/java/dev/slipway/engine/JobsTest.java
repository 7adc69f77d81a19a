package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobsTest {
  @TempDir Path folder;

  @Test
  void needs_decideByStatusFunctionsAndResults() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  good:
                    runs-on: ubuntu-latest
                    steps: [{run: "true"}]
                  bad:
                    runs-on: ubuntu-latest
                    steps: [{run: "false"}]
                  off:
                    if: github.ref == 'refs/heads/other'
                    runs-on: ubuntu-latest
                    steps: [{run: "true"}]
                  soft:
                    continue-on-error: true
                    runs-on: ubuntu-latest
                    steps: [{run: "false"}]
                  after-good:
                    needs: [good, soft]
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo ${{ needs.soft.result }} ${{ needs.good.result }}'}]
                  after-bad:
                    needs: [good, bad]
                    runs-on: ubuntu-latest
                    steps: [{run: "true"}]
                  after-off:
                    needs: off
                    runs-on: ubuntu-latest
                    steps: [{run: "true"}]
                  far:
                    needs: after-bad
                    if: failure()
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo ${{ needs.after-bad.result }}'}]
                  always:
                    needs: [after-off, bad]
                    if: always()
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo ${{ needs.after-off.result }} ${{ needs.bad.result }}'}]
                  named:
                    needs: [good, bad]
                    if: success('good') && failure('bad')
                    runs-on: ubuntu-latest
                    steps: [{run: "true"}]
                  named-far:
                    needs: [after-bad, after-off]
                    if: failure('BAD') && !success('off', 'good') && !success('bad') && success('good')
                    runs-on: ubuntu-latest
                    steps: [{run: "true"}]
                """)
            .run();
    assertThat(ran.job("after-good")).isEqualTo("success");
    assertThat(ran.log("after-good")).containsExactly("failure success");
    assertThat(ran.job("off")).startsWith("skipped: if: ");
    assertThat(ran.job("after-bad")).isEqualTo("skipped: needs 'bad', which ended in failure");
    assertThat(ran.job("after-off")).isEqualTo("skipped: needs 'off', which was skipped");
    assertThat(ran.log("far")).containsExactly("skipped");
    assertThat(ran.log("always")).containsExactly("skipped failure");
    assertThat(ran.job("named")).isEqualTo("success");
    assertThat(ran.job("named-far")).isEqualTo("success");
    assertThat(ran.job("soft")).isEqualTo("failure");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.FAILURE);
  }

  @Test
  void jobThatMayFail_leavesTheRunGreen() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    strategy:
                      matrix: {may: [true, false]}
                    continue-on-error: ${{ matrix.may }}
                    runs-on: ubuntu-latest
                    steps: [{run: 'test ${{ matrix.may }} = false'}]
                """)
            .run();
    assertThat(ran.job("a (true)")).isEqualTo("failure");
    assertThat(ran.job("a (false)")).isEqualTo("success");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.SUCCESS);
  }

  @Test
  void matrix_givesItsContextsAndTheLastOutputThatIsNotEmpty() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .asking(asked -> asked.slots = 1)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    strategy:
                      matrix:
                        n: [1, 2.50, z]
                        s: [x]
                        include: [{n: 1, extra: {deep: more}}]
                    runs-on: ubuntu-latest
                    outputs:
                      last: ${{ steps.o.outputs.v }}
                    steps:
                      - id: o
                        run: |
                          echo '${{ matrix.n }} ${{ matrix.s }} ${{ matrix.extra.deep }} ${{ strategy.job-index }}/${{ strategy.job-total }} ${{ strategy.fail-fast }} ${{ strategy.max-parallel }}'
                          ${{ matrix.n == 'z' }} || echo v=${{ matrix.n }} >> $GITHUB_OUTPUT
                  b:
                    needs: a
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo ${{ needs.a.outputs.last }}'}]
                """)
            .run();
    assertThat(ran.all(RunEvent.JobQueued.class).stream().map(RunEvent.JobQueued::name).limit(3))
        .containsExactly("a (1, x)", "a (2.5, x)", "a (z, x)");
    assertThat(
            ran.all(RunEvent.Log.class).stream()
                .filter(line -> line.job().startsWith("a"))
                .map(RunEvent.Log::text))
        .containsExactly("1 x more 0/3 true 3", "2.5 x  1/3 true 3", "z x  2/3 true 3");
    assertThat(ran.log("b")).containsExactly("2.5");
  }

  @Test
  void matrixFilter_keepsNamesAndIndexes() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .asking(asked -> asked.matrix.put("os", Set.of("b", "c")))
            .workflow(
                """
                on: push
                jobs:
                  a:
                    name: Job
                    strategy:
                      matrix: {os: [a, b, c]}
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo ${{ matrix.os }} ${{ strategy.job-index }}'}]
                """)
            .run();
    assertThat(ran.all(RunEvent.JobQueued.class))
        .extracting(RunEvent.JobQueued::name)
        .containsExactly("Job (b)", "Job (c)");
    assertThat(ran.log("a (c)")).containsExactly("c 2");
  }

  @Test
  void matrixFromAnOutput_thatIsEmpty_failsItsJob() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    outputs: {list: '${{ steps.o.outputs.list }}', none: '${{ steps.o.outputs.none }}'}
                    steps:
                      - id: o
                        run: |
                          echo 'list=["p","q"]' >> $GITHUB_OUTPUT
                          echo 'none=[]' >> $GITHUB_OUTPUT
                  b:
                    needs: a
                    strategy: {matrix: {v: '${{ fromJSON(needs.a.outputs.list) }}'}}
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo ${{ matrix.v }}'}]
                  c:
                    needs: a
                    strategy: {matrix: {v: '${{ fromJSON(needs.a.outputs.none) }}'}}
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo ${{ matrix.v }}'}]
                """)
            .run();
    assertThat(ran.log("b (p)")).containsExactly("p");
    assertThat(ran.log("b (q)")).containsExactly("q");
    assertThat(ran.job("c")).contains("failure", "Matrix vector 'v' does not contain any values");
  }

  @Test
  void failFast_cancelsTheOtherLegs() throws Exception {
    Workbench bench = Workbench.in(folder);
    Workbench.Ran ran =
        bench
            .workflow(
                """
                on: push
                jobs:
                  a:
                    strategy:
                      matrix: {n: [slow, bad, late]}
                    runs-on: ubuntu-latest
                    env: {UP: %s}
                    steps:
                      - if: matrix.n == 'slow'
                        run: |
                          echo up > $UP
                          exec tail -f /dev/null
                      - if: matrix.n == 'bad'
                        run: |
                          cat $UP
                          exit 1
                      - run: echo cleaned up
                        if: cancelled()
                """
                    .formatted(bench.fifo("up")))
            .run();
    assertThat(ran.job("a (bad)")).isEqualTo("failure");
    assertThat(ran.job("a (slow)")).isEqualTo("cancelled");
    assertThat(ran.job("a (late)")).isEqualTo("cancelled");
    assertThat(ran.log("a (slow)")).contains("##[error]The operation was canceled.", "cleaned up");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.FAILURE);
  }

  @Test
  void failFast_beforeAnyLegIsAnnounced_endsEachOnce() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    name: ${{ fromJSON(matrix.n) }}
                    strategy:
                      matrix: {n: [bad, worse, '1']}
                    runs-on: ubuntu-latest
                    steps: [{run: "true"}]
                """)
            .run();
    assertThat(ran.all(RunEvent.JobQueued.class)).isEmpty();
    assertThat(ran.all(RunEvent.JobFinished.class).stream().map(RunEvent.JobFinished::job))
        .containsExactlyInAnyOrder("a (bad)", "a (worse)", "a (1)");
    assertThat(ran.job("a (bad)")).startsWith("failure: ");
    assertThat(ran.job("a (1)")).isEqualTo("cancelled");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.FAILURE);
  }

  @Test
  void withoutFailFast_allLegsEnd() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    strategy:
                      fail-fast: false
                      matrix: {n: [1, 2, 3]}
                    runs-on: ubuntu-latest
                    steps: [{run: 'exit ${{ matrix.n == 1 && 1 || 0 }}'}]
                """)
            .run();
    assertThat(List.of(ran.job("a (1)"), ran.job("a (2)"), ran.job("a (3)")))
        .containsExactly("failure", "success", "success");
  }

  @Test
  void maxParallel_isHeld() throws Exception {
    Workbench bench =
        Workbench.in(folder)
            .asking(asked -> asked.slots = 4)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    strategy:
                      max-parallel: 2
                      matrix: {n: [1, 2, 3, 4, 5, 6]}
                    runs-on: ubuntu-latest
                    steps: [{run: 'true'}]
                """);
    Workbench.Ran ran = bench.run();
    Set<String> now = new HashSet<>();
    for (RunEvent event : ran.events()) {
      if (event instanceof RunEvent.JobStarted e) {
        now.add(e.job());
        assertThat(now).hasSizeLessThanOrEqualTo(2);
      } else if (event instanceof RunEvent.JobFinished e) {
        now.remove(e.job());
      }
    }
    assertThat(ran.all(RunEvent.JobFinished.class)).hasSize(6);
  }

  @Test
  void concurrency_keepsTwoWorkflowsApart() throws Exception {
    String text =
        """
        on: push
        concurrency: {group: "Deploy-${{ github.ref }}"}
        jobs:
          a:
            runs-on: ubuntu-latest
            steps:
              - run: |
                  mkdir %s
                  rmdir %s
        """;
    Path lock = folder.toRealPath().resolve("lock");
    Workbench.Ran ran =
        Workbench.in(folder)
            .asking(asked -> asked.slots = 4)
            .file(".github/workflows/one.yml", text.formatted(lock, lock))
            .file(
                ".github/workflows/two.yml", text.formatted(lock, lock).replace("Deploy", "DEPLOY"))
            .run();
    assertThat(ran.ended())
        .extracting(LocalEngine.Ended::conclusion)
        .containsExactly(Conclusion.SUCCESS, Conclusion.SUCCESS);
  }

  @Test
  void cancelInProgress_endsTheRunThatHasTheGroup() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                ".github/workflows/one.yml",
                """
                on: push
                concurrency: g
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    steps: [{run: exec tail -f /dev/null}]
                """)
            .file(
                ".github/workflows/two.yml",
                """
                on: push
                jobs:
                  a:
                    concurrency: {group: G, cancel-in-progress: true}
                    runs-on: ubuntu-latest
                    steps: [{run: echo took over}]
                """)
            .run();
    assertThat(ran.ended())
        .extracting(LocalEngine.Ended::conclusion)
        .containsExactly(Conclusion.CANCELLED, Conclusion.SUCCESS);
  }

  @Test
  void labelThatNoMachineFits_skipsTheJobAndWhatNeedsIt() throws Exception {
    String text =
        """
        on: push
        jobs:
          a:
            runs-on: windows-latest
            steps: [{run: echo x}]
          b:
            needs: a
            runs-on: [self-hosted, linux]
            steps: [{run: echo x}]
          c:
            runs-on: {labels: ubuntu-24.04}
            steps: [{run: echo x}]
        """;
    Workbench.Ran ran = Workbench.in(folder).workflow(text).run();
    assertThat(ran.job("a")).contains("skipped: ", "'windows-latest'", "-P windows-latest=host");
    assertThat(ran.job("b")).startsWith("skipped: needs 'a'");
    assertThat(ran.job("c")).isEqualTo("success");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.SUCCESS);

    Workbench strict =
        Workbench.in(folder.resolve("strict")).asking(asked -> asked.requireAll = true);
    assertThat(strict.workflow(text).run().conclusion()).isEqualTo(Conclusion.FAILURE);

    Workbench mapped =
        Workbench.in(folder.resolve("mapped"))
            .asking(asked -> asked.machines.put("windows-latest", "host"));
    assertThat(mapped.workflow(text).run().job("b")).isEqualTo("success");
  }

  @Test
  void onlyJobs_runsThemWithWhatTheyNeed() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .asking(asked -> asked.jobs.add("B"))
            .workflow(
                """
                on: push
                jobs:
                  a: {runs-on: ubuntu-latest, steps: [{run: echo a}]}
                  b: {needs: a, runs-on: ubuntu-latest, steps: [{run: echo b}]}
                  c: {runs-on: ubuntu-latest, steps: [{run: echo c}]}
                """)
            .run();
    assertThat(ran.all(RunEvent.JobStarted.class))
        .extracting(RunEvent.JobStarted::job)
        .containsExactly("a", "b");
  }

  @Test
  void onlyJobs_leaveOutWorkflowsThatHaveNoneOfThem() throws Exception {
    Workbench bench =
        Workbench.in(folder)
            .asking(asked -> asked.jobs.add("B"))
            .workflow("on: push\njobs: {b: {runs-on: ubuntu-latest, steps: [{run: echo b}]}}\n")
            .file(
                ".github/workflows/other.yml",
                "on: push\njobs: {o: {runs-on: ubuntu-latest, steps: [{run: echo o}]}}\n");
    assertThat(bench.run().all(RunEvent.JobStarted.class))
        .extracting(RunEvent.JobStarted::job)
        .containsExactly("b");
  }

  @Test
  void onlyJobs_thatNoWorkflowHas_areAMistake() throws Exception {
    Workbench bench =
        Workbench.in(folder)
            .asking(asked -> asked.jobs.add("tset"))
            .workflow("on: push\njobs: {test: {runs-on: ubuntu-latest, steps: [{run: echo}]}}\n");
    assertThatThrownBy(bench::run)
        .isInstanceOf(ProjectException.class)
        .hasMessageContaining("'tset'");
  }

  private Workbench sameIds() throws Exception {
    return Workbench.in(folder)
        .workflow("on: push\njobs: {b: {runs-on: ubuntu-latest, steps: [{run: echo first}]}}\n")
        .file(
            ".github/workflows/two.yml",
            """
            on: push
            jobs:
              b:
                strategy: {matrix: {n: [1, 2]}}
                runs-on: ubuntu-latest
                outputs: {o: '${{ steps.o.outputs.o }}'}
                steps: [{id: o, run: 'echo "o=${{ matrix.n }}" >> $GITHUB_OUTPUT'}]
              c:
                needs: b
                runs-on: ubuntu-latest
                steps: [{run: 'echo ${{ needs.b.result }} ${{ needs.b.outputs.o != null }}'}]
            """);
  }

  private static List<String> started(Workbench.Ran ran, int run) {
    return ran.byRun().getOrDefault(ran.ended().get(run).run(), List.of()).stream()
        .filter(RunEvent.JobStarted.class::isInstance)
        .map(event -> ((RunEvent.JobStarted) event).job())
        .sorted()
        .toList();
  }

  @Test
  void sameIdInTwoWorkflows_hasTheFileInTheKeysOfTheSecond() throws Exception {
    Workbench.Ran ran = sameIds().run();
    assertThat(started(ran, 0)).containsExactly("b");
    assertThat(started(ran, 1)).containsExactly("c", "two.yml:b (1)", "two.yml:b (2)");
    List<RunEvent> second = ran.byRun().getOrDefault(ran.ended().get(1).run(), List.of());
    assertThat(second)
        .filteredOn(event -> event instanceof RunEvent.JobQueued queued && queued.job().equals("c"))
        .singleElement()
        .isInstanceOfSatisfying(
            RunEvent.JobQueued.class,
            queued -> assertThat(queued.needs()).containsExactly("two.yml:b"));
    assertThat(second)
        .filteredOn(event -> event instanceof RunEvent.Log log && log.job().equals("c"))
        .extracting(event -> ((RunEvent.Log) event).text())
        .containsExactly("success true");
  }

  @Test
  void onlyJobs_byFileAndId_areThoseOfThatFile() throws Exception {
    Workbench.Ran ran = sameIds().asking(asked -> asked.jobs.add("two.yml:B")).run();
    assertThat(ran.ended()).hasSize(1);
    assertThat(started(ran, 0)).containsExactly("two.yml:b (1)", "two.yml:b (2)");
  }

  @Test
  void knownOutcomes_areNotRunAgain() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .asking(asked -> {
              asked.known.put(
                  "a", new RunRequest.JobOutcome(Conclusion.SUCCESS, Map.of("v", "kept")));
              asked.known.put(
                  "m (1)", new RunRequest.JobOutcome(Conclusion.SUCCESS, Map.of("w", "one")));
              asked.known.put("soft", new RunRequest.JobOutcome(Conclusion.FAILURE, Map.of()));
            })
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    outputs: {v: new}
                    steps: [{run: echo again}]
                  soft:
                    continue-on-error: true
                    runs-on: ubuntu-latest
                    steps: [{run: echo again}]
                  m:
                    strategy: {matrix: {n: [1, 2]}}
                    runs-on: ubuntu-latest
                    outputs: {w: '${{ matrix.n == 1 && 1 || '''' }}'}
                    steps: [{run: 'echo leg ${{ matrix.n }}'}]
                  b:
                    needs: [a, m, soft]
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo ${{ needs.a.outputs.v }} ${{ needs.m.outputs.w }} ${{ needs.soft.result }}'}]
                """)
            .run();
    assertThat(ran.job("a")).isEqualTo("success: reused");
    assertThat(ran.job("m (1)")).isEqualTo("success: reused");
    assertThat(ran.job("soft")).isEqualTo("failure: reused");
    assertThat(ran.all(RunEvent.JobStarted.class))
        .extracting(RunEvent.JobStarted::job)
        .containsExactly("m (2)", "b");
    assertThat(ran.log("b")).containsExactly("kept one failure");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.SUCCESS);
  }

  @Test
  void jobOutputs_withASecretOrABadExpression_areDropped() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .asking(asked -> asked.secrets.put("KEY", "very-secret"))
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    outputs:
                      told: x-${{ secrets.KEY }}
                      encoded: ${{ steps.o.outputs.b }}
                      kept: fine
                    steps:
                      - id: o
                        run: printf 'b=%s\\n' "$(printf very-secret | base64)" >> $GITHUB_OUTPUT
                  b:
                    runs-on: ubuntu-latest
                    outputs:
                      broken: ${{ fromJSON('{') }}
                      kept: fine
                    steps: [{run: "true"}]
                """)
            .run();
    assertThat(ran.outputs("a")).isEqualTo(Map.of("kept", "fine"));
    assertThat(ran.log())
        .containsExactly(
            "##[warning]Skip output 'told' since it may contain secret.",
            "##[warning]Skip output 'encoded' since it may contain secret.");
    assertThat(ran.job("b")).isEqualTo("failure");
    assertThat(ran.outputs("b")).isEmpty();
    assertThat(ran.log("b")).hasSize(2).first().isEqualTo("##[error]Fail to evaluate job outputs");
    assertThat(ran.step(1).outputs().get("b")).startsWith("***");
  }

  @Test
  void dispatchInputs_areTyped() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .asking(asked -> {
              asked.event = "workflow_dispatch";
              asked.inputs.put("flag", "true");
              asked.inputs.put("count", "3");
            })
            .workflow(
                """
                on:
                  workflow_dispatch:
                    inputs:
                      flag: {type: boolean}
                      count: {type: number}
                      word: {default: w}
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    steps:
                      - run: echo '${{ toJSON(inputs) }}' | tr -d ' \\n'; echo
                      - run: echo '${{ github.event.inputs.flag == 'true' }} ${{ inputs.flag == true }}'
                """)
            .run();
    assertThat(ran.log())
        .containsExactly("{\"flag\":true,\"count\":3,\"word\":\"w\"}", "true true");
    assertThat(Files.exists(folder.resolve("cache/work"))).isTrue();
  }

  @Test
  void containersAndServices_endInOneClearError_butNotWhenThereIsNoImage() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    strategy: {fail-fast: false, matrix: {image: ['', 'alpine:3']}}
                    runs-on: ubuntu-latest
                    container: ${{ matrix.image }}
                    steps: [{run: echo ran}]
                  b:
                    runs-on: ubuntu-latest
                    container: {image: debian, env: {A: "${{ secrets.KEY }}"}}
                    steps: [{run: echo ran}]
                  c:
                    runs-on: ubuntu-latest
                    services: {db: {image: postgres}}
                    steps: [{run: echo ran}]
                """)
            .run();
    assertThat(ran.all(RunEvent.Log.class).stream().map(log -> log.job() + ": " + log.text()))
        .containsExactlyInAnyOrder(
            "a: ran",
            "a (alpine:3): ##[error]The job's container 'alpine:3' cannot run here:"
                + " there is no container engine on this machine",
            "b: ##[error]The job's container 'debian' cannot run here: there is no"
                + " container engine on this machine",
            "c: ##[error]The service 'db' cannot run here: there is no container engine on"
                + " this machine");
    assertThat(ran.job("c")).isEqualTo("failure");
  }

  @Test
  void strategyOfAnOutput_makesTheMatrix() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  plan:
                    runs-on: ubuntu-latest
                    outputs: {strategy: '${{ steps.s.outputs.json }}'}
                    steps:
                      - id: s
                        run: echo 'json={"fail-fast":false,"matrix":{"v":["x","y"]}}' >> $GITHUB_OUTPUT
                  a:
                    needs: plan
                    strategy: ${{ fromJSON(needs.plan.outputs.strategy) }}
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo ${{ matrix.v }} ${{ strategy.fail-fast }}'}]
                  b:
                    strategy: ${{ fromJSON('{}') }}
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo ${{ strategy.job-total }} [${{ matrix }}]'}]
                """)
            .run();
    assertThat(ran.log("a (x)")).containsExactly("x false");
    assertThat(ran.log("a (y)")).containsExactly("y false");
    assertThat(ran.log("b")).containsExactly("1 []");
  }

  @Test
  void concurrencyGroupThatIsEmpty_failsWhatNamesIt() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: push
                jobs:
                  a:
                    concurrency: ${{ github.head_ref }}
                    runs-on: ubuntu-latest
                    steps: [{run: echo never}]
                  b:
                    runs-on: ubuntu-latest
                    steps: [{run: echo ran}]
                """)
            .run();
    assertThat(ran.job("a")).isEqualTo("failure: concurrency: Unexpected value ''");
    assertThat(ran.job("b")).isEqualTo("success");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          continue-on-error: ${{ fromJSON('"true"') }}                             | Unexpected value 'true'
          continue-on-error: ${{ github.none }}                                    | Unexpected value ''
          timeout-minutes: ${{ fromJSON('"5"') }}                                  | Unexpected value '5'
          strategy: {fail-fast: "${{ fromJSON('\\"false\\"') }}", matrix: {a: [1]}}    | strategy: Unexpected value 'false'
          strategy: {max-parallel: "${{ fromJSON('\\"1\\"') }}", matrix: {a: [1]}}     | strategy: Unexpected value '1'
          concurrency: {group: g, cancel-in-progress: "${{ fromJSON('\\"true\\"') }}"} | concurrency: Unexpected value 'true'
          """)
  void expressionOfAnotherType_failsTheJob(String member, String cause) throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                "on: push\njobs:\n  x:\n    runs-on: ubuntu-latest\n    "
                    + member
                    + "\n    steps: [{run: echo never}]\n")
            .run();
    assertThat(ran.all(RunEvent.JobFinished.class))
        .singleElement()
        .satisfies(job -> {
          assertThat(job.conclusion()).isEqualTo(Conclusion.FAILURE);
          assertThat(job.cause()).startsWith(cause);
        });
    assertThat(ran.all(RunEvent.StepStarted.class)).isEmpty();
  }

  @Test
  void concurrencyGroup_thatItsOwnWorkflowOrCallHolds_cancelsWhatAsksForIt() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                ".github/workflows/called.yml",
                """
                on: workflow_call
                concurrency: Call
                jobs:
                  i: {runs-on: ubuntu-latest, steps: [{run: echo never}]}
                """)
            .workflow(
                """
                on: push
                concurrency: Whole
                jobs:
                  a: {runs-on: ubuntu-latest, concurrency: whole, steps: [{run: echo never}]}
                  b: {concurrency: {group: CALL, queue: max}, uses: ./.github/workflows/called.yml}
                  c: {runs-on: ubuntu-latest, concurrency: other, steps: [{run: echo c}]}
                """)
            .run();
    assertThat(ran.job("a"))
        .isEqualTo(
            "cancelled: The concurrency group 'whole' is held by the workflow that it is part of");
    assertThat(ran.job("b/i"))
        .isEqualTo(
            "cancelled: The concurrency group 'Call' is held by the call that it is part of");
    assertThat(ran.job("b")).isEqualTo("cancelled");
    assertThat(ran.log("c")).containsExactly("c");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.CANCELLED);
  }
}
