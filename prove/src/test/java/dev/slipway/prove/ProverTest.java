package dev.slipway.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.plan.JobSelection;
import dev.slipway.plan.PlanException;
import dev.slipway.plan.WorkflowResolver;
import dev.slipway.plan.WorkflowSource;
import dev.slipway.plan.WorkflowTree;
import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionManifestReader;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.WorkflowReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which failures a proof finds masked, and by what. */
final class ProverTest {
  private final Map<String, String> files = new HashMap<>();

  private Proof prove(String text) {
    return prove(text, "push", null, false);
  }

  private Proof gate(String gate, String text) {
    return prove(text, "pull_request", gate, false);
  }

  private Proof prove(String text, String event, @Nullable String gate, boolean pairs) {
    Workflow workflow = workflow("ci.yml", text);
    WorkflowSource source =
        (uses, origin) -> {
          String called = files.get(uses);
          if (called == null) {
            throw new PlanException("no " + uses);
          }
          return new WorkflowSource.Called(WorkflowReader.read(uses, called), "");
        };
    WorkflowTree tree =
        Objects.requireNonNull(
            WorkflowResolver.resolve(workflow, source, JobSelection.ALL).value());
    ActionManifests actions =
        reference -> {
          String manifest = files.get(reference.source());
          return manifest == null ? null : manifest(reference.source(), manifest);
        };
    return Prover.prove(new Prover.Question(tree, event, gate, pairs, actions));
  }

  private static @Nullable ActionManifest manifest(String file, String text) {
    return ActionManifestReader.read(file, text).value();
  }

  private static Workflow workflow(String file, String text) {
    var reading = WorkflowReader.read(file, text);
    assertThat(reading.problems()).isEmpty();
    return Objects.requireNonNull(reading.value());
  }

  /** Masked steps as {@code job number}, two of a pair joined by a plus sign. */
  private static List<String> masked(Proof proof) {
    return proof.masked().stream()
        .map(mask ->
            mask.steps().stream()
                .map(step -> step.job() + " " + step.number())
                .collect(Collectors.joining(" + ")))
        .toList();
  }

  private static List<String> reasons(Proof proof) {
    return proof.masked().stream().flatMap(mask -> mask.path().stream()).map(Link::text).toList();
  }

  private static String job(String id, String more, String... steps) {
    StringBuilder text =
        new StringBuilder("  " + id + ":\n    runs-on: ubuntu-latest\n" + more + "    steps:\n");
    for (String step : steps) {
      text.append("      - ").append(step.replace("\n", "\n        ")).append('\n');
    }
    return text.toString();
  }

  private static String on(String... jobs) {
    return "on: [push, pull_request]\njobs:\n" + String.join("", jobs);
  }

  @Test
  void plainSteps_turnTheRunRed() {
    Proof proof = prove(on(job("test", "", "run: make", "run: make test")));

    assertThat(masked(proof)).isEmpty();
    assertThat(proof.steps()).isEqualTo(2);
    assertThat(proof.complete()).isTrue();
  }

  @Test
  void continueOnError_ofAStep_masksIt() {
    Proof proof =
        prove(on(job("test", "", "run: make", "run: make lint\ncontinue-on-error: true")));

    assertThat(masked(proof)).containsExactly("test 2");
    assertThat(reasons(proof))
        .containsExactly("continue-on-error lets the job go on as if step 2 had succeeded");
    assertThat(proof.masked().getFirst().path().getFirst().place().at().line()).isEqualTo(8);
  }

  @Test
  void outcomeLookedAtLater_isNotMasked() {
    Proof proof =
        prove(
            on(
                job(
                    "test",
                    "",
                    "id: lint\nrun: make lint\ncontinue-on-error: true",
                    "if: steps.lint.outcome == 'failure'\nrun: exit 1")));

    assertThat(masked(proof)).isEmpty();
  }

  @Test
  void continueOnError_ofAJob_masksItsSteps() {
    Proof proof = prove(on(job("test", "    continue-on-error: true\n", "run: make test")));

    assertThat(masked(proof)).containsExactly("test 1");
    assertThat(reasons(proof))
        .containsExactly("continue-on-error lets the run go on as if job 'test' had succeeded");
  }

  @Test
  void continueOnError_ofOneLeg_masksThatLegOnly() {
    Proof proof =
        prove(
            on(
                job(
                    "test",
                    """
                        continue-on-error: ${{ matrix.experimental }}
                        strategy:
                          matrix:
                            include:
                              - {os: a, experimental: false}
                              - {os: b, experimental: true}
                    """
                        .indent(0),
                    "run: make test")));

    assertThat(masked(proof)).containsExactly("test (b, true) 1");
  }

  @Test
  void gateThatIsSkipped_passes() {
    Proof proof =
        gate(
            "gate",
            on(
                job("test", "", "run: make test"),
                job("gate", "    needs: test\n", "run: echo all green")));

    assertThat(masked(proof)).containsExactly("test 1");
    assertThat(reasons(proof))
        .singleElement()
        .asString()
        .contains("the gate 'gate' is skipped (needs 'test', which ended in failure)");
  }

  @Test
  void gateThatAlwaysRunsAndLooksAtNothing_passes() {
    Proof proof =
        gate(
            "gate",
            on(
                job("test", "", "run: make test"),
                job("gate", "    needs: test\n    if: always()\n", "run: echo all green")));

    assertThat(masked(proof)).containsExactly("test 1");
    assertThat(proof.masked().getFirst().certain()).isTrue();
  }

  @Test
  void gateThatForgetsAJob_passesWithoutIt() {
    String gate = "    needs: [test]\n    if: always()\n";
    Proof proof =
        gate(
            "gate",
            on(
                job("test", "", "run: make test"),
                job("lint", "", "run: make lint"),
                job("gate", gate, "if: contains(needs.*.result, 'failure')\nrun: exit 1")));

    assertThat(masked(proof)).containsExactly("lint 1");
    assertThat(reasons(proof)).contains("the gate 'gate' does not need 'lint'");
  }

  @Test
  void gateWhoseScriptTestsResults_holds() {
    String gate = "    needs: [test, lint]\n    if: always()\n";
    String script =
        "run: |\n"
            + "  for r in ${{ join(needs.*.result, ' ') }}; do\n"
            + "    [ \"$r\" = success ] || exit 1\n"
            + "  done";
    Proof proof =
        gate(
            "gate",
            on(
                job("test", "", "run: make test"),
                job("lint", "", "run: make lint"),
                job("gate", gate, script)));

    assertThat(masked(proof)).isEmpty();
  }

  @Test
  void gateThatLooksForFailureOnly_letsSkippedJobsPass() {
    String gate = "    needs: [build, test]\n    if: always()\n";
    Proof proof =
        gate(
            "gate",
            on(
                job("build", "", "run: make"),
                job("test", "    needs: build\n", "run: make test"),
                job("gate", gate, "run: '[ \"${{ needs.test.result }}\" != failure ]'")));

    assertThat(masked(proof)).containsExactly("build 1");
  }

  @Test
  void gateWhoseScriptIsNotUnderstood_isSaidToBeUncertain() {
    String gate = "    needs: [test]\n    if: always()\n";
    Proof proof =
        gate(
            "gate",
            on(
                job("test", "", "run: make test"),
                job("gate", gate, "run: if [ \"$(cat result)\" != ok ]; then exit 1; fi")));

    assertThat(masked(proof)).containsExactly("test 1");
    assertThat(proof.masked().getFirst().certain()).isFalse();
  }

  @Test
  void allsGreen_holds_butForWhatIsAllowed() {
    String gate = "    needs: [test, lint]\n    if: always()\n";
    String uses =
        "uses: re-actors/alls-green@release/v1\n"
            + "with:\n"
            + "  allowed-failures: lint\n"
            + "  jobs: ${{ toJSON(needs) }}";
    Proof proof =
        gate(
            "gate",
            on(
                job("test", "", "run: make test"),
                job("lint", "", "run: make lint"),
                job("gate", gate, uses)));

    assertThat(masked(proof)).containsExactly("lint 1");
  }

  @Test
  void maskInOneWorldOnly_namesIt() {
    String gate = "    needs: [test]\n    if: always() && github.actor != 'bot'\n";
    Proof proof =
        gate(
            "gate",
            on(
                job("test", "", "run: make test"),
                job("gate", gate, "if: needs.test.result != 'success'\nrun: exit 1")));

    assertThat(masked(proof)).containsExactly("test 1");
  }

  @Test
  void conditionOnAnOutput_isTriedBothWays() {
    Proof proof =
        prove(
            on(
                job(
                    "changes",
                    "    outputs:\n      src: ${{ steps.filter.outputs.src }}\n",
                    "id: filter\nuses: dorny/paths-filter@v3"),
                job(
                    "test",
                    "    needs: changes\n    if: needs.changes.outputs.src == 'true'\n",
                    "run: make test\ncontinue-on-error: ${{ github.ref != 'refs/heads/main' }}")));

    assertThat(masked(proof)).containsExactly("test 1");
    assertThat(proof.masked().getFirst().when()).containsExactly("github.ref is something else");
    assertThat(proof.unreached()).isEmpty();
  }

  @Test
  void calledWorkflow_isLookedInto() {
    files.put(
        "./.github/workflows/test.yml",
        "on: workflow_call\njobs:\n"
            + job("unit", "", "run: make test\ncontinue-on-error: true", "run: make report"));
    Proof proof = prove("on: push\njobs:\n  call:\n    uses: ./.github/workflows/test.yml\n");

    assertThat(masked(proof)).containsExactly("call/unit 1");
    assertThat(proof.masked().getFirst().path().getFirst().place().file())
        .isEqualTo("./.github/workflows/test.yml");
  }

  @Test
  void compositeAction_isLookedInto() {
    files.put(
        "./.github/actions/check",
        """
        name: check
        description: checks
        runs:
          using: composite
          steps:
            - run: make lint
              shell: bash
              continue-on-error: true
            - run: make test
              shell: bash
        """);
    Proof proof = prove(on(job("test", "", "uses: ./.github/actions/check")));

    assertThat(masked(proof)).containsExactly("test 1.1");
    assertThat(proof.steps()).isEqualTo(2);
  }

  @Test
  void stepThatFailsBesideOthers_countsWhereItIsWaitedFor() {
    Proof proof =
        prove(
            on(
                job(
                    "test",
                    "",
                    "id: db\nrun: start\nbackground: true",
                    "run: make test",
                    "wait: [db]")));

    assertThat(masked(proof)).isEmpty();
  }

  @Test
  void matrixMadeDuringTheRun_isSupposed() {
    Proof proof =
        prove(
            on(
                job(
                    "plan",
                    "    outputs:\n      m: ${{ steps.m.outputs.m }}\n",
                    "id: m\nrun: make matrix"),
                job(
                    "test",
                    "    needs: plan\n"
                        + "    strategy:\n"
                        + "      matrix: ${{ fromJSON(needs.plan.outputs.m) }}\n",
                    "run: make ${{ matrix.os }}\ncontinue-on-error: true")));

    assertThat(masked(proof)).hasSize(1);
    assertThat(proof.assumptions()).anyMatch(a -> a.contains("matrix of job 'test'"));
  }

  @Test
  void failuresThatMaskEachOther_areFoundAsPairs() {
    String gate = "    needs: [a, b]\n    if: always()\n";
    Proof proof =
        prove(
            on(
                job("a", "", "run: make a"),
                job("b", "", "run: make b"),
                job("gate", gate, "if: needs.a.result != needs.b.result\nrun: exit 1")),
            "pull_request",
            "gate",
            true);

    assertThat(masked(proof)).containsExactly("a 1 + b 1");
  }

  @Test
  void stepsThatNeverRun_areNamed() {
    Proof proof = prove(on(job("test", "", "run: make", "if: failure()\nrun: make report")));

    assertThat(proof.unreached()).extracting(ProvenStep::number).containsExactly("2");
  }
}
