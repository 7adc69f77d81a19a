package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskingTest {
  private static final String SECRET = "p&ss 'w\"rd'/%x-1234567";

  @TempDir Path folder;

  @Test
  void secret_appearsNowhere() throws Exception {
    Workbench bench =
        Workbench.in(folder)
            .asking(asked -> {
              asked.secrets.put("KEY", SECRET);
              asked.secrets.put("LINES", "first-secret-line\nsecond-secret-line");
            })
            .workflow(
                """
                on: push
                jobs:
                  a:
                    name: Job ${{ github.ref_name }}
                    runs-on: ubuntu-latest
                    outputs: {o: '${{ steps.o.outputs.o }}'}
                    steps:
                      - id: o
                        name: Name ${{ secrets.KEY }}
                        env: {KEY: "${{ secrets.KEY }}", LINES: "${{ secrets.LINES }}"}
                        run: |
                          echo "plain $KEY"
                          echo "$KEY" >&2
                          printf '%s' "$KEY" | base64 -w0; echo
                          printf 'x%s' "$KEY" | base64 -w0; echo
                          printf 'xx%s' "$KEY" | base64 -w0; echo
                          printf '%s' "$KEY" | sed 's/"/\\\\"/g'; echo
                          echo "$LINES"
                          echo "::error title=$KEY,file=${KEY}::$KEY"
                          echo "::group::$KEY"
                          echo "::debug::$KEY"
                          echo "::unknown::$KEY"
                          echo "# $KEY" >> $GITHUB_STEP_SUMMARY
                          echo "o=$KEY" >> $GITHUB_OUTPUT
                          echo "bad $KEY" >> $GITHUB_ENV
                        continue-on-error: true
                      - run: echo '::add-mask::made-up-value'; echo made-up-value
                      - run: echo still made-up-value
                      - run: cat "/none/$(printf made-up-value)"
                        working-directory: made-up-value
                """);
    Workbench.Ran ran = bench.run();
    assertThat(ran.log(1)).contains("plain ***", "***", "::unknown::***");
    assertThat(ran.log(2)).containsExactly("***");
    assertThat(ran.log(3)).containsExactly("still ***");
    assertThat(ran.all(RunEvent.StepStarted.class).getFirst().name()).isEqualTo("Name ***");
    assertThat(ran.summaries()).containsExactly("# ***\n");
    assertThat(ran.outputs("a")).isEmpty();
    String stored = Files.readString(bench.root().resolve(".slipway/runs/1/events.jsonl"));
    assertThat(stored)
        .doesNotContain("1234567")
        .doesNotContain("secret-line")
        .doesNotContain("MTIzNDU2");
    assertThat(Files.readString(bench.root().resolve(".slipway/runs/1/request.json")))
        .contains("KEY")
        .doesNotContain("1234567");
  }

  @Test
  void maskOfOneJob_isNotThatOfAnother() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .asking(asked -> asked.slots = 1)
            .workflow(
                """
                on: push
                jobs:
                  a: {runs-on: ubuntu-latest, steps: [{run: "echo ::add-mask::word; echo word"}]}
                  b: {needs: a, runs-on: ubuntu-latest, steps: [{run: "echo word"}]}
                """)
            .run();
    assertThat(ran.log("a")).containsExactly("***");
    assertThat(ran.log("b")).containsExactly("word");
  }

  @Test
  void secretInAMatrixOrACause_isMasked() throws Exception {
    Workbench bench =
        Workbench.in(folder)
            .asking(asked -> asked.secrets.put("KEY", "deep-secret"))
            .workflow(
                """
                on: push
                jobs:
                  a:
                    runs-on: ubuntu-latest
                    outputs: {v: '${{ steps.o.outputs.v }}'}
                    steps:
                      - id: o
                        run: echo 'v=["deep-","secret"]' >> $GITHUB_OUTPUT
                  b:
                    needs: a
                    strategy: {matrix: {v: ["${{ join(fromJSON(needs.a.outputs.v), '') }}"]}}
                    runs-on: ubuntu-latest
                    steps: [{run: 'echo ${{ matrix.v }}'}]
                """);
    Workbench.Ran ran = bench.run();
    assertThat(ran.conclusion()).isEqualTo(Conclusion.SUCCESS);
    assertThat(Files.readString(bench.root().resolve(".slipway/runs/1/events.jsonl")))
        .doesNotContain("deep-secret");
  }
}
