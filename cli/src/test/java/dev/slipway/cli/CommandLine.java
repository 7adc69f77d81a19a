package dev.slipway.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs Slipway in the test's process and keeps what it printed. */
final class CommandLine {
  /** How a command ended. */
  record Result(int exit, String out, String err) {}

  private final Path directory;
  private final Map<String, String> environment;
  private final String input;
  private final boolean terminal;

  private CommandLine(
      Path directory, Map<String, String> environment, String input, boolean terminal) {
    this.directory = directory;
    this.environment = environment;
    this.input = input;
    this.terminal = terminal;
  }

  static CommandLine in(Path directory) {
    return new CommandLine(
        directory, Map.of("PATH", System.getenv("PATH"), "HOME", directory.toString()), "", false);
  }

  CommandLine environment(Map<String, String> environment) {
    return new CommandLine(directory, environment, input, terminal);
  }

  CommandLine input(String input) {
    return new CommandLine(directory, environment, input, terminal);
  }

  CommandLine onTerminal() {
    return new CommandLine(directory, environment, input, true);
  }

  Result run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit = new Slipway(surroundings(out, err)).run(List.of(words));
    return result(exit, out, err);
  }

  Result run(Command command, String... words) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings surroundings = surroundings(out, err);
    int exit = command.run(ArgumentParser.parse(command.usage(), List.of(words)), surroundings);
    surroundings.out().flush();
    surroundings.err().flush();
    return result(exit, out, err);
  }

  Surroundings surroundings(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new Surroundings(
        directory,
        environment,
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        new Sink(out),
        new Sink(err),
        false,
        terminal,
        terminal,
        terminal);
  }

  private static Result result(int exit, ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new Result(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
