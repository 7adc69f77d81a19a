package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunArgumentsTest {
  @TempDir Path directory;

  private RunOptions read(String... words) throws IOException {
    return read(Map.of("FROM_HERE", "env value"), words);
  }

  private RunOptions read(Map<String, String> environment, String... words) throws IOException {
    Surroundings surroundings =
        CommandLine.in(directory)
            .environment(environment)
            .surroundings(new ByteArrayOutputStream(), new ByteArrayOutputStream());
    return RunArguments.read(
        ArgumentParser.parse(new RunCommand().usage(), List.of(words)), surroundings);
  }

  @Test
  void nothing_isAPushWithNothingGiven() throws IOException {
    RunOptions options = read();
    assertThat(options.event()).isEqualTo("push");
    assertThat(options.eventFile()).isNull();
    assertThat(options.jobs()).isEmpty();
    assertThat(options.secrets()).isEmpty();
    assertThat(options.actor()).isNull();
    assertThat(options.parallel()).isZero();
    assertThat(options.inPlace() || options.keep() || options.dryRun() || options.requireAll())
        .isFalse();
  }

  @Test
  void everyOption_arrives() throws IOException {
    Files.writeString(directory.resolve("event.json"), "{}");
    Files.writeString(directory.resolve("a.yml"), "");
    Files.createDirectories(directory.resolve("clones/tool"));
    RunOptions options =
        read(
            "workflow_dispatch",
            "-W",
            "a.yml",
            "-Wclones",
            "-j",
            "build",
            "--job=test",
            "--matrix",
            "java:25",
            "--matrix",
            "java:21",
            "--matrix",
            "time:12:30",
            "--event-file",
            "event.json",
            "--actor",
            "mona",
            "--input",
            "target=a=b",
            "--var",
            "EMPTY=",
            "--env",
            "FROM_HERE",
            "--secret",
            "TOKEN=s3cret",
            "--secret",
            "FROM_HERE",
            "-P",
            "macos-14=host",
            "--platform=windows-2022=host",
            "--action-source",
            "org/tool=clones/tool",
            "--jobs",
            "3",
            "--in-place",
            "--keep",
            "-n",
            "--require-all");
    assertThat(options.event()).isEqualTo("workflow_dispatch");
    assertThat(options.workflows())
        .containsExactly(directory.resolve("a.yml"), directory.resolve("clones"));
    assertThat(options.jobs()).containsExactly("build", "test");
    assertThat(options.matrix())
        .containsExactly(entry("java", List.of("25", "21")), entry("time", List.of("12:30")));
    assertThat(options.eventFile()).isEqualTo(directory.resolve("event.json"));
    assertThat(options.actor()).isEqualTo("mona");
    assertThat(options.inputs()).containsExactly(entry("target", "a=b"));
    assertThat(options.variables()).containsExactly(entry("EMPTY", ""));
    assertThat(options.environment()).containsExactly(entry("FROM_HERE", "env value"));
    assertThat(options.secrets())
        .containsExactly(entry("TOKEN", "s3cret"), entry("FROM_HERE", "env value"));
    assertThat(options.machines())
        .containsExactly(entry("macos-14", "host"), entry("windows-2022", "host"));
    assertThat(options.actionSources())
        .containsExactly(entry("org/tool", directory.resolve("clones/tool")));
    assertThat(options.parallel()).isEqualTo(3);
    assertThat(options.inPlace() && options.keep() && options.dryRun() && options.requireAll())
        .isTrue();
  }

  @Test
  void files_comeBeforeOptions() throws IOException {
    Files.writeString(directory.resolve("one.env"), "A=1\nB=1\nC=1\n");
    Files.writeString(directory.resolve("two.env"), "B=2\nC=2\n");
    RunOptions options = read("--var", "C=3", "--var-file", "one.env", "--var-file", "two.env");
    assertThat(options.variables())
        .containsExactly(entry("A", "1"), entry("B", "2"), entry("C", "3"));
  }

  @Test
  void mistakesInFiles_haveTheirPlacesAndShowNoValue() throws IOException {
    Files.writeString(directory.resolve("x.env"), "A=1\nnonsense\nA B=secret\n");
    assertThatThrownBy(() -> read("--secret-file", "x.env"))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exit()).isEqualTo(Exit.USAGE))
        .hasMessageContainingAll(
            "x.env:2:1: 'nonsense' is no NAME=value line", "x.env:3:2: 'A B' is no name")
        .hasMessageNotContaining("secret");
  }
}
