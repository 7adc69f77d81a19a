package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RenderingTest {
  private static Plan plan() {
    return Plans.of(
            "name: Build & \"test\"\non: push\njobs:\n"
                + Plans.job("lint", "")
                + Plans.job("test", "needs: lint\nstrategy: {matrix: {v: [1, 2]}}")
                + Plans.job("deploy", "needs: test\nname: <deploy> `x`\nif: needs.test.outputs.go")
                + Plans.job("never", "if: github.ref == 'x'"))
        .file("other.yml", "name: Other\non: pull_request\njobs:\n" + Plans.job("a", ""))
        .on(Plans.event("push", "refs/heads/main", "{}", "a", "b"))
        .takes("lint", 4_200)
        .takes("test (1)", 75_000)
        .takes("test (2)", 60_000)
        .plan();
  }

  @Test
  @DisplayName("Text says for each job whether it runs and why")
  void text() {
    assertThat(PlanText.write(plan()))
        .isEqualTo(
            """
            push on refs/heads/main, 2 changed files

            Build & "test"  .github/workflows/ci.yml
              triggered: push to 'main'
              ● lint          waits for nothing · ubuntu-latest → host · about 4 s
              ● test (1)      after 'lint' · ubuntu-latest → host · about 1 min 15 s
              ● test (2)      after 'lint' · ubuntu-latest → host · about 1 min
              ◐ <deploy> `x`  depends: `if: needs.test.outputs.go` depends on needs.test.outputs.go, which is not known before the run · ubuntu-latest → host
              ○ never         no: `if: github.ref == 'x'` is false (github.ref is 'refs/heads/main')

            Other  .github/workflows/other.yml
              not triggered: runs on pull_request, not on push

            Critical path: lint → test (1) → deploy
            """);
  }

  @Test
  @DisplayName("Mermaid has a box for each job and an arrow for each need")
  void mermaid() {
    assertThat(PlanMermaid.write(plan()))
        .isEqualTo(
            """
            flowchart LR
              subgraph w0["Build #amp; #quot;test#quot;"]
                direction LR
                w0j0["lint<br/>4 s"]:::yes
                w0j1["test × 2<br/>1 min 15 s"]:::yes
                w0j2["#lt;deploy#gt; #96;x#96;"]:::depends
                w0j3["never"]:::no
                w0j0 --> w0j1
                w0j1 -.-> w0j2
              end
              classDef yes stroke:#2da44e,stroke-width:2px
              classDef depends stroke:#bf8700,stroke-width:2px,stroke-dasharray:5 4
              classDef no stroke:#8c959f,color:#8c959f,stroke-dasharray:2 3
            """);
  }

  @Test
  @DisplayName("The picture is well-formed, needs nothing else, and shows every job")
  void svg() throws Exception {
    String svg = PlanSvg.write(plan());
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getElementsByTagName("g").getLength()).isEqualTo(4);
    assertThat(document.getElementsByTagName("path").getLength()).isEqualTo(2);
    assertThat(document.getDocumentElement().getTextContent())
        .contains("lint", "test × 2", "<deploy> `x`", "never", "about 1 min 15 s");
    assertThat(svg).contains("prefers-color-scheme:dark").doesNotContain("href", "url(");
  }

  @Test
  @DisplayName("No line of the picture runs through a box")
  void longLines() {
    String svg =
        PlanSvg.write(
            Plans.of(
                    "on: push\njobs:\n"
                        + Plans.job("a", "")
                        + Plans.job("b", "needs: a")
                        + Plans.job("c", "needs: [a, b]")
                        + Plans.job("d", "needs: [a, c]")
                        + Plans.job("x", "")
                        + Plans.job("e", "needs: [x, d, b]"))
                .plan());
    List<double[]> boxes = new ArrayList<>();
    Matcher box =
        Pattern.compile(
                "<rect class=\"b\" x=\"(\\d+)\" y=\"(\\d+)\" width=\"(\\d+)\" height=\"(\\d+)\"")
            .matcher(svg);
    while (box.find()) {
      double x = Double.parseDouble(box.group(1));
      double y = Double.parseDouble(box.group(2));
      boxes.add(
          new double[] {
            x, y, x + Double.parseDouble(box.group(3)), y + Double.parseDouble(box.group(4))
          });
    }
    assertThat(boxes).hasSize(6);
    Matcher straight = Pattern.compile("d=\"M(\\d+) (\\d+)H(\\d+)\"").matcher(svg);
    int lines = 0;
    while (straight.find()) {
      lines++;
      double from = Double.parseDouble(straight.group(1));
      double y = Double.parseDouble(straight.group(2));
      double to = Double.parseDouble(straight.group(3));
      assertThat(boxes).noneMatch(b -> from < b[2] && to > b[0] && y > b[1] && y < b[3]);
    }
    assertThat(lines).isGreaterThan(3);
    for (int i = 0; i < boxes.size(); i++) {
      for (int k = 0; k < i; k++) {
        double[] one = boxes.get(i);
        double[] other = boxes.get(k);
        assertThat(one[0] < other[2] && one[2] > other[0] && one[1] < other[3] && one[3] > other[1])
            .isFalse();
      }
    }
  }

  @Test
  @DisplayName("A plan without triggered workflows is a picture too")
  void nothing() {
    Plan plan = Plans.of("on: pull_request\njobs:\n" + Plans.job("a", "")).plan();
    assertThat(PlanSvg.write(plan)).contains("Nothing is triggered by push");
    assertThat(PlanMermaid.write(plan)).startsWith("flowchart LR\n  classDef");
    assertThat(plan.criticalPath().jobs()).isEmpty();
  }

  @Test
  @DisplayName("JSON leaves out what is not known")
  void json() {
    Plan plan =
        Plans.of("on: push\njobs:\n" + Plans.job("a", "strategy: {matrix: {v: [1]}}"))
            .takes("a (1)", 61_000)
            .plan();
    assertThat(PlanJson.write(plan))
        .isEqualTo(
            "{\"schema\":\"slipway.plan/1\",\"event\":{\"name\":\"push\",\"ref\":\"refs/heads/main\","
                + "\"sha\":\"c0ffee\",\"changedFiles\":0},\"workflows\":[{\"file\":"
                + "\".github/workflows/ci.yml\",\"name\":\".github/workflows/ci.yml\",\"triggered\":true,\"reason\":\"push"
                + " to 'main'\",\"problems\":[],\"jobs\":[{\"id\":\"a\",\"key\":\"a"
                + " (1)\",\"name\":\"a"
                + " (1)\",\"matrix\":{\"v\":1},\"needs\":[],\"runs\":\"yes\",\"reason\":\"waits for"
                + " nothing\",\"runsOn\":[\"ubuntu-latest\"],\"machine\":\"host\",\"steps\":[{\"number\":1,\"name\":\"Run"
                + " make\",\"run\":\"make\",\"runs\":\"yes\"}],"
                + "\"estimateMs\":61000,\"minutes\":2,\"cost\":1}]}],\"criticalPath\":{\"jobs\":[\"a"
                + " (1)\"],\"estimateMs\":61000}}");
  }
}
