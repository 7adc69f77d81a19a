package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsTest {
  private static final String SHOW =
      """
      on:
        push:
        pull_request:
        pull_request_target:
        workflow_dispatch:
        schedule: [{cron: 0 2 * * *}]
      jobs:
        a:
          runs-on: ubuntu-latest
          steps:
            - run: echo "${{ github.event_name }} ${{ github.ref }} ${{ github.ref_name }} ${{ github.ref_type }} [${{ github.head_ref }}] [${{ github.base_ref }}]"
            - run: echo "${{ github.event.action }} ${{ github.event.number }} ${{ github.event.pull_request.head.ref }} ${{ github.event.repository.default_branch }} ${{ github.event.sender.login }} ${{ github.repository_owner }}"
      """;

  @TempDir Path folder;

  private Workbench bench() throws Exception {
    Workbench bench = Workbench.in(folder).workflow(SHOW).commit();
    Workbench.git(bench.root(), "remote", "add", "origin", "git@github.com:Acme/shop.git");
    Workbench.git(bench.root(), "checkout", "-q", "-b", "feature/x");
    return bench.file("a.txt", "1\n").commit();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          push                | push refs/heads/feature/x feature/x branch [] []            | '  main tester Acme'
          pull_request        | pull_request refs/pull/1/merge 1/merge branch [feature/x] [main] | synchronize 1 feature/x main tester Acme
          pull_request_target | pull_request_target refs/heads/main main branch [feature/x] [main] | synchronize 1 feature/x main tester Acme
          workflow_dispatch   | workflow_dispatch refs/heads/feature/x feature/x branch [] [] | '  main tester Acme'
          schedule            | schedule refs/heads/main main branch [] []                  | '  main tester Acme'
          """)
  void event_isMadeFromTheRepository(String event, String refs, String payload) throws Exception {
    Workbench.Ran ran = bench().asking(asked -> asked.event = event).run();
    assertThat(ran.log(1)).containsExactly(refs);
    assertThat(String.join(" ", ran.log(2).getFirst().split(" +")).strip())
        .isEqualTo(payload.strip());
  }

  @Test
  void payload_beatsWhatIsMadeUp() throws Exception {
    Workbench.Ran ran =
        bench()
            .asking(asked -> {
              asked.event = "pull_request";
              asked.payload =
                  (ObjectValue)
                      Json.parse(
                          """
                          {"action": "opened", "number": 17, "pull_request":
                            {"number": 17, "head": {"ref": "other"}, "base": {"ref": "release"}, "title": "T"}}
                          """);
            })
            .run();
    assertThat(ran.log(1))
        .containsExactly("pull_request refs/pull/17/merge 17/merge branch [other] [release]");
    assertThat(ran.log(2)).containsExactly("opened 17 other main tester Acme");
  }

  @Test
  void tagOfAPayload_isATag() throws Exception {
    Workbench.Ran ran =
        bench()
            .asking(
                asked -> asked.payload = (ObjectValue) Json.parse("{\"ref\": \"refs/tags/v1\"}"))
            .run();
    assertThat(ran.log(1)).containsExactly("push refs/tags/v1 v1 tag [] []");
  }

  @Test
  void dispatchedEvent_hasTheDefaultsOfInputs() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .workflow(
                """
                on: {workflow_dispatch: {inputs: {level: {default: high}, dry: {type: boolean}}}}
                jobs:
                  a:
                    if: github.event.inputs.level == 'high'
                    runs-on: ubuntu-latest
                    steps:
                      - run: echo "${{ github.event.inputs.level }} ${{ github.event.inputs.dry }}"; grep -o high "$GITHUB_EVENT_PATH"
                """)
            .asking(asked -> asked.event = "workflow_dispatch")
            .run();
    assertThat(ran.log("a")).containsExactly("high false", "high");
  }

  private static List<String> triggered(LocalEngine engine) {
    return engine.selected().stream()
        .filter(LocalEngine.Selected::triggered)
        .map(LocalEngine.Selected::file)
        .map(file -> file.substring(file.lastIndexOf('/') + 1))
        .toList();
  }

  @Test
  void paths_areThoseOfTheWorkingTree() throws Exception {
    Workbench bench = Workbench.in(folder).file("old/a", "1").file("ignored/.gitignore", "*\n");
    for (String name : new String[] {"committed", "changed", "new", "old", "removed", "ignored"}) {
      bench.file(
          ".github/workflows/" + name + ".yml",
          """
          on: {push: {paths: ['%s/**']}}
          jobs: {a: {runs-on: ubuntu-latest, steps: [{run: echo x}]}}
          """
              .formatted(name));
    }
    bench.file("changed/a", "1").file("removed/a", "1").commit();
    bench.file("committed/a", "1").commit();
    bench.file("changed/a", "2").file("new/ä", "1").file("ignored/a", "1");
    Files.delete(bench.root().resolve("removed/a"));
    assertThat(triggered(bench.engine()))
        .containsExactly("changed.yml", "committed.yml", "new.yml", "removed.yml");
  }

  @Test
  void pushOfManyCommits_isNotFilteredByPaths() throws Exception {
    Workbench bench =
        Workbench.in(folder)
            .workflow(
                "on: {push: {paths: [nothing]}}\n"
                    + "jobs: {a: {runs-on: ubuntu-latest, steps: [{run: echo x}]}}\n")
            .commit();
    StringBuilder commits = new StringBuilder();
    for (int i = 0; i < 1_001; i++) {
      commits
          .append("commit refs/heads/many\ncommitter A <a@b> 1 +0000\ndata 1\nx\n")
          .append(i == 0 ? "from refs/heads/main^0\n" : "")
          .append("M 100644 inline f\ndata 1\n" + i % 2 + "\n\n");
    }
    Process git =
        new ProcessBuilder("git", "fast-import", "--quiet")
            .directory(bench.root().toFile())
            .redirectErrorStream(true)
            .start();
    git.getOutputStream().write(commits.toString().getBytes(StandardCharsets.US_ASCII));
    git.getOutputStream().close();
    assertThat(git.waitFor()).isZero();
    assertThat(triggered(pushed(bench, "many~1000"))).isEmpty();
    assertThat(triggered(pushed(bench, "main"))).containsExactly("ci.yml");
  }

  private static LocalEngine pushed(Workbench bench, String before) throws Exception {
    String payload =
        "{\"ref\": \"refs/heads/many\", \"before\": \"%s\", \"after\": \"%s\"}"
            .formatted(
                Workbench.git(bench.root(), "rev-parse", before).strip(),
                Workbench.git(bench.root(), "rev-parse", "many").strip());
    return bench.asking(asked -> asked.payload = (ObjectValue) Json.parse(payload)).engine();
  }

  @Test
  void lastCommitOfAPullRequest_canSkipIt() throws Exception {
    Workbench bench = bench();
    Workbench.git(bench.root(), "commit", "-q", "--allow-empty", "-m", "work [skip ci]");
    bench.asking(asked -> asked.event = "pull_request");
    assertThat(triggered(bench.engine())).isEmpty();
    bench.asking(asked -> asked.event = "pull_request_target");
    assertThat(triggered(bench.engine())).containsExactly("ci.yml");
  }

  @Test
  void branchesOfAPullRequest_areThoseOfItsBase() throws Exception {
    Workbench bench = bench();
    bench
        .file(
            ".github/workflows/main.yml",
            """
            on: {pull_request: {branches: [main]}}
            jobs: {a: {runs-on: ubuntu-latest, steps: [{run: echo x}]}}
            """)
        .file(
            ".github/workflows/feature.yml",
            """
            on: {pull_request: {branches: ['feature/**']}}
            jobs: {a: {runs-on: ubuntu-latest, steps: [{run: echo x}]}}
            """);
    bench.asking(asked -> asked.event = "pull_request");
    assertThat(triggered(bench.engine())).containsExactly("ci.yml", "main.yml");
  }

  @Test
  void invalidWorkflow_stopsTheRunWithItsPlace() throws Exception {
    Workbench bench =
        Workbench.in(folder)
            .workflow("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    stepz: []\n");
    LocalEngine engine = bench.engine();
    assertThat(engine.refusal()).isNotNull();
    assertThat(engine.problems().getFirst().text()).startsWith(".github/workflows/ci.yml:5:5: ");
  }

  @Test
  void folderWithoutARepository_isRefused() {
    assertThatThrownBy(() -> Project.open(folder))
        .isInstanceOf(ProjectException.class)
        .hasMessageContaining("is in no Git repository");
  }

  @Test
  void repositoryWithoutACommit_runs() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps("- uses: actions/checkout@v4\n- run: ls .github; echo \"[$GITHUB_SHA]\"\n")
            .run();
    assertThat(ran.log(2)).containsExactly("workflows", "[]");
  }

  @Test
  void detachedHead_runs() throws Exception {
    Workbench bench = bench();
    Workbench.git(bench.root(), "checkout", "-q", "--detach");
    Workbench.Ran ran =
        bench
            .steps(
                """
                - uses: actions/checkout@v4
                - run: git rev-parse --abbrev-ref HEAD; git status --short
                """)
            .commit()
            .run();
    assertThat(ran.log(2)).containsExactly("HEAD");
  }

  @Test
  void projectBelowTheRepositorysRoot_isRunInItsFolder() throws Exception {
    Workbench outer =
        Workbench.in(folder).file("outer.txt", "x").file("sub/.github/workflows/ci.yml", SHOW);
    outer.commit();
    Project project = Project.open(outer.root().resolve("sub"));
    assertThat(project.root()).isEqualTo(outer.root().resolve("sub"));
  }
}
