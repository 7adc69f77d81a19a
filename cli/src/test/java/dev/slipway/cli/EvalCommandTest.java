package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EvalCommandTest {
  @TempDir Path directory;

  private String json(String line) {
    CommandLine.Result result = CommandLine.in(directory).input(line + "\n").run("eval", "--json");
    assertThat(result.exit()).isZero();
    assertThat(result.err()).isEmpty();
    return result.out().strip();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"expr\": \"1 == 1.0\"}|{\"kind\":\"Boolean\",\"value\":true}",
        "{\"expr\": \"'a'\"}|{\"kind\":\"String\",\"value\":\"a\"}",
        "{\"expr\": \"null\"}|{\"kind\":\"Null\",\"value\":null}",
        "{\"expr\": \"0x10\"}|{\"kind\":\"Number\",\"value\":16}",
        "{\"expr\": \"1.5\"}|{\"kind\":\"Number\",\"value\":1.5}",
        "{\"expr\": \"NaN\"}|{\"kind\":\"Number\",\"value\":\"NaN\"}",
        "{\"expr\": \"-Infinity\"}|{\"kind\":\"Number\",\"value\":\"-Infinity\"}",
        "{\"expr\": \"a.b\", \"contexts\": {\"a\": {\"B\": [1, null, \"x\", {\"y\":"
            + " true}]}}}|{\"kind\":\"Array\",\"value\":[1,null,\"x\",{\"y\":true}]}",
        "{\"expr\": \"A\", \"contexts\": {\"a\": {}}}|{\"kind\":\"Object\",\"value\":{}}",
        "{\"expr\": \"a.missing\", \"contexts\": {\"a\": {}}}|{\"kind\":\"Null\",\"value\":null}",
        "{\"expr\": \"success()\", \"status\": \"success\"}|{\"kind\":\"Boolean\",\"value\":true}",
        "{\"expr\": \"failure()\", \"status\":"
            + " \"cancelled\"}|{\"kind\":\"Boolean\",\"value\":false}",
        "{\"expr\": \"always() && cancelled()\", \"status\":"
            + " \"cancelled\"}|{\"kind\":\"Boolean\",\"value\":true}",
        "{\"template\": \"a ${{ 1 }} b ${{ 'c' }}\"}|{\"kind\":\"String\",\"value\":\"a 1 b c\"}",
      })
  void json_values(String line, String answer) {
    assertThat(json(line)).isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"expr\": \"github.ref\"}|parsing",
        "{\"expr\": \"success()\"}|parsing",
        "{\"expr\": \"1 +\"}|lexing",
        "{\"expr\": \"(1\"}|parsing",
        "{\"expr\": \"fromJSON('{')\"}|evaluation",
        "{\"expr\": 1}|parsing",
        "{\"expr\": \"1\", \"template\": \"1\"}|parsing",
        "{\"expr\": \"1\", \"contexts\": []}|parsing",
        "{\"expr\": \"1\", \"status\": \"fine\"}|parsing",
        "{}|parsing",
        "[]|parsing",
        "nonsense|parsing",
      })
  void json_errors(String line, String kind) {
    assertThat(json(line))
        .startsWith("{\"err\":{\"kind\":\"" + kind + "\",\"message\":\"")
        .endsWith("}}");
  }

  @Test
  void json_errorsOfAnExpression_haveThePlace() {
    assertThat(json("{\"expr\": \"true && github.ref\"}"))
        .contains("\"position\":9", "Located at position 9 within expression: true && github.ref");
  }

  @Test
  void json_answersEachLineInOrderAndGoesOnAfterErrors() {
    String input = "{\"expr\":\"1\"}\nnonsense\n\n{\"expr\":\"2\"}\r\n{\"expr\":\"3\"}";
    CommandLine.Result result = CommandLine.in(directory).input(input).run("eval", "--json");
    assertThat(result.out().lines().map(line -> line.replaceAll("\"message\":\".*\"", "…")))
        .containsExactly(
            "{\"kind\":\"Number\",\"value\":1}",
            "{\"err\":{\"kind\":\"parsing\",…}}",
            "{\"kind\":\"Number\",\"value\":2}",
            "{\"kind\":\"Number\",\"value\":3}");
  }

  @Test
  void hashFiles_looksIntoTheDirectory() throws IOException {
    Files.createDirectories(directory.resolve("sub"));
    Files.writeString(directory.resolve("sub/a.lock"), "x");
    CommandLine slipway =
        CommandLine.in(directory).input("{\"expr\":\"hashFiles('**/*.lock')\"}\n");
    assertThat(slipway.run("eval", "--json").out())
        .matches("\\{\"kind\":\"String\",\"value\":\"[0-9a-f]{64}\"}\n");
    assertThat(slipway.run("eval", "--json", "-C", "sub").out())
        .contains("\"String\"")
        .isNotEqualTo("\"\"");
    assertThat(slipway.run("eval", "hashFiles('*.none')").out()).isEqualTo("\n");
  }

  @Test
  void expressions_asArguments_printTheirValues() throws IOException {
    Files.writeString(directory.resolve("c.json"), "{\"github\": {\"ref\": \"refs/heads/main\"}}");
    CommandLine slipway = CommandLine.in(directory).environment(Map.of("WHO", "world"));
    assertThat(
            slipway.run(
                "eval",
                "github.ref",
                "github.sha == null",
                "fromJSON('[1,2]')",
                "--context",
                "c.json"))
        .isEqualTo(new CommandLine.Result(0, "refs/heads/main\ntrue\n[\n  1,\n  2\n]\n", ""));
    assertThat(slipway.run("eval", "hello ${{ env.WHO }}", "--template").out())
        .isEqualTo("hello world\n");
    assertThat(slipway.run("eval", "${{ env.WHO }}").out()).isEqualTo("world\n");
    assertThat(slipway.run("eval", "failure()", "--status", "failure").out()).isEqualTo("true\n");
    assertThat(slipway.run("eval", "1", "--json").out())
        .isEqualTo("{\"kind\":\"Number\",\"value\":1}\n");
  }

  @Test
  void anExpressionThatFails_isExitCode1() {
    CommandLine.Result result = CommandLine.in(directory).run("eval", "nope.x", "1");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).isEqualTo("1\n");
    assertThat(result.err()).startsWith("parsing error: ").contains("nope");
  }

  @Test
  void lines_ofStandardInput_areEvaluated() {
    CommandLine.Result result = CommandLine.in(directory).input("1 == 1\n\n'a'").run("eval");
    assertThat(result).isEqualTo(new CommandLine.Result(0, "true\na\n", ""));
  }
}
