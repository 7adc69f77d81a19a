package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JobSelectionTest {
  private static final String CI =
      "on: push\njobs:\n"
          + Plans.job("lint", "")
          + Plans.job("build", "")
          + Plans.job(
              "Test", "needs: build\nstrategy: {matrix: {os: [linux, macos], java: [21, 25]}}")
          + Plans.job("deploy", "needs: Test");

  private static Plans plans() {
    return Plans.of(CI).file("docs.yml", "on: push\njobs:\n" + Plans.job("pages", ""));
  }

  private static List<String> keys(Plan plan) {
    return plan.workflows().stream()
        .flatMap(workflow -> workflow.jobs().stream())
        .map(PlannedJob::key)
        .toList();
  }

  @Test
  @DisplayName("A job asked for is planned with what it needs, and no other")
  void jobs() {
    Plan plan = plans().only("test").plan();
    assertThat(keys(plan))
        .containsExactly(
            "build",
            "Test (linux, 21)",
            "Test (linux, 25)",
            "Test (macos, 21)",
            "Test (macos, 25)");
    PlannedWorkflow docs = plan.workflows().get(1);
    assertThat(docs.triggered()).isFalse();
    assertThat(docs.reason()).isEqualTo("has none of the jobs asked for");
    assertThat(plan.criticalPath().jobs()).containsExactly("build", "Test (linux, 21)");
  }

  @Test
  @DisplayName("Jobs of several workflows may be asked for")
  void jobsOfSeveralWorkflows() {
    assertThat(keys(plans().only("pages").only("lint").plan())).containsExactly("lint", "pages");
  }

  @Test
  @DisplayName("A job that no workflow has is a mistake, and the hint names those that exist")
  void unknownJob() {
    assertThatThrownBy(() -> plans().only("lint").only("tset").plan())
        .isInstanceOfSatisfying(
            PlanException.class,
            e -> {
              assertThat(e).hasMessage("no workflow has a job 'tset'");
              assertThat(e.hint())
                  .isEqualTo("jobs go by their ids: Test, build, deploy, lint, pages");
            });
  }

  @Test
  @DisplayName("A file that is not valid may have the job, so that is told instead")
  void unknownJobAndInvalidFile() {
    Plan plan = plans().file("broken.yml", "on: push\njobs: 1\n").only("tset").plan();
    assertThat(keys(plan)).isEmpty();
    assertThat(plan.workflows().get(2).problems()).isNotEmpty();
  }

  @Test
  @DisplayName("Values of one key of a matrix are alternatives; other jobs are not restricted")
  void matrix() {
    assertThat(keys(plans().only("java", "21").only("java", "25").only("OS", "macos").plan()))
        .containsExactly(
            "lint", "build", "Test (macos, 21)", "Test (macos, 25)", "deploy", "pages");
  }

  @Test
  @DisplayName("Combinations keep the names and indexes that they have in the whole matrix")
  void matrixIndexes() {
    String text =
        "on: push\njobs:\n"
            + Plans.job(
                "test",
                "name: ${{ strategy.job-index }} of ${{ strategy.job-total }}\n"
                    + "strategy: {matrix: {n: [1, 2, 3]}}");
    assertThat(Plans.of(text).only("n", "3").jobs())
        .extracting(PlannedJob::key, PlannedJob::name)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("test (3)", "2 of 3"));
  }

  @Test
  @DisplayName("A job none of whose combinations is wanted does not run, nor does what needs it")
  void noCombination() {
    List<PlannedJob> jobs = plans().only("os", "plan9").plan().workflows().getFirst().jobs();
    assertThat(jobs)
        .extracting(PlannedJob::key, job -> job.runs().text(), PlannedJob::reason)
        .contains(
            org.assertj.core.groups.Tuple.tuple(
                "Test", "no", "no combination of the matrix was asked for"),
            org.assertj.core.groups.Tuple.tuple(
                "deploy", "no", "needs 'Test', which does not run"));
  }

  @Test
  @DisplayName("Matrices in called workflows are restricted too")
  void calledMatrix() {
    Plans plans =
        Plans.of("on: push\njobs: {call: {uses: ./.github/workflows/called.yml}}\n")
            .file(
                "called.yml",
                "on: workflow_call\njobs:\n"
                    + Plans.job("inner", "strategy: {matrix: {n: [1, 2]}}"))
            .only("call")
            .only("n", "2");
    assertThat(keys(plans.plan())).containsExactly("call/inner (2)");
  }
}
