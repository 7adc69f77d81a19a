package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SlipwayTest {
  @TempDir Path directory;
  private CommandLine slipway;

  @BeforeEach
  void start() {
    slipway = CommandLine.in(directory);
  }

  @Test
  void version_isOneLine() {
    assertThat(slipway.run("--version"))
        .isEqualTo(new CommandLine.Result(0, "slipway 0.1.0\n", ""));
  }

  @Test
  void version_json_isOneObject() {
    assertThat(slipway.run("--version", "--json").out())
        .isEqualTo("{\"name\":\"slipway\",\"version\":\"0.1.0\",\"build\":\"development\"}\n");
  }

  @Test
  void nothing_givesTheOverviewAsAMistake() {
    CommandLine.Result result = slipway.run();
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("Commands", "run", "Run the workflows");
  }

  static Stream<String> commands() {
    return Commands.NAMES.stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_ofEveryCommand_hasUsageOptionsAndExamples(String command) {
    CommandLine.Result long1 = slipway.run(command, "--help");
    assertThat(long1.exit()).isZero();
    assertThat(long1.err()).isEmpty();
    assertThat(long1.out())
        .contains("Usage\n  slipway " + command, "--json", "--no-color", "--help", "Examples\n");
    assertThat(slipway.run("help", command)).isEqualTo(long1);
    assertThat(slipway.run(command, "-h")).isEqualTo(long1);
    assertThat(long1.out().lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void unknownOption_ofEveryCommand_isAUsageErrorWithASuggestion(String command) {
    CommandLine.Result result = slipway.run(command, "--jsno");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo(
            "slipway: slipway " + command + " has no option '--jsno'\n  did you mean '--json'?\n");
  }

  @ParameterizedTest
  @CsvSource({
    "rnu, run",
    "plna, plan",
    "reprot, report",
    "evla, eval",
    "doctro, doctor",
    "log, logs",
  })
  void unknownCommand_suggestsTheNearest(String typed, String meant) {
    CommandLine.Result result = slipway.run(typed);
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .contains("no command '" + typed + "'", "did you mean '" + meant + "'?");
  }

  @Test
  void unknownCommand_farFromAll_pointsToHelp() {
    assertThat(slipway.run("zzzzzzzzzzzz").err())
        .contains("see: slipway help")
        .doesNotContain("did you mean");
  }

  static Stream<List<String>> misuses() {
    return Stream.of(
        List.of("run", "--job"),
        List.of("run", "-j"),
        List.of("run", "--json=yes"),
        List.of("run", "push", "again"),
        List.of("logs"),
        List.of("runs", "--limit", "many"),
        List.of("runs", "--limit", "0"),
        List.of("plan", "--format", "gif"),
        List.of("completion", "tcsh"),
        List.of("run", "--matrix", "java"),
        List.of("run", "--action-source", "checkout=/tmp"),
        List.of("run", "--action-source", "a/b=/no/such/directory"),
        List.of("run", "--var", "=x"),
        List.of("run", "-P", "ubuntu"),
        List.of("run", "-W", "no-such-file.yml"),
        List.of("run", "--event-file", "no-such.json"),
        List.of("run", "--secret-file", "no-such.env"),
        List.of("run", "--secret", "NO_SUCH_VARIABLE_HERE"),
        List.of("-C", "no-such-directory", "run"),
        List.of("--nope", "run"));
  }

  @ParameterizedTest
  @MethodSource("misuses")
  void misuse_isOneMessageAndExitCode2(List<String> words) {
    CommandLine.Result result = slipway.run(words.toArray(String[]::new));
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("slipway: ").doesNotContain("Exception", "\tat ");
    assertThat(result.err().lines().count()).isBetween(1L, 2L);
  }

  @Test
  void help_json_listsEveryCommandWithItsOptions() {
    String json = slipway.run("help", "--json").out();
    assertThat(json).startsWith("{\"schema\":\"slipway.help/1\"");
    for (String name : Commands.NAMES) {
      assertThat(json).contains("{\"name\":\"" + name + "\",\"summary\":");
    }
    assertThat(json).contains("\"name\":\"--matrix\",\"value\":\"K:V\"");
  }

  @Test
  void aFault_leavesAReportAndNoStackTraceOnTheScreen() throws IOException {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new IllegalStateException("boom\nsecond line");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings surroundings =
        new Surroundings(
            directory,
            Map.of("HOME", directory.toString()),
            InputStream.nullInputStream(),
            new Sink(broken),
            new Sink(err),
            false,
            false,
            false,
            false);
    int exit = new Slipway(surroundings).run(List.of("help", "--secret=hunter2"));
    assertThat(exit).isEqualTo(2);
    int fault = new Slipway(surroundings).run(List.of("help", "run"));
    assertThat(fault).isEqualTo(3);
    String shown = err.toString(StandardCharsets.UTF_8);
    assertThat(shown)
        .contains("a fault in Slipway itself: boom (report: ")
        .doesNotContain("\tat ", "second line");
    try (Stream<Path> files = Files.list(directory.resolve(".local/state/slipway/crashes"))) {
      List<Path> reports = files.toList();
      assertThat(reports).hasSize(1);
      assertThat(Files.readString(reports.getFirst()))
          .contains("command: slipway help …", "IllegalStateException", "\tat ");
    }
  }

  @Test
  void outputThatNobodyReads_endsQuietly() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings surroundings =
        new Surroundings(
            directory,
            Map.of(),
            InputStream.nullInputStream(),
            new Sink(closed),
            new Sink(err),
            false,
            false,
            false,
            false);
    assertThat(new Slipway(surroundings).run(List.of("help"))).isEqualTo(3);
    assertThat(err.size()).isZero();
  }

  @Test
  void colours_areOnATerminalOnly() {
    assertThat(slipway.run("help", "run").out()).doesNotContain("\u001b");
    assertThat(slipway.onTerminal().run("help", "run").out()).contains("\u001b[1mUsage");
    assertThat(slipway.onTerminal().run("help", "run", "--no-color").out())
        .doesNotContain("\u001b");
    assertThat(slipway.onTerminal().run("--no-color", "help", "run").out())
        .doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void completion_knowsEveryCommandAndOption(String shell) {
    String script = slipway.run("completion", shell).out();
    assertThat(script).contains(Commands.NAMES);
    assertThat(script).contains("matrix", "action-source", "event-file");
  }
}
