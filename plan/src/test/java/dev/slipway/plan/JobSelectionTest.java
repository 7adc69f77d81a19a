package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        .containsExactly(tuple("test (3)", "2 of 3"));
  }

  @Test
  @DisplayName("A job none of whose combinations is wanted does not run, nor does what needs it")
  void noCombination() {
    List<PlannedJob> jobs = plans().only("os", "plan9").plan().workflows().getFirst().jobs();
    assertThat(jobs)
        .extracting(PlannedJob::key, job -> job.runs().text(), PlannedJob::reason)
        .contains(
            tuple("Test", "no", "no combination of the matrix was asked for"),
            tuple("deploy", "no", "needs 'Test', which does not run"));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("Values that leave nothing of what was asked for are a mistake")
  @CsvSource(
      delimiter = '|',
      value = {
        "-j test os:plan9             | os 'plan9'             | of os: linux, macos",
        "-j deploy os:plan9 os:beos   | os 'plan9' or 'beos'   | of os: linux, macos",
        "-j test java:21 OS:plan9     | java '21' and OS 'plan9' | of java: 21, 25; of OS: linux,"
            + " macos",
        "-j test os:plan9 arch:x      | os 'plan9' and arch 'x' | of os: linux, macos",
      })
  void nothingLeft(String words, String asked, String values) {
    Plans plans = plans();
    for (String word : words.split(" ")) {
      String[] pair = word.split(":");
      if (pair.length == 2) {
        plans.only(pair[0], pair[1]);
      } else if (!word.equals("-j")) {
        plans.only(word);
      }
    }
    assertThatThrownBy(plans::plan)
        .isInstanceOfSatisfying(
            PlanException.class,
            e -> {
              assertThat(e).hasMessage("no job is left: no combination of a matrix has " + asked);
              assertThat(e.hint()).isEqualTo("there are values " + values);
            });
  }

  @Test
  @DisplayName("Values are no mistake where a job that was asked for runs without them")
  void somethingLeft() {
    String dynamic =
        "strategy: {matrix: {os: '${{ fromJSON(needs.build.outputs.all) }}'}}\nneeds: build";
    assertThat(
            Plans.of("on: push\njobs:\n" + Plans.job("build", "") + Plans.job("test", dynamic))
                .only("test")
                .only("os", "plan9")
                .job("test")
                .runs())
        .isEqualTo(Runs.DEPENDS);
    assertThat(plans().only("deploy").only("arch", "x").job("deploy").runs()).isEqualTo(Runs.YES);
    assertThat(
            Plans.of(
                    "on: push\njobs:\n"
                        + Plans.job("test", "strategy: {matrix: {os: [linux]}}")
                        + Plans.job("win", "strategy: {matrix: {os: [win]}}")
                            .replace("ubuntu-latest", "windows-latest"))
                .only("os", "win")
                .job("win (win)")
                .reason())
        .contains("no machine here");
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
