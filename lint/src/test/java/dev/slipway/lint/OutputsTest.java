package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs of scripts that are read and never written. */
final class OutputsTest {
  private static List<String> found(String script, String read) {
    String text =
        "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
            + "      - id: it\n        run: |\n"
            + script.indent(10)
            + "      - run: echo \"$A\"\n        env:\n          A: ${{ steps.it.outputs."
            + read
            + " }}\n";
    return Lint.of(new Selection(Profile.AUDIT, Set.of("unwritten-output"), Set.of()))
        .file(".github/workflows/ci.yml", text)
        .stream()
        .map(Finding::message)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo a=1 >> $GITHUB_OUTPUT",
        "echo \"a=$(git rev-parse HEAD)\" >> \"$GITHUB_OUTPUT\"",
        "echo 'b=1' >> \"$GITHUB_ENV\"",
        "echo hello",
        "{\n  echo a=1\n  echo c=$(date +%s)\n} >> \"${GITHUB_OUTPUT}\"",
        "if [ -f x ]; then\n  printf 'a=%s' x >> $GITHUB_OUTPUT\nfi",
        "say() { echo \"a=$1\" >> $GITHUB_OUTPUT; }\nsay x",
      })
  void outputThatIsNeverWritten_isFound(String script) {
    assertThat(found(script, "b"))
        .containsExactly("The script of step 'it' never writes the output 'b'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo b=1 >> $GITHUB_OUTPUT",
        "echo B=1 >> $GITHUB_OUTPUT",
        "echo \"b=$X\" | tee -a $GITHUB_OUTPUT",
        "./say",
        "npm run build",
        "make",
        "python say.py",
        "bash -c 'echo b=1 >> $GITHUB_OUTPUT'",
        "source ./say.sh",
        ". ./say.sh",
        "eval \"$X\"",
        "OUT=$GITHUB_OUTPUT\necho a=1 >> $OUT",
        "echo \"$NAME=1\" >> $GITHUB_OUTPUT",
        "echo \"$LINES\" >> $GITHUB_OUTPUT",
        "cat lines >> $GITHUB_OUTPUT",
        "cat <<EOF >> $GITHUB_OUTPUT\nb=1\nEOF",
        "echo \"a<<EOF\" >> $GITHUB_OUTPUT\ncat x >> $GITHUB_OUTPUT\necho EOF >> $GITHUB_OUTPUT",
        "printf 'a=1\\nb=2\\n' >> $GITHUB_OUTPUT",
        "echo \"a=1\nb=2\" >> $GITHUB_OUTPUT",
        "echo '::set-output name=b::1'",
        "${{ inputs.script }}",
        "$COMMAND",
        "jq -r 'to_entries[]' x >> $GITHUB_OUTPUT",
        "for i in b; do echo $i=1 >> $GITHUB_OUTPUT; done",
        "exec >> $GITHUB_OUTPUT\necho b=1",
        "echo a=1 >> ${{ github.output }}",
        "while read -r l; do echo \"$l\"; done < x >> $GITHUB_OUTPUT",
        "trap 'echo b=1 >> $GITHUB_OUTPUT' EXIT",
        "echo $(./say)",
        "git commit -m x",
        "ls | xargs ./say",
      })
  void outputThatMayBeWritten_isNot(String script) {
    assertThat(found(script, "b")).isEmpty();
  }

  @Test
  void scriptOfAnotherLanguage_isNotJudged() {
    String text =
        "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
            + "      - id: it\n        shell: python\n        run: print(1)\n"
            + "      - run: echo ${{ steps.it.outputs.b }}\n";
    assertThat(
            Lint.of(new Selection(Profile.AUDIT, Set.of("unwritten-output"), Set.of()))
                .file(".github/workflows/ci.yml", text))
        .isEmpty();
  }
}
