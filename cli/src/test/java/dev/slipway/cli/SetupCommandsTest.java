package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code init} and {@code doctor}. */
final class SetupCommandsTest {
  private static final String WORKFLOW = ".github/workflows/ci.yml";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "pyproject.toml, python",
    "requirements.txt, python",
    "package.json, node",
    "pom.xml, java",
    "build.gradle.kts, java",
    "go.mod, go",
    "Cargo.toml, rust",
  })
  void init_tellsTheLanguageByTheFiles(String file, String language) throws IOException {
    Files.writeString(directory.resolve(file), "");
    CommandLine.Result result = CommandLine.in(directory).run("init");
    assertThat(result)
        .isEqualTo(
            new CommandLine.Result(
                0,
                "wrote " + WORKFLOW + " for " + language + "; see what it does: slipway plan\n",
                ""));
    assertThat(directory.resolve(WORKFLOW)).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"python", "node", "java", "go", "rust"})
  void init_writesAWorkflowWithEverythingAFirstOneShouldHave(String language) {
    CommandLine.Result result =
        CommandLine.in(directory).run("init", "--language", language, "--print");
    Object workflow = new Load(LoadSettings.builder().build()).loadFromString(result.out());
    assertThat(member(workflow, "permissions")).isEqualTo(Map.of("contents", "read"));
    assertThat(member(workflow, "concurrency")).isInstanceOf(Map.class);
    for (String job : List.of("lint", "test")) {
      Object shown = member(member(workflow, "jobs"), job);
      assertThat(String.valueOf(shown)).contains("timeout-minutes", "persist-credentials=false");
    }
    assertThat(member(member(workflow, "jobs"), "test").toString()).contains("matrix");
    assertThat(result.out().lines().filter(line -> line.contains("uses: ")))
        .isNotEmpty()
        .allMatch(line -> line.matches(".*@v\\d+\\.\\d+\\.\\d+"));
    assertThat(directory.resolve(WORKFLOW)).doesNotExist();
  }

  private static Object member(Object map, String name) {
    assertThat(map).isInstanceOf(Map.class);
    Object value = ((Map<?, ?>) map).get(name);
    assertThat(value).as(name).isNotNull();
    return Objects.requireNonNull(value, name);
  }

  @Test
  void init_neverOverwritesUnasked() throws IOException {
    Files.createDirectories(directory.resolve(".github/workflows"));
    Files.writeString(directory.resolve(WORKFLOW), "mine");
    CommandLine.Result refused = CommandLine.in(directory).run("init", "--language", "go");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("stays as it is", "--force");
    assertThat(directory.resolve(WORKFLOW)).hasContent("mine");
    assertThat(CommandLine.in(directory).run("init", "--language", "go", "--force", "--json").out())
        .isEqualTo("{\"language\":\"go\",\"file\":\"" + WORKFLOW + "\"}\n");
    assertThat(Files.readString(directory.resolve(WORKFLOW))).contains("setup-go");
  }

  @Test
  void init_ofAnUnknownProject_asksForTheLanguage() {
    CommandLine.Result result = CommandLine.in(directory).run("init");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("--language python");
  }

  @Test
  void doctor_findsWhatIsHere() {
    CommandLine.Result result = CommandLine.in(directory).run("doctor");
    assertThat(result.exit()).as(result.out()).isZero();
    assertThat(result.out()).contains("git", "bash", "docker", "cores", "disk", "kernel");
    assertThat(result.out().lines())
        .filteredOn(line -> line.contains("  git "))
        .singleElement()
        .asString()
        .matches("✓ ok +git +\\d+\\..*");
  }

  @Test
  void doctor_withoutTheNeededTools_fails() {
    CommandLine.Result result =
        CommandLine.in(directory)
            .environment(Map.of("PATH", directory.toString()))
            .run("doctor", "--json");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out())
        .startsWith(
            "{\"schema\":\"slipway.doctor/1\",\"version\":\"0.1.0\",\"ok\":false,\"findings\":[")
        .contains(
            "{\"name\":\"git\",\"state\":\"needed\",\"use\":",
            "{\"name\":\"node\",\"state\":\"missing\",\"use\":");
  }

  @Test
  void doctor_sawAToolThatDoesNotRun() throws IOException {
    Path broken = Files.writeString(directory.resolve("node"), "#!/bin/sh\nexit 1\n");
    assertThat(broken.toFile().setExecutable(true)).isTrue();
    String path = directory + ":" + System.getenv("PATH");
    assertThat(
            CommandLine.in(directory)
                .environment(Map.of("PATH", path))
                .run("doctor", "--json")
                .out())
        .contains("{\"name\":\"node\",\"state\":\"warning\",\"version\":\"does not run\"");
  }
}
