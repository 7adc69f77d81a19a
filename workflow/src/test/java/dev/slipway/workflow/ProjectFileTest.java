package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullUnmarked
class ProjectFileTest {
  @Test
  void machines_areReadAndOtherSectionsLeftAlone() {
    Reading<ProjectFile> reading =
        ProjectFile.read(
            "slipway.yml",
            "machines:\n  ubuntu-latest: host\n  windows-latest: skip\ngates: {anything: [1]}\n"
                + "lint: {rules: {events: off}}\n");
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.value())
        .isEqualTo(
            new ProjectFile(
                Map.of("ubuntu-latest", "host", "windows-latest", "skip"),
                Map.of(),
                CacheRules.NONE));
    assertThat(reading.value().machine("Ubuntu-Latest")).isEqualTo("host");
    assertThat(reading.value().machine("macos-latest")).isNull();
  }

  @Test
  void machines_haveSettings() {
    Reading<ProjectFile> reading =
        ProjectFile.read(
            "slipway.yml",
            "machines:\n"
                + "  a: {machine: sandbox, network: none}\n"
                + "  b: {machine: sandbox, network: host}\n");
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.value().machines())
        .isEqualTo(Map.of("a", "sandbox:no-network", "b", "sandbox"));
  }

  @Test
  void services_areReadWithTheirProcesses() {
    Reading<ProjectFile> reading =
        ProjectFile.read(
            "slipway.yml",
            """
            services:
              postgres: {process: postgres}
              my/image:tag: {process: "./serve --port $PORT", health: curl localhost, port: 8080}
            """);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.value().services())
        .isEqualTo(
            Map.of(
                "postgres",
                new ProjectFile.Service("postgres", "", 0),
                "my/image:tag",
                new ProjectFile.Service("./serve --port $PORT", "curl localhost", 8080)));
  }

  @Test
  void emptyFile_isAProjectWithoutSettings() {
    assertThat(ProjectFile.read("slipway.yml", "\n").value()).isEqualTo(ProjectFile.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          machine: {}            | slipway.yml:1:1: Unexpected value 'machine' (did you mean 'machines'?)
          machines: host         | slipway.yml:1:11: 'machines' is no mapping (write lines such as 'ubuntu-latest: host')
          machines: {x: [a]}     | slipway.yml:1:15: The label 'x' has no machine (name one, such as host or skip)
          services: [a]          | slipway.yml:1:11: 'services' is no mapping (write lines such as 'postgres: {process: postgres}')
          services: {x: {}}      | slipway.yml:1:15: The service 'x' has no process (write '{process: COMMAND}', or postgres or redis as the process)
          services: {x: {process: y, prot: 1}} | slipway.yml:1:28: Unexpected value 'prot' (did you mean 'port'?)
          services: {x: {process: y, port: 0}} | slipway.yml:1:34: The port is no number from 1 to 65535
          machines: {x: {machine: sandbox, network: maybe}} | slipway.yml:1:43: Unexpected network 'maybe' (host or none)
          text                   | slipway.yml:1:1: The file is no mapping of sections (begin with, say, 'machines:')
          """)
  void mistakes_areFound(String text, String expected) {
    assertThat(ProjectFile.read("slipway.yml", text).problems().stream().map(Problem::text))
        .isEqualTo(List.of(expected));
  }
}
