package dev.slipway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of up to a megabyte that are made to cost as much as they can. Each is answered, with no
 * more than anybody will read; one whose cost grew with the square of its size would not end.
 */
final class BombsTest {
  private static final String JOBS = "on: push\njobs:\n";
  private static final String STEPS = JOBS + "  a:\n    runs-on: ubuntu-latest\n    steps:\n";

  private static String each(int count, IntFunction<String> text) {
    return IntStream.range(0, count).mapToObj(text).collect(Collectors.joining());
  }

  private static String script(String lines) {
    return STEPS + "      - run: |\n" + lines.indent(10);
  }

  private static String condition(String expression) {
    return STEPS + "      - run: make\n        if: ${{ " + expression + " }}\n";
  }

  private static Arguments bomb(String name, String text) {
    return Arguments.argumentSet(name, text);
  }

  static Stream<Arguments> structures() {
    return Stream.of(
        bomb(
            "aliases of aliases",
            "a0: &a0 [x]\n"
                + each(
                    10,
                    i -> "a%d: &a%d [%s]\n".formatted(i + 1, i + 1, ("*a" + i + ",").repeat(10)))),
        bomb("anchors", "on: push\nenv:\n" + each(50_000, i -> "  A" + i + ": &a" + i + " x\n")),
        bomb("aliases", "on: push\nenv:\n  Z: &z x\n" + each(50_000, i -> "  A" + i + ": *z\n")),
        bomb("open lists", "[".repeat(10_000)),
        bomb("open mappings", "{".repeat(3_000)),
        bomb("dashes", "- ".repeat(500_000)),
        bomb("indentation", each(1_400, i -> " ".repeat(i) + "a:\n")),
        bomb("blank lines", "\n".repeat(1_000_000)),
        bomb("a line too long", "name: " + "a".repeat(5_000_000)),
        bomb("a long key", "on: push\n" + "k".repeat(1_000_000) + ": 1\n"),
        bomb("NUL", "\0".repeat(100_000)),
        bomb("no characters", "\uFFFD".repeat(300_000)),
        bomb("events", "on: [" + each(5_000, i -> "push" + i + ", ") + "push]\njobs: {}\n"),
        bomb("steps", STEPS + "      - run: x\n".repeat(30_000)),
        bomb("steps with actions", STEPS + "      - uses: actions/checkout@v4\n".repeat(25_000)),
        bomb(
            "steps that fetch nothing",
            STEPS + "      - uses: actions/setup-python@v5\n      - run: x\n".repeat(12_000)),
        bomb(
            "checkouts of all commits",
            STEPS
                + "      - uses: actions/checkout@v4\n        with: {fetch-depth: 0}\n"
                    .repeat(12_000)));
  }

  static Stream<Arguments> jobs() {
    String body = "    runs-on: x\n    steps: [{run: echo}]\n";
    return Stream.of(
        bomb("a chain", JOBS + each(2_000, i -> "  j" + i + ":\n" + needs(i) + body)),
        bomb(
            "a circle",
            JOBS + each(2_000, i -> "  j" + i + ":\n    needs: j" + (i + 1) % 2_000 + "\n" + body)),
        bomb(
            "all before",
            JOBS
                + each(
                    500,
                    i ->
                        "  j"
                            + i
                            + ":\n    needs: ["
                            + each(i, k -> "j" + k + ",")
                            + "]\n"
                            + body)),
        bomb("many", JOBS + each(8_000, i -> "  j" + i + ":\n" + body)),
        bomb(
            "unknown needs",
            JOBS + each(10_000, i -> "  j" + i + ":\n    needs: x" + i + "\n" + body)),
        bomb(
            "deployments with conditions",
            JOBS
                + each(
                    4_000,
                    i ->
                        "  deploy"
                            + i
                            + ":\n"
                            + needs("deploy", i)
                            + "    if: github.ref\n"
                            + body)),
        bomb(
            "a matrix without end",
            JOBS
                + "  a:\n    runs-on: x\n    strategy:\n      matrix:\n"
                + each(9, i -> "        k" + i + ": [1,2,3,4,5,6,7,8,9,10]\n")
                + "    steps: [{run: echo}]\n"));
  }

  private static String needs(int i) {
    return needs("j", i);
  }

  private static String needs(String prefix, int i) {
    return i == 0 ? "" : "    needs: [" + prefix + (i - 1) + "]\n";
  }

  static Stream<Arguments> expressions() {
    return Stream.of(
        bomb("and", condition("true" + " && true".repeat(50_000))),
        bomb("not", condition("!".repeat(400_000) + "true")),
        bomb("brackets", condition("(".repeat(300_000) + "1" + ")".repeat(300_000))),
        bomb("arguments", condition("format('x'" + ", 'a'".repeat(50_000) + ")")),
        bomb("members", condition("github" + ".a".repeat(300_000))),
        bomb("JSON", condition("fromJSON('" + "[".repeat(400_000) + "')")),
        bomb("many", STEPS + "      - run: echo " + "${{ github.head_ref }}".repeat(20_000) + "\n"),
        bomb("never closed", STEPS + "      - run: \"" + "${{ ".repeat(180_000) + "\"\n"));
  }

  static Stream<Arguments> scripts() {
    return Stream.of(
        bomb("and", script(" && a".repeat(100_000).substring(4))),
        bomb("pipes", script("a" + "|a".repeat(50_000))),
        bomb("substitutions", script("$(".repeat(300_000))),
        bomb("backquotes", script("`".repeat(300_000))),
        bomb("documents", script(each(20_000, i -> "cat <<E" + i + "\n"))),
        bomb("braces", script("{".repeat(500_000))),
        bomb("variables", script(each(40_000, i -> "a" + i + "=1\n"))),
        bomb("findings", script("rm -rf $x/* `ls` | cat\n".repeat(20_000))),
        bomb("unset variables in steps", STEPS + "      - run: a | b $x\n".repeat(20_000)));
  }

  @ParameterizedTest
  @MethodSource({"structures", "jobs", "expressions", "scripts"})
  void file_isAnswered_withNoMoreThanAnybodyWillRead(String text) {
    assertThat(Answers.findings(".github/workflows/ci.yml", text)).hasSizeBetween(1, 5_000);
  }

  @ParameterizedTest
  @MethodSource({"structures", "jobs", "expressions", "scripts"})
  void proof_ends(String text) {
    Answers.proof(text);
  }
}
