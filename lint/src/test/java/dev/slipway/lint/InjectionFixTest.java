package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions are moved out of scripts without changing what the scripts do. */
final class InjectionFixTest {
  private static final Lint LINT =
      Lint.of(new Selection(Profile.AUDIT, Set.of("template-injection"), Set.of()));
  private static final String HEAD =
      "on: issues\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n";
  private static final String TITLE = "${{ github.event.issue.title }}";

  private static String mended(String steps) {
    return mended(steps, Fix.Safety.UNSAFE);
  }

  private static String mended(String steps, Fix.Safety safety) {
    Mending mending = Mending.of(LINT, ".github/workflows/ci.yml", HEAD + steps, safety);
    assertThat(mending.refused()).isEmpty();
    assertThat(mending.text()).startsWith(HEAD);
    return mending.text().substring(HEAD.length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "echo \"a T b\"              | echo \"a $ISSUE_TITLE b\"",
        "echo \"aTb\"                | echo \"a${ISSUE_TITLE}b\"",
        "echo 'a T b'                | echo 'a '\"$ISSUE_TITLE\"' b'",
        "echo T                      | echo \"$ISSUE_TITLE\"",
        "X=T; echo \"$X\"            | X=\"$ISSUE_TITLE\"; echo \"$X\"",
        "echo \"$(wc -c <<< T)\"     | echo \"$(wc -c <<< \"$ISSUE_TITLE\")\"",
        "echo \"it's T\"             | echo \"it's $ISSUE_TITLE\"",
        "X='T'                       | X=\"$ISSUE_TITLE\"",
        "echo 'say \"T\"'            | echo 'say \"'\"$ISSUE_TITLE\"'\"'",
        "echo \"T\" # 'quoted'       | echo \"$ISSUE_TITLE\" # 'quoted'",
      })
  void expression_isReplacedAsItsQuotesDemand(String before, String after) {
    assertThat(mended("      - run: |\n          " + before.replace("T", TITLE) + "\n"))
        .isEqualTo(
            "      - run: |\n          "
                + after
                + "\n        env:\n          ISSUE_TITLE: "
                + TITLE
                + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# about @",
        "cat <<'EOF'\n          @\n          EOF",
        "echo $(( @ + 1 ))",
        "echo `echo @`",
        "bash -c 'echo @'",
        "ISSUE_TITLE=1; echo \"@\"",
        "echo ${X:-@}",
      })
  void expression_whereAVariableWouldMeanSomethingElse_isLeft(String script) {
    String steps = "      - run: |\n          " + script.replace("@", TITLE) + "\n";
    assertThat(mended(steps)).isEqualTo(steps);
  }

  @Test
  void heredoc_thatReplacesVariables_isMended() {
    assertThat(
            mended(
                "      - run: |\n          cat <<EOF\n          T\n          EOF\n"
                    .replace("T\n", TITLE + "\n")))
        .isEqualTo(
            "      - run: |\n          cat <<EOF\n          $ISSUE_TITLE\n          EOF\n"
                + "        env:\n          ISSUE_TITLE: "
                + TITLE
                + "\n");
  }

  @Test
  void environment_thatIsThere_isAddedToInItsStyle() {
    assertThat(
            mended(
                "      - name: n\n        env: # for all\n            A: 1 # one\n"
                    + "        run: echo \""
                    + TITLE
                    + "\"\n"))
        .isEqualTo(
            "      - name: n\n        env: # for all\n            ISSUE_TITLE: "
                + TITLE
                + "\n            A: 1 # one\n        run: echo \"$ISSUE_TITLE\"\n");
    assertThat(mended("      - env: {A: 1}\n        run: echo \"" + TITLE + "\"\n"))
        .isEqualTo(
            "      - env: {ISSUE_TITLE: \""
                + TITLE
                + "\", A: 1}\n        run: echo \"$ISSUE_TITLE\"\n");
  }

  @Test
  void stepInFlowStyle_isMended() {
    assertThat(mended("      - {name: n, run: 'echo \"" + TITLE + "\"'}\n"))
        .isEqualTo(
            "      - {name: n, run: 'echo \"$ISSUE_TITLE\"', env: {ISSUE_TITLE: \""
                + TITLE
                + "\"}}\n");
  }

  @Test
  void quotedYaml_getsItsQuotesEscaped() {
    assertThat(mended("      - run: \"echo " + TITLE + "\"\n"))
        .startsWith("      - run: \"echo \\\"$ISSUE_TITLE\\\"\"\n        env:\n");
    assertThat(mended("      - run: 'echo ''" + TITLE + "'''\n"))
        .startsWith("      - run: 'echo ''''\"$ISSUE_TITLE\"'''''\n        env:\n");
  }

  @Test
  void sameExpression_twice_sharesTheVariable() {
    assertThat(mended("      - run: echo \"" + TITLE + "\" \"" + TITLE + "\"\n"))
        .isEqualTo(
            "      - run: echo \"$ISSUE_TITLE\" \"$ISSUE_TITLE\"\n"
                + "        env:\n          ISSUE_TITLE: "
                + TITLE
                + "\n");
  }

  @Test
  void variable_ofThatNameWithAnotherValue_isLeftAlone() {
    String steps =
        "      - run: echo \"" + TITLE + "\"\n        env:\n          ISSUE_TITLE: mine\n";
    assertThat(mended(steps)).isEqualTo(steps);
  }

  @Test
  void variable_thatIsThereAlready_isUsed() {
    assertThat(
            mended(
                "      - run: echo \"${{ env.T }}\"\n        env:\n          T: " + TITLE + "\n"))
        .isEqualTo("      - run: echo \"$T\"\n        env:\n          T: " + TITLE + "\n");
  }

  @Test
  void unquotedExpression_isNotMendedUnasked() {
    String steps = "      - run: echo " + TITLE + "\n";
    assertThat(mended(steps, Fix.Safety.SAFE)).isEqualTo(steps);
    assertThat(mended(steps, Fix.Safety.UNSAFE)).contains("echo \"$ISSUE_TITLE\"");
  }

  @Test
  void otherShells_getTheirOwnVariables() {
    assertThat(
            mended(
                "      - shell: pwsh\n        run: |\n          Write-Output \"a "
                    + TITLE
                    + ": b\"\n"))
        .contains("Write-Output \"a ${env:ISSUE_TITLE}: b\"");
    String cmd = "      - run: echo " + TITLE + "\n        shell: cmd\n";
    assertThat(mended(cmd)).isEqualTo(cmd);
    String machine = "      - run: echo \"" + TITLE + "\"\n";
    Mending unknown =
        Mending.of(
            LINT,
            ".github/workflows/ci.yml",
            HEAD.replace("ubuntu-latest", "${{ matrix.os }}") + machine,
            Fix.Safety.UNSAFE);
    assertThat(unknown.applied()).isEmpty();
  }

  @Test
  void javaScript_readsTheVariable() {
    assertThat(
            mended(
                "      - uses: actions/github-script@v8\n        with:\n          script: |\n"
                    + "            core.info('"
                    + TITLE
                    + "')\n"))
        .isEqualTo(
            "      - uses: actions/github-script@v8\n        env:\n          ISSUE_TITLE: "
                + TITLE
                + "\n        with:\n          script: |\n"
                + "            core.info(process.env.ISSUE_TITLE)\n");
  }

  @Test
  void wordsThatAreWantedOneByOne_areNotQuoted() {
    String steps = "      - run: for t in " + TITLE + "; do echo \"$t\"; done\n";
    assertThat(mended(steps)).isEqualTo(steps);
  }

  @Test
  void fileWithMoreThanAnybodyReads_isMendedToo() {
    String steps = ("      - run: echo \"" + TITLE + "\"\n").repeat(203);
    Mending mending = Mending.of(LINT, ".github/workflows/ci.yml", HEAD + steps, Fix.Safety.SAFE);
    assertThat(mending.refused()).isEmpty();
    assertThat(mending.applied()).hasSize(203);
  }

  @Test
  void windowsLineEnds_areKept() {
    String text =
        (HEAD + "      - run: |\n          echo \"" + TITLE + "\"\n").replace("\n", "\r\n");
    assertThat(Mending.of(LINT, ".github/workflows/ci.yml", text, Fix.Safety.SAFE).text())
        .isEqualTo(
            (HEAD
                    + "      - run: |\n          echo \"$ISSUE_TITLE\"\n        env:\n"
                    + "          ISSUE_TITLE: "
                    + TITLE
                    + "\n")
                .replace("\n", "\r\n"));
  }
}
