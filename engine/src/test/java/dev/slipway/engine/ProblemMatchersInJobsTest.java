package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemMatchersInJobsTest {
  private static final String SIMPLE =
      """
      {"problemMatcher": [{
        "owner": "cc",
        "pattern": [{
          "regexp": "^(.+):(\\\\d+):(\\\\d+): (warning|error|notice|fatal): (.+?)(?: \\\\[(.+)\\\\])?$",
          "file": 1, "line": 2, "column": 3, "severity": 4, "message": 5, "code": 6
        }]
      }]}
      """;

  @TempDir Path folder;

  @Test
  void matcher_holdsForTheJob_untilItIsRemoved() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(".github/cc.json", SIMPLE)
            .file("src/a.c", "")
            .steps(
                """
                - uses: actions/checkout@v4
                - run: |
                    echo "src/a.c:1:2: error: too early"
                - run: |
                    echo "::add-matcher::.github/cc.json"
                    echo "src/a.c:1:2: error: wrong [E1]"
                - run: |
                    printf '\\033[31msrc/a.c:3:4: warning: coloured\\033[0m\\n'
                    echo "$PWD/src/a.c:5:6: notice: absolute" >&2
                    echo "src/none.c:1:1: error: no such file"
                    echo "/etc/passwd:1:1: error: outside"
                    echo "src/a.c:1:1: fatal: no such level"
                    echo "::stop-commands::tok"
                    echo "src/a.c:7:8: error: while stopped"
                    echo "::tok::"
                - run: |
                    echo "::remove-matcher owner=cc::"
                    echo "src/a.c:1:2: error: too late"
                """)
            .commit()
            .run();
    assertThat(ran.annotations())
        .containsExactlyInAnyOrder(
            "error wrong src/a.c L1 C2 [E1]",
            "warning coloured src/a.c L3 C4",
            "notice absolute src/a.c L5 C6",
            "error no such file L1 C1",
            "error outside L1 C1",
            "error while stopped src/a.c L7 C8");
    assertThat(ran.all(RunEvent.Annotation.class))
        .extracting(RunEvent.Annotation::source)
        .containsOnly("matcher");
    assertThat(ran.log(3)).contains("src/a.c:1:2: error: wrong [E1]");
    assertThat(ran.conclusion()).isEqualTo(Conclusion.SUCCESS);
  }

  @Test
  void severalLines_andFromPath() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file("app/src/x.js", "")
            .file(
                "m.json",
                """
                {"problemMatcher": [
                  {"owner": "lint", "severity": "warning", "pattern": [
                    {"regexp": "^FILE (\\\\S+)$", "file": 1},
                    {"regexp": "^  (\\\\d+): (.*)$", "line": 1, "message": 2, "loop": true}]},
                  {"owner": "proj", "fromPath": "app/project.json", "pattern": [
                    {"regexp": "^P (\\\\S+) (\\\\d+) (.*)$", "file": 1, "line": 2, "message": 3}]}
                ]}
                """)
            .steps(
                """
                - uses: actions/checkout@v4
                - run: |
                    echo "::add-matcher::$PWD/m.json"
                    echo "FILE app/src/x.js"
                    echo "  1: first"
                    echo "  2: second"
                    echo "other"
                    echo "  3: not this"
                    echo "P src/x.js 9 project"
                """)
            .commit()
            .run();
    assertThat(ran.annotations())
        .containsExactly(
            "warning first app/src/x.js L1",
            "warning second app/src/x.js L2",
            "error project app/src/x.js L9");
  }

  @Test
  void newMatcherOfTheSameOwner_takesThePlace() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: |
                    echo '{"problemMatcher":[{"owner":"x","pattern":[{"regexp":"old (.*)","message":1}]}]}' > 1.json
                    echo '{"problemMatcher":[{"owner":"X","pattern":[{"regexp":"new (.*)","message":1}]}]}' > 2.json
                    echo '{"problemMatcher":[{"owner":"bad","pattern":[{"regexp":"(","message":1}]}]}' > 3.json
                    echo ::add-matcher::1.json
                    echo ::add-matcher::2.json
                    echo old one
                    echo new two
                - run: echo ::add-matcher::3.json
                """)
            .run();
    assertThat(ran.annotations()).containsExactly("error two");
    assertThat(ran.outcomes()).containsExactly("success", "failure");
    assertThat(ran.log(2).getLast()).contains("no valid regular expression");
  }

  @Test
  void severalLines_areThoseOfOneStreamOfOneStep() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                "m.json",
                """
                {"problemMatcher": [{"owner": "two", "pattern": [
                  {"regexp": "^IN (.*)", "code": 1}, {"regexp": "^BAD (.*)", "message": 1}]}]}
                """)
            .steps(
                """
                - uses: actions/checkout@v4
                - run: |
                    echo ::add-matcher::m.json
                    echo IN a; echo BAD together
                    echo IN b
                - run: echo BAD of another step
                - run: |
                    echo IN c >&2; exec 2>&-
                    echo BAD of another stream
                """)
            .commit()
            .run();
    assertThat(ran.annotations()).containsExactly("error together [a]");
  }

  @Test
  void matchers_areAskedInTheOrderOfTheirFile_untilOneFindsAProblem() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(
                "m.json",
                """
                {"problemMatcher": [
                  {"owner": "a", "pattern": [{"regexp": "^(fatal|error) (.*)", "severity": 1, "message": 2}]},
                  {"owner": "b", "pattern": [{"regexp": "^(.*)$", "message": 1}]}]}
                """)
            .steps(
                """
                - uses: actions/checkout@v4
                - run: echo ::add-matcher::m.json
                - run: |
                    echo error one
                    echo fatal two
                """)
            .commit()
            .run();
    assertThat(ran.annotations()).containsExactly("error one", "error fatal two");
  }

  @Test
  void file_ofAnotherRepository_isLeftOut() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .file(".github/cc.json", SIMPLE)
            .file("src/a.c", "")
            .steps(
                """
                - uses: actions/checkout@v4
                - run: |
                    git init -q other; git -C other remote add origin https://example.com/a/b
                    git init -q again
                    git -C again remote add origin "https://github.com/$GITHUB_REPOSITORY"
                    touch other/b.c again/c.c
                    echo "::add-matcher::.github/cc.json"
                    echo "other/b.c:1:2: error: foreign"
                    echo "again/c.c:1:2: error: own"
                    echo "src:1:2: error: folder"
                    echo "src/a.c:+1:2: error: no match"
                """)
            .commit()
            .run();
    assertThat(ran.annotations())
        .containsExactly("error foreign L1 C2", "error own c.c L1 C2", "error folder L1 C2");
  }
}
