package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArtifactSubjectsTest {
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final String IMAGE = "a".repeat(64);

  @TempDir Path folder;

  @Test
  void whatStepsDeclare_isRead_byTheStepsAfter() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: cat "$GITHUB_ARTIFACTS_LIST"; echo
                - run: |
                    mkdir out && touch out/app.jar
                    printf '%%s\\n' '# made here' '' 'out/app.jar' '  ghcr.io/o/app:1@sha256:%1$s' >> "$GITHUB_ARTIFACTS"
                - run: |
                    echo out/app.jar >> "$GITHUB_ARTIFACTS"
                    echo "oci://ghcr.io/o/app:2@SHA256:x" > /dev/null
                    cat "$GITHUB_ARTIFACTS_LIST"; echo
                    echo mine > "$GITHUB_ARTIFACTS_LIST"
                - run: cat "${{ github.artifacts_list }}"; echo
                """
                    .formatted(IMAGE))
            .run();
    String subjects =
        "{\"version\":1,\"subjects\":[{\"name\":\"app.jar\",\"digest\":\"sha256:"
            + EMPTY
            + "\",\"kind\":\"file\"},{\"name\":\"ghcr.io/o/app:1\",\"digest\":\"sha256:"
            + IMAGE
            + "\",\"kind\":\"oci\"}]}";
    assertThat(ran.log(1)).containsExactly("{\"version\":1,\"subjects\":[]}");
    assertThat(ran.log(2)).containsExactly("Artifacts declared: 2, 2 in all");
    assertThat(ran.log(3)).containsExactly(subjects);
    assertThat(ran.log(4)).containsExactly(subjects);
  }

  @ParameterizedTest
  @CsvSource({
    "none.txt, line 1: the file 'none.txt' does not exist",
    "., line 1: the file '.' is a folder",
    "file://, line 1: the file '' is a folder",
    "a=b, line 1: '=' is reserved",
    "https://example.com/x, line 1: 'https://example.com/x': only file:// and oci:// are known",
    "oci://ghcr.io/o/app:1, line 1: 'oci://ghcr.io/o/app:1' has no @sha256:HEX at its end",
    "oci://app@sha256:abc, line 1: sha256 has 64 hex digits; not 3",
    "app@sha256:abc, line 1: the file 'app@sha256:abc' does not exist",
  })
  void wrongLine_failsItsStep_andDeclaresNothing(String line, String problem) throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: printf '%%s\\n' '%s' >> "$GITHUB_ARTIFACTS"
                - if: failure()
                  run: cat "$GITHUB_ARTIFACTS_LIST"; echo
                """
                    .formatted(line))
            .run();
    assertThat(ran.outcomes()).containsExactly("failure", "success");
    assertThat(ran.log(1)).singleElement().asString().contains(problem.replace(';', ','));
    assertThat(ran.log(2)).containsExactly("{\"version\":1,\"subjects\":[]}");
  }

  @Test
  void anotherDigestForTheSameName_failsItsStep() throws Exception {
    Workbench.Ran ran =
        Workbench.in(folder)
            .steps(
                """
                - run: touch app && echo app >> "$GITHUB_ARTIFACTS"
                - run: echo more > app && echo app >> "$GITHUB_ARTIFACTS"
                """)
            .run();
    assertThat(ran.outcomes()).containsExactly("success", "failure");
    assertThat(ran.log(2)).singleElement().asString().contains("'app' has the digest sha256:");
  }
}
