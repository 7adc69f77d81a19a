package dev.slipway.shell;

import static dev.slipway.shell.ShellForecast.Ending.FAILS;
import static dev.slipway.shell.ShellForecast.Ending.SUCCEEDS;
import static dev.slipway.shell.ShellForecast.Ending.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of the end of scripts; a question mark is a text that is not known. */
final class ShellForecastTest {
  private static final String NEEDS =
      "{\"a\": {\"result\": \"success\", \"outputs\": {}}, \"b\": {\"result\": \"failure\"}}";

  static Stream<Arguments> scripts() {
    return Stream.of(
        Arguments.of("exit 1", FAILS),
        Arguments.of("exit 0", SUCCEEDS),
        Arguments.of("echo all is well", SUCCEEDS),
        Arguments.of("make test", SUCCEEDS),
        Arguments.of("false", FAILS),
        Arguments.of("false; true", FAILS),
        Arguments.of("set +e\nfalse\ntrue", SUCCEEDS),
        Arguments.of("false || true", SUCCEEDS),
        Arguments.of("! true\ntrue", SUCCEEDS),
        Arguments.of("[ failure = success ]", FAILS),
        Arguments.of("[ 'success' == \"success\" ]", SUCCEEDS),
        Arguments.of("test \"$RESULT\" = success", FAILS),
        Arguments.of("[ -z \"$RESULT\" ] || exit 3", FAILS),
        Arguments.of("[ ? = success ]", UNKNOWN),
        Arguments.of("if [ ? = success ]; then exit 1; else exit 2; fi", FAILS),
        Arguments.of("[[ $RESULT == fail* ]] && exit 1\nexit 0", FAILS),
        Arguments.of("[[ a == b || $RESULT != failure ]]", FAILS),
        Arguments.of("[[ a == b && $RESULT != failure || x == x ]]", SUCCEEDS),
        Arguments.of("[[ $RESULT =~ ^(failure|cancelled)$ ]] && exit 1", FAILS),
        Arguments.of(
            "for r in success failure; do if [ $r != success ]; then exit 1; fi; done", FAILS),
        Arguments.of(
            "for r in $ALL; do [ \"$r\" = success ] || [ \"$r\" = skipped ] || exit 1; done",
            SUCCEEDS),
        Arguments.of("for r in a b; do continue; exit 1; done", SUCCEEDS),
        Arguments.of("for r in a b; do break; done; exit 4", FAILS),
        Arguments.of("case $RESULT in success|skipped) ;; *) exit 1;; esac", FAILS),
        Arguments.of("case success in success|skipped) ;; *) exit 1;; esac", SUCCEEDS),
        Arguments.of("failed=0\nfor r in a b; do ((failed++)) || true; done\nexit $failed", FAILS),
        Arguments.of("n=0; n=$((n+1)); [ $n -gt 0 ] && exit 1; exit 0", FAILS),
        Arguments.of("check() { [ \"$RESULT\" = success ]; }\ncheck", FAILS),
        Arguments.of("check() { return 0; exit 1; }\ncheck", SUCCEEDS),
        Arguments.of("echo \"success failure\" | grep -q failure && exit 1", FAILS),
        Arguments.of("echo \"$ALL\" | grep -qE 'failure|cancelled' && exit 1; exit 0", SUCCEEDS),
        Arguments.of("grep -q failure <<< \"$RESULT\" && exit 1; exit 0", FAILS),
        Arguments.of("echo '" + NEEDS + "' | jq -e 'all(.result == \"success\")'", FAILS),
        Arguments.of(
            "jq --exit-status 'all(.result == \"success\" or .result == \"failure\")' <<< '"
                + NEEDS
                + "'",
            SUCCEEDS),
        Arguments.of("x=$(cat /etc/hostname)\nif [ \"$x\" = a ]; then exit 1; fi", UNKNOWN),
        Arguments.of("x=$(echo a)\nif [ \"$x\" = a ]; then exit 1; fi", FAILS),
        Arguments.of("(exit 1)", FAILS),
        Arguments.of("exit ${CODE:-7}", FAILS),
        Arguments.of("cat <<EOF | grep failure\nresult: $RESULT\nEOF", SUCCEEDS),
        Arguments.of("while true; do :; done", UNKNOWN),
        Arguments.of("if git diff --quiet; then exit 1; fi", UNKNOWN),
        Arguments.of("if", UNKNOWN),
        Arguments.of("", SUCCEEDS));
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void script_endsAsForeseen(String script, ShellForecast.Ending ending) {
    assertThat(
            ShellForecast.of(
                script,
                Dialect.BASH,
                ShellOptions.bashStep(),
                Map.of("RESULT", "failure", "ALL", "success skipped"),
                '?'))
        .isEqualTo(ending);
  }
}
