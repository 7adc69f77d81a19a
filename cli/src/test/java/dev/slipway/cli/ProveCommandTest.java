package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflow.expression.ObjectValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code slipway prove}. */
final class ProveCommandTest {
  private static final String GATED =
      """
      on: pull_request
      jobs:
        test:
          runs-on: ubuntu-latest
          steps:
            - name: Unit tests
              run: make test
            - name: Style
              run: make style
              continue-on-error: true
        gate:
          needs: test
          runs-on: ubuntu-latest
          steps:
            - run: echo green
      """;

  @TempDir Path directory;

  @BeforeEach
  void project() throws Exception {
    new ProcessBuilder("git", "init", "-q", directory.toString()).start().waitFor();
    Files.createDirectories(directory.resolve(".github/workflows"));
    write(GATED);
  }

  private void write(String text) throws IOException {
    Files.writeString(directory.resolve(".github/workflows/ci.yml"), text);
  }

  private CommandLine.Result prove(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "prove";
    System.arraycopy(words, 0, all, 1, words.length);
    return CommandLine.in(directory).run(all);
  }

  @Test
  void maskedStep_isNamedWithTheReason() {
    CommandLine.Result result = prove();

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains(
            """
              green although test step 2 'Style' fails  .github/workflows/ci.yml:8
                continue-on-error lets the job go on as if step 2 had succeeded  .github/workflows/ci.yml:10
            """)
        .endsWith("not proven: 3 steps can fail; 1 failure leaves the end green\n");
  }

  @Test
  void gateThatIsSkipped_isFound() {
    CommandLine.Result result = prove("--gate", "gate");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains("green although test step 1 'Unit tests' fails")
        .contains("and a skipped check counts as passed");
  }

  @Test
  void acceptedSteps_doNotCount() {
    CommandLine.Result result = prove("--accept", "test/Style");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).contains("accepted: 1").contains("proven: 3 steps can fail");
  }

  @Test
  void swallowedFailure_isFoundInScripts() throws IOException {
    write(GATED.replace("run: make test", "run: make test || true"));

    assertThat(prove("--accept", "test/Style").out())
        .contains("green although in test: ")
        .contains(".github/workflows/ci.yml:7");
  }

  @Test
  void json_isOneObject() {
    CommandLine.Result result = prove("--json");

    ObjectValue report =
        (ObjectValue) dev.slipway.workflow.expression.Json.parse(result.out().strip());
    assertThat(Objects.requireNonNull(report.get("schema")).toText()).isEqualTo("slipway.prove/1");
    assertThat(Objects.requireNonNull(report.get("conclusion")).toText()).isEqualTo("masked");
  }

  @Test
  void unknownGate_isAMistakeOfTheUser() {
    CommandLine.Result result = prove("--gate", "nobody");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("no workflow that was looked at has a job 'nobody'");
  }

  @Test
  void invalidWorkflow_isSaidToBeSo() throws IOException {
    write("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - rnu: make\n");

    CommandLine.Result result = prove();

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("ci.yml:6:9").contains("rnu");
  }
}
