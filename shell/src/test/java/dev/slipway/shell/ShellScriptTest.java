package dev.slipway.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the analyser says about small scripts. */
final class ShellScriptTest {
  /** What is found, as code and the text that is marked; scripts write a line's end as ¶. */
  private static List<String> found(String script, Dialect dialect, ShellOptions options) {
    String text = script.replace('¶', '\n');
    List<String> found = new ArrayList<>();
    for (ShellFinding finding : ShellScript.analyse(text, dialect, options)) {
      assertThat(finding.code().isEmpty() || finding.rule().covers().contains(finding.code()))
          .as("%s covers %s", finding.rule(), finding.code())
          .isTrue();
      String code = finding.code().isEmpty() ? finding.rule().id() : finding.code();
      found.add(code + " " + text.substring(finding.start(), finding.end()).replace('\n', '¶'));
    }
    return found;
  }

  private static List<String> found(String script) {
    return found(script, Dialect.BASH, ShellOptions.none());
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '\u0001',
      value = {
        "echo $A => SC2086 $A",
        "echo \"a\"${A}b => SC2086 ${A}",
        "cat < $A => SC2086 $A",
        "echo x >> $GITHUB_ENV => SC2086 $GITHUB_ENV",
        "$TOOL/run now => SC2086 $TOOL",
        "A=; echo $A => SC2086 $A",
        "A=1; A=$(date); echo $A => SC2086 $A",
        "if f; then A=1; else A=$(date); fi; echo $A => SC2086 $A",
        "for i in 1 2; do echo $A $i; A=$B; done; A=1 => SC2086 $A",
        "for f in $A/*; do echo \"$f\"; done => SC2231 $A",
        "echo $(date) => SC2005 echo $(date)|SC2046 $(date)",
        "make -j$(nproc) => SC2046 $(nproc)",
        "run $@ => SC2068 $@",
        "a=(x y); run ${a[@]} => SC2068 ${a[@]}",
        "run $* => SC2048 $*",
        "a=($B); echo \"${a[@]}\" => SC2206 $B",
        "a=($(date)); echo \"${a[@]}\" => SC2207 $(date)",
        "A=`date`; echo \"$A\" => SC2006 `date`",
        "echo $(($A + 1)) => SC2004 $A",
        "echo $[A + 1] => SC2007 $[A + 1]",
        "export A=$(date) => SC2155 A",
        "f() { local a=\"x$(date)\"; echo \"$a\"; }; f => SC2155 a",
        "cd src¶make => SC2164 cd src",
        "cd a¶make¶cd .. => SC2164 cd a|SC2103 cd ..",
        "echo a >> \"$F\"¶echo b >> \"$F\"¶echo c >> \"$F\" => SC2129 echo a >> \"$F\"¶echo b >>"
            + " \"$F\"¶echo c >> \"$F\"",
        "count=1 => SC2034 count",
        "read -r line => SC2034 read -r line",
        "echo \"$missing\" => SC2154 $missing",
        "rm *.o => SC2035 *.o",
        "ls | wc -l => SC2012 ls",
        "ls | grep x => SC2010 ls",
        "for f in $(ls); do echo \"$f\"; done => SC2045 $(ls)",
        "for f in $(find .); do echo \"$f\"; done => SC2044 $(find .)",
        "for f in $(cat x); do echo \"$f\"; done => SC2013 $(cat x)",
        "for f in \"$A\"; do echo \"$f\"; done => SC2066 \"$A\"",
        "for f in a; do echo \"$f\"; done => SC2043 a",
        "cat file | sort => SC2002 file",
        "echo '$HOME' => SC2016 '$HOME'",
        "while read line; do echo \"$line\"; done => SC2162 read",
        "make¶if [ $? -eq 0 ]; then echo; fi => SC2181 $?",
        "[[ $? != 0 ]] && exit 1 => SC2181 $?",
        "a && b || c => SC2015 a && b || c",
        "printf \"$A\" => SC2059 \"$A\"",
        "rm -rf \"$A/\" => SC2115 \"$A/\"",
        "a=$(echo \"$B\" | sed 's/x/y/'); echo \"$a\" => SC2001 echo \"$B\" | sed 's/x/y/'",
        "echo \"a\\nb\" => SC2028 \"a\\nb\"",
        "run \"$(echo a)\" => SC2116 $(echo a)",
        "grep a b | wc -l => SC2126 grep a b",
        "[ -n \"$(grep a b)\" ] => SC2143 \"$(grep a b)\"",
        "[ -f a -a -f b ] => SC2166 -a",
        "egrep a b => SC2196 egrep",
        "fgrep a b => SC2197 fgrep",
        "[[ \"$@\" == a ]] => SC2199 \"$@\"",
        "[ -f *.o ] => SC2144 *.o",
        "echo a\\nb => SC1012 \\n",
        "echo a\\qb => SC1001 \\q",
        "echo \"a \"b\" c\" => SC2140 b",
        "[[ 1 = 2 ]] => SC2050 1 = 2",
        "[ $A = \"b\" ] => SC2086 $A",
        "[ -n $A ] => SC2086 $A|SC2070 $A",
        "[[ $A > 5 ]] => SC2071 $A > 5",
        "[[ a$A = $B ]] => SC2053 $B",
        "[[ $A =~ \"a.*\" ]] => SC2076 \"a.*\"",
        "ls \"~/x\" => SC2088 \"~/x\"",
        "find . -name *.o => SC2061 *.o",
        "find . | xargs rm => SC2038 find .",
        "trap \"rm $A\" EXIT => SC2064 \"rm $A\"",
        "sudo echo a > /etc/b => SC2024 > /etc/b",
        "exit -1 => SC2242 -1",
        "exit 1¶make => SC2317 make",
        "case a in b) ;; esac => SC2194 a",
        "[ \"$@\" = a ] => SC2198 \"$@\"",
        "x = 5 => SC2283 =",
        "$A = 5 => SC2283 $A",
        "exit a b => SC2241 exit a b",
        "jq . a.json > a.json => SC2094 > a.json",
        "sort \"$F\" > \"$F\" => SC2094 > \"$F\"",
        "pushd a¶make => SC2164 pushd a",
        "git add *.c => SC2035 *.c",
        "! [ -z \"$A\" ] => SC2237 ! [ -z \"$A\" ]",
        "[ ! -z \"$A\" ] => SC2236 -z",
        "[[ ! -z $A ]] => SC2236 -z $A",
        "echo \"--a=\":all:\" b\" => SC2140 :all:",
        "a=(x y); i=1; echo \"${a[$i]}\" => SC2004 $i",
        "(( A > $B )) => SC2004 $B",
        "[[ a && ! b ]] => SC2078 a|SC2078 b",
      })
  void script_bad_isFoundWhereItIs(String script, String expected) {
    assertThat(found(script)).isEqualTo(List.of(expected.split("\\|(?=SC)")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing",
        "echo \"$A\" '$5' a$ $",
        "exit $?",
        "echo $# $$ $! ${#A} $((A + 1))",
        "i=0; while [ $i -lt 3 ]; do i=$((i + 1)); echo $i; done",
        "A=x-1; echo $A",
        "A=; if f; then A=x; fi; echo $A",
        "[[ $A = b && -n $B ]]",
        "case $A in $B) ;; esac",
        "A=$B C=$(d)$E; echo \"$A$C\"",
        "export A=$B",
        "for i in $A; do echo \"$i\"; done",
        "for i in $(seq 3); do echo \"$i\"; done",
        "kill $(pgrep a)",
        "$RUN now",
        "echo ${A:+\"$A\"}",
        "cat << 'E'¶$A `b` $(c¶E",
        "cat << E¶$A it's \"fine\"¶E",
        "a=(x \"$B\"); run \"${a[@]}\" \"${#a[@]}\"",
        "cd src || exit¶make",
        "cd src && make",
        "if ! cd src; then exit 1; fi",
        "echo a >> x¶echo b >> y¶echo c >> x",
        "A=1 run",
        "read -r line; echo \"$line\"",
        "f() { local x=$1; echo \"$x\"; }; f a",
        "echo \"${missing:-none}\"",
        "rm -- *.o; rm ./*.o; echo *",
        "printf '%s\\n' \"$A\"",
        "awk '{print $1}' f; sed 's/$A//' f; jq '$x' f; bash -c '$A'",
        "[ -f a ] && [ -f b ]",
        "a && b || true",
        "a && echo b || echo c",
        "ls -l; ls | xargs rm",
        "find . -name '*.o' -exec rm {} +",
        "grep 'a*' b; [[ $A =~ ^a.*(b|c)$ ]]; [[ $A == a* ]]",
        "echo ${{ github.ref }} a${{ format('}}', 1) }}b",
        "if ${{ inputs.x }}; then ${{ inputs.y }}; fi",
        "x=${{ a }}; echo $((x+1)) $(( ${{ b }} * 2 ))",
        "diff <(a) <(b) > >(tee c) 2>&1",
        "exit 0¶f() { :; }",
        "f() { return 1; }¶f",
        "echo {a,b}{1..3} a\\ b $'x\\ty'",
        "select x in a b; do echo \"$x\"; break; done",
        "for ((i = 0; i < 3; i++)); do echo $i; done",
        "(( a = 1, b++ )); echo $a $b",
        "{ echo a; } > b; ( echo c ) 2> d",
        "cat <<-E | sort¶\ta¶\tE¶echo done",
        "# shellcheck disable=SC2046,SC2005¶echo $(cat << E¶x)¶E¶) > /dev/null 2>&1",
        "((a)) || ( (b) ); $( (c) )",
        "time make; ! make; time -p make | tee x",
        "case $a in (a|b) c;; *) d;& e) f;;& esac; a=",
        "if a; then b¶elif c; then d¶else e¶fi",
        "until a; do b; done < c",
        "x=\"${A//\\\"/}\"; echo \"$x\" \"${A%\"}\"}\"",
        "while :; do :; done & wait",
        "a && { echo b; exit 1; } || c",
        "echo '```json' '```'",
        "printf \"$A@%s\" b",
        "echo $((10#$A)) $((${A}0))",
        "declare -A m=([k]=v); k=x; echo \"${m[$k]}\"",
        "CFLAGS+=\" -O2\"",
        "find . -exec printf '%q' {} \\; | xargs a",
        "echo \"$A\"/b/\"$B\" \"$A\"b\"$C\"",
        "./test x; ./cd y",
        "sort a > b; sort a >> a; cat /dev/null > /dev/null; rm a > a",
        "[[ $A =~ ^(a|b)[[:space:]]+\"x\"\\.$ ]]",
      })
  void script_good_hasNoFindings(String script) {
    assertThat(found(script)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '\u0001',
      value = {
        "[[ a = \"$B\" ]] => SC3010 [[ a = \"$B\" ]]",
        "cat <<< a => SC3011 <<< a",
        "cat <(a) => SC3001 <(a)",
        "echo $'a' => SC3003 $'a'",
        "A+=b; echo \"$A\" => SC3024 A+=b",
        "a=(b); echo \"$a\" => SC3030 (b)",
        "echo \"${A/b/c}\" => SC3060 ${A/b/c}",
        "echo \"${A:1}\" => SC3057 ${A:1}",
        "echo \"${A^^}\" => SC3059 ${A^^}",
        "echo -e a => SC3037 -e",
        "source ./a => SC3046 source",
        "pushd a || exit => SC3044 pushd",
        "set -o pipefail => SC3040 pipefail",
        "[ \"$A\" == b ] => SC3014 ==",
        "echo {a,b} => SC3009 {a,b}",
        "echo a &> b => SC3020 &> b",
        "echo \"$RANDOM\" => SC3028 $RANDOM",
        "export A=$B => SC2086 $B",
      })
  void sh_withWhatOnlyBashHas_isFound(String script, String expected) {
    assertThat(found(script, Dialect.SH, ShellOptions.none())).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '\u0001',
      value = {
        "if true; then echo => if",
        "echo 'a => '",
        "echo \"a => \"",
        "echo $(a => $",
        "echo ${a => $",
        "echo `a => `",
        "fi => f",
        "a | | b => |",
        "while true; do done => d",
        "( a => (",
        "a ) => )",
        "case a in b) c => c",
        "[[ a => [",
        "echo > => >",
        "a && => <end>",
        "cat << E¶a => a",
        "${{ a => $",
      })
  void script_broken_hasOneFindingWhereItBreaks(String script, String expected) {
    String text = script.replace('¶', '\n');
    List<ShellFinding> findings = ShellScript.analyse(text, Dialect.BASH, ShellOptions.none());
    assertThat(findings).hasSize(1);
    ShellFinding finding = findings.getFirst();
    assertThat(finding.rule()).isEqualTo(ShellRule.SYNTAX);
    String at = finding.start() == text.length() ? "<end>" : text.substring(finding.start());
    assertThat(at).startsWith(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '\u0001',
      value = {
        "echo $A ${B}c $(dirname e) => echo \"$A\" \"${B}\"c \"$(dirname e)\"",
        "A=`date +%s`; echo \"$A\" => A=$(date +%s); echo \"$A\"",
        "while read line; do echo \"$line\"; done => while read -r line; do echo \"$line\"; done",
        "cd src => cd src || exit",
        "echo $(($A + 1)) => echo $((A + 1))",
        "run $@ => run \"$@\"",
        "cp $FROM $TO >> $LOG => cp \"$FROM\" \"$TO\" >> \"$LOG\"",
        "rm -rf \"$A/\" => rm -rf \"${A:?}/\"",
        "egrep a b => grep -E a b",
        "make $FLAGS => make $FLAGS",
        "echo $[1 + 1] => echo $((1 + 1))",
        "rm *.o => rm ./*.o",
      })
  void corrected_withTheEdits_meansWhatItsAuthorMeant(String script, String expected) {
    List<ShellFinding> findings = ShellScript.analyse(script, Dialect.BASH, ShellOptions.none());
    String corrected = ShellScript.corrected(script, Dialect.BASH, findings);
    assertThat(corrected).isEqualTo(expected);
  }

  @Test
  void directive_beforeACommand_silencesItThere() {
    assertThat(found("echo\n# shellcheck disable=SC2086\necho $A\necho $B"))
        .containsExactly("SC2086 $B");
  }

  @Test
  void directive_beforeTheFirstCommand_silencesTheFile() {
    assertThat(found("#!/bin/bash\n# shellcheck disable=SC2086,SC2046\necho $A\necho $B $(c)"))
        .isEmpty();
  }

  @Test
  void directive_withARangeOrAll_silencesThem() {
    assertThat(found("# shellcheck disable=SC2000-SC2100\necho $A; egrep a b"))
        .containsExactly("SC2196 egrep");
    assertThat(found("# shellcheck disable=all\necho $A; egrep a b")).isEmpty();
  }

  @Test
  void directive_thatNamesTheShell_decidesTheDialect() {
    assertThat(found("# shellcheck shell=sh\ncat <<< a")).containsExactly("SC3011 <<< a");
    assertThat(found("# shellcheck shell=bash\ncat <<< a", Dialect.SH, ShellOptions.none()))
        .isEmpty();
  }

  @Test
  void cd_whereAFailureEndsTheScript_isFine() {
    assertThat(found("cd a\nmake", Dialect.BASH, ShellOptions.defaultStep())).isEmpty();
    assertThat(found("set -e\ncd a\nmake")).isEmpty();
    assertThat(found("set +e\ncd a\nmake", Dialect.BASH, ShellOptions.defaultStep()))
        .containsExactly("SC2164 cd a");
  }

  @Test
  void pipe_withoutPipefail_masksTheFirstCommand() {
    String script = "npm test | tee log";
    assertThat(found(script, Dialect.BASH, ShellOptions.defaultStep()))
        .containsExactly("shell-masked-pipe npm test");
    assertThat(found("A=$(" + script + "); echo \"$A\"", Dialect.BASH, ShellOptions.defaultStep()))
        .containsExactly("shell-masked-pipe npm test");
    assertThat(found("echo \"$(" + script + ") x\"", Dialect.BASH, ShellOptions.defaultStep()))
        .isEmpty();
    assertThat(found(script, Dialect.BASH, ShellOptions.bashStep())).isEmpty();
    assertThat(found("set -o pipefail\n" + script, Dialect.BASH, ShellOptions.defaultStep()))
        .isEmpty();
    assertThat(found("if npm test | grep x; then :; fi", Dialect.BASH, ShellOptions.defaultStep()))
        .isEmpty();
  }

  @Test
  void variables_inFunctionsLoopsAndBranches_haveTheValuesTheyMayHave() {
    assertThat(found("n=1; f() { n=$(date); }; f; echo $n")).containsExactly("SC2086 $n");
    assertThat(found("f() { echo $n; }; n=1; f; n=2")).isEmpty();
    assertThat(found("f() { echo $n; }; n=$1; f")).containsExactly("SC2086 $n");
    assertThat(found("n=1; ( n=$1; echo \"$n\" ); echo $n")).isEmpty();
    assertThat(found("n=1; n=$1 | cat; echo $n")).isEmpty();
    assertThat(found("n=1; if a; then n=$1; fi; echo $n")).containsExactly("SC2086 $n");
    assertThat(found("n=1; if a; then n=$1; echo \"$n\"; exit; fi; echo $n")).isEmpty();
    assertThat(found("n=$1; n=2; echo $n")).isEmpty();
    assertThat(found("n=1; a && n=$1; echo $n")).containsExactly("SC2086 $n");
    assertThat(found("case $1 in a) n=1 ;; *) n=b ;; esac; echo $n")).isEmpty();
    assertThat(found("case $1 in a) n=1 ;; esac; echo $n")).containsExactly("SC2086 $n");
    assertThat(found("n=0; while read -r l; do echo $n \"$l\"; n=$l; done"))
        .containsExactly("SC2086 $n");
    assertThat(found("for n in 1 2; do echo $n; done; read -r m; echo $m"))
        .containsExactly("SC2086 $m");
  }

  @Test
  void negation_whoseFailureNothingLooksAt_isFound() {
    assertThat(found("! grep a b\nmake", Dialect.BASH, ShellOptions.defaultStep()))
        .containsExactly("SC2251 ! grep a b");
    assertThat(found("make\n! grep a b", Dialect.BASH, ShellOptions.defaultStep())).isEmpty();
    assertThat(found("! grep a b\nmake")).isEmpty();
  }

  @Test
  void edits_inAScriptWithManyFindings_areAllMade() {
    String script = "echo $A `b`\n".repeat(500);
    String corrected =
        ShellScript.corrected(
            script,
            Dialect.BASH,
            ShellScript.analyse(script, Dialect.BASH, ShellOptions.defaultStep()));
    assertThat(corrected).isEqualTo("echo \"$A\" $(b)\n".repeat(500));
  }

  @Test
  void edits_thatOverlap_areMadeOnce() {
    List<ShellFinding> findings =
        ShellScript.analyse("echo $A", Dialect.BASH, ShellOptions.defaultStep());
    List<ShellFinding> twice = new ArrayList<>(findings);
    twice.addAll(findings);
    assertThat(ShellScript.corrected("echo $A", Dialect.BASH, twice)).isEqualTo("echo \"$A\"");
  }

  @Test
  void edits_thatBreakTheScript_areLeftOut() {
    ShellFinding right =
        ShellScript.analyse("echo $A", Dialect.BASH, ShellOptions.defaultStep()).getFirst();
    ShellFinding wrong =
        new ShellFinding(
            right.rule(), "", 0, 4, right.severity(), "", "", List.of(new ShellEdit(0, 4, "if")));
    assertThat(ShellScript.corrected("echo $A", Dialect.BASH, List.of(wrong, right)))
        .isEqualTo("echo \"$A\"");
  }

  @Test
  void variable_fromTheEnvironment_isSet() {
    ShellOptions options = ShellOptions.none().withEnvironment(java.util.Set.of("name"));
    assertThat(found("echo \"$name\"", Dialect.BASH, options)).isEmpty();
    assertThat(found("name=1", Dialect.BASH, options)).isEmpty();
  }

  @Test
  void rule_hasAnIdAndCodes() {
    assertThat(ShellRule.UNQUOTED_VARIABLE.id()).isEqualTo("shell-unquoted-variable");
    assertThat(ShellRule.UNQUOTED_VARIABLE.covers()).startsWith("SC2086");
    for (ShellRule rule : ShellRule.values()) {
      assertThat(rule.hint()).endsWith(".");
      assertThat(rule.covers()).allMatch(code -> code.matches("SC\\d{4}")).doesNotHaveDuplicates();
    }
  }
}
