package dev.slipway.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any text gets an answer with places inside of it, in time that grows with its length. */
final class AnyTextTest {
  private static final List<String> SCRIPTS =
      List.of(
          "set -euo pipefail\nfor f in *.txt; do\n  echo \"$f\" | sed 's/a/b/' >> $OUT\ndone\n",
          "if [[ $A =~ ^v([0-9]+)$ ]]; then\n"
              + "  echo \"${BASH_REMATCH[1]}\" `date`\n"
              + "else\n"
              + "  exit 1\n"
              + "fi\n",
          "cat <<-EOF > x\n\t$A ${B:-c} $(d \"e\")\n\tEOF\ncase $x in (a|b*) y;; *) z;& esac\n",
          "f() { local a=$(b); declare -A m=([x]=1 [y]=$((2 + $z))); }\n"
              + "f ${{ github.ref }} &\n"
              + "wait\n",
          "while read -r l; do (( n += 1 )); done < <(ls | grep -v 'x' || true)\n"
              + "echo ${a[@]//x/y} {1..3}\n",
          "x=`echo \\`a\\` \"b\"`; coproc { c; }; select s in a b; do break; done\n"
              + "echo $'\\x41' $\"l\" !(a|b)\n");
  private static final String SALT =
      "$(){}[]`\"'\\\n\t ;&|<>#*?!=+-/%:@~^,.0aE\u0000\u00e9\ud83d\r";
  private static final String[] WORDS = {
    "if ",
    "then ",
    "fi",
    "do ",
    "done",
    "case ",
    "esac",
    " in ",
    "<<E\n",
    "\nE\n",
    "$((",
    "))",
    "${",
    "${{",
    "}}",
    "[[ ",
    " ]]",
    "((",
    "function ",
    "=(",
    "`",
    "# shellcheck disable=all\n"
  };

  @Test
  void mutations_ofScripts_areAnswered() {
    Random random = new Random(20_261_121);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(SCRIPTS.get(random.nextInt(SCRIPTS.size())));
      int changes = 1 + random.nextInt(6);
      for (int change = 0; change < changes; change++) {
        int at = random.nextInt(text.length() + 1);
        switch (random.nextInt(5)) {
          case 0 -> text.insert(at, SALT.charAt(random.nextInt(SALT.length())));
          case 1 -> text.insert(at, WORDS[random.nextInt(WORDS.length)]);
          case 2 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(4)));
          case 3 -> text.setLength(at);
          default -> {
            String other = SCRIPTS.get(random.nextInt(SCRIPTS.size()));
            text.insert(at, other, 0, random.nextInt(other.length()));
          }
        }
      }
      answered(text.toString(), random.nextBoolean() ? Dialect.SH : Dialect.BASH);
    }
  }

  private static void answered(String text, Dialect dialect) {
    List<ShellFinding> findings = ShellScript.analyse(text, dialect, ShellOptions.defaultStep());
    for (ShellFinding finding : findings) {
      assertThat(finding.end()).as(text).isLessThanOrEqualTo(text.length());
      for (ShellEdit edit : finding.edits()) {
        assertThat(edit.end()).as(text).isLessThanOrEqualTo(text.length());
      }
    }
    if (findings.isEmpty() || findings.getFirst().rule() == ShellRule.SYNTAX) {
      return;
    }
    String corrected = ShellScript.corrected(text, dialect, findings);
    assertThat(ShellScript.analyse(corrected, dialect, ShellOptions.defaultStep()))
        .as(corrected)
        .noneMatch(finding -> finding.rule() == ShellRule.SYNTAX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "((",
        "$(",
        "$((",
        "${a:-",
        "`",
        "\"$(",
        "if ",
        "[[ ( ",
        "{ ",
        "a=(",
        "case a in b) ",
        "while ",
        "f() ",
        "! ",
        "a | ",
        "a && ",
        "<<E ",
        "[",
        "[[",
        "@(",
        "$[",
        "a[",
        "\\",
        "'",
        "\"",
        "for i in ",
        "x <(",
        "${{",
        "# shellcheck disable=SC1\n",
        "echo $A\n",
        "a=$a\n",
        "$((1)) ",
        "a; ",
        "if a; then b; fi\n",
        "cat <<E\nx\nE\n",
        "x=\"${y}\" ",
        "while a; do b=$b; ",
        "f() { "
      })
  void text_thatRepeatsOneThing_isAnswered(String piece) {
    String text = piece.repeat(200_000 / piece.length());
    for (Dialect dialect : Dialect.values()) {
      for (ShellFinding finding : ShellScript.analyse(text, dialect, ShellOptions.defaultStep())) {
        assertThat(finding.end()).isLessThanOrEqualTo(text.length());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;", "echo $A\n", "$A ", "`a` ", "\"$a$b\" ", "x=1\n"})
  void script_ofManyMoreParts_thanAnybodyWrites_isSaidToBeTooLarge(String piece) {
    String text = piece.repeat(1_000_000 / piece.length());

    assertThat(ShellScript.analyse(text, Dialect.BASH, ShellOptions.defaultStep()))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.rule()).isEqualTo(ShellRule.SYNTAX);
          assertThat(finding.message()).contains("too large");
        });
  }

  @Test
  void script_ofAHundredThousandCharacters_isLookedAt() {
    String text = "echo one two three four\n".repeat(4_000) + "echo $A\n";

    assertThat(ShellScript.analyse(text, Dialect.BASH, ShellOptions.defaultStep()))
        .extracting(ShellFinding::rule)
        .containsExactly(ShellRule.UNQUOTED_VARIABLE);
  }

  @Test
  void findings_ofOneRule_endSomewhere() {
    String text = "echo $A\n".repeat(10_000) + "cd x\n";

    assertThat(ShellScript.analyse(text, Dialect.BASH, ShellOptions.none()))
        .hasSizeLessThan(2_000)
        .extracting(ShellFinding::rule)
        .contains(ShellRule.UNCHECKED_CD);
  }
}
