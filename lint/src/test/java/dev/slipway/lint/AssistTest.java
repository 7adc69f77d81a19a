package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What editors are told; {@code ^} is the cursor. */
final class AssistTest {
  private static final String FILE =
      """
      name: CI
      on:
        pull_request:
          types: [opened]
        schedule:
          - cron: "30 5 * * 1-5"
      permissions:
        contents: read
      env:
        LEVEL: 1
      jobs:
        build:
          runs-on: ubuntu-latest
          outputs:
            version: ${{ steps.look.outputs.version }}
          steps:
            - id: look
              name: Look
              run: |
                echo "version=${{ github.sha }}" >> "$GITHUB_OUTPUT"
            - uses: actions/checkout@v4
              with:
                fetch-depth: 0
        test:
          needs: [build]
          runs-on: ubuntu-latest
          steps:
            - run: echo "${{ needs.build.outputs.version }} ${{ env.LEVEL }}"
              shell: bash
      """;

  private static Assist assist(String text) {
    return Assist.of(".github/workflows/ci.yml", text, ProjectFiles.UNKNOWN, ActionData.builtIn());
  }

  private static List<String> labels(String old, String written) {
    assertThat(FILE).contains(old);
    String text = FILE.replace(old, written);
    int at = text.indexOf('^');
    return assist(text.substring(0, at) + text.substring(at + 1)).complete(at).stream()
        .map(Assist.Suggestion::label)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "name: CI ! na^ ! name",
        "name: CI ! ^ ! run-name",
        "types: [opened] ! types: [opened, ^] ! synchronize",
        "types: [opened] ! types: [^ ! synchronize",
        "types: [opened] ! bra^ ! branches-ignore",
        "pull_request: ! pull_request_t^: ! pull_request_target",
        "contents: read ! contents: ^ ! write",
        "name: Look ! timeout^ ! timeout-minutes",
        "fetch-depth: 0 ! per^ ! persist-credentials",
        "actions/checkout@v4 ! actions/che^ ! actions/checkout@v7",
        "actions/checkout@v4 ! actions/checkout@^ ! actions/checkout@v4",
        "needs: [build] ! needs: ^ ! build",
        "needs: [build] ! needs: [^ ! build",
        "needs: [build] ! runs-on: ubu^ ! ubuntu-latest",
        "shell: bash ! shell: ^ ! pwsh",
        "shell: bash ! if: ^ ! always()",
        "shell: bash ! if: github.^ ! ref",
        "github.sha ! ^ ! secrets",
        "github.sha ! github.event.pull_request.^ ! head",
        "needs.build.outputs.version ! needs.^ ! build",
        "needs.build.outputs.version ! needs.build.^ ! result",
        "needs.build.outputs.version ! needs.build.outputs.^ ! version",
        "needs.build.outputs.version ! needs['build'].outputs.^ ! version",
        "steps.look.outputs.version ! steps.^ ! look",
        "steps.look.outputs.version ! steps.look.^ ! conclusion",
        "env.LEVEL ! env.^ ! LEVEL"
      })
  void completion_offers(String old, String written, String label) {
    assertThat(labels(old, written)).contains(label);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "contents: read ! ^ ! runs-on",
        "needs: [build] ! needs: ^ ! test",
        "name: Look ! n^ ! uses",
        "name: Look ! n^ ! run",
        "shell: bash ! if: ^ ! secrets",
        "github.sha ! steps.^ ! look"
      })
  void completion_doesNotOffer(String old, String written, String label) {
    assertThat(labels(old, written)).doesNotContain(label);
  }

  @Test
  void scriptsAndComments_areLeftToTheirAuthors() {
    assertThat(labels("echo \"version", "ru^\n          echo \"version")).isEmpty();
    assertThat(labels("name: CI", "# na^")).isEmpty();
    assertThat(labels("github.sha", "'a^'")).isEmpty();
  }

  @Test
  void completion_inAStep_knowsWhatKindItIs() {
    assertThat(labels("shell: bash", "w^")).contains("working-directory").doesNotContain("with");
    assertThat(labels("with:\n          fetch-depth: 0", "w^"))
        .contains("with")
        .doesNotContain("working-directory");
  }

  private static String hover(String at, int offset) {
    int index = FILE.indexOf(at);
    assertThat(index).isNotNegative();
    return assist(FILE).explain(index + offset).map(Assist.Explanation::markdown).orElse("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "runs-on ! 2 ! labels of the machine",
        "30 5 ! 1 ! At 05:30, on Monday to Friday (UTC)",
        "pull_request ! 2 ! A pull request changed",
        "contents: read ! 11 ! May read",
        "actions/checkout ! 3 ! `fetch-depth`",
        "fetch-depth ! 3 ! input of actions/checkout@v4",
        "needs: [build ! 9 ! Needed by `test`",
        "build: ! 2 ! Outputs: `version`",
        "github.sha ! 8 ! commit that started the run",
        "needs.build.outputs.version ! 21 ! steps.look.outputs.version",
        "steps.look ! 7 ! step 'Look'",
        "shell: bash ! 9 ! -eo pipefail"
      })
  void hover_says(String at, int offset, String words) {
    assertThat(hover(at, offset)).contains(words);
  }

  @ParameterizedTest
  @CsvSource({"key, Must be given.", "restore-keys, Need not be given", "save-always, Deprecated."})
  void hover_overAnInputOfAPublishedAction_saysWhatIsKnownOfIt(String input, String words) {
    String text =
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
            + "      - uses: actions/cache@v4\n        with:\n          "
            + input
            + ": x\n";
    assertThat(assist(text).explain(text.indexOf(input + ": x") + 1))
        .hasValueSatisfying(said ->
            assertThat(said.markdown())
                .startsWith("`" + input + "`, input of actions/cache")
                .contains(words));
  }

  @Test
  void hover_overAScript_saysNothing() {
    assertThat(hover("echo \"version=", 2)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "0 0 * * * ! At 00:00",
        "*/15 * * * * ! Every 15 minutes",
        "5 * * * * ! Every hour at minute 5",
        "0 9-17 * * MON,fri ! At minute 0 of hour 9 to 17, on Monday and Friday",
        "0 4 1 jan * ! At 04:00, on day 1 of the month, in January",
        "0 4 1 * 0 ! At 04:00, on day 1 of the month or on Sunday",
        "0 0 */2 * * ! At 00:00, on every 2. day of the month"
      })
  void cronLines_areSaidInWords(String cron, String words) {
    String text = FILE.replace("30 5 * * 1-5", cron);
    assertThat(assist(text).explain(text.indexOf(cron) + 1))
        .hasValueSatisfying(said -> assertThat(said.markdown()).isEqualTo(words + " (UTC)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "[build] ! 2 ! build:",
        "needs.build ! 7 ! build:",
        "needs.build.outputs.version ! 22 ! version:",
        "steps.look ! 7 ! look",
        "env.LEVEL ! 5 ! LEVEL"
      })
  void definition_isFound(String at, int offset, String target) {
    assertThat(assist(FILE).definition(FILE.indexOf(at) + offset))
        .hasValueSatisfying(found -> assertThat(FILE.substring(found.start())).startsWith(target));
  }

  @Test
  void everyPlace_hasAnAnswer_alsoWhileTheFileIsBroken() {
    for (int end = 0; end <= FILE.length(); end++) {
      Assist assist = assist(FILE.substring(0, end));
      assertThat(assist.complete(end)).isNotNull();
      assertThat(assist.explain(end)).isNotNull();
      assertThat(assist.definition(end)).isNotNull();
      assertThat(assist.symbols()).isNotNull();
    }
  }
}
