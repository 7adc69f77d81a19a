package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts of steps are looked through as the shell that runs them reads them. */
final class ScriptsTest {
  private static final String HEAD = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n";

  private static List<Finding> all(String text) {
    return Lint.of(new Selection(Profile.AUDIT, Set.of(), Set.of())).file("ci.yml", text).stream()
        .filter(f -> f.rule().id().startsWith("shell-") && f.ignored() == null)
        .toList();
  }

  private static List<String> ids(String text) {
    return all(text).stream().map(f -> f.rule().id().substring(6)).distinct().toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "      - run: echo é $BAD\n",
        "      - run: 'echo \"it''s\" $BAD'\n",
        "      - run: \"echo a\\tb \\\"x\\\" $BAD é\"\n",
        "      - run: |\n          make\n\n            echo $BAD\n",
        "      - run: >-\n          echo one\n          two $BAD three\n",
        "      - run: |+\n          echo ${{ github.sha }} $BAD\n\n",
        "      - run: \"echo one\n          two\n\n          echo $BAD\"\n",
        "      - run: echo one\n          two $BAD\n",
      })
  void place_isThatOfTheWordInTheFile(String run) {
    String text = HEAD + "    steps:\n" + run;
    String before = text.substring(0, text.indexOf("$BAD"));
    String last = before.substring(before.lastIndexOf('\n') + 1);
    assertThat(all(text))
        .filteredOn(f -> f.rule().id().equals("shell-unquoted-variable"))
        .singleElement()
        .satisfies(f -> {
          assertThat(f.covers()).containsExactly("shellcheck:SC2086");
          assertThat(f.range().from().line())
              .isEqualTo((int) before.chars().filter(c -> c == '\n').count() + 1);
          assertThat(f.range().from().column())
              .isEqualTo(last.codePointCount(0, last.length()) + 1);
          assertThat(f.range().to().column()).isEqualTo(f.range().from().column() + 4);
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bash | ",
        "bash {0} | unchecked-cd",
        "bash -x {0} | unchecked-cd",
        "bash -el {0} | ",
        "bash --noprofile --norc -eo pipefail {0} | ",
        "/bin/bash {0} | unchecked-cd",
        "sh | bash-only",
        "pwsh | ",
        "python | ",
        "cmd | ",
        "perl {0} | ",
        "${{ matrix.shell }} | ",
      })
  void shell_decidesWhatCanGoWrong(String shell, String expected) {
    String run =
        "    steps:\n      - run: |\n          cd x\n          [[ -f a ]]\n          make\n";
    assertThat(ids(HEAD + run + "        shell: " + shell + "\n"))
        .isEqualTo(expected == null ? List.of() : List.of(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "    runs-on: windows-latest\n",
        "    runs-on: [self-hosted, windows]\n",
        "    runs-on: ${{ matrix.os }}\n"
            + "    strategy:\n"
            + "      matrix:\n"
            + "        os: [windows-2022, windows-2025]\n",
        "    runs-on: ubuntu-latest\n    defaults:\n      run:\n        shell: pwsh\n",
      })
  void powershell_isNoBash(String job) {
    assertThat(ids("on: push\njobs:\n  a:\n" + job + "    steps:\n      - run: echo $a (\n"))
        .isEmpty();
  }

  @Test
  void scriptOfBothShells_isNotCalledBroken() {
    String job =
        "on: push\njobs:\n  a:\n    runs-on: ${{ matrix.os }}\n    strategy:\n      matrix:\n"
            + "        os: [windows-2022, ubuntu-24.04]\n    steps:\n      - run: ";
    assertThat(ids(job + "echo (\n")).isEmpty();
    assertThat(ids(job + "cp $A b\n")).containsExactly("unquoted-variable");
  }

  @Test
  void compositeActions_areLookedThrough() {
    String action =
        "name: a\ndescription: b\nruns:\n  using: composite\n  steps:\n    - run: cp $A b\n"
            + "      shell: bash\n";
    assertThat(Lint.of(Selection.DEFAULT).file("action.yml", action))
        .extracting(f -> f.rule().id())
        .contains("shell-unquoted-variable");
  }

  @Test
  void disableComments_areUnderstood() {
    String steps = HEAD + "    steps:\n      - run: |\n";
    String line = "          # shellcheck disable=SC2086\n";
    assertThat(ids(steps + line + "          cp $A \\\n            $B\n")).isEmpty();
    assertThat(ids(steps + "          make\n" + line + "          cp $A b\n          cp $C d\n"))
        .containsExactly("unquoted-variable");
  }

  @Test
  void ownIgnoreComments_knowTheRules() {
    assertThat(
            Lint.of(Selection.DEFAULT)
                .file(
                    "ci.yml",
                    HEAD
                        + "    steps:\n"
                        + "      - run: cp $A b # slipway: ignore[shell-unquoted-variable] one"
                        + " word\n"))
        .filteredOn(f -> f.rule().id().startsWith("shell-"))
        .extracting(Finding::ignored)
        .containsExactly("one word");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "      - run: cp $A b¶ | unquoted-variable |       - run: cp \"$A\" b¶",
        "      - run: \"cp $A b\"¶ | unquoted-variable |       - run: \"cp \\\"$A\\\" b\"¶",
        "      - run: 'cp $A b'¶ | unquoted-variable |       - run: 'cp \"$A\" b'¶",
        "      - run: >¶          cp $A b¶ | unquoted-variable |       - run: >¶          cp \"$A\""
            + " b¶",
      })
  void quoting_isMendedInEveryStyle(String run, String rule, String mended) {
    Lint lint = Lint.of(new Selection(Profile.AUDIT, Set.of("shell-" + rule), Set.of()));
    String before = HEAD + "    steps:\n      -" + run.strip().substring(1).replace("¶", "\n");
    String after = HEAD + "    steps:\n      -" + mended.strip().substring(1).replace("¶", "\n");
    assertThat(Mending.of(lint, "ci.yml", before, Fix.Safety.UNSAFE).text()).isEqualTo(after);
  }

  @Test
  void filesOfTheMachine_areQuotedSafely() {
    Lint lint = Lint.of(Selection.DEFAULT);
    String before = HEAD + "    steps:\n      - run: echo a=1 >> $GITHUB_OUTPUT\n";
    assertThat(Mending.of(lint, "ci.yml", before, Fix.Safety.SAFE).text())
        .isEqualTo(before.replace("$GITHUB_OUTPUT", "\"$GITHUB_OUTPUT\""));
  }
}
