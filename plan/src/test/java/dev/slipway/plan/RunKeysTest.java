package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunKeysTest {
  private static final String RELEASE =
      "on: push\njobs:\n"
          + Plans.job("Build", "strategy: {matrix: {n: [1, 2]}}")
          + "  test:\n    needs: Build\n    uses: ./.github/workflows/called.yml\n"
          + Plans.job("ship", "needs: [Build, test]");

  private static Plans plans() {
    return Plans.of(
            "on: push\njobs:\n" + Plans.job("build", "") + Plans.job("test", "needs: build"))
        .file("other.yml", "on: schedule\njobs:\n" + Plans.job("ship", ""))
        .file("release.yml", RELEASE)
        .file(
            "called.yml",
            "on: workflow_call\njobs:\n"
                + Plans.job("build", "")
                + Plans.job("more", "needs: build"));
  }

  private static List<PlannedJob> jobs(Plan plan) {
    return plan.workflows().stream().flatMap(workflow -> workflow.jobs().stream()).toList();
  }

  @Test
  @DisplayName("Of triggered workflows with the same ids the later have their file in their keys")
  void keys() {
    assertThat(jobs(plans().plan()))
        .extracting(PlannedJob::key)
        .containsExactly(
            "build",
            "test",
            "release.yml:Build (1)",
            "release.yml:Build (2)",
            "release.yml:test/build",
            "release.yml:test/more",
            "ship");
  }

  @Test
  @DisplayName("Needs are the keys of what is needed, without its matrix; ids stay ids")
  void needs() {
    List<PlannedJob> jobs = jobs(plans().plan());
    assertThat(jobs.getLast().needs()).containsExactly("release.yml:Build", "release.yml:test");
    assertThat(jobs.getLast().after())
        .containsExactly("release.yml:Build", "release.yml:test/more");
    assertThat(jobs.get(5).needs()).containsExactly("release.yml:test/build");
    assertThat(jobs.get(5).id()).isEqualTo("more");
    assertThat(jobs.get(2).group()).isEqualTo("release.yml:Build");
    assertThat(jobs.get(1).needs()).containsExactly("build");
    assertThat(plans().plan().criticalPath().jobs())
        .containsExactly(
            "release.yml:Build (1)", "release.yml:test/build", "release.yml:test/more", "ship");
  }

  @Test
  @DisplayName("A job of one workflow may be asked for by its file and id")
  void selection() {
    assertThat(jobs(plans().only("release.yml:build").plan()))
        .extracting(PlannedJob::key)
        .containsExactly("release.yml:Build (1)", "release.yml:Build (2)");
    assertThat(jobs(plans().only("ci.yml:build").plan()))
        .extracting(PlannedJob::key)
        .containsExactly("build");
    assertThat(jobs(plans().only("BUILD").plan()))
        .extracting(PlannedJob::key)
        .containsExactly("build", "release.yml:Build (1)", "release.yml:Build (2)");
    assertThatThrownBy(() -> plans().only("ci.yml:ship").plan())
        .isInstanceOfSatisfying(
            PlanException.class,
            e -> assertThat(e.hint()).endsWith("; FILE:ID is the one of a certain file"));
  }

  @Test
  @DisplayName("Files of the same name are told apart by their folders")
  void sameFileName() {
    Plan plan =
        Plans.of("on: push\njobs:\n" + Plans.job("build", ""))
            .file("b/ci.yml", "on: push\njobs:\n" + Plans.job("build", ""))
            .file("c/ci.yml", "on: push\njobs:\n" + Plans.job("build", ""))
            .plan();
    assertThat(jobs(plan))
        .extracting(PlannedJob::key)
        .containsExactly("build", "ci.yml:build", ".github/workflows/c/ci.yml:build");
  }

  @Test
  @DisplayName("A job takes as long as it did when its workflow ran alone")
  void estimates() {
    assertThat(jobs(plans().takes("Build (2)", 7_000).plan()).get(3).estimateMs()).isEqualTo(7_000);
  }

  @ParameterizedTest
  @DisplayName("Keys lead to the plan and back")
  @CsvSource({
    "build, release.yml:build",
    "BUILD (x:y), release.yml:BUILD (x:y)",
    "build/inner (1), release.yml:build/inner (1)",
    "build-2, build-2",
    "test/build, test/build",
  })
  void thereAndBack(String inRun, String inPlan) {
    RunKeys keys = new RunKeys("release.yml:", Set.of("build"));
    assertThat(keys.inPlan(inRun)).isEqualTo(inPlan);
    assertThat(RunKeys.inRun(".github/workflows/release.yml", inPlan)).isEqualTo(inRun);
    assertThat(RunKeys.PLAIN.inPlan(inRun)).isEqualTo(inRun);
  }
}
